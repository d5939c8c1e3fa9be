//! Rows of files: every stored object has one, from before its first byte until after its last.
//!
//! A row is `open` while its object is written, `kept` afterwards, and `gone` from the moment its
//! owner is deleted until the object is too. So nothing is ever stored that no row knows, and a
//! process that dies leaves an open row, which a job tidies up a day later. What a visitor uploaded
//! is `loose` until a ticket or a message names it, and goes after a day, too, if none does.

use std::collections::BTreeSet;

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Field, Id, Kind, Listing, Millis, NewJob, ReadTx, Result, Tx, to_body};
use memchr::memmem;
use serde_json::{Value as Json, json};

use super::content::safe_name;
use super::token::{project_of, token};
use crate::contacts::CONTACT;
use crate::documents::is_web_address;

/// A file. `token` is the secret part of its address.
pub const FILE: Kind = Kind {
    hidden: &["key", "token", "state", "mergeHistory"],
    ..Kind::new(
        "file",
        "file",
        &[
            Field::text("token", "token"),
            Field::text("state", "state"),
            Field::text("contact", "contact"),
            Field::text("ticket", "ticket"),
            Field::text("message", "message"),
        ],
    )
};

/// The state of an upload of a visitor that nothing names yet.
const LOOSE: &str = "loose";
/// The job that deletes the objects of files that are gone or were never finished.
pub const TIDY_JOB: &str = "files.tidy";
/// A file that is open for longer was given up by its writer; the slowest body takes a few hours. One that
/// is loose for longer belongs to something that was never sent.
const OPEN_MS_MAX: Millis = 24 * 60 * 60 * 1_000;
/// Attempts of the job: with the back-off more than a week.
const TIDY_ATTEMPTS: u32 = 40;
/// Rows that are read at a time.
const PAGE: u32 = 500;
/// The newest files of a ticket with one purpose, of which the first that can be read is taken.
const OF_ONE_PURPOSE: u32 = 20;
/// What stands before the token in the path of a file's address.
pub(super) const PATH: &str = "/media/";
/// Files that one document names at most, and takes for its own.
const NAMED_MAX: usize = 500;
/// Characters of a token.
const TOKEN_CHARS: usize = 43;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody uploaded it.
    Upload,
    /// The page that a browser SDK captured, as HTML.
    Snapshot,
    /// The picture that was made of it.
    Screenshot,
    /// Lines of the console.
    ConsoleLog,
    /// Calls of the network.
    NetworkLogs,
    /// What the user did.
    EventLog,
    /// What the user saw.
    Replay,
}

impl Purpose {
    /// How it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Upload => "upload",
            Purpose::Snapshot => "snapshot",
            Purpose::Screenshot => "screenshot",
            Purpose::ConsoleLog => "consoleLog",
            Purpose::NetworkLogs => "networkLogs",
            Purpose::EventLog => "customEventLog",
            Purpose::Replay => "replay",
        }
    }
}

/// Whose a file is; it goes when one of them goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A contact.
    Contact(Id),
    /// A ticket.
    Ticket(Id),
    /// A message.
    Message(Id),
}

impl Owner {
    fn property(self) -> (&'static str, Id) {
        match self {
            Owner::Contact(id) => ("contact", id),
            Owner::Ticket(id) => ("ticket", id),
            Owner::Message(id) => ("message", id),
        }
    }
}

/// A file that is about to be written.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name, as people see it.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Who sent it, if a contact did.
    pub contact: Option<Id>,
    /// Whether its object is gzip, which readers are not told.
    pub compressed: bool,
    /// What its readers need to know besides.
    pub details: Json,
}

/// What a file turned out to be.
#[derive(Clone, Debug)]
pub struct Received {
    /// Bytes of its object.
    pub size: u64,
    /// SHA-256 of its object in hex digits.
    pub sha256: String,
    /// Its media type.
    pub content_type: String,
}

