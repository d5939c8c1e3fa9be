//! From text to words in the form in which they are compared: one spelling for all accents and cases.
//!
//! Words are runs of letters and digits. Addresses and identifiers (`jane.doe@acme.com`,
//! `order-4711`) give their parts and, in documents, the whole as well. Scripts that put no
//! space between words give pairs of characters.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::kind::SearchText;

/// Bytes of a document's title or body that are read.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Characters of a query that are read.
const QUERY_CHARS_MAX: usize = 256;
/// Characters of a word that count.
const WORD_CHARS_MAX: usize = 40;
/// Different words of a document's title.
const TITLE_WORDS_MAX: usize = 200;
/// Different words of a document's body.
const BODY_WORDS_MAX: usize = 2_000;
/// Words of a query that count.
pub(super) const TERMS_MAX: usize = 16;
/// The shortest word of a query that also stands for longer ones, wherever it is in the query.
const PREFIX_CHARS_MIN: usize = 3;

/// The distinct words of a document in the order in which they appear.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DocumentWords {
    pub(super) title: Vec<String>,
    /// Those that the title does not have.
    pub(super) body: Vec<String>,
}

/// A word of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: String,
    /// Whether words that begin with it match.
    pub(super) prefix: bool,
    /// Whether nothing may be found without it: a part of an e-mail address.
    pub(super) required: bool,
}

/// What a query asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) terms: Vec<Term>,
    /// Addresses and identifiers as wholes; documents with them come first.
    pub(super) wholes: Vec<String>,
}

/// Reads the words of a document.
pub(super) fn document(text: &SearchText) -> DocumentWords {
    let mut seen = HashSet::new();
    DocumentWords {
        title: distinct(&text.title, TITLE_WORDS_MAX, &mut seen),
        body: distinct(&text.body, BODY_WORDS_MAX, &mut seen),
    }
}

fn distinct(text: &str, max: usize, seen: &mut HashSet<String>) -> Vec<String> {
    let text = normalise(&text[..text.floor_char_boundary(TEXT_BYTES_MAX)]);
    let mut words = Vec::new();
    for chunk in chunks(&text) {
        let mut all = Vec::new();
        for part in parts(chunk) {
            part_words(part, true, &mut all);
        }
        all.extend(whole(chunk));
        for word in all {
            if words.len() == max {
                return words;
            }
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
    }
    words
}

/// Reads a query.
pub(super) fn query(text: &str) -> Query {
    let text: String = text.chars().take(QUERY_CHARS_MAX).collect();
    let text = normalise(&text);
    let mut query = Query::default();
    let mut last = 0;
    'reading: for chunk in chunks(&text) {
        let mut words = Vec::new();
        for part in parts(chunk) {
            part_words(part, false, &mut words);
        }
        let required = words.len() > 1 && chunk.contains('@');
        query.wholes.extend(whole(chunk));
        let parts = words.len();
        for (at, text) in words.into_iter().enumerate() {
            let known = query.terms.iter().position(|term| term.text == text);
            if known.is_none() && query.terms.len() == TERMS_MAX {
                break 'reading;
            }
            last = known.unwrap_or(query.terms.len());
            if known.is_none() {
                // A part with another part behind it is complete.
                let prefix = at + 1 == parts && text.chars().count() >= PREFIX_CHARS_MIN;
                query.terms.push(Term { text, prefix, required });
            }
        }
    }
    // The last word may still be in the making.
    if let Some(term) = query.terms.get_mut(last) {
        term.prefix = true;
    }
    query.wholes.truncate(TERMS_MAX);
    query
}

/// Whether a word is of a script that separates its words, so that its spelling can be mistyped.
pub(super) fn is_spelled(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() && !is_unspaced(c))
}

/// Whether a word of a document is an address or an identifier as a whole.
pub(super) fn is_whole(word: &str) -> bool {
    word.contains(is_joiner)
}

/// One spelling for compatible characters, accents and cases.
fn normalise(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_accent(*c)).nfc();
    let mut out = String::with_capacity(text.len());
    for c in plain.flat_map(char::to_lowercase) {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ς' => out.push('σ'),
            c => out.push(c),
        }
    }
    out
}

/// Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, variation selectors; not
/// the vowel signs of other scripts, without which their words could not be told apart.
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 10..=35 | 200..=240) || matches!(c, '\u{FE00}'..='\u{FE0F}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// What holds the parts of an address or an identifier together.
fn is_joiner(c: char) -> bool {
    matches!(c, '@' | '.' | '-' | '_' | '+') || is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Scripts that put no space between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// The pieces between spaces and all that neither is nor joins words.
fn chunks(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c) && !is_joiner(c)).map(|chunk| chunk.trim_matches(is_joiner))
}

fn parts(chunk: &str) -> impl Iterator<Item = &str> {
    chunk.split(is_joiner).filter(|part| part.contains(char::is_alphanumeric))
}

