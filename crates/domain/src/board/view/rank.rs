//! Ranks: texts that store the manual order of cruxes.

/// Returns a rank that sorts between two others; an empty rank stands for no neighbour. Ranks consist of the
/// letters a to z and never end in `a`, so there is always room between two of them.
///
/// This is fractional indexing as described by Figma ("Realtime editing of ordered sequences", 2017), with
/// base 26.
#[must_use]
pub fn rank_between(before: &str, after: &str) -> String {
    let digit = |text: &str, at: usize, missing: u8| {
        text.as_bytes()
            .get(at)
            .map_or(missing, |b| b.clamp(&b'a', &b'z') - b'a')
    };
    let mut rank = String::new();
    let mut is_tight = !after.is_empty() && before < after;
    for at in 0.. {
        let low = digit(before, at, 0);
        let high = if is_tight { digit(after, at, 26) } else { 26 };
        let middle = low.midpoint(high);
        if middle > low {
            rank.push(char::from(b'a' + middle));
            break;
        }
        rank.push(char::from(b'a' + low));
        is_tight &= low == high;
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_room_between_two_ranks() {
        let mut ranks = vec![rank_between("", "")];
        for turn in 0..500_usize {
            let at = (turn * 7_919) % (ranks.len() + 1);
            let before = at.checked_sub(1).map_or("", |i| &ranks[i]).to_owned();
            let after = ranks.get(at).map_or("", |rank| rank).to_owned();
            let rank = rank_between(&before, &after);
            assert!(rank > before, "{before:?} {rank:?} {after:?}");
            assert!(
                after.is_empty() || rank < after,
                "{before:?} {rank:?} {after:?}"
            );
            assert!(!rank.ends_with('a'));
            ranks.insert(at, rank);
        }
        assert!(ranks.is_sorted());
    }

    #[test]
    fn the_same_place_over_and_over_keeps_ranks_short() {
        let mut rank = rank_between("", "");
        for _ in 0..100 {
            rank = rank_between(&rank, "");
        }
        assert!(rank.len() < 30, "{rank}");
    }
}