/// Makes the row of a file that is about to be written.
pub fn open(tx: &mut Tx<'_>, new: &NewFile) -> Result<Doc> {
    let project = tx.scope().project().ok_or_else(|| Error::internal("a file without a project"))?;
    let id = tx.new_id();
    // A folder with a few hundred others, so that no folder has very many entries.
    let key = format!("{project}/{}/{id}", &id.to_string()[22..]);
    let body = json!({
        "name": safe_name(&new.name),
        "purpose": new.purpose.word(),
        "contact": new.contact,
        "compressed": new.compressed,
        "details": new.details,
        "state": "open",
        "key": key,
        "token": token(project),
    });
    let file = tx.insert_as(&FILE, id, to_body(body))?;
    let check_at = tx.now() + OPEN_MS_MAX;
    tx.enqueue(tidy().at(check_at))?;
    Ok(file)
}

/// Notes that a file is stored. Until then nobody can read it.
///
/// # Errors
/// [`Error::NotFound`] when it was given up or its owner is gone; the caller deletes the object.
pub fn keep(tx: &mut Tx<'_>, id: Id, received: &Received) -> Result<Doc> {
    keep_as(tx, id, received, None)
}

/// [`keep`] for a file that has an owner from the start.
///
/// # Errors
/// Like [`keep`].
pub fn keep_as(tx: &mut Tx<'_>, id: Id, received: &Received, owner: Option<Owner>) -> Result<Doc> {
    let mut file = tx.get_locked(&FILE, id)?;
    if file.text("state") == Some("gone") {
        return Err(Error::not_found(FILE.name, id));
    }
    let is_loose = owner.is_none() && file.text("purpose") == Some(Purpose::Upload.word());
    let is_loose = is_loose && file.reference("contact").is_some();
    file.set("state", if is_loose { LOOSE } else { "kept" });
    file.set("size", received.size);
    file.set("sha256", received.sha256.as_str());
    file.set("contentType", received.content_type.as_str());
    if let Some((property, id)) = owner.map(Owner::property) {
        file.set(property, id.to_string());
    }
    tx.save(&FILE, file)
}

/// The file that can be read under a token.
pub fn by_token(tx: &ReadTx<'_>, token: &str) -> Result<Option<Doc>> {
    let file = tx.find_by(&FILE, "token", token)?;
    Ok(file.filter(can_be_read))
}

/// The newest file of a ticket with a purpose, if it can be read.
pub fn of_ticket(tx: &ReadTx<'_>, ticket: Id, purpose: Purpose) -> Result<Option<Doc>> {
    let filter = Filter::equal(Path::known("ticket"), ticket.to_string())
        .and(Filter::equal(Path::known("purpose"), purpose.word()));
    let newest = tx.list(&FILE, &Listing::new(filter, OF_ONE_PURPOSE))?.docs;
    Ok(newest.into_iter().find(can_be_read))
}

fn can_be_read(file: &Doc) -> bool {
    matches!(file.text("state"), Some("kept" | LOOSE))
}

/// The path of a file's address on the media host: unguessable, with a readable end.
pub fn path_of(file: &Doc) -> String {
    let token = file.text("token").unwrap_or_default();
    let readable = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' };
    let name: String = file.text("name").unwrap_or("file").chars().map(readable).collect();
    format!("{PATH}{token}/{name}")
}

/// The token in an address that [`path_of`] made, on whatever host.
pub fn token_in(address: &str) -> Option<&str> {
    places(address).find_map(|place| token_at(address, place))
}

/// Where in a text the path of a file's address may begin. A host or folder in front of it may be called alike.
pub(super) fn places(text: &str) -> impl Iterator<Item = usize> {
    let begins = memmem::find_iter(text.as_bytes(), PATH.trim_end_matches('/'));
    begins.filter(|place| text[*place..].starts_with(PATH))
}

