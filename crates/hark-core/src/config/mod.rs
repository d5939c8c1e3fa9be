//! Project configuration: what SDKs are told, and how strictly the project takes its visitors.

mod actions;
mod domains;
mod flow;
mod identity;
mod translations;

use std::collections::BTreeMap;

use hark_store::{Body, Doc, Error, Id, Kind, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

pub use actions::{Flow, ProjectActions};
pub use domains::domain_is_allowed;
pub use flow::FlowConfig;
pub use identity::{identity_secret, show_identity_secret, verify_identity};

/// A project's settings, one document per topic. Nodes remember what is in it,
/// so that a change has to reach them the way changes of rights do.
pub const CONFIG: Kind = Kind { feed: true, credential: true, ..Kind::new("configuration", "config", &[]) };

/// The document about SDKs. Its id is the same in every project, so that a project has one.
const SDK_TOPIC: &str = "00000000000000000000000a";
/// The text of a classic launcher.
const LAUNCHER_TEXT: &str = "widgetButtonText";

/// Languages for which a project brings words of its own.
const LANGUAGES_MAX: usize = 60;
/// Words of a language.
const WORDS_MAX: usize = 300;
/// Characters of a word's key.
const KEY_MAX: usize = 64;
/// Characters of a word.
const WORD_MAX: usize = 1_000;
/// Bytes of all words.
const TRANSLATIONS_BYTES_MAX: usize = 256 * 1024;

/// Names of settings in an entry of the audit log.
const NAMES_MAX: usize = 300;

/// Words by key.
pub type Words = BTreeMap<String, String>;

/// A project's configuration; in a change, what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// What SDKs are told about looks and behaviour; in a change, null takes a value back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_config: Option<FlowConfig>,
    /// Words of the SDKs by language and key, over the built-in ones; in a change, null for a
    /// language takes its words back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translations: Option<BTreeMap<String, Option<Words>>>,
    /// The feedback flows and surveys of the messenger by their ids; in a change, null takes one back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_actions: Option<ProjectActions>,
    /// Whether identifying needs the HMAC-SHA256 of the user id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce_identity_verification: Option<bool>,
    /// Domains on which browser SDKs start, `*.example.com` for all below one; none means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<String>>,
    /// Whether browser SDKs take themselves off every page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sdk_disabled: Option<bool>,
    /// Whether files of conversations need a file session, which SDKs get by a verified identify.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticated_files: Option<bool>,
}

/// The configuration of the project; of one that set nothing, an empty one.
pub fn load(tx: &ReadTx<'_>) -> Result<Config> {
    load_at(tx).map(|(config, _)| config)
}

/// The same with its revision, which is 0 before the first change.
pub fn load_at(tx: &ReadTx<'_>) -> Result<(Config, i64)> {
    match tx.find(&CONFIG, sdk_topic()?)? {
        Some(doc) => Ok((doc.open()?, doc.rev)),
        None => Ok((Config::default(), 0)),
    }
}

/// Sets what is in `changes`; null takes a value back. With `expected`, only if the configuration still
/// has this revision. Returns it with its new one.
///
/// # Errors
/// [`Error::Stale`], and [`Error::Invalid`] with the value that breaks a rule.
pub fn change(tx: &mut Tx<'_>, changes: Body, expected: Option<i64>) -> Result<(Config, i64)> {
    let id = sdk_topic()?;
    let known = tx.find_locked(&CONFIG, id)?;
    let rev = known.as_ref().map_or(0, |doc| doc.rev);
    if expected.is_some_and(|expected| expected != rev) {
        return Err(Error::Stale { what: CONFIG.name });
    }
    let names = names(&changes);
    let mut body = known.as_ref().map(|doc| doc.body.clone()).unwrap_or_default();
    for (property, value) in changes {
        let merged = match (property.as_str(), value) {
            ("flowConfig", Json::Object(changes)) => {
                let mut flow = to_body(body.get("flowConfig").cloned().unwrap_or_default());
                flow::merge(&mut flow, changes)?;
                Json::Object(flow)
            }
            ("projectActions", Json::Object(changes)) => actions::merge(body.get("projectActions"), changes)?,
            ("translations", Json::Object(changes)) => merge_translations(body.get("translations"), changes)?,
            ("allowedDomains", Json::Array(domains)) => domains::accept(&domains)?,
            (_, value) => value,
        };
        body.insert(property, merged);
    }
    body.retain(|_, value| !value.is_null());
    let doc: Doc = match known {
        Some(doc) => tx.save(&CONFIG, Doc { body, ..doc })?,
        None => tx.insert_as(&CONFIG, id, body)?,
    };
    let project = tx.scope().project().map(|project| project.to_string());
    tx.audit("project.config.changed", project, json!({"settings": names}))?;
    Ok((doc.open()?, doc.rev))
}

