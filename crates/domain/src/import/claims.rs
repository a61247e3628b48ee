//! Import of a list of claims, one per line, each of which becomes a crux.

mod amount;

use std::collections::HashSet;

use self::amount::{begins_as_amount, ends_in_amount};
use crate::Credence;
use crate::board::Board;
use crate::text::folded_name;

/// Maximum number of claims in one list.
pub const MOST_CLAIMS: usize = 200;

/// A claim of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedClaim {
    /// The claim, without the parts of the line that were read as credence or tags.
    pub claim: String,
    /// The writer's credence, if the line states one.
    pub credence: Option<Credence>,
    /// The tags: words after a `#`, without it.
    pub tags: Vec<String>,
}

/// A parsed list of claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimList {
    /// The claims, each once, at most [`MOST_CLAIMS`].
    pub claims: Vec<ListedClaim>,
    /// Repeated claims, as they were written the second time.
    pub repeated: Vec<String>,
    /// Claims that are on the board already.
    pub on_board: Vec<String>,
    /// Number of claims beyond the maximum.
    pub surplus: usize,
}

/// Returns the claims of the board's cruxes, in the form of [`folded_name`].
pub(crate) fn claims_of(board: &Board) -> HashSet<String> {
    let cruxes = board.cruxes().into_iter();
    cruxes.map(|crux| folded_name(&crux.claim)).collect()
}

impl ClaimList {
    /// Removes the claims that the board has already.
    #[must_use]
    pub fn without_those_of(mut self, board: &Board) -> Self {
        let there = claims_of(board);
        let (known, new) = self
            .claims
            .into_iter()
            .partition(|read| there.contains(&folded_name(&read.claim)));
        self.claims = new;
        let known: Vec<ListedClaim> = known;
        self.on_board
            .extend(known.into_iter().map(|read| read.claim));
        self
    }
}

/// Parses a list of claims. Skips empty lines, and bullets and numbers before a claim.
///
/// A percentage at the beginning or end of a line, such as `70%` or `(70 %)`, is the credence. Words that
/// begin with `#` are tags. A number without the percent sign stays in the claim, and so does a percentage
/// that is part of the sentence by the word beside it, as in "above 40%" and "40% of". English and German words
/// are known in every language, since a text may come from a person who uses the other.
#[must_use]
pub fn claims(text: &str) -> ClaimList {
    let mut list = ClaimList::default();
    let mut seen = HashSet::new();
    let read = text.lines().map(claim);
    for read in read.filter(|read| !read.claim.is_empty()) {
        if !seen.insert(folded_name(&read.claim)) {
            list.repeated.push(read.claim);
        } else if list.claims.len() == MOST_CLAIMS {
            list.surplus += 1;
        } else {
            list.claims.push(read);
        }
    }
    list
}

fn claim(line: &str) -> ListedClaim {
    let mut tags = Vec::new();
    let words = without_bullet(line.trim())
        .split_whitespace()
        .filter(
            |word| match word.strip_prefix('#').filter(|tag| is_tag(tag)) {
                Some(tag) => {
                    tags.push(tag.to_owned());
                    false
                }
                None => true,
            },
        );
    let words: Vec<&str> = words.collect();
    let line = words.join(" ");
    let (credence, claim) = split_credence(&line);
    let claim = claim.trim_matches(|mark: char| mark.is_whitespace() || "–—-:|,;".contains(mark));
    ListedClaim {
        claim: claim.to_owned(),
        credence,
        tags,
    }
}

fn is_tag(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic)
        && letters.all(|letter| letter.is_alphanumeric() || "-_".contains(letter))
}

/// Removes "- ", "* ", "• ", "[ ] ", "1. " or "1) " from the beginning.
fn without_bullet(line: &str) -> &str {
    let mut rest = line;
    if let Some(after) = rest.strip_prefix(['-', '*', '•', '–'])
        && after.starts_with(char::is_whitespace)
    {
        rest = after.trim_start();
    }
    for ticked in ["[ ] ", "[x] ", "[X] "] {
        rest = rest.strip_prefix(ticked).unwrap_or(rest);
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=3).contains(&digits)
        && let Some(after) = rest[digits..].strip_prefix(['.', ')'])
        && after.starts_with(char::is_whitespace)
    {
        rest = after.trim_start();
    }
    rest
}

/// Splits a percentage off the end of a line, or else off its beginning.
fn split_credence(line: &str) -> (Option<Credence>, &str) {
    // "(70 %)" and "70 %" are read as "70%", since a space may precede the sign.
    if let Some(before) = line.trim_end_matches([')', ']']).strip_suffix('%') {
        let before = before.trim_end();
        let start = before
            .rfind(|c: char| !c.is_ascii_digit() && !".,".contains(c))
            .map_or(0, |at| {
                at + before[at..].chars().next().map_or(1, char::len_utf8)
            });
        if let Some(credence) = percent(&before[start..])
            && (start == 0 || before[..start].ends_with([' ', '(', '[', ':', '|', '\t']))
            && !ends_in_amount(&before[..start])
        {
            return (Some(credence), before[..start].trim_end_matches(['(', '[']));
        }
    }
    let first = line.trim_start_matches(['(', '[']);
    if let Some(sign) = first.find('%')
        && let Some(credence) = percent(first[..sign].trim_end())
    {
        let rest = first[sign + 1..].trim_start_matches([')', ']']);
        let is_apart = rest.is_empty() || rest.starts_with([' ', ':', ',', '|', '\t']);
        if is_apart && !begins_as_amount(rest) {
            return (Some(credence), rest);
        }
    }
    (None, line)
}

