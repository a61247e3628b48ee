//! Recognizes claims that hold two claims, in English and German. Both are known in every language: a board may
//! be written in the other one.

use crate::text::folded;

/// Returns whether "and" or "und" seems to join two sentences rather than two words.
pub(super) fn joins_two_claims(claim: &str) -> bool {
    let lower = folded(claim);
    joins_in_english(&lower) || joins_in_german(&lower)
}

/// In English a comma or semicolon precedes the word, or a verb follows.
fn joins_in_english(claim: &str) -> bool {
    const VERBS: &[&str] = &[
        "are", "can", "cannot", "could", "did", "do", "does", "had", "has", "have", "is", "makes",
        "may", "must", "should", "was", "were", "will", "would",
    ];
    claim.match_indices(" and ").any(|(at, _)| {
        let after = &claim[at + 5..];
        let mut words = after
            .split_whitespace()
            .take(4)
            .map(|word| word.trim_matches(','));
        let joined_by_mark = claim[..at].ends_with([',', ';']);
        joined_by_mark || words.any(|word| VERBS.contains(&word))
    })
}

/// German verbs that may be the only one of their clause.
const VERBS: &[&str] = &[
    "bedeutet", "bleibt", "bleiben", "darf", "dürfen", "dürfte", "dürften", "gibt", "haben", "hat",
    "hatte", "hatten", "hätte", "hätten", "ist", "kann", "konnte", "konnten", "können", "könnte",
    "könnten", "lassen", "lässt", "macht", "machen", "muss", "müssen", "musste", "mussten",
    "müsste", "müssten", "sind", "soll", "sollen", "sollte", "sollten", "war", "waren", "werden",
    "will", "wird", "wollen", "wollte", "wollten", "wurde", "wurden", "würde", "würden",
];

/// The forms among [`VERBS`] that are infinitives at the end of a clause: "soll geprüft und erfasst werden".
const INFINITIVES: &[&str] = &[
    "bleiben", "dürfen", "haben", "können", "lassen", "machen", "müssen", "sollen", "werden",
    "wollen",
];

/// Words with which a subordinate clause begins.
const SUBORDINATING: &[&str] = &[
    "bevor", "bis", "damit", "dass", "falls", "indem", "nachdem", "ob", "obwohl", "seit", "sobald",
    "sofern", "solange", "sooft", "soweit", "warum", "was", "weil", "wenn", "wer", "wie", "wo",
    "wodurch", "womit", "während",
];

/// Words with which a relative clause begins, after a comma.
const RELATIVE: &[&str] = &[
    "das", "dem", "den", "denen", "der", "deren", "dessen", "die", "welche", "welchem", "welchen",
    "welcher", "welches",
];

/// In German a semicolon precedes the word, or it stands between two verbs of main clauses. A comma alone
/// joins nothing, since it also ends a clause that was put in.
fn joins_in_german(claim: &str) -> bool {
    const ENDS: [char; 7] = [',', ';', ':', '.', '!', '?', '–'];
    claim.match_indices(" und ").any(|(at, _)| {
        let (before, after) = (claim[..at].trim_end(), &claim[at + 5..]);
        if before.ends_with(';') {
            return true;
        }
        let before = before.trim_end_matches(',');
        let clause = before.rsplit(ENDS).next().unwrap_or_default();
        let is_after_comma = clause.len() < before.len();
        let clause: Vec<&str> = clause.split_whitespace().collect();
        let begins_with = |words: &[&str]| clause.first().is_some_and(|word| words.contains(word));
        if begins_with(SUBORDINATING) || (is_after_comma && begins_with(RELATIVE)) {
            return false;
        }
        let after = after.split(ENDS).next().unwrap_or_default();
        let mut after: Vec<&str> = after.split_whitespace().collect();
        while after.last().is_some_and(|word| INFINITIVES.contains(word)) {
            after.pop();
        }
        let is_verb = |word: &&str| VERBS.contains(word);
        let has_two_verbs = clause.iter().any(is_verb) && after.iter().any(is_verb);
        // The subject of a sentence of its own.
        match after.as_slice() {
            ["es" | "man", _, ..] => true,
            ["er" | "wir", _, ..] => clause.iter().any(is_verb),
            _ => has_two_verbs,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_joins_two_is_told_from_a_list_of_words() {
        for (claim, two) in [
            ("The harm is large, and it grows with capability.", true),
            ("The route is feasible and would be adopted.", true),
            ("It is cheap; and nobody has tried.", true),
            (
                "The harm grows with self-awareness and intelligence of the model.",
                false,
            ),
            ("Developers cannot reproduce it.", false),
            ("", false),
        ] {
            assert_eq!(joins_two_claims(claim), two, "{claim}");
        }
    }

    #[test]
    fn a_german_claim_that_joins_two_is_told_from_ordinary_sentences() {
        for claim in [
            "Der Schaden ist groß und er wächst mit der Fähigkeit.",
            "Der Schaden ist groß, und er wächst mit der Fähigkeit.",
            "Der Weg ist machbar und würde angenommen.",
            "Der Weg ist machbar und die Kosten der Umstellung sind gering.",
            "Es ist günstig; und niemand hat es versucht.",
            "Es ist günstig, und niemand hat es versucht.",
            "Die Umsätze steigen und es fehlt an Personal.",
            "Die Kosten werden gemessen und werden veröffentlicht.",
            "Wir sollten das Team behalten und können uns das leisten.",
            "Im Jahr 2027 sind die Kosten hoch und die Nachfrage bleibt gering.",
        ] {
            assert!(joins_two_claims(claim), "{claim}");
        }
        for claim in [
            "Die Kosten und der Nutzen sind gleich.",
            "Kosten und Nutzen der Umstellung sind bekannt.",
            "Das Modell ist sicher und zuverlässig.",
            "Im Jahr 2027 sind Kosten und Nutzen ausgeglichen.",
            "Die Risiken müssen geprüft und erfasst werden.",
            "Die Risiken sollten geprüft und erfasst werden können.",
            "Wir sollten Kosten senken und Personal behalten.",
            "Wenn die Kosten hoch sind und der Nutzen klein ist, hören wir auf.",
            "Es zeigt sich, dass Kosten und Nutzen gleich sind.",
            "Das Modell, das wir testen und das andere haben, ist unsicher.",
            "Das Modell, das sicher ist und günstig bleibt, wird gekauft.",
            "Das Modell, das wir testen, und seine Vorgänger sind unsicher.",
            "Wer zahlt und wer zahlen muss, ist offen.",
            "Ann und Bob können den Plan umsetzen.",
            "Der Schaden wächst mit Selbstkenntnis und Intelligenz des Modells.",
            "Das betrifft Verkauf, Einkauf und Lager.",
            "Die Tests sind für Kinder und Eltern gedacht, die Zeit haben.",
            "",
        ] {
            assert!(!joins_two_claims(claim), "{claim}");
        }
    }
}
