//! Operations as rows of a table: the router, the API description and the
//! tenancy tests are made of the same rows.

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use futures_util::future::BoxFuture;
use hark_store::{Error, NUL_REFUSED, Permission, Result, holds_nul};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_ignored::Path;

use crate::answer::{Answer, IGNORED_FIELDS, Output};
use crate::call::Call;

/// JSON bodies of REST calls.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Names of ignored properties that an answer lists.
const IGNORED_MAX: usize = 20;
/// Properties of a [`Patch`]; those inside of a property have limits of their own.
const PATCH_PROPERTIES_MAX: usize = 1_000;

/// The header of a change that is made only to the revision that the caller has seen.
pub(crate) const IF_MATCH: &[(&str, &str, bool)] =
    &[("if-match", "the `ETag` that the document must still have", false)];

/// Who may call an operation, and what its scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone; the scope is the operator's, so the handler must be made for strangers.
    Public,
    /// A signed-in user or service account on its own account; the scope is the instance.
    Caller,
    /// A member of the project in the `Project` header who has the permission.
    Project(Permission),
    /// An SDK with the project's SDK key; the scope is a visitor's.
    Visitor,
    /// An SDK with the project's SDK key as the path parameter `sdkKey`; the scope is a visitor's.
    SdkKey,
    /// An SDK with the SDK key, `Gleap-Id` and `Gleap-Hash`; the scope is the contact's.
    Contact,
    /// A customer's server with the project's secret token.
    Server,
}

/// How the query language works on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Filters, order, `limit`, `skip` and cursors.
    Paged,
    /// The same without cursors: a list that is never long.
    Short,
    /// Filters only: everything that matches is answered.
    Whole,
}

/// A row of the table of operations.
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// Another spelling of the path, which is served and not described.
    pub also: Option<&'static str>,
    /// Its name in the API description.
    pub id: &'static str,
    /// The heading under which the description lists it.
    pub group: &'static str,
    /// One sentence for the description.
    pub summary: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Query parameters besides the query language: name and sentence.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Headers that it reads: name, sentence, and whether it needs them.
    pub headers: &'static [(&'static str, &'static str, bool)],
    /// The content type of the body that it takes.
    pub takes: &'static str,
    /// Content types of the body that it takes as well.
    pub also_takes: &'static [&'static str],
    /// Errors that others do not answer: status and sentence.
    pub also_answers: &'static [(u16, &'static str)],
    /// Headers of success.
    pub answer_headers: &'static [&'static str],
    /// How the query language of lists works on it, if it does.
    pub list: Option<Listed>,
    /// The largest body; what is stored while it arrives has limits that the operator sets.
    pub body_bytes_max: usize,
    /// Whether the handler reads the body itself while it arrives.
    pub(crate) streams: bool,
    /// Whether answers are what was stored to the letter, as where hashes and signatures cover them: the addresses
    /// of files in them are those of their time.
    pub(crate) as_stored: bool,
    /// Whose errors are plain text.
    pub(crate) text_errors: TextErrors,
    /// The status of success.
    pub status: StatusCode,
    /// The content type of success.
    pub content_type: &'static str,
    /// The schema of the request body.
    pub input: fn(&mut SchemaGenerator) -> Option<Schema>,
    /// The schema of the answer.
    pub output: fn(&mut SchemaGenerator) -> Option<Schema>,
    run: Arc<Run>,
}

type Run = dyn Fn(Call, CallBody) -> BoxFuture<'static, Result<Answer>> + Send + Sync;

/// A body on its way to a handler.
pub(crate) enum CallBody {
    /// Read to its end, within the operation's limit.
    Whole(Bytes),
    /// Not read yet.
    Arriving(axum::body::Body),
}

/// To whom errors are plain text: an old SDK takes any JSON for a success, whatever its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextErrors {
    /// To nobody.
    Never,
    /// To everybody.
    Always,
    /// To callers that use Apple's network library.
    ForApple,
}

/// A type that a handler may take as its second argument.
pub trait Input: Sized + Send + 'static {
    /// The content type of the request body.
    const CONTENT_TYPE: &'static str = "application/json";

    /// The schema of the request body, `None` when there is none.
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema>;

    /// Reads the body and tells which properties it does not know, the first of them at least.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the place in the body.
    fn read(body: &Bytes) -> Result<(Self, Vec<String>)>;
}

/// No body, or one that nobody reads.
pub struct NoBody;

impl Input for NoBody {
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }

    fn read(_: &Bytes) -> Result<(NoBody, Vec<String>)> {
        Ok((NoBody, Vec::new()))
    }
}