/// The token of the path that begins at a place.
pub(super) fn token_at(text: &str, place: usize) -> Option<&str> {
    let token = text[place..].strip_prefix(PATH)?.get(..TOKEN_CHARS)?;
    project_of(token).map(|_| token)
}

/// The address below `media_url` of the file of this project that an address names, whatever host it was told
/// with: a page may have got it before the media host moved. Only such addresses are taken from visitors as
/// pictures and attachments: whoever opens what a visitor sent must not call a stranger's host.
pub fn own_address(tx: &ReadTx<'_>, address: &str, media_url: &str) -> Result<Option<String>> {
    let Some(token) = token_in(address).filter(|_| is_web_address(address)) else { return Ok(None) };
    Ok(by_token(tx, token)?.map(|file| format!("{media_url}{}", path_of(&file))))
}

/// The tokens of the files that a document names, in whatever property: as an address or within a text.
pub fn named_in(body: &Body) -> BTreeSet<&str> {
    fn collect<'b>(value: &'b Json, found: &mut BTreeSet<&'b str>) {
        match value {
            Json::String(text) => {
                let tokens = places(text).filter_map(|place| token_at(text, place));
                found.extend(tokens.take(NAMED_MAX));
            }
            Json::Array(values) => values.iter().for_each(|value| collect(value, found)),
            Json::Object(body) => body.values().for_each(|value| collect(value, found)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    body.values().for_each(|value| collect(value, &mut found));
    found
}

/// Makes the files of this project that `addresses` lead to belong to a ticket or message, and
/// returns how many there were. A file has one ticket and one message, the first that it got, and
/// what a contact uploaded is only taken for what `contact` sends.
pub fn attach<'a>(
    tx: &mut Tx<'_>,
    addresses: impl IntoIterator<Item = &'a str>,
    owner: Owner,
    contact: Option<Id>,
) -> Result<usize> {
    attach_tokens(tx, addresses.into_iter().filter_map(token_in), owner, contact)
}

fn attach_tokens<'a>(
    tx: &mut Tx<'_>,
    tokens: impl Iterator<Item = &'a str>,
    owner: Owner,
    contact: Option<Id>,
) -> Result<usize> {
    let (property, id) = owner.property();
    let mut attached = 0;
    for token in tokens.take(NAMED_MAX) {
        let Some(mut file) = tx.find_by_locked(&FILE, "token", token)? else { continue };
        let theirs = file.reference("contact").is_some_and(|uploader| Some(uploader) != contact);
        if theirs || !can_be_read(&file) || file.text(property).is_some() {
            continue;
        }
        file.set(property, id.to_string());
        file.set("state", "kept");
        tx.save(&FILE, file)?;
        attached += 1;
    }
    Ok(attached)
}

/// [`attach`] for whatever a ticket or message names: attachments, pictures in its text, answers of forms.
pub fn attach_named(tx: &mut Tx<'_>, body: &Body, owner: Owner, contact: Option<Id>) -> Result<()> {
    attach_tokens(tx, named_in(body).into_iter(), owner, contact).map(drop)
}

/// Makes the files of one owner those of another of the same sort, when contacts or tickets are
/// merged. Returns their ids, with which [`return_to`] undoes it.
pub fn move_to(tx: &mut Tx<'_>, from: Owner, to: Owner) -> Result<Vec<Id>> {
    let ((property, from), (_, to)) = (from.property(), to.property());
    let mut moved = Vec::new();
    loop {
        let files = tx.all_by(&FILE, property, &from.to_string(), PAGE)?;
        if files.is_empty() || from == to {
            return Ok(moved);
        }
        for mut file in files {
            file.set(property, to.to_string());
            moved.push(tx.save(&FILE, file)?.id);
        }
    }
}

/// Undoes [`move_to`] for the files that are still where they were moved to.
pub fn return_to(tx: &mut Tx<'_>, files: &[Id], from: Owner, to: Owner) -> Result<()> {
    let ((property, from), (_, to)) = (from.property(), to.property());
    for id in files {
        if let Some(mut file) =
            tx.find_locked(&FILE, *id)?.filter(|file| file.reference(property) == Some(from))
        {
            file.set(property, to.to_string());
            tx.save(&FILE, file)?;
        }
    }
    Ok(())
}

