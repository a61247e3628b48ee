use super::record;
use crate::VagueDate;

record! {
    /// A message of a discussion, brought in to be read: see [`crate::import::discussion`].
    Message,
    /// What one change sets of a message.
    MessageEdit,
    {
        /// The page it stands on.
        page: String,
        /// Who wrote it, as the page names them.
        author: String,
        /// When.
        date: VagueDate,
        /// Where it is to be read.
        url: String,
        /// What it says, in paragraphs.
        text: String,
        /// Whether it has been dealt with.
        is_read: bool,
    }
}