/// A JSON body; an empty one counts as `{}`.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for Body<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn read(body: &Bytes) -> Result<(Body<T>, Vec<String>)> {
        let mut ignored = Vec::new();
        let value = parse(body, |path| note(&mut ignored, path))?;
        Ok((Body(value), ignored))
    }
}

/// Keeps a place's name, if there are not enough already.
fn note(names: &mut Vec<String>, place: &Path<'_>) {
    if names.len() < IGNORED_MAX {
        names.push(place.to_string());
    }
}

/// Reads a body and calls `unknown` with each place that `T` does not know.
fn parse<T: DeserializeOwned>(body: &Bytes, mut unknown: impl FnMut(&Path<'_>)) -> Result<T> {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    if holds_nul(body) {
        return Err(Error::invalid(NUL_REFUSED));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    serde_ignored::deserialize(&mut reader, |path: Path<'_>| unknown(&path))
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| Error::Invalid(format!("the body is not what this call takes: {error}")))
}

/// A JSON object of properties to set, checked as a `T`. A property that is null
/// is there to be removed, which a plain `T` could not tell from one that is absent.
pub struct Patch<T> {
    /// The body as a type.
    pub typed: T,
    /// The properties of the body that `T` knows.
    pub changes: hark_store::Body,
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Input for Patch<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Body::<T>::schema(generator)
    }

    fn read(body: &Bytes) -> Result<(Patch<T>, Vec<String>)> {
        if body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first != b'{') {
            return Err(Error::invalid("the body must be a JSON object"));
        }
        let (mut ignored, mut unknown) = (Vec::new(), HashSet::new());
        let typed = parse(body, |path| {
            note(&mut ignored, path);
            if let Path::Map { parent: Path::Root, key } = path {
                unknown.insert(key.clone());
            }
        })?;
        let mut changes: hark_store::Body =
            if body.is_empty() { hark_store::Body::new() } else { object(body)? };
        if changes.len() > PATCH_PROPERTIES_MAX {
            return Err(Error::Invalid(format!(
                "the body has {} properties, send {PATCH_PROPERTIES_MAX} at most",
                changes.len()
            )));
        }
        changes.retain(|property, _| !unknown.contains(property));
        Ok((Patch { typed, changes }, ignored))
    }
}

/// The properties of a body. A list is a type's fields in their order to `serde`, but no object.
fn object(body: &Bytes) -> Result<hark_store::Body> {
    serde_json::from_slice(body).map_err(|_| Error::invalid("the body must be a JSON object"))
}

/// A body as it came.
pub struct RawBody(pub Bytes);

impl Input for RawBody {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<String>())
    }

    fn read(body: &Bytes) -> Result<(RawBody, Vec<String>)> {
        Ok((RawBody(body.clone()), Vec::new()))
    }
}