/// The whole of a chunk that has several parts; apostrophes vanish in it (`o'brien`, `obrien`).
fn whole(chunk: &str) -> Option<String> {
    let several = parts(chunk).nth(1).is_some();
    several.then(|| chunk.chars().filter(|c| !is_apostrophe(*c)).take(WORD_CHARS_MAX).collect())
}

/// The words of a part: itself, or pairs of characters where the script has no spaces.
///
/// Documents also give the last character of such a run, so that each can be found by itself.
fn part_words(part: &str, in_document: bool, out: &mut Vec<String>) {
    let chars: Vec<char> = part.chars().collect();
    for run in chars.chunk_by(|a, b| is_unspaced(*a) == is_unspaced(*b)) {
        if !is_unspaced(run[0]) {
            push_word(run, out);
            continue;
        }
        run.windows(2).for_each(|pair| push_word(pair, out));
        if in_document || run.len() == 1 {
            push_word(&run[run.len() - 1..], out);
        }
    }
}

/// Marks by themselves are no word.
fn push_word(letters: &[char], out: &mut Vec<String>) {
    let word: String = letters.iter().take(WORD_CHARS_MAX).collect();
    if word.contains(char::is_alphanumeric) {
        out.push(word);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        document(&SearchText { title: text.to_owned(), body: String::new() }).title
    }

    fn terms(text: &str) -> Vec<String> {
        query(text).terms.into_iter().map(|term| term.text).collect()
    }

    #[test]
    fn accents_and_cases_do_not_count() {
        assert_eq!(
            words("José GROẞ Łódź Ørsted ΣΊΣΥΦΟΣ ﬁne"),
            ["jose", "gross", "lodz", "orsted", "σισυφοσ", "fine"]
        );
        assert_eq!(words("कि का"), ["कि", "का"]);
    }

    #[test]
    fn addresses_give_their_parts_and_the_whole() {
        assert_eq!(words("<Jane.Doe@acme.com>"), ["jane", "doe", "acme", "com", "jane.doe@acme.com"]);
        assert_eq!(
            words("https://acme.com/a_b?c=1"),
            ["https", "acme", "com", "acme.com", "a", "b", "a_b", "c", "1"]
        );
        assert_eq!(words("O'Brien - end. (x)"), ["o", "brien", "obrien", "end", "x"]);
    }

    #[test]
    fn scripts_without_spaces_give_pairs() {
        assert_eq!(words("東京都"), ["東京", "京都", "都"]);
        assert_eq!(terms("東京都"), ["東京", "京都"]);
        assert_eq!(terms("都"), ["都"]);
        assert_eq!(words("iPhone用がき"), ["iphone", "用が", "がき", "き"]);
        assert_eq!(words("한국어 검색"), ["한국어", "검색"]);
    }

    #[test]
    fn a_query_says_what_it_must_find() {
        let query = query("Support jane@acme.com jo");
        let flags: Vec<_> = query.terms.iter().map(|t| (t.text.as_str(), t.prefix, t.required)).collect();
        let wanted = [
            ("support", true, false),
            ("jane", false, true),
            ("acme", false, true),
            ("com", true, true),
            ("jo", true, false),
        ];
        assert_eq!(flags, wanted);
        assert_eq!(query.wholes, ["jane@acme.com"]);
        assert!(!super::query("jo anna").terms[0].prefix);
    }

    #[test]
    fn nothing_grows_without_bound() {
        assert_eq!(words(&"x".repeat(1_000)), ["x".repeat(40)]);
        let many: String = (0..100_000).map(|n| format!("w{n} ")).collect();
        let both = document(&SearchText { title: many.clone(), body: many.clone() });
        assert_eq!((both.title.len(), both.body.len()), (TITLE_WORDS_MAX, BODY_WORDS_MAX));
        assert_eq!(terms(&many).len(), TERMS_MAX);
        assert_eq!(words("❤\u{FE0F} \u{0301} 👍🏽 --- ''"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn words_are_safe_to_put_between_quotes(text in "\\PC{0,200}|[a-zA-Z '\"\\\\@.:*&|()é東-]{0,80}") {
            for word in words(&text).into_iter().chain(terms(&text)) {
                prop_assert!(!word.is_empty() && word.chars().count() <= WORD_CHARS_MAX);
                prop_assert!(word.chars().all(|c| is_word(c) || "@.-_+".contains(c)), "{word:?}");
                prop_assert!(word.contains(char::is_alphanumeric), "{word:?}");
            }
        }

        #[test]
        fn a_document_is_found_by_each_of_its_words(text in "[a-zA-Zéßœ '@.-]{0,60}|[a-z東京 @]{0,60}") {
            let words = words(&text);
            for term in terms(&text).into_iter().take(TERMS_MAX) {
                prop_assert!(words.contains(&term), "{term:?} is not in {words:?}");
            }
            let again: Vec<String> = words.iter().filter(|word| is_spelled(word)).flat_map(|word| terms(word)).collect();
            prop_assert!(again.iter().all(|term| words.contains(term)), "{again:?} of {words:?}");
        }
    }
}
