//! Texts of others as one line: for subjects of mails, titles and quotations.

/// A text as one line of at most so many characters; what would break a line or turn its direction is a space.
pub(crate) fn line(text: &str, chars_max: usize) -> String {
    let apart = |c: char| c.is_whitespace() || is_invisible(c);
    let words = text.split(apart).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if words.chars().count() <= chars_max {
        return words;
    }
    let cut: String = words.chars().take(chars_max - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Control characters, which no line of a mail may have, and those that turn the direction of what is behind them.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_bounded_length() {
        assert_eq!(line(" a\n\tb ", 10), "a b");
        assert_eq!(line("äöü äöü", 5), "äöü…");
        assert_eq!(line("a\u{7}b\r\nTo: c\u{202e}d\u{1b}", 20), "a b To: c d");
        assert_eq!(line(&"x".repeat(300), 200).chars().count(), 200);
    }
}