/// Takes every file of an owner away at once, and lets a job delete the objects. Returns how many.
pub fn drop_of(tx: &mut Tx<'_>, owner: Owner) -> Result<u64> {
    let (property, id) = owner.property();
    let mut dropped = 0;
    loop {
        let files = tx.all_by(&FILE, property, &id.to_string(), PAGE)?;
        if files.is_empty() {
            return Ok(dropped);
        }
        for file in files {
            gone(tx, file)?;
            dropped += 1;
        }
    }
}

/// Takes a file away at once, and lets a job delete its object.
pub fn drop_file(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    match tx.find_locked(&FILE, id)? {
        Some(file) => gone(tx, file),
        None => Ok(()),
    }
}

/// What is left of a file is only where its object is.
fn gone(tx: &mut Tx<'_>, mut file: Doc) -> Result<()> {
    let stays = ["_id", "id", "project", "createdAt", "updatedAt", "key"];
    file.body.retain(|property, _| stays.contains(&property.as_str()));
    file.set("state", "gone");
    tx.save(&FILE, file)?;
    tx.enqueue(tidy())?;
    Ok(())
}

fn tidy() -> NewJob {
    NewJob::new(TIDY_JOB, json!({})).unique(TIDY_JOB).attempts(TIDY_ATTEMPTS)
}

/// Files whose objects are to be deleted, some at a time: id and key.
pub fn removable(tx: &ReadTx<'_>) -> Result<Vec<(Id, String)>> {
    let given_up = tx.now() - OPEN_MS_MAX;
    let open = tx.all_by(&FILE, "state", "open", PAGE)?.into_iter();
    let gone = tx.all_by(&FILE, "state", "gone", PAGE)?.into_iter();
    let all = gone.chain(open.filter(|file| file.created_at <= given_up));
    Ok(all.filter_map(|file| Some((file.id, file.text("key")?.to_owned()))).collect())
}

/// Gives up some of the uploads of visitors that nothing named within a day, and tells whether there may be
/// more. A picture that stands for its contact stays.
pub fn give_up_loose(tx: &mut Tx<'_>) -> Result<bool> {
    let given_up = tx.now() - OPEN_MS_MAX;
    let oldest = tx.all_by(&FILE, "state", LOOSE, PAGE)?;
    let old = oldest.iter().filter(|file| file.created_at <= given_up);
    let mut count = 0;
    for file in old {
        count += 1;
        let Some(mut file) = tx.find_locked(&FILE, file.id)?.filter(|file| file.text("state") == Some(LOOSE))
        else {
            continue;
        };
        let contact = file.reference("contact").map(|id| tx.find(&CONTACT, id)).transpose()?.flatten();
        let token = file.text("token").unwrap_or_default();
        if contact.is_some_and(|contact| named_in(&contact.body).contains(token)) {
            file.set("state", "kept");
            tx.save(&FILE, file)?;
        } else {
            gone(tx, file)?;
        }
    }
    Ok(count == PAGE as usize)
}

/// Forgets a file whose object was deleted.
pub fn removed(tx: &mut Tx<'_>, id: Id) -> Result<()> {
    tx.delete(&FILE, id)?;
    Ok(())
}

/// Lets the job look again later if files are being written now, or are loose, because one may be given up.
pub fn tidied(tx: &mut Tx<'_>) -> Result<()> {
    let mut oldest = tx.all_by(&FILE, "state", "open", 1)?;
    oldest.extend(tx.all_by(&FILE, "state", LOOSE, 1)?);
    if let Some(created_at) = oldest.iter().map(|file| file.created_at).min() {
        tx.enqueue(tidy().at(created_at + OPEN_MS_MAX))?;
    }
    Ok(())
}
