//! What the server counts, in the words of Prometheus.

use std::{
    fmt::Write as _,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many there are at a time.
#[derive(Debug, Default)]
pub struct Gauge(AtomicI64);

impl Gauge {
    /// Counts one more until the guard is dropped.
    pub fn enter(self: &std::sync::Arc<Self>) -> Entered {
        self.0.fetch_add(1, Ordering::Relaxed);
        Entered(std::sync::Arc::clone(self))
    }

    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
pub struct Entered(std::sync::Arc<Gauge>);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by the first digit of their status, from 1 to 5.
    answers: [Counter; 5],
    pub added_changes: Counter,
    pub conflicts: Counter,
    pub batches: Counter,
    pub batched_jobs: Counter,
    pub write_micros: Counter,
    pub failed_writes: Counter,
    pub wrong_tokens: Counter,
    pub followers: std::sync::Arc<Gauge>,
}

impl Metrics {
    pub fn count_answer(&self, status: axum::http::StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.answers.get(class) {
            counter.add(1);
        }
    }

    /// In Prometheus' text format. Nothing in it names a board or a person.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut write = |name: &str, kind: &str, help: &str, lines: &[(&str, String)]| {
            // Writing to a string cannot fail.
            writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
            for (labels, value) in lines {
                writeln!(text, "{name}{labels} {value}").ok();
            }
        };
        let classes =
            ["1xx", "2xx", "3xx", "4xx", "5xx"].map(|class| format!("{{status=\"{class}\"}}"));
        let answers: Vec<_> = classes
            .iter()
            .zip(&self.answers)
            .map(|(class, counter)| (class.as_str(), counter.get().to_string()))
            .collect();
        write(
            "cruxboard_answers_total",
            "counter",
            "Answers of the endpoint by class of status.",
            &answers,
        );
        for (name, help, counter) in [
            (
                "changes_added",
                "Changes that were not there before.",
                &self.added_changes,
            ),
            (
                "conflicts",
                "Changes refused because their id was taken.",
                &self.conflicts,
            ),
            ("batches", "Transactions written.", &self.batches),
            (
                "batched_jobs",
                "Jobs written in those transactions.",
                &self.batched_jobs,
            ),
            (
                "failed_writes",
                "Jobs that could not be written.",
                &self.failed_writes,
            ),
            (
                "wrong_tokens",
                "Requests with a token that opens nothing.",
                &self.wrong_tokens,
            ),
        ] {
            let value = counter.get().to_string();
            write(
                &format!("cruxboard_{name}_total"),
                "counter",
                help,
                &[("", value)],
            );
        }
        let seconds = self.write_micros.get() as f64 / 1e6;
        write(
            "cruxboard_write_seconds_total",
            "counter",
            "Time spent in those transactions.",
            &[("", seconds.to_string())],
        );
        write(
            "cruxboard_followers",
            "gauge",
            "Requests that wait for changes.",
            &[("", self.followers.get().to_string())],
        );
        text
    }
}
