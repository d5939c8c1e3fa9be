//! Ranks: texts of one width whose order is the order in which templates and cards of boards are shown.

/// Digits of a rank, smallest first.
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Digits between the bucket and the colon.
const WIDTH: usize = 6;
/// One more than the largest number with so many digits.
const END: u64 = 36 * 36 * 36 * 36 * 36 * 36;
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
