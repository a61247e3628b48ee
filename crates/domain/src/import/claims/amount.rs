//! Recognizes percentages that are part of a claim, by the words beside them.

/// Returns whether the words before a percentage make it part of the claim: "above 40%", "über 40 %".
pub(super) fn ends_in_amount(before: &str) -> bool {
    // Words that may end an English claim are missing: "fast", "die", "minimal".
    const GERMAN: &[&str] = &[
        "als",
        "auf",
        "bei",
        "beträgt",
        "betragen",
        "bis",
        "ca",
        "ca.",
        "circa",
        "das",
        "dem",
        "den",
        "der",
        "ein",
        "eine",
        "einem",
        "einen",
        "etwa",
        "gegen",
        "höchstens",
        "knapp",
        "maximal",
        "mindestens",
        "nur",
        "oder",
        "rund",
        "über",
        "übersteigen",
        "übersteigt",
        "um",
        "ungefähr",
        "unter",
        "unterschreitet",
        "überschreitet",
        "von",
        "wenigstens",
    ];
    let lower = before.to_lowercase();
    let mut words = lower.split_whitespace().rev();
    let Some(last) = words.next() else {
        return false;
    };
    let is_german = match last {
        // "Er stimmt zu 70 %" ends in a verb, and "bis zu 40 %" is an amount.
        "zu" => words.next() == Some("bis"),
        // At the end of a clause with another verb, or after a comma, the verb ends the claim.
        "ist" | "sind" | "erreicht" | "erreichen" => {
            !before.contains(',') && !words.any(|word| AUXILIARIES.contains(&word))
        }
        last => GERMAN.contains(&last),
    };
    is_german || is_amount(last)
}

/// German verbs that another verb at the end of a clause belongs to.
const AUXILIARIES: [&str; 12] = [
    "hat", "haben", "ist", "kann", "können", "muss", "sind", "soll", "war", "werden", "wird",
    "wurde",
];

/// Returns whether the words after a percentage make it part of the claim: "40% of", "40 % der".
pub(super) fn begins_as_amount(after: &str) -> bool {
    // A claim begins with a capital letter: "70 % Der Weg ist machbar".
    const GERMAN: &[&str] = &[
        "aller",
        "aus",
        "bis",
        "der",
        "des",
        "dieser",
        "dieses",
        "einer",
        "eines",
        "höher",
        "ihrer",
        "ist",
        "mehr",
        "niedriger",
        "oder",
        "seiner",
        "sind",
        "über",
        "unserer",
        "unter",
        "vom",
        "von",
        "weniger",
    ];
    let first = after.split_whitespace().next();
    first.is_some_and(|word| GERMAN.contains(&word) || is_amount(&word.to_lowercase()))
}

/// Returns whether an English word beside a percentage, or a sign, makes it part of the claim.
fn is_amount(beside: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "about", "above", "around", "at", "below", "by", "exceeds", "from", "is", "least",
        "most", "of", "only", "or", "over", "reaches", "than", "the", "to", "under", ">", "<", "=",
        "≥", "≤", "≈", ">=", "<=",
    ];
    WORDS.contains(&beside)
}