/// The names of what a change is about, those of single looks and words included; `merge` bounds them.
fn names(changes: &Body) -> Vec<String> {
    let inner = |property: &str, value: &Json| match value {
        Json::Object(values) => values.keys().map(|key| format!("{property}.{key}")).collect(),
        _ => vec![property.to_owned()],
    };
    changes.iter().flat_map(|(property, value)| inner(property, value)).take(NAMES_MAX).collect()
}

impl Config {
    /// With the defaults where the project set nothing, for people who look at it.
    pub fn effective(&self) -> Config {
        Config {
            flow_config: Some(FlowConfig(flow::with_defaults(&self.flow()))),
            translations: Some(self.translations.clone().unwrap_or_default()),
            project_actions: Some(self.project_actions.clone().unwrap_or_default()),
            enforce_identity_verification: Some(self.enforces_identity()),
            allowed_domains: Some(self.allowed_domains.clone().unwrap_or_default()),
            sdk_disabled: Some(self.is_disabled()),
            authenticated_files: Some(self.has_authenticated_files()),
        }
    }

    /// Whether identifying needs a hash.
    pub fn enforces_identity(&self) -> bool {
        self.enforce_identity_verification.unwrap_or_default()
    }

    /// Whether browser SDKs take themselves off.
    pub fn is_disabled(&self) -> bool {
        self.sdk_disabled.unwrap_or_default()
    }

    /// The names that the project wants taken out of captured network calls.
    pub fn secret_names(&self) -> Vec<String> {
        let names = self.flow_config.as_ref().and_then(|flow| flow.0.get("networkLogPropsToIgnore"));
        let names = names.and_then(Json::as_array).into_iter().flatten();
        names.filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// Whether files need a file session.
    pub fn has_authenticated_files(&self) -> bool {
        self.authenticated_files.unwrap_or_default()
    }

    /// The language in which an SDK that asks for this one is answered: with its region, without
    /// it, or the one that everybody gets.
    pub fn language(&self, asked: &str) -> String {
        let asked = translations::normal(asked);
        [asked.as_str(), translations::base(&asked)]
            .into_iter()
            .find(|language| translations::words(language).is_some() || self.own_words(language).is_some())
            .unwrap_or(translations::FALLBACK)
            .to_owned()
    }

    /// What SDKs are answered in a language of [`Config::language`]. `own_hosts` are the hosts of
    /// this server: SDKs must not log their own calls, which carry the contact's secret. `media_url` is where
    /// its files are.
    pub fn answer(&self, language: &str, own_hosts: &[String], media_url: &str) -> Json {
        let words = self.words(language);
        let mut flow = flow::with_defaults(&self.flow());
        for (property, color) in [("headerColor2", "headerColor"), ("headerColor3", "headerColor")] {
            if let (false, Some(color)) = (flow.contains_key(property), flow.get(color).cloned()) {
                flow.insert(property.to_owned(), color);
            }
        }
        if let Some(Json::Array(hosts)) = flow.get_mut("networkLogBlacklist") {
            let missing: Vec<Json> =
                own_hosts.iter().map(|host| json!(host)).filter(|host| !hosts.contains(host)).collect();
            hosts.extend(missing);
        }
        if translations::is_right_to_left(language) {
            flow.entry("localizationOptions").or_insert_with(|| json!({"rtl": true}));
        }
        // SDKs draw the launcher, and know no words: what the project wrote for the language goes before its
        // text for everybody, and that before ours.
        let languages = [language, translations::base(language)];
        let own = languages.iter().find_map(|language| self.own_words(language)?.get(LAUNCHER_TEXT));
        if own.is_some() {
            flow.shift_remove(LAUNCHER_TEXT);
        }
        if let Some(text) = own.or_else(|| words.get(LAUNCHER_TEXT)) {
            flow.entry(LAUNCHER_TEXT).or_insert_with(|| json!(text));
        }
        flow.insert("staticTranslations".to_owned(), json!(words));
        // The messenger shows who asks for files to nobody else.
        flow.insert("mediaUrl".to_owned(), json!(media_url));
        // The frame of older SDKs cannot see the page's language.
        flow.insert("language".to_owned(), json!(language));
        let actions = self.project_actions.clone().unwrap_or_default();
        json!({"flowConfig": flow, "projectActions": actions})
    }

    fn flow(&self) -> Body {
        self.flow_config.as_ref().map(|flow| flow.0.clone()).unwrap_or_default()
    }

    fn own_words(&self, language: &str) -> Option<&Words> {
        self.translations.as_ref()?.get(language)?.as_ref()
    }

    /// Every word in the language: the project's, else ours, else English.
    fn words(&self, language: &str) -> Words {
        let mut words = Words::new();
        for language in [translations::FALLBACK, translations::base(language), language] {
            let ours = translations::words(language).unwrap_or_default();
            words.extend(ours.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())));
            words.extend(self.own_words(language).cloned().unwrap_or_default());
        }
        words
    }
}

