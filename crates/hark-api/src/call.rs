//! A call on its way to a handler: who calls, with what, and the door to data.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::http::HeaderMap;
use hark_query::Query;
use hark_store::credentials::Caller;
use hark_store::{Actor, Error, Id, ReadTx, Result, Scope, Tx};

use crate::app::App;
use crate::once::Once;

/// An authorised call. Boxed, because handlers hand it around.
pub struct Call(Box<Parts>);

/// What belongs to a [`Call`].
pub struct Parts {
    /// Everything that the process has.
    pub app: App,
    /// Whose data, and who acts.
    pub scope: Scope,
    /// Who came with a bearer token.
    pub caller: Option<Caller>,
    /// The headers.
    pub headers: HeaderMap,
    /// Where the call comes from, behind trusted proxies.
    pub ip: IpAddr,
    /// The number under which the log knows this call.
    pub request_id: String,
    /// The key under which this call is carried out once, if it came with one.
    pub(crate) once: Option<Arc<Once>>,
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Option<String>,
}

impl Deref for Call {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Call {
    pub(crate) fn new(parts: Parts) -> Call {
        Call(Box::new(parts))
    }

    /// The same call, carried out once.
    pub(crate) fn once(mut self, once: Arc<Once>) -> Call {
        self.0.once = Some(once);
        self
    }

    /// The text of a path parameter.
    pub fn path(&self, name: &str) -> Result<&str> {
        let found = self.path.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| Error::internal(format!("no path parameter {name}")))
    }

    /// The id in a path parameter; what is no id cannot be found.
    pub fn path_id(&self, name: &str, what: &'static str) -> Result<Id> {
        let text = self.path(name)?;
        Id::parse(text).ok_or_else(|| Error::not_found(what, text))
    }

    /// The query string in the language of lists; `reserved` are parameters that are no filters.
    pub fn query(&self, reserved: &[&str]) -> Result<Query> {
        Ok(hark_query::parse_query(self.query.as_deref().unwrap_or_default(), reserved)?)
    }

    /// The query string as it came.
    pub fn raw_query(&self) -> &str {
        self.query.as_deref().unwrap_or_default()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The revision that `If-Match` asks for; `*` and no header ask for none.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no `ETag` of ours.
    pub fn if_match(&self) -> Result<Option<i64>> {
        let Some(tag) = self.header("if-match").map(str::trim).filter(|tag| *tag != "*") else {
            return Ok(None);
        };
        let number = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse();
        number.map(Some).map_err(|_| Error::invalid("`If-Match` must be an `ETag` of an answer, or `*`"))
    }

    /// The user who calls.
    pub fn user(&self) -> Result<Id> {
        self.scope.user().ok_or_else(|| Error::Forbidden("this call needs a user's token".to_owned()))
    }

    /// The instance's scope of whoever came with a bearer token: where users, roles, tokens and
    /// invitations are. What may be done there is for the rules to check.
    pub fn instance(&self) -> Result<&Scope> {
        let caller = self.caller.as_ref();
        caller.map(|caller| &caller.instance).ok_or_else(|| Error::internal("a call without a caller"))
    }

    /// Runs a unit of work that writes on the instance.
    pub async fn write_instance<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write_in(self.instance()?, work).await
    }

    async fn write_in<T: Send + 'static>(
        &self,
        scope: &Scope,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match &self.once {
            None => self.app.store.write(scope, work).await,
            Some(once) => once.write(&self.app.store, scope, work).await,
        }
    }

    /// Runs a unit of work that reads from the instance.
    pub async fn read_instance<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.store.read(self.instance()?, work).await
    }

    /// The contact whose SDK calls.
    pub fn contact(&self) -> Result<Id> {
        match self.scope.actor() {
            Actor::Contact { id } => Ok(*id),
            _ => Err(Error::internal("a call without a contact")),
        }
    }

    /// The project that the call is about.
    pub fn project(&self) -> Result<Id> {
        self.scope.project().ok_or_else(|| Error::internal("a call without a project"))
    }

    /// Runs a unit of work that writes; see [`hark_store::Store::write`].
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.write_in(&self.scope, work).await
    }

    /// Runs a unit of work that reads; see [`hark_store::Store::read`].
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.store.read(&self.scope, work).await
    }

    /// Runs a unit of work that reads a few rows by key; see [`hark_store::Store::peek`].
    pub async fn peek<T: Send + 'static>(
        &self,
        work: impl FnOnce(&ReadTx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.store.peek(&self.scope, work).await
    }
}
