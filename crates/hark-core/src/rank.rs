//! Ranks: texts of one width whose order is the order in which templates and cards of boards are shown.

/// Digits of a rank, smallest first.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Digits between the bucket and the colon.
const WIDTH: usize = 6;
/// One more than the largest number with so many digits.
const END: u64 = 36 * 36 * 36 * 36 * 36 * 36;
/// Bytes of a rank between two others at most.
const LEN_MAX: usize = 100;
/// The distance of two neighbours, which leaves room between them.
const STEP: u64 = 8;

/// A rank behind the last one; the first is in the middle of all, so that there is room on both sides.
pub(crate) fn after(last: Option<&str>) -> String {
    let Some(last) = last else {
        return written(END / 2);
    };
    match read(last).map(|number| number + STEP).filter(|number| *number < END) {
        Some(number) => written(number),
        // A caller's own text, or no number left: anything with more behind it comes later.
        None => format!("{last}i"),
    }
}

/// The rank of the thing with a number: later numbers come later.
pub(crate) fn of_number(number: u64) -> String {
    written(number.saturating_mul(STEP).saturating_add(END / 2).min(END - 1))
}

/// The rank of a place among things that are put in order anew. It comes before those of numbers, with
/// room around it.
pub(crate) fn of_place(place: usize) -> String {
    written((place as u64).saturating_mul(STEP * STEP).saturating_add(END / 4).min(END - 1))
}

/// A rank between two others, or before or behind one of them; `None` when they are in the wrong
/// order, or nothing fits between them.
pub(crate) fn between(after: Option<&str>, before: Option<&str>) -> Option<String> {
    let (low, high) = (after.unwrap_or(""), before);
    if high.is_some_and(|high| low >= high) {
        return None;
    }
    if let (true, None) = (after.is_some(), high) {
        return Some(self::after(after));
    }
    middle(low.as_bytes(), high.map(str::as_bytes))
}

/// The shortest text of digits that sorts between two texts, digit by digit. It never ends with the
/// lowest digit, below which nothing would fit any more.
fn middle(low: &[u8], mut high: Option<&[u8]>) -> Option<String> {
    const LOWEST: u8 = DIGITS[0];
    let mut out = Vec::new();
    for at in 0..LEN_MAX {
        let from = low.get(at).copied();
        let to = match high {
            // Nothing is left of the higher one: no text fits below it.
            Some(high) => Some(*high.get(at)?),
            None => None,
        };
        if from.is_some() && from == to {
            out.extend(from);
            continue;
        }
        let fits = |digit: &u8| *digit > from.unwrap_or(LOWEST) && to.is_none_or(|to| *digit < to);
        let fitting: Vec<u8> = DIGITS.iter().copied().filter(fits).collect();
        if let Some(digit) = fitting.get(fitting.len() / 2) {
            out.push(*digit);
            return String::from_utf8(out).ok();
        }
        match (from, to) {
            // Behind the lower one; what follows is not bounded by the higher one any more.
            (Some(from), _) => {
                out.push(from);
                high = None;
            }
            (None, Some(to)) if to > LOWEST => {
                out.push(LOWEST);
                high = None;
            }
            (None, Some(to)) => out.push(to),
            (None, None) => return None,
        }
    }
    None
}

fn read(rank: &str) -> Option<u64> {
    let digits = rank.strip_prefix("0|")?.split(':').next()?;
    let plain = digits.bytes().all(|byte| DIGITS.contains(&byte));
    (digits.len() == WIDTH && plain).then(|| u64::from_str_radix(digits, 36).ok()).flatten()
}

fn written(mut number: u64) -> String {
    let mut digits = [0; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 36) as usize];
        number /= 36;
    }
    format!("0|{}:", String::from_utf8_lossy(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_numbers() {
        assert!(of_number(1) < of_number(2));
        assert!(of_number(99_999_999) < of_number(100_000_000));
        assert_eq!(of_number(u64::MAX).len(), of_number(0).len());
        assert!(of_place(1) < of_place(2) && of_place(100_000) < of_number(0));
    }

    #[test]
    fn there_is_room_between_two_ranks_again_and_again() {
        let (mut low, mut high) = (of_number(1), of_number(2));
        for round in 0..60 {
            let between = between(Some(&low), Some(&high)).expect("a rank");
            assert!(low < between && between < high, "{low} {between} {high}");
            if round % 3 == 0 {
                low = between;
            } else {
                high = between;
            }
        }
        let mut first = of_number(0);
        for _ in 0..60 {
            let before = between(None, Some(&first)).expect("a rank");
            assert!(before < first, "{before} {first}");
            first = before;
        }
        assert!(between(Some(&high), None).expect("a rank") > high);
        assert_eq!(between(Some("b"), Some("a")), None);
        assert_eq!(between(Some("a"), Some("a")), None);
        assert_eq!(between(Some("a"), Some("a0")), None);
        // Texts of a caller that differ in the middle of a character.
        assert_eq!(between(Some("é"), Some("ê")).as_deref(), Some("éi"));
    }

    #[test]
    fn each_rank_comes_after_the_last() {
        let mut last = after(None);
        assert_eq!(last, "0|i00000:");
        for _ in 0..1_000 {
            let next = after(Some(&last));
            assert!(next > last, "{next} {last}");
            last = next;
        }
        for odd in ["0|zzzzzz:", "z", "", "0|i00000:zz", "1|i00000:"] {
            assert!(after(Some(odd)).as_str() > odd, "{odd}");
        }
    }
}
