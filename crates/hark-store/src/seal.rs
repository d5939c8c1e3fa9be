//! Secrets at rest: what the server must be able to read again is stored encrypted.
//!
//! A kind names such properties ([`Kind::sealed`]). They are sealed whenever a document is written, so
//! no rule can forget it, and stay sealed in documents that are read; a rule opens the one that it
//! needs. A sealed value belongs to one property of one document of one project: anywhere else it
//! does not open. It names the key that made it, so keys can change while old values stay readable.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::credentials::random_secret;
use crate::doc::Doc;
use crate::engine::Conn;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::kind::{Body, Kind};
use crate::sql::Value;
use crate::tx::{ReadTx, Tx};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Hexadecimal digits by which a key is known.
const KEY_ID_LENGTH: usize = 12;
/// Keys that are used at once at most.
const KEYS_MAX: usize = 10;
/// What every sealed value begins with: the word, and the number of this form.
const PREFIX: &str = "sealed:1:";
/// The setting of the instance that only the right key opens.
const CHECK: &str = "secrets_check";
/// The name of the file with the key, when the operator sets none.
const FILE_NAME: &str = "secrets.key";
/// Settings of the instance that are secrets.
pub(crate) const SECRET_SETTINGS: &[&str] =
    &["token_key", "code_key", "challenge_key", "sign_up_key", "realtime_key", "realtime_secret"];

/// Where the keys of secrets come from.
#[derive(Clone, Debug)]
pub struct SecretKeys {
    /// Keys that the operator set; the first one seals, all of them open.
    set: Vec<Key>,
    /// A file with keys: read when it is there, and made when there is no key at all yet.
    file: PathBuf,
    /// Whether a database that was written with another key is opened all the same.
    any_database: bool,
}

/// A key. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    id: String,
    bytes: [u8; KEY_BYTES],
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// The keys in use; the first one seals.
#[derive(Debug)]
pub(crate) struct Keyring(Vec<Key>);

/// The property of a document, or the setting, that a sealed value belongs to.
struct Place(String);

/// How a stored value can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// With the newest key.
    Sealed,
    /// With an older key.
    Old,
    /// Without any.
    Plain,
    /// Not at all.
    Lost,
}

impl SecretKeys {
    /// The keys in the file `secrets.key` of a folder, which is made with the first database.
    pub fn in_folder(folder: &Path) -> SecretKeys {
        SecretKeys { set: Vec::new(), file: folder.join(FILE_NAME), any_database: false }
    }

    /// The same with keys that the operator set, the newest first; those in the file only open then.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the text is no list of keys; the sentence does not repeat it.
    pub fn with(mut self, text: &str) -> Result<SecretKeys> {
        self.set = read_keys(text)?;
        Ok(self)
    }

    /// The same, for a command that mends a database whose key is lost.
    pub fn for_any_database(mut self) -> SecretKeys {
        self.any_database = true;
        self
    }

    /// The path of the file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether the operator set keys, so that the file is not the place of the newest.
    pub fn are_set(&self) -> bool {
        !self.set.is_empty()
    }

