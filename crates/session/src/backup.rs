use std::str::FromStr;
use std::time::Duration;

use cruxboard_domain::date::DAY;
use cruxboard_domain::{BoardId, Millis, t, tn};
use leptos::prelude::*;

use crate::BoardLocation;

/// The time that a dismissed reminder stays hidden.
const QUIET: Duration = Duration::from_secs(7 * 86_400);

/// The last backup, the changes made since then, and when to remind the person of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupRecord {
    /// Time of the last backup; 0 if there was none.
    pub saved_at: Millis,
    /// Number of changes made on this device since the last backup.
    pub changes: u64,
    /// Time of the first of these changes; 0 if there is none.
    pub since: Millis,
    /// Time up to which no reminder is shown.
    pub quiet_until: Millis,
    /// Number of changes after which to remind; 0 to ignore their number.
    pub after_changes: u64,
    /// Number of days after which to remind; 0 to ignore the age.
    pub after_days: u64,
}

impl Default for BackupRecord {
    fn default() -> Self {
        Self {
            saved_at: Millis(0),
            changes: 0,
            since: Millis(0),
            quiet_until: Millis(0),
            after_changes: 100,
            after_days: 14,
        }
    }
}

impl BackupRecord {
    /// Counts `count` changes made on this device at `now`.
    pub fn note_changes(&mut self, count: u64, now: Millis) {
        if self.changes == 0 {
            self.since = now;
        }
        self.changes += count;
    }

    /// Notes a backup that was begun at `begun` and holds the first `covered` of the changes
    /// counted so far.
    pub fn note_saved(&mut self, begun: Millis, covered: u64) {
        self.saved_at = begun;
        self.changes = self.changes.saturating_sub(covered);
        self.since = if self.changes == 0 { Millis(0) } else { begun };
        self.quiet_until = Millis(0);
    }

    /// Hides the reminder for a week from `now`.
    pub fn be_quiet(&mut self, now: Millis) {
        self.quiet_until = now + QUIET;
    }

    /// Returns whether a reminder is to be shown at `now`.
    #[must_use]
    pub fn is_due(&self, now: Millis) -> bool {
        let are_many = self.after_changes > 0 && self.changes >= self.after_changes;
        let age = now.since(self.since).as_secs();
        let are_old = self.after_days > 0 && age >= self.after_days.saturating_mul(DAY.as_secs());
        self.changes > 0 && now >= self.quiet_until && (are_many || are_old)
    }

    /// Describes the state in a sentence: "12 changes since the last backup, 3 days ago."
    #[must_use]
    pub fn says(&self, now: Millis) -> String {
        let count = usize::try_from(self.changes).unwrap_or(usize::MAX);
        let ago = ago(now.since(self.saved_at));
        match (count, self.saved_at.0) {
            (0, 0) => t!("There is no backup yet.").to_owned(),
            (0, _) => t!(
                "Nothing was changed here since the last backup, {ago}.",
                ago
            ),
            (_, 0) => tn!(
                count,
                "{count} change was made here, and there is no backup yet.",
                "{count} changes were made here, and there is no backup yet."
            ),
            _ => tn!(
                count,
                "{count} change was made here since the last backup, {ago}.",
                "{count} changes were made here since the last backup, {ago}.",
                ago
            ),
        }
    }
}

/// Formats a duration as a time in the past: "2 min ago".
#[must_use]
pub fn ago(duration: Duration) -> String {
    match duration.as_secs() / 60 {
        0 => t!("just now").into(),
        minutes @ 1..60 => t!("{minutes} min ago", minutes),
        minutes @ 60..1_440 => t!("{hours} h ago", hours = minutes / 60),
        minutes => {
            let days = usize::try_from(minutes / 1_440).unwrap_or(usize::MAX);
            tn!(days, "{count} day ago", "{count} days ago")
        }
    }
}

// The textual form is the one kept in the settings: six numbers, separated by spaces.
impl std::fmt::Display for BackupRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            saved_at,
            changes,
            since,
            quiet_until,
            after_changes,
            after_days,
        } = self;
        write!(
            f,
            "{saved_at} {changes} {since} {quiet_until} {after_changes} {after_days}"
        )
    }
}

impl FromStr for BackupRecord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers = text.split(' ').map(|number| number.parse().or(Err(())));
        let numbers: Vec<u64> = numbers.collect::<Result<_, ()>>()?;
        let [
            saved_at,
            changes,
            since,
            quiet_until,
            after_changes,
            after_days,
        ] = numbers[..]
        else {
            return Err(());
        };
        Ok(Self {
            saved_at: Millis(saved_at),
            changes,
            since: Millis(since),
            quiet_until: Millis(quiet_until),
            after_changes,
            after_days,
        })
    }
}

/// A board in a backup file, compared with the board of the same id in this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// The board's id.
    pub board: BoardId,
    /// The board's decision question.
    pub title: String,
    /// Number of its changes that this browser lacks.
    pub changes: usize,
    /// Whether this browser has no board of this id.
    pub is_new: bool,
    /// Whether the board is in the trash here; importing restores it.
    pub comes_back: bool,
    /// The section of the board list that the board is in after the import.
    pub lands: BoardLocation,
    /// Number of its changes that have other content in this browser. The import leaves them out.
    pub differing: usize,
}

impl Arriving {
    /// Returns whether the import would change anything.
    #[must_use]
    pub fn brings(&self) -> bool {
        self.changes > 0 || self.comes_back
    }

