//! A snapshot as Markdown: a brief that begins with one line for each crux.

use super::Snapshot;
use super::reading::{CruxReading, DecisionReading, EvidenceReading, HOW_LIKELY};
use crate::date::spelled;
use crate::markdown::{address, inline};
use crate::record::Direction;
use crate::t;
use crate::translation::{in_sentence, translated};

impl Snapshot {
    /// Returns the Markdown text.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let reading = self.reading();
        let mut lines: Vec<String> = vec![format!("# {}", inline(&reading.name)), String::new()];
        if reading.question != reading.name {
            lines.extend([inline(&reading.question), String::new()]);
        }
        lines.push(format!("*{}*", inline(&reading.dated)));
        for line in [reading.about, &*reading.legend] {
            if !line.is_empty() {
                lines.extend([String::new(), inline(line)]);
            }
        }
        if let Some(decision) = &reading.decision {
            write_decision(&mut lines, decision);
        }
        if !reading.right.is_empty() {
            heading(&mut lines, translated(HOW_LIKELY));
            let right = reading.right.iter();
            lines.extend(right.map(|text| format!("- {}", inline(text))));
        }
        for note in &reading.notes {
            lines.extend([String::new(), format!("> {}", inline(note))]);
        }
        if !reading.gaps.is_empty() {
            let gaps = inline(&reading.gaps.join(", "));
            let left_out = inline(&reading.left_out);
            lines.extend([
                String::new(),
                format!("{left_out} {}", t!("All that is left out: {gaps}.", gaps)),
            ]);
        }
        heading(&mut lines, t!("In one line each"));
        let in_one_line = reading.cruxes.iter().enumerate();
        lines.extend(in_one_line.map(|(place, crux)| one_line(place, crux)));
        for crux in &reading.cruxes {
            write_crux(&mut lines, crux);
        }
        if !reading.terms.is_empty() {
            heading(&mut lines, t!("Terms"));
            lines.extend(
                reading
                    .terms
                    .iter()
                    .map(|(term, meaning)| format!("- **{}**: {}", inline(term), inline(meaning))),
            );
        }
        if !reading.follow_ups.is_empty() {
            heading(&mut lines, t!("Owed and awaited"));
            lines.extend(
                reading
                    .follow_ups
                    .iter()
                    .map(|text| format!("- {}", inline(text))),
            );
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Writes the heading of a section.
fn heading(lines: &mut Vec<String>, text: &str) {
    lines.extend([String::new(), format!("## {text}"), String::new()]);
}

/// Writes the standing decision, as a section of its own.
fn write_decision(lines: &mut Vec<String>, decision: &DecisionReading) {
    lines.extend([
        String::new(),
        format!("## {}", inline(&decision.headline)),
        String::new(),
        inline(&decision.why),
        String::new(),
    ]);
    let payloads = decision.payloads.iter();
    lines.extend(payloads.map(|(what, text)| format!("- {what}: {}", inline(text))));
    section(
        lines,
        t!("Actions"),
        decision.actions.iter().map(|text| inline(text)),
    );
}

/// Returns the line of a crux in the list at the beginning.
fn one_line(place: usize, crux: &CruxReading) -> String {
    let all = crux.figures.as_ref();
    let all = all.map_or(t!("no credences yet").into(), |all| {
        match crux.has_spread() {
            true => t!(
                "{aggregate}, spread {spread}",
                aggregate = all.aggregate,
                spread = all.spread
            ),
            false => all.aggregate.clone(),
        }
    });
    let line = crux.below_heading();
    let line = line.map(|line| format!(" {}", inline(line)));
    format!(
        "{}. **{}**{} ({all})",
        place + 1,
        inline(crux.heading()),
        line.unwrap_or_default(),
    )
}

/// Writes a crux with all its parts, as a section of its own.
fn write_crux(lines: &mut Vec<String>, crux: &CruxReading) {
    lines.extend([String::new(), format!("## {}", inline(crux.heading()))]);
    if crux.has_title {
        lines.extend([String::new(), inline(&crux.claim)]);
    }
    if !crux.points_to.is_empty() {
        lines.extend([String::new(), format!("*{}*", inline(&crux.points_to))]);
    }
    lines.push(String::new());
    lines.extend(
        crux.payloads
            .iter()
            .map(|(what, text)| format!("- {what}: {}", inline(text))),
    );
    section(
        lines,
        t!("Credences"),
        crux.views.iter().map(|view| {
            let why = match view.why() {
                why if why.is_empty() => String::new(),
                why => format!(": {}", inline(&why)),
            };
            format!(
                "{} {} ({}){why}",
                inline(&view.name),
                view.credence.shown(),
                spelled(view.day)
            )
        }),
    );
    section(
        lines,
        t!("Triggers"),
        crux.triggers.iter().map(|trigger| {
            let payloads = trigger
                .payloads
                .iter()
                .map(|(what, text)| format!("; {}: {}", in_sentence(what), inline(text)));
            format!(
                "{} ({}): {}{}",
                inline(&trigger.toward),
                trigger.state.label(),
                inline(&trigger.headline),
                payloads.collect::<String>()
            )
        }),
    );
    for (side, items) in &crux.sides {
        let title = match side {
            Direction::For => t!("Evidence for it"),
            Direction::Against => t!("Evidence against it"),
            Direction::Neutral => t!("Neutral evidence"),
        };
        section(lines, title, items.iter().map(evidence_line));
    }
    section(
        lines,
        t!("What people outside the board hold"),
        crux.positions.iter().map(|text| inline(text)),
    );
}

fn evidence_line(item: &EvidenceReading) -> String {
    let quote = if item.quote.is_empty() {
        String::new()
    } else {
        format!(" {}", t!("“{text}”", text = inline(&item.quote)))
    };
    let url = if item.url.is_empty() {
        String::new()
    } else {
        format!(" {}", address(&item.url))
    };
    format!(
        "{} ({}){quote}{url}",
        inline(&item.headline),
        inline(&item.meta)
    )
}

fn section(lines: &mut Vec<String>, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    lines.extend([String::new(), format!("### {title}"), String::new()]);
    lines.extend(items.map(|item| format!("- {item}")));
}
