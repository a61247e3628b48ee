use crate::translation::{translated, translated_in};

/// A text of a table: the English text, and what it is said of if that decides about its translation.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    context: &'static str,
    english: &'static str,
}

impl Label {
    /// Creates a label from its text, and its context if it has one.
    pub(crate) const fn of(texts: &[&'static str]) -> Self {
        match *texts {
            [english] => Self {
                context: "",
                english,
            },
            [english, context] => Self { context, english },
            _ => panic!("a label is a text, or a text and a context"),
        }
    }

    /// Returns the English text.
    #[must_use]
    pub const fn english(self) -> &'static str {
        self.english
    }

    /// Returns the text in the language of the reader.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self.context {
            "" => translated(self.english),
            context => translated_in(context, self.english),
        }
    }
}
