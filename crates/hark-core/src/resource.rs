//! Kinds of documents about which nothing is special: created, changed and deleted by whoever may,
//! within bounds. What a kind adds is a check of its properties.

use hark_query::{Filter, Path};
use hark_store::{Body, Doc, Error, Id, Kind, ReadTx, Result, Tx, to_body};
use serde_json::{Value as Json, json};

use crate::documents::{depth_exceeds, expect_revision};

/// Levels of lists and objects in a document.
const DEPTH_MAX: usize = 32;
/// Bytes of a document as JSON.
const BYTES_MAX: usize = 256 * 1024;

/// A kind and its rules.
#[derive(Debug)]
pub struct Resource {
    /// The kind.
    pub kind: &'static Kind,
    /// The kind's name in the audit log (`webhook.created`), if changes are noted there.
    pub audited: Option<&'static str>,
    /// Documents of a project at most; `u64::MAX` for as many as there are.
    pub count_max: u64,
    /// Whether only who made a document, whom it is shared with (`users`) and, if it `isPublic`,
    /// everybody sees it.
    pub personal: bool,
    /// The properties of a document that sets none.
    pub defaults: fn() -> Json,
    /// Refuses properties that break a rule, and brings the others into their form.
    pub check: fn(&mut Tx<'_>, &mut Body) -> Result<()>,
    /// What follows from a change of the document with this id, or from its end.
    pub changed: fn(&mut Tx<'_>, Id) -> Result<()>,
}

/// Nothing follows from a change.
pub(crate) fn nothing_follows(_: &mut Tx<'_>, _: Id) -> Result<()> {
    Ok(())
}

impl Resource {
    /// The documents that whoever acts sees.
    pub fn visible(&self, tx: &ReadTx<'_>) -> Filter {
        match tx.scope().user().filter(|_| self.personal) {
            Some(user) => {
                let is_user = |property| Filter::equal(Path::known(property), user.to_string());
                let public = Filter::equal(Path::known("isPublic"), true);
                Filter::Any(vec![public, is_user("createdBy"), is_user("users")])
            }
            None => Filter::everything(),
        }
    }

    /// A document that whoever acts sees.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn get(&self, tx: &ReadTx<'_>, id: Id) -> Result<Doc> {
        Ok(tx.unsealed(self.kind, self.seen(tx, tx.find(self.kind, id)?, id)?))
    }

    /// Creates a document.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a property breaks a rule, or the project has too many already.
    pub fn create(&self, tx: &mut Tx<'_>, properties: Body) -> Result<Doc> {
        self.need_room(tx)?;
        let mut body = to_body((self.defaults)());
        body.extend(properties.into_iter().filter(|(_, value)| !value.is_null()));
        self.checked(tx, &mut body)?;
        if let Some(user) = tx.scope().user() {
            body.insert("createdBy".to_owned(), json!(user));
        }
        let doc = tx.insert(self.kind, body)?;
        self.note(tx, "created", doc.id)?;
        (self.changed)(tx, doc.id)?;
        Ok(tx.unsealed(self.kind, doc))
    }

    fn need_room(&self, tx: &Tx<'_>) -> Result<()> {
        if self.count_max == u64::MAX {
            return Ok(());
        }
        // Two at once must not both be the last one.
        tx.lock_name(self.kind.table)?;
        if tx.count(self.kind, &Filter::everything())? < self.count_max {
            return Ok(());
        }
        let (max, name) = (self.count_max, self.kind.name);
        Err(Error::invalid(format!("a project has at most {max} documents of the kind {name}")))
    }

    /// Sets properties of a document; null takes one away. With `expected`, only if the document still
    /// has this revision.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] for what is only shared with whoever acts,
    /// [`Error::Stale`], and [`Error::Invalid`] when a property breaks a rule.
    pub fn update(&self, tx: &mut Tx<'_>, id: Id, changes: Body, expected: Option<i64>) -> Result<Doc> {
        let mut doc = tx.unsealed(self.kind, self.own(tx, id)?);
        expect_revision(self.kind, &doc, expected)?;
        for (property, value) in changes {
            doc.set(&property, value);
        }
        self.checked(tx, &mut doc.body)?;
        let doc = tx.save(self.kind, doc)?;
        self.note(tx, "changed", id)?;
        (self.changed)(tx, id)?;
        Ok(tx.unsealed(self.kind, doc))
    }

    /// Deletes a document and returns what it was.
    ///
    /// # Errors
    /// [`Error::NotFound`], and [`Error::Forbidden`] for what is only shared with whoever acts.
    pub fn delete(&self, tx: &mut Tx<'_>, id: Id) -> Result<Doc> {
        let doc = self.own(tx, id)?;
        tx.delete(self.kind, id)?;
        self.note(tx, "deleted", id)?;
        (self.changed)(tx, id)?;
        Ok(doc)
    }

    fn note(&self, tx: &mut Tx<'_>, what: &str, id: Id) -> Result<()> {
        match self.audited {
            Some(name) => tx.audit(&format!("{name}.{what}"), Some(id.to_string()), Json::Null),
            None => Ok(()),
        }
    }

    fn checked(&self, tx: &mut Tx<'_>, body: &mut Body) -> Result<()> {
        let whole = Json::Object(std::mem::take(body));
        if depth_exceeds(&whole, DEPTH_MAX) {
            return Err(Error::invalid(format!("this is nested deeper than {DEPTH_MAX} levels")));
        }
        if whole.to_string().len() > BYTES_MAX {
            return Err(Error::TooLarge(format!("this is larger than {BYTES_MAX} bytes")));
        }
        *body = to_body(whole);
        (self.check)(tx, body)
    }

    fn seen(&self, tx: &ReadTx<'_>, doc: Option<Doc>, id: Id) -> Result<Doc> {
        let visible = self.visible(tx);
        let doc = doc.filter(|doc| visible.matches(&Json::Object(doc.body.clone())));
        doc.ok_or_else(|| Error::not_found(self.kind.name, id))
    }

    /// A document that whoever acts may change.
    fn own(&self, tx: &Tx<'_>, id: Id) -> Result<Doc> {
        let doc = self.seen(tx, tx.find_locked(self.kind, id)?, id)?;
        let is_own = doc.is_true("isPublic") || doc.reference("createdBy") == tx.scope().user();
        if !self.personal || is_own {
            return Ok(doc);
        }
        Err(Error::Forbidden(format!(
            "this {} is shared with you, only who made it can change it",
            self.kind.name
        )))
    }
}

/// The entries of a list at a property, at most `max` of them; none if it is absent.
pub(crate) fn list<'b>(body: &'b Body, property: &str, max: usize) -> Result<&'b [Json]> {
    let list = body.get(property).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if list.len() > max {
        return Err(Error::invalid(format!("`{property}` has more than {max} entries")));
    }
    Ok(list)
}

/// Refuses texts at these properties that are longer than a line.
pub(crate) fn lines(body: &Body, properties: &[&str]) -> Result<()> {
    let max = crate::documents::LINE_MAX;
    let long =
        |name: &&&str| body.get(**name).and_then(Json::as_str).is_some_and(|text| text.chars().count() > max);
    match properties.iter().find(long) {
        Some(name) => Err(Error::invalid(format!("`{name}` is longer than {max} characters"))),
        None => Ok(()),
    }
}

/// Refuses a text at a property that is none of these.
pub(crate) fn one_of(body: &Body, property: &str, allowed: &[&str]) -> Result<()> {
    let text = body.get(property).and_then(Json::as_str);
    if text.is_none_or(|text| allowed.contains(&text)) {
        return Ok(());
    }
    Err(Error::invalid(format!("`{property}` must be one of {}", allowed.join(", "))))
}