    /// The keys for a database, which must be the ones that it was written with. The first time, the
    /// database notes which those are.
    pub(crate) fn unlock(&self, conn: &Conn<'_>) -> Result<Keyring> {
        let mut keys = self.set.clone();
        match std::fs::read_to_string(&self.file) {
            Ok(text) => {
                let known = read_keys(&text).map_err(|error| self.in_file(&error))?;
                keys.extend(known.into_iter().filter(|key| !self.set.contains(key)));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(self.in_file(&error)),
        }
        let check = setting(conn, CHECK)?;
        if keys.is_empty() {
            if let Some(check) = check.as_ref().filter(|_| !self.any_database) {
                return Err(self.missing(check));
            }
            keys.push(self.make_file()?);
        }
        let ring = Keyring(keys);
        let Some(check) = check else {
            conn.execute(
                "insert into instance_setting (name, value) values (?1, ?2) on conflict (name) do nothing",
                &[Value::text(CHECK), Value::Text(ring.seal(&Place::of_setting(CHECK), "1")?)],
            )?;
            // Another server may have been first.
            let check = setting(conn, CHECK)?.unwrap_or_default();
            return self.checked(ring, &check);
        };
        self.checked(ring, &check)
    }

    fn checked(&self, ring: Keyring, check: &str) -> Result<Keyring> {
        let opens = ring.open(&Place::of_setting(CHECK), check).is_some();
        if opens || self.any_database { Ok(ring) } else { Err(self.missing(check)) }
    }

    fn missing(&self, check: &str) -> Error {
        let id = key_id(check).unwrap_or("of unknown name");
        Error::Invalid(format!(
            "the secrets in this database were written with the key {id}, which is neither in `secrets_key` nor in \
             {}: bring that key, which the first server on this database made or was given; if it is lost, see \
             `hark secrets forget`",
            self.file.display()
        ))
    }

    fn in_file(&self, error: &dyn fmt::Display) -> Error {
        Error::Invalid(format!("the key of secrets in {} cannot be read: {error}", self.file.display()))
    }

    /// Makes the file with a new key, which only its owner can read.
    fn make_file(&self) -> Result<Key> {
        let bytes: [u8; KEY_BYTES] = rand::random();
        let draft = self.file.with_extension(format!("{}.partial", &random_secret()[..8]));
        let make = || {
            if let Some(folder) = self.file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&draft)?;
            writeln!(file, "{}", hex::encode(bytes))?;
            // Before anything is sealed with it. A link, because it fails where a file is already.
            file.sync_all()?;
            std::fs::hard_link(&draft, &self.file)
        };
        let made = make();
        // Mostly there is nothing to remove when it was not made.
        let _ = std::fs::remove_file(&draft);
        match made {
            Ok(()) => Ok(Key::new(bytes)),
            // Another process made it meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let text = std::fs::read_to_string(&self.file).map_err(|error| self.in_file(&error))?;
                let mut keys = read_keys(&text).map_err(|error| self.in_file(&error))?;
                Ok(keys.swap_remove(0))
            }
            Err(error) => Err(Error::Invalid(format!(
                "a key for secrets cannot be written to {}: {error}",
                self.file.display()
            ))),
        }
    }
}

/// Keys as text: 64 hexadecimal digits each, with commas or white space between.
fn read_keys(text: &str) -> Result<Vec<Key>> {
    let parts = text.split([',', ' ', '\t', '\r', '\n']).filter(|part| !part.is_empty());
    let keys: Option<Vec<Key>> = parts
        .take(KEYS_MAX + 1)
        .map(|part| Some(Key::new(hex::decode(part).ok()?.try_into().ok()?)))
        .collect();
    keys.filter(|keys| (1..=KEYS_MAX).contains(&keys.len())).ok_or_else(|| {
        Error::invalid(format!(
            "keys of secrets are 64 hexadecimal digits each, as `openssl rand -hex 32` makes them, with commas \
             between and the newest first, {KEYS_MAX} at most"
        ))
    })
}

impl Key {
    fn new(bytes: [u8; KEY_BYTES]) -> Key {
        // The id tells keys apart and nothing about them.
        let digest = Sha256::new().chain_update("hark secrets key ").chain_update(bytes).finalize();
        Key { id: hex::encode(digest)[..KEY_ID_LENGTH].to_owned(), bytes }
    }

    fn aead(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.bytes);
        key.map(LessSafeKey::new).map_err(|_| Error::internal("a key of the wrong length"))
    }
}

impl Keyring {
    /// The id of the key that seals.
    pub(crate) fn newest(&self) -> &str {
        self.0.first().map_or("", |key| key.id.as_str())
    }

    fn seal(&self, place: &Place, text: &str) -> Result<String> {
        let key = self.0.first().ok_or_else(|| Error::internal("no key of secrets"))?;
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut bytes = text.as_bytes().to_vec();
        key.aead()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&place.0), &mut bytes)
            .map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok(format!("{PREFIX}{}:{}{}", key.id, hex::encode(nonce), hex::encode(bytes)))
    }

    /// `None` when it was not sealed for this place with one of the keys.
    fn open(&self, place: &Place, sealed: &str) -> Option<String> {
        let (id, data) = sealed.strip_prefix(PREFIX)?.split_once(':')?;
        let key = self.0.iter().find(|key| key.id == id)?;
        let mut bytes = hex::decode(data).ok()?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = key.aead().ok()?.open_in_place(nonce, Aad::from(&place.0), rest).ok()?;
        std::str::from_utf8(opened).ok().map(str::to_owned)
    }

    fn state(&self, place: &Place, value: &str) -> State {
        let Some(id) = key_id(value) else { return State::Plain };
        match self.open(place, value) {
            Some(_) if id == self.newest() => State::Sealed,
            Some(_) => State::Old,
            // What somebody sent that only looks like ours was sealed again.
            None => State::Lost,
        }
    }
}

/// The id of the key that a sealed value names.
fn key_id(value: &str) -> Option<&str> {
    value.strip_prefix(PREFIX)?.split_once(':').map(|(id, _)| id).filter(|id| id.len() == KEY_ID_LENGTH)
}

