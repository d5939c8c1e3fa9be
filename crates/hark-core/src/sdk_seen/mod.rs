//! From which SDKs a project was seen: one document with the last of each, so that whoever installs an SDK
//! learns that it arrived.

use hark_query::dates::format_date;
use hark_store::{Error, Kind, ReadTx, Result, Tx, to_body};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The SDKs of a project: one document, whose id is the project's.
pub const SDK_SEEN: Kind = Kind::new("list of sdks", "sdk_seen", &[]);

/// SDKs that are remembered; of more the ones that were not seen for longest are forgotten.
const SDKS_MAX: usize = 50;
/// Characters of what an SDK says about itself.
const TEXT_MAX: usize = 100;

/// An SDK as it shows itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sdk {
    /// `js`, `ios`, `android` or another.
    pub sdk_type: String,
    /// Its version, empty when it does not say.
    pub version: String,
    /// The host of the page, empty for apps.
    pub host: String,
}

impl Sdk {
    /// An SDK that says this about itself, as far as it is words.
    pub fn new(sdk_type: &str, version: &str, host: &str) -> Sdk {
        let word = |text: &str| {
            let usable = |c: &char| c.is_ascii_alphanumeric() || "._-:/[]+".contains(*c);
            text.chars().filter(usable).take(TEXT_MAX).collect::<String>()
        };
        Sdk { sdk_type: word(sdk_type).to_ascii_lowercase(), version: word(version), host: word(host) }
    }
}

/// An SDK that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeenSdk {
    /// `js`, `ios`, `android` or another.
    #[serde(rename = "type")]
    pub sdk_type: String,
    /// Its version, empty when it did not say.
    pub version: String,
    /// The host of the page, empty for apps.
    pub host: String,
    /// When it was first seen, ISO 8601.
    pub first_seen_at: String,
    /// When it was last seen, ISO 8601; up to a minute ago it may have been seen since.
    pub last_seen_at: String,
}

/// The SDKs of a project, the last seen first.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SdksView {
    /// Whether any was seen.
    pub seen: bool,
    /// When one was last seen, ISO 8601.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_at: Option<String>,
    /// The SDKs, 50 at most.
    pub sdks: Vec<SeenSdk>,
}

/// The SDKs of the project.
pub fn seen(tx: &ReadTx<'_>) -> Result<SdksView> {
    let project = project(tx)?;
    let mut sdks: Vec<SeenSdk> = match tx.find(&SDK_SEEN, project)? {
        Some(doc) => doc.open::<SdksView>()?.sdks,
        None => Vec::new(),
    };
    sdks.sort_by(|one, other| other.last_seen_at.cmp(&one.last_seen_at));
    let last_seen_at = sdks.first().map(|last| last.last_seen_at.clone());
    Ok(SdksView { seen: !sdks.is_empty(), last_seen_at, sdks })
}

/// Notes that an SDK was seen now.
pub fn note(tx: &mut Tx<'_>, sdk: &Sdk) -> Result<()> {
    tx.lock_name("sdk seen")?;
    let now = format_date(tx.now());
    let mut sdks = seen(tx)?.sdks;
    let is_it = |known: &SeenSdk| {
        known.sdk_type == sdk.sdk_type && known.version == sdk.version && known.host == sdk.host
    };
    match sdks.iter_mut().find(|known| is_it(known)) {
        Some(known) => known.last_seen_at = now,
        None => {
            sdks.truncate(SDKS_MAX - 1);
            sdks.push(SeenSdk {
                sdk_type: sdk.sdk_type.clone(),
                version: sdk.version.clone(),
                host: sdk.host.clone(),
                first_seen_at: now.clone(),
                last_seen_at: now,
            });
        }
    }
    let project = project(tx)?;
    match tx.find_locked(&SDK_SEEN, project)? {
        Some(mut doc) => {
            doc.set("sdks", serde_json::to_value(sdks)?);
            tx.save(&SDK_SEEN, doc).map(drop)
        }
        None => tx.insert_as(&SDK_SEEN, project, to_body(json!({"sdks": sdks}))).map(drop),
    }
}

fn project(tx: &ReadTx<'_>) -> Result<hark_store::Id> {
    tx.scope().project().ok_or_else(|| Error::internal("SDKs without a project"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_sdk_says_is_words() {
        let sdk = Sdk::new("JS", "16.4.0\"><script>", &"x".repeat(300));
        assert_eq!(
            (sdk.sdk_type.as_str(), sdk.version.as_str(), sdk.host.len()),
            ("js", "16.4.0script", TEXT_MAX)
        );
        assert_eq!(Sdk::new("", "", "localhost:3000").host, "localhost:3000");
    }
}
