//! Messages in other languages: what a translator sent of them in `translatedData`, by language. Nothing
//! here translates.

use hark_store::{Body, Doc, Error, Result};
use serde_json::Value as Json;

use super::content;

/// Languages of one message.
const LANGUAGES_MAX: usize = 50;
/// Characters of the name of a language.
const NAME_MAX: usize = 35;

/// The name of a language: `es`, `de-AT`.
#[derive(Clone, Debug)]
pub struct Language(String);

impl Language {
    /// Reads a name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what names no language.
    pub fn parse(text: &str) -> Result<Language> {
        let name = text.to_ascii_lowercase().replace('_', "-");
        let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
        let base = name.split('-').next().unwrap_or_default();
        let is_base = (2..=3).contains(&base.len()) && base.chars().all(|c| c.is_ascii_alphabetic());
        if name.len() > NAME_MAX || !is_base || !name.split('-').all(is_part) {
            return Err(Error::invalid(format!("`{text}` is no language, send one such as es or de-AT")));
        }
        Ok(Language(name))
    }

    fn base(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The entry of this language, or else of another kind of it.
    fn entry<'t>(&self, translations: &'t Body) -> Option<(&'t String, &'t Json)> {
        let exact = translations.iter().find(|(name, _)| **name == self.0);
        let is_kind = |name: &str| name.split('-').next() == Some(self.base());
        exact.or_else(|| translations.iter().find(|(name, _)| is_kind(name)))
    }
}

/// The translations of a message in the form in which they are stored: contents in normal form by the names
/// of languages.
///
/// # Errors
/// [`Error::Invalid`] for what is nothing like that.
pub(super) fn normal(value: &Json) -> Result<Json> {
    let wrong = || {
        Error::invalid("`translatedData` is an object of contents by language, such as {\"es\": \"Hola\"}")
    };
    let given = value.as_object().ok_or_else(wrong)?;
    if given.len() > LANGUAGES_MAX {
        return Err(Error::invalid(format!("`translatedData` has more than {LANGUAGES_MAX} languages")));
    }
    let mut translations = Body::new();
    for (name, said) in given {
        let said = content::read_at("translatedData", said)?;
        if said.is_blank() {
            return Err(Error::invalid(format!("`translatedData.{name}` is empty, leave the language out")));
        }
        translations.insert(Language::parse(name)?.0, said.json());
    }
    Ok(Json::Object(translations))
}

/// Makes a message say what it says in a language, if there is a translation, and tell which it is.
pub fn show_in(message: &mut Doc, language: &Language) {
    let translations = message.body.get("translatedData").and_then(Json::as_object);
    let Some((name, said)) = translations.and_then(|known| language.entry(known)) else { return };
    let (name, said) = (name.clone(), said.clone());
    let Ok(content) = content::read(&said) else { return };
    message.set("text", content.plain());
    if let Some(data) = message.body.get_mut("data").and_then(Json::as_object_mut) {
        data.insert("content".to_owned(), said);
    }
    message.set("language", name);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn translations_are_contents_by_language() {
        let known = normal(&json!({"ES": "Hola", "pt_BR": "Olá"})).expect("translations");
        assert_eq!(known, json!({"es": "Hola", "pt-br": "Olá"}));
        let many: Body = (0..=LANGUAGES_MAX).map(|n| (format!("de-{n}"), json!("x"))).collect();
        for wrong in [
            json!("Hola"),
            json!([]),
            json!({"": "x"}),
            json!({"español": "x"}),
            json!({"es": 1}),
            Json::Object(many),
        ] {
            assert!(normal(&wrong).is_err(), "{wrong}");
        }
        let of = |name: &str| {
            let language = Language::parse(name).expect("a language");
            language.entry(known.as_object().expect("an object")).map(|(name, _)| name.clone())
        };
        assert_eq!(
            (of("es-MX").as_deref(), of("pt").as_deref(), of("de")),
            (Some("es"), Some("pt-br"), None)
        );
    }
}