impl Place {
    fn of(partition: &Value, kind: &Kind, id: Id, property: &str) -> Place {
        Place::named(partition, &format!("{}/{id}/{property}", kind.table))
    }

    fn named(partition: &Value, name: &str) -> Place {
        Place(format!("{}/{name}", partition.as_text().unwrap_or_default()))
    }

    fn of_setting(name: &str) -> Place {
        Place(format!("instance_setting/{name}"))
    }
}

impl ReadTx<'_> {
    /// What a sealed property of a stored document holds, if it is there.
    ///
    /// # Errors
    /// [`Error::Internal`] when no key opens it.
    pub fn unseal<T: DeserializeOwned>(&self, kind: &Kind, doc: &Doc, property: &str) -> Result<Option<T>> {
        let value = doc.body.get(property).map(|value| self.opened(kind, doc.id, property, value));
        Ok(value.transpose()?.map(serde_json::from_value).transpose()?)
    }

    /// A stored document with its sealed properties open, for those who may see or change them. One that
    /// no key opens stays as it is, so that the rest can still be seen, and it can be set anew.
    pub fn unsealed(&self, kind: &Kind, mut doc: Doc) -> Doc {
        for property in kind.sealed {
            let value = doc.body.get(*property).map(|value| self.opened(kind, doc.id, property, value));
            match value {
                Some(Ok(value)) => drop(doc.body.insert((*property).to_owned(), value)),
                Some(Err(error)) => tracing::error!(?error, "a secret cannot be read"),
                None => {}
            }
        }
        doc
    }

    fn opened(&self, kind: &Kind, id: Id, property: &str, value: &Json) -> Result<Json> {
        let Some(sealed) = value.as_str().filter(|text| key_id(text).is_some()) else {
            // Written before there were keys.
            return Ok(value.clone());
        };
        let text = self.keys().open(&Place::of(&self.partition(), kind, id, property), sealed);
        let text = text.ok_or_else(|| {
            Error::internal(format!(
                "{property} of {} {id} opens with none of the keys of secrets",
                kind.name
            ))
        })?;
        Ok(serde_json::from_str(&text)?)
    }

    /// A text that was sealed for a place with this name.
    pub(crate) fn open_text(&self, name: &str, sealed: &str) -> Option<String> {
        self.keys().open(&Place::named(&self.partition(), name), sealed)
    }

    /// How a property that should be sealed is stored.
    pub(crate) fn sealed_state(&self, kind: &Kind, doc: &Doc, property: &str) -> Option<State> {
        let value = doc.body.get(property)?;
        let place = Place::of(&self.partition(), kind, doc.id, property);
        Some(value.as_str().map_or(State::Plain, |text| self.keys().state(&place, text)))
    }

    /// How a setting of the instance that is a secret is stored.
    pub(crate) fn secret_setting_state(&self, name: &str) -> Result<Option<State>> {
        let value = self.instance_setting(name)?;
        Ok(value.map(|value| self.keys().state(&Place::of_setting(name), &value)))
    }

    /// The value of a setting of the instance that is a secret.
    ///
    /// # Errors
    /// [`Error::Internal`] when no key opens it.
    pub fn instance_secret(&self, name: &str) -> Result<Option<String>> {
        let Some(value) = self.instance_setting(name)? else { return Ok(None) };
        if key_id(&value).is_none() {
            return Ok(Some(value));
        }
        let opened = self.keys().open(&Place::of_setting(name), &value);
        opened.map(Some).ok_or_else(|| {
            Error::internal(format!("the setting {name} opens with none of the keys of secrets"))
        })
    }
}