    /// Returns the question of the board, or "Untitled board".
    #[must_use]
    pub fn name(&self) -> &str {
        match self.title.as_str() {
            "" => t!("Untitled board"),
            title => title,
        }
    }

    /// Describes the effect of the import: "“Go on?”: a new board with 12 changes".
    #[must_use]
    pub fn says(&self) -> String {
        let title = self.name();
        let does = match (self.is_new, self.comes_back, self.changes) {
            (true, _, count) => tn!(
                count,
                "“{title}”: a new board with {count} change",
                "“{title}”: a new board with {count} changes",
                title
            ),
            (false, true, 0) => t!("“{title}”: comes back from the trash", title),
            (false, true, count) => tn!(
                count,
                "“{title}”: comes back from the trash with {count} change more",
                "“{title}”: comes back from the trash with {count} changes more",
                title
            ),
            (false, false, 0) => t!("“{title}”: the same as here, nothing to add", title),
            (false, false, count) => tn!(
                count,
                "“{title}”: adds {count} change to the board that is here",
                "“{title}”: adds {count} changes to the board that is here",
                title
            ),
        };
        match self.differing {
            0 => does,
            count => tn!(
                count,
                "{does}; {count} change has other content here, which stays",
                "{does}; {count} changes have other content here, which stays",
                does
            ),
        }
    }
}

/// The state of the file on disk to which backups are written automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupFile {
    /// No file was chosen.
    Off,
    /// The file holds everything as of `at`.
    Written {
        /// The file's name.
        name: String,
        /// Time of the last comparison with storage. The file is written only if something differed.
        at: Millis,
    },
    /// The file is being written.
    Writing {
        /// The file's name.
        name: String,
    },
    /// The browser asks for permission again before the file can be written.
    NeedsPermission {
        /// The file's name.
        name: String,
    },
    /// Writing the file failed.
    Failed {
        /// The file's name.
        name: String,
        /// The reason, as a sentence.
        why: String,
    },
}

/// The state of backups, as signals. Cheap to copy.
#[derive(Clone, Copy)]
pub struct BackupStatus {
    /// The last backup, and the settings of the reminder.
    pub record: RwSignal<BackupRecord>,
    /// The file on disk to which backups are written automatically.
    pub file: RwSignal<BackupFile>,
    /// Counter that rises each time something is stored, in any board or in the board list.
    pub times_stored: RwSignal<u32>,
    /// The text of a backup file whose contents the person reviews before the import.
    pub arriving: RwSignal<Option<String>>,
}

impl BackupStatus {
    pub(super) fn new() -> Self {
        Self {
            record: RwSignal::new(BackupRecord::default()),
            file: RwSignal::new(BackupFile::Off),
            times_stored: RwSignal::new(0),
            arriving: RwSignal::new(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the beginning of this day after 1970.
    fn day(number: u32) -> Millis {
        Millis(0) + DAY * number
    }

    #[test]
    fn it_reminds_after_many_changes_or_old_ones_and_stays_away_when_told() {
        let mut record = BackupRecord::default();
        assert!(!record.is_due(day(900)), "nothing was done");
        record.note_changes(99, day(1_000));
        assert!(!record.is_due(day(1_000)));
        record.note_changes(1, day(1_001));
        assert!(record.is_due(day(1_001)), "a hundred");
        record.be_quiet(day(1_001));
        assert!(!record.is_due(day(1_007)));
        assert!(record.is_due(day(1_008)));
        record.note_saved(day(1_008), 100);
        assert!(!record.is_due(day(2_000)));
        record.note_changes(1, day(1_010));
        assert!(!record.is_due(day(1_023)));
        assert!(record.is_due(day(1_024)), "two weeks");
        record.after_days = 0;
        assert!(!record.is_due(day(9_000)), "never by age");
    }

    #[test]
    fn it_comes_back_from_its_text() {
        let mut record = BackupRecord::default();
        record.note_changes(7, Millis(12));
        record.be_quiet(Millis(13));
        assert_eq!(record.to_string().parse(), Ok(record));
        for wrong in ["", "1 2 3", "1 2 3 4 5 x", "1 2 3 4 5 6 7"] {
            assert_eq!(wrong.parse::<BackupRecord>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn changes_made_while_a_backup_is_written_still_count() {
        let mut record = BackupRecord::default();
        record.note_changes(5, day(1));
        record.note_changes(2, day(1) + Duration::from_millis(1));
        record.note_saved(day(1), 5);
        assert_eq!((record.changes, record.since), (2, day(1)));
        for (changes, says) in [
            (
                0,
                "Nothing was changed here since the last backup, just now.",
            ),
            (1, "1 change was made here since the last backup, just now."),
            (
                2,
                "2 changes were made here since the last backup, just now.",
            ),
            (
                5,
                "5 changes were made here since the last backup, just now.",
            ),
        ] {
            record.changes = changes;
            assert_eq!(record.says(day(1)), says);
        }
    }

    #[test]
    fn it_says_how_things_stand() {
        let mut record = BackupRecord::default();
        assert_eq!(record.says(day(1)), "There is no backup yet.");
        record.note_changes(1, day(1));
        assert_eq!(
            record.says(day(1)),
            "1 change was made here, and there is no backup yet."
        );
        record.note_saved(day(1), 1);
        assert_eq!(
            record.says(day(1) + Duration::from_secs(120)),
            "Nothing was changed here since the last backup, 2 min ago."
        );
        record.note_changes(12, day(2));
        assert_eq!(
            record.says(day(4)),
            "12 changes were made here since the last backup, 3 days ago."
        );
    }
}
