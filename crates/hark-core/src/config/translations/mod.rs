//! The words of SDKs: one file per language, complete for each.

mod de;
mod en;

/// A language: its code and its words by key.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// The language of everyone whose language we do not speak.
pub(super) const FALLBACK: &str = "en";

const LANGUAGES: &[(&str, Words)] = &[("en", en::WORDS), ("de", de::WORDS)];

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: &[&str] = &["ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"];

/// The words of a language that we speak.
pub(super) fn words(language: &str) -> Option<Words> {
    LANGUAGES.iter().find(|(code, _)| *code == language).map(|(_, words)| *words)
}

/// A language in the form in which we compare: lower case, `-` between language and region.
pub(super) fn normal(language: &str) -> String {
    language.trim().to_ascii_lowercase().replace('_', "-")
}

/// The language without the region: `pt` of `pt-br`.
pub(super) fn base(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Whether the language is written from right to left.
pub(super) fn is_right_to_left(language: &str) -> bool {
    RIGHT_TO_LEFT.contains(&base(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_complete_and_has_the_same_placeholders() {
        let placeholders = |text: &str| {
            let mut all: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            all.sort();
            all
        };
        for (code, words) in LANGUAGES {
            let keys: Vec<&str> = words.iter().map(|(key, _)| *key).collect();
            let wanted: Vec<&str> = en::WORDS.iter().map(|(key, _)| *key).collect();
            assert_eq!(keys, wanted, "{code}");
            for ((key, text), (_, english)) in words.iter().zip(en::WORDS) {
                assert_eq!(placeholders(text), placeholders(english), "{code} {key}");
            }
        }
    }
}
