//! Small text functions that every sentence with a count or a list is made with.

/// A count with its noun: "0 cruxes", "1 crux", "2 cruxes".
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", plural(count, one, many))
}

/// The word that agrees with a count: `one` for 1, `many` for 0 and for 2 or more.
#[must_use]
pub const fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The parts that are not empty, with `between` between them.
#[must_use]
pub fn joined<T: AsRef<str>>(parts: &[T], between: &str) -> String {
    let parts = parts.iter().map(T::as_ref).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_in_the_singular() {
        for (count, text) in [
            (0, "0 changes were made"),
            (1, "1 change was made"),
            (2, "2 changes were made"),
            (5, "5 changes were made"),
        ] {
            assert_eq!(counted(count, "change was made", "changes were made"), text);
        }
    }

    #[test]
    fn parts_that_are_empty_leave_no_separator() {
        for (parts, text) in [
            (["", "", ""], ""),
            (["", "b", ""], "b"),
            (["a", "", "c"], "a · c"),
            (["a", "b", "c"], "a · b · c"),
        ] {
            assert_eq!(joined(&parts, " · "), text);
        }
    }
}