fn percent(number: &str) -> Option<Credence> {
    let starts = number.starts_with(|c: char| c.is_ascii_digit());
    starts.then(|| format!("{number}%").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> (String, Option<String>, Vec<String>) {
        let read = claim(line);
        (read.claim, read.credence.map(Credence::shown), read.tags)
    }

    #[test]
    fn a_line_is_a_claim_with_a_percentage_and_tags() {
        for (line, claim, credence, tags) in [
            ("Users come back", "Users come back", None, &[][..]),
            ("- Users come back 70%", "Users come back", Some("70%"), &[]),
            (
                "2) Users come back (70 %)",
                "Users come back",
                Some("70%"),
                &[],
            ),
            ("70%: Users come back", "Users come back", Some("70%"), &[]),
            (
                "62,5 % Users come back",
                "Users come back",
                Some("62.5%"),
                &[],
            ),
            (
                "* [ ] Users come back #growth #q3 70%",
                "Users come back",
                Some("70%"),
                &["growth", "q3"],
            ),
            ("Users come back | 70%", "Users come back", Some("70%"), &[]),
            (
                "At least 40% of users come back",
                "At least 40% of users come back",
                None,
                &[],
            ),
            (
                "Retention is above 40%",
                "Retention is above 40%",
                None,
                &[],
            ),
            (
                "40% of users come back",
                "40% of users come back",
                None,
                &[],
            ),
            (
                "Retention is above 40% 70%",
                "Retention is above 40%",
                Some("70%"),
                &[],
            ),
            ("It takes 120%", "It takes 120%", None, &[]),
            ("Issue #12 is closed", "Issue #12 is closed", None, &[]),
            ("2027 is too early", "2027 is too early", None, &[]),
            ("1.5 million users", "1.5 million users", None, &[]),
            ("70%", "", Some("70%"), &[]),
            ("  ", "", None, &[]),
        ] {
            let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            let expected = (claim.to_owned(), credence.map(str::to_owned), tags);
            assert_eq!(one(line), expected, "{line}");
        }
    }

    #[test]
    fn an_amount_in_a_german_claim_is_no_credence() {
        for line in [
            "Die Bindung liegt über 40 %",
            "Die Bindung liegt unter 40 %",
            "Mehr als 40 % der Nutzer kommen zurück",
            "Zurück kommen mehr als 40 %",
            "Zurück kommen mindestens 40%",
            "Die Kosten steigen um höchstens 5 %",
            "Die Kosten steigen um 5 %",
            "Die Quote steigt auf 40 %",
            "Die Quote steigt auf bis zu 40 %",
            "Die Quote liegt bei etwa 40 %",
            "Die Quote beträgt 40 %",
            "Die Quote ist 40 %",
            "Die Quote erreicht 40 %",
            "Der Anteil sinkt gegen 40 %",
            "Zurück kommen ca. 40 %",
            "40 % der Nutzer kommen zurück",
            "40 % aller Nutzer kommen zurück",
            "40 % mehr Nutzer kommen zurück",
        ] {
            assert_eq!(one(line), (line.to_owned(), None, vec![]), "{line}");
        }
        for (line, claim) in [
            (
                "Die Bindung liegt über 40 % 70 %",
                "Die Bindung liegt über 40 %",
            ),
            (
                "Die Nutzer kommen zurück (70 %)",
                "Die Nutzer kommen zurück",
            ),
            ("Die Nutzer kommen zurück 70 %", "Die Nutzer kommen zurück"),
            ("70 % Der Weg ist machbar", "Der Weg ist machbar"),
            ("70 %: Der Weg ist machbar", "Der Weg ist machbar"),
            ("Das Ziel wird erreicht 70 %", "Das Ziel wird erreicht"),
            ("Most startups die 70%", "Most startups die"),
            ("Adoption will be fast 70%", "Adoption will be fast"),
            ("The harm is minimal 70%", "The harm is minimal"),
            ("Der Vorstand stimmt zu 70 %", "Der Vorstand stimmt zu"),
            ("Die Nachfrage nimmt ab 70 %", "Die Nachfrage nimmt ab"),
            (
                "Wir sehen, dass es so ist 70 %",
                "Wir sehen, dass es so ist",
            ),
            ("Die Quote liegt über (70 %)", "Die Quote liegt über"),
        ] {
            let expected = (claim.to_owned(), Some("70%".to_owned()), vec![]);
            assert_eq!(one(line), expected, "{line}");
        }
    }

    #[test]
    fn a_list_holds_each_claim_once_and_names_what_it_leaves_out() {
        let list = claims("First\n\n- second 20%\nFIRST\n#tag\n");
        let texts: Vec<&str> = list.claims.iter().map(|read| read.claim.as_str()).collect();
        assert_eq!(texts, ["First", "second"]);
        assert_eq!(list.repeated, ["FIRST"]);
        let list = claims(&"x\n".repeat(3));
        assert_eq!((list.claims.len(), list.repeated.len()), (1, 2));
        let many: String = (0..500).map(|at| format!("Claim {at}\n")).collect();
        let list = claims(&many);
        assert_eq!(list.claims.len(), MOST_CLAIMS);
        assert_eq!(list.surplus, 300);
    }
}