fn sdk_topic() -> Result<Id> {
    Id::parse(SDK_TOPIC).ok_or_else(|| Error::internal("the id of a topic"))
}

fn merge_translations(known: Option<&Json>, changes: Body) -> Result<Json> {
    let mut all = to_body(known.cloned().unwrap_or_default());
    for (language, words) in changes {
        let language = translations::normal(&language);
        check_words(&language, &words)?;
        if words.is_null() {
            all.shift_remove(&language);
        } else {
            all.insert(language, words);
        }
    }
    let bytes = serde_json::to_vec(&all)?.len();
    if all.len() > LANGUAGES_MAX || bytes > TRANSLATIONS_BYTES_MAX {
        return Err(Error::invalid(format!(
            "`translations` holds {} languages and {bytes} bytes, {LANGUAGES_MAX} languages and \
             {TRANSLATIONS_BYTES_MAX} bytes are the most",
            all.len()
        )));
    }
    Ok(Json::Object(all))
}

fn check_words(language: &str, words: &Json) -> Result<()> {
    let is_code = (2..=20).contains(&language.len())
        && language.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !is_code {
        return Err(Error::invalid("languages in `translations` are codes such as `de` or `pt-br`"));
    }
    let none = Body::new();
    let words = words.as_object().unwrap_or(&none);
    if words.len() > WORDS_MAX {
        return Err(Error::invalid(format!("`translations.{language}` has more than {WORDS_MAX} entries")));
    }
    let good = |(key, text): &(&String, &Json)| {
        let key_is_good = !key.is_empty() && key.len() <= KEY_MAX && flow::is_plain(key);
        let text_is_good =
            text.as_str().is_some_and(|text| text.chars().count() <= WORD_MAX && flow::is_plain(text));
        key_is_good && text_is_good
    };
    match words.iter().find(|entry| !good(entry)) {
        None => Ok(()),
        Some((key, _)) => {
            let key: String = key.chars().take(KEY_MAX).collect();
            Err(Error::invalid(format!(
                "`translations.{language}.{key}` has to be a text of at most {WORD_MAX} characters without markup"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(json: Json) -> Config {
        serde_json::from_value(json).expect("a configuration")
    }

    #[test]
    fn a_region_falls_back_to_its_language_and_everything_else_to_english() {
        let config = config(json!({"translations": {"fr": {"next": "Suite"}, "de-ch": {"next": "Wiiter"}}}));
        for (asked, answered) in
            [("de-AT", "de"), ("de_CH", "de-ch"), ("FR-ca", "fr"), ("en-us", "en"), ("xx", "en"), ("", "en")]
        {
            assert_eq!(config.language(asked), answered, "{asked}");
        }
        let words = config.words("de-ch");
        assert_eq!((words["next"].as_str(), words["done"].as_str()), ("Wiiter", "Fertig"));
        let words = config.words("fr");
        assert_eq!((words["next"].as_str(), words["done"].as_str()), ("Suite", "Done"));
    }

    #[test]
    fn the_answer_hides_our_own_hosts_from_logs_and_keeps_the_projects() {
        let config = config(
            json!({"flowConfig": {"networkLogBlacklist": ["bank.example"], "headerColor": "#010203"}}),
        );
        let answer = config.answer("en", &["hark.example".to_owned()], "https://media.hark.example");
        assert_eq!(answer["flowConfig"]["language"], json!("en"));
        let flow = &answer["flowConfig"];
        assert_eq!(flow["networkLogBlacklist"], json!(["bank.example", "hark.example"]));
        assert_eq!(flow["headerColor3"], json!("#010203"));
        assert_eq!(flow["widgetButtonText"], json!("Feedback"));
        assert_eq!(answer["projectActions"], json!({}));
    }

    #[test]
    fn the_launcher_speaks_the_visitors_language() {
        let config = config(json!({
            "flowConfig": {"widgetButtonText": "Help"},
            "translations": {
                "de": {"widgetButtonText": "Hilfe"}, "fr": {"next": "Suite"}, "en": {"widgetButtonText": "Support"},
            },
        }));
        for (language, text) in [("de", "Hilfe"), ("de-at", "Hilfe"), ("fr", "Help"), ("en", "Support")] {
            let answer = config.answer(language, &[], "https://media.hark.example");
            assert_eq!(answer["flowConfig"]["widgetButtonText"], json!(text), "{language}");
        }
    }
}
