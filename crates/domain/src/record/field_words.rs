use super::{
    BoardInfo, BoardOption, Crux, Decision, Evidence, FollowUp, Message, Person, Position, Term,
    Trigger,
};
use crate::t;
use crate::translation::is_english;

/// Returns what a stored field is called in a sentence: in English its name, "stage reason", and in another
/// language its label.
pub(crate) fn field_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let name = name.replace(' ', "_");
    if is_english() {
        return words;
    }
    let forms = [
        Crux::FORM,
        Evidence::FORM,
        Trigger::FORM,
        Position::FORM,
        FollowUp::FORM,
        Decision::FORM,
        BoardInfo::FORM,
        BoardOption::FORM,
        Person::FORM,
        Term::FORM,
        Message::FORM,
    ];
    let mut fields = forms.into_iter().flatten();
    let label = match name.as_str() {
        "reason" => Some(t!("Reason")),
        "degree" => Some(t!("Degree")),
        "cost" => Some(t!("Cost")),
        "weight" => Some(t!("Weight")),
        _ => fields.find(|field| field.name == name).map(|it| it.label()),
    };
    label.map_or(words, str::to_owned)
}