impl Operation {
    /// A row: method, path, name, who may, and the function that does it.
    pub fn new<I, O, F>(
        method: Method,
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: impl Fn(Call, I) -> F + Send + Sync + 'static,
    ) -> Operation
    where
        I: Input,
        O: Output + 'static,
        F: Future<Output = Result<O>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let run = move |call: Call, body: CallBody| -> BoxFuture<'static, Result<Answer>> {
            let handler = handler.clone();
            Box::pin(async move {
                let CallBody::Whole(body) = body else {
                    return Err(Error::internal("a body that was not read"));
                };
                let (input, ignored) = I::read(&body)?;
                let answer = handler(call, input).await?.answer()?;
                Ok(if ignored.is_empty() { answer } else { answer.with(IGNORED_FIELDS, ascii(&ignored)) })
            })
        };
        Operation {
            method,
            path,
            also: None,
            id,
            group: "",
            summary: "",
            access,
            parameters: &[],
            headers: &[],
            takes: I::CONTENT_TYPE,
            also_takes: &[],
            also_answers: &[],
            answer_headers: O::HEADERS,
            list: None,
            body_bytes_max: BODY_BYTES_MAX,
            streams: false,
            as_stored: false,
            text_errors: TextErrors::Never,
            status: O::STATUS,
            content_type: O::CONTENT_TYPE,
            input: I::schema,
            output: O::schema,
            run: Arc::new(run),
        }
    }

    /// A row whose function reads the body itself, which `I` describes.
    pub(crate) fn streaming<I, O, F>(
        method: Method,
        path: &'static str,
        id: &'static str,
        access: Access,
        handler: impl Fn(Call, axum::body::Body) -> F + Send + Sync + 'static,
    ) -> Operation
    where
        I: Input,
        O: Output + 'static,
        F: Future<Output = Result<O>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let run = move |call: Call, body: CallBody| -> BoxFuture<'static, Result<Answer>> {
            let handler = handler.clone();
            Box::pin(async move {
                let body = match body {
                    CallBody::Arriving(body) => body,
                    CallBody::Whole(bytes) => bytes.into(),
                };
                handler(call, body).await?.answer()
            })
        };
        let described = Operation::new::<I, O, _>(method, path, id, access, |_, _| async {
            Err(Error::internal("a body that was read"))
        });
        Operation { streams: true, run: Arc::new(run), ..described }
    }

    /// With the sentence that the API description shows.
    pub fn summary(mut self, sentence: &'static str) -> Operation {
        self.summary = sentence;
        self
    }

    /// Served under another spelling of the path too.
    pub fn also(mut self, path: &'static str) -> Operation {
        self.also = Some(path);
        self
    }

    /// With query parameters of its own.
    pub fn parameters(mut self, parameters: &'static [(&'static str, &'static str)]) -> Operation {
        self.parameters = parameters;
        self
    }

    /// It reads these headers.
    pub fn headers(mut self, headers: &'static [(&'static str, &'static str, bool)]) -> Operation {
        self.headers = headers;
        self
    }

    /// It takes bodies of these content types besides JSON.
    pub fn also_takes(mut self, content_types: &'static [&'static str]) -> Operation {
        self.also_takes = content_types;
        self
    }

    /// It answers these errors, which others do not.
    pub fn also_answers(mut self, errors: &'static [(u16, &'static str)]) -> Operation {
        self.also_answers = errors;
        self
    }

    /// The query language of lists works on it.
    pub fn list(self) -> Operation {
        self.listed(Listed::Paged)
    }

    /// The query language of lists works on it in this way.
    pub fn listed(mut self, listed: Listed) -> Operation {
        self.list = Some(listed);
        self
    }

    /// With another limit for the body.
    pub fn body_bytes_max(mut self, bytes: usize) -> Operation {
        self.body_bytes_max = bytes;
        self
    }

    /// It answers what was stored to the letter.
    pub(crate) fn stored_to_the_letter(mut self) -> Operation {
        self.as_stored = true;
        self
    }

    /// Its errors are plain text to some.
    pub(crate) fn text_errors(mut self, to: TextErrors) -> Operation {
        self.text_errors = to;
        self
    }

    pub(crate) fn run(&self, call: Call, body: CallBody) -> BoxFuture<'static, Result<Answer>> {
        (self.run)(call, body)
    }
}

/// Puts rows under a heading of the API description.
pub fn group(name: &'static str, mut operations: Vec<Operation>) -> Vec<Operation> {
    for operation in &mut operations {
        operation.group = name;
    }
    operations
}

/// The first names in a form that can stand in a header.
fn ascii(names: &[String]) -> String {
    let names = names[..names.len().min(IGNORED_MAX)].join(", ");
    names.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, JsonSchema)]
    struct Team {
        name: Option<String>,
        place: Option<Place>,
    }

    #[derive(Debug, serde::Deserialize, JsonSchema)]
    struct Place {
        city: Option<String>,
    }

    fn body_of(properties: usize) -> Bytes {
        let properties: Vec<String> = (0..properties).map(|n| format!("\"k{n}\":{n}")).collect();
        format!("{{{}}}", properties.join(",")).into()
    }

    #[test]
    fn a_patch_sets_what_it_knows_and_removes_what_is_null() {
        let body = r#"{"name": null, "place": {"city": "Ulm", "x": 1}, "city": 2, "place.city": 3}"#;
        let (patch, ignored) = Patch::<Team>::read(&body.into()).expect("a patch");
        assert_eq!(patch.typed.name, None);
        assert_eq!(patch.typed.place.and_then(|place| place.city).as_deref(), Some("Ulm"));
        assert_eq!(patch.changes.keys().collect::<Vec<_>>(), ["name", "place"]);
        // The question mark stands for "if it is there".
        assert_eq!(ignored, ["place.?.x", "city", "place.city"]);
    }

    #[test]
    fn a_patch_has_a_limit_of_properties_and_names_few_that_it_ignores() {
        let (patch, ignored) = Patch::<Team>::read(&body_of(PATCH_PROPERTIES_MAX)).expect("a patch");
        assert_eq!((patch.changes.len(), ignored.len()), (0, IGNORED_MAX));
        let refused = Patch::<Team>::read(&body_of(100_000)).map(|_| ()).expect_err("too many properties");
        assert_eq!(refused.to_string(), "the body has 100000 properties, send 1000 at most");
        let (_, ignored) = Body::<Team>::read(&body_of(100_000)).expect("a body");
        assert_eq!(ignored.len(), IGNORED_MAX);
    }
}