impl Tx<'_> {
    /// A text sealed for a place with this name.
    pub(crate) fn seal_text(&self, name: &str, text: &str) -> Result<String> {
        self.keys().seal(&Place::named(&self.partition(), name), text)
    }

    /// Seals what of a document is to be sealed and is not yet.
    pub(crate) fn seal(&self, kind: &Kind, id: Id, body: &mut Body) -> Result<()> {
        for property in kind.sealed {
            let Some(value) = body.get_mut(*property).filter(|value| !value.is_null()) else { continue };
            let place = Place::of(&self.partition(), kind, id, property);
            // What we sealed and cannot open now stays for the day on which its key is back.
            let is_sealed = value.as_str().is_some_and(|text| self.is_ours(&place, text));
            if !is_sealed {
                *value = Json::String(self.keys().seal(&place, &value.to_string())?);
            }
        }
        Ok(())
    }

    fn is_ours(&self, place: &Place, text: &str) -> bool {
        match key_id(text) {
            None => false,
            Some(id) if self.keys().0.iter().any(|key| key.id == id) => {
                self.keys().open(place, text).is_some()
            }
            Some(_) => true,
        }
    }

    /// Sets a secret setting of the instance unless it has a value; whoever comes first wins.
    ///
    /// # Errors
    /// [`Error::Internal`] when the name is none of those that are kept sealed.
    pub fn set_instance_secret_once(&mut self, name: &str, value: &str) -> Result<()> {
        if !SECRET_SETTINGS.contains(&name) {
            return Err(Error::internal(format!("{name} is not among the secret settings")));
        }
        let sealed = self.keys().seal(&Place::of_setting(name), value)?;
        self.set_instance_setting_once(name, &sealed)
    }

    /// Seals a setting of the instance with the newest key.
    pub(crate) fn reseal_setting(&mut self, name: &str) -> Result<()> {
        let Some(value) = self.instance_secret(name)? else { return Ok(()) };
        let sealed = self.keys().seal(&Place::of_setting(name), &value)?;
        self.set_instance_setting(name, &sealed)
    }

    /// Deletes a setting of the instance.
    pub(crate) fn forget_setting(&mut self, name: &str) -> Result<()> {
        self.execute("delete from instance_setting where name = ?1", &[Value::text(name)]).map(drop)
    }

    /// Notes that the newest key is the one of this database.
    pub(crate) fn reseal_check(&mut self) -> Result<()> {
        let sealed = self.keys().seal(&Place::of_setting(CHECK), "1")?;
        self.set_instance_setting(CHECK, &sealed)
    }
}

fn setting(conn: &Conn<'_>, name: &str) -> Result<Option<String>> {
    let row = conn.query_one("select value from instance_setting where name = ?1", &[Value::text(name)])?;
    row.map(|mut row| row.text(0)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(first: u8, others: &[u8]) -> Keyring {
        let key = |byte: &u8| Key::new([*byte; KEY_BYTES]);
        Keyring(std::iter::once(&first).chain(others).map(key).collect())
    }

    #[test]
    fn a_value_opens_in_its_place_with_its_key_alone() {
        let (ours, here) = (ring(1, &[]), Place("p/webhook/1/secret".to_owned()));
        let sealed = ours.seal(&here, "whsec_x").expect("sealed");
        assert!(!sealed.contains("whsec") && !sealed.contains(&hex::encode("whsec")), "{sealed}");
        assert_eq!(ours.open(&here, &sealed).as_deref(), Some("whsec_x"));
        assert_ne!(ours.seal(&here, "whsec_x").expect("sealed"), sealed, "each has a nonce of its own");
        for elsewhere in ["q/webhook/1/secret", "p/channel/1/secret", "p/webhook/2/secret", "p/webhook/1/x"] {
            assert_eq!(ours.open(&Place(elsewhere.to_owned()), &sealed), None, "{elsewhere}");
        }
        assert_eq!(ring(2, &[]).open(&here, &sealed), None);
        let mut wrong = sealed.clone();
        let last = if wrong.pop() == Some('0') { '1' } else { '0' };
        wrong.push(last);
        for broken in
            [&wrong, &sealed[..60], PREFIX, "", "sealed:1:0123456789ab:", "sealed:1:0123456789ab:zz"]
        {
            assert_eq!(ours.open(&here, broken), None, "{broken}");
        }
    }

    #[test]
    fn old_keys_open_and_the_newest_seals() {
        let here = Place("here".to_owned());
        let old = ring(1, &[]).seal(&here, "x").expect("sealed");
        let both = ring(2, &[1]);
        assert_eq!((both.open(&here, &old).as_deref(), both.state(&here, &old)), (Some("x"), State::Old));
        let new = both.seal(&here, "x").expect("sealed");
        assert_eq!((both.state(&here, &new), both.state(&here, "x")), (State::Sealed, State::Plain));
        assert_eq!(ring(1, &[]).state(&here, &new), State::Lost);
    }

    #[test]
    fn keys_are_read_from_text_and_never_printed() {
        let (one, two) = ("ab".repeat(32), "cd".repeat(32));
        let keys = read_keys(&format!(" {one},\n{two}\n")).expect("two keys");
        assert_eq!(keys.len(), 2);
        assert!(!format!("{keys:?}").contains("abab"), "{keys:?}");
        for wrong in
            ["", " ", "ab", &"zz".repeat(32), &format!("{one}{two}"), &vec![one.clone(); 11].join(",")]
        {
            let error = read_keys(wrong).expect_err("no keys").to_string();
            assert!(error.contains("64 hexadecimal digits") && !error.contains("abab"), "{error}");
        }
    }
}
