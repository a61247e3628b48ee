use super::record;
use crate::VagueDate;

record! {
    /// A message of a discussion, imported to be read: see [`crate::import::discussion`].
    Message,
    /// An edit of a message.
    MessageEdit,
    {
        /// The title of the page.
        page: String { label: "Page", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The author, as named on the page.
        author: String { label: "Author", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The date.
        date: VagueDate { label: "Date", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The message's address.
        url: String { label: "Link", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The text, in paragraphs.
        text: String { label: "Text", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// Whether it has been dealt with.
        is_read: bool { label: "Read" in "state", input: Own,
            search: no, snapshot: Never, since: "reading" }
    }
}
