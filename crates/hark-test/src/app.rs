//! The server without a socket: requests go straight to the router.

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};
use hark_api::{App, Face, Hub, Ops, Parts, Settings, Timing};
use hark_core::access::{Owner, ProjectKeys, create_project, init};
use hark_deliver::egress::{Egress, EgressPolicy};
use hark_deliver::mail::{MailSettings, Mailer, Tls};
use hark_deliver::testing::SmtpSink;
use hark_store::testing::Scratch;
use hark_store::{Clock, FileStore, Store};
use serde_json::Value as Json;
use tower::ServiceExt;

/// Bytes of an answer that a test reads at most.
const ANSWER_MAX: usize = 256 * 1024 * 1024;

/// A server for one test.
pub struct TestApp {
    /// The router under test.
    pub router: Face,
    /// Its parts.
    pub app: App,
    /// The clock, which stands still until a test moves it.
    pub clock: Clock,
    /// The database under the server.
    pub scratch: Scratch,
    /// The mail server, when the test asked for one.
    pub mail: Option<SmtpSink>,
}

/// A project with its keys.
pub struct Project {
    /// The project's id.
    pub id: String,
    /// The organisation's id.
    pub organisation: String,
    /// The keys.
    pub keys: ProjectKeys,
    /// Who owns the organisation.
    pub owner: Owner,
}

impl TestApp {
    /// A server on a scratch database.
    pub async fn new(scratch: Scratch) -> TestApp {
        TestApp::with(scratch, Settings::default()).await
    }

    /// A server with settings of its own.
    pub async fn with(scratch: Scratch, settings: Settings) -> TestApp {
        TestApp::assemble(scratch, settings, None, None)
    }

    /// A server whose files are not in a folder.
    pub async fn with_files(scratch: Scratch, settings: Settings, files: FileStore) -> TestApp {
        TestApp::assemble(scratch, settings, None, Some(files))
    }

    /// A server that sends mail to a server on loopback.
    ///
    /// # Panics
    /// When the mail server cannot be started.
    pub async fn with_mail(scratch: Scratch) -> TestApp {
        let sink = SmtpSink::start().await.expect("a mail server");
        TestApp::assemble(scratch, Settings::default(), Some(sink), None)
    }

    fn assemble(
        scratch: Scratch,
        settings: Settings,
        mail: Option<SmtpSink>,
        files: Option<FileStore>,
    ) -> TestApp {
        let files = files.unwrap_or_else(|| in_folder(&scratch));
        let mailer = mail.as_ref().map_or_else(Mailer::unconfigured, mailer);
        let app = app(scratch.store.clone(), files, mailer, settings, Timing::quick());
        TestApp { router: hark_api::router(app.clone()), app, clock: scratch.clock.clone(), scratch, mail }
    }

    /// Another server on the same database, which must be PostgreSQL, with a clock of the same time.
    ///
    /// # Panics
    /// When the database cannot be opened.
    pub async fn second_node(&self) -> Node {
        let store = Store::open(&self.scratch.location, self.clock.clone(), &self.scratch.keys())
            .await
            .expect("the same database");
        self.node(store, Timing::quick())
    }

    /// Another server on this store.
    pub fn node(&self, store: Store, timing: Timing) -> Node {
        let files = self.app.files.clone();
        let app = app(store, files, Mailer::unconfigured(), self.app.settings.clone(), timing);
        Node { router: hark_api::router(app.clone()), app }
    }

    /// Runs the background work that is due, and tells how many jobs there were.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn run_jobs(&self) -> usize {
        let registry = hark_api::work::registry(&self.app);
        hark_store::run_due(&self.app.store, &registry).await.expect("jobs run")
    }

    /// A new organisation with an owner and a project.
    ///
    /// # Panics
    /// When it cannot be created.
    pub async fn project(&self) -> Project {
        let email = format!("owner-{:x}@example.com", rand_suffix());
        let owner = Owner::new(&email, "a long password").expect("an owner");
        let who = owner.clone();
        let setup = self
            .app
            .store
            .write(&self.app.store.operator(), move |tx| init(tx, &who, "Test"))
            .await
            .expect("a new project");
        Project {
            id: setup.project.project.id.to_string(),
            organisation: setup.organisation.id.to_string(),
            keys: setup.project,
            owner,
        }
    }

    /// Another project of the same organisation.
    ///
    /// # Panics
    /// When it cannot be created.
    pub async fn sibling(&self, of: &Project) -> Project {
        let organisation = of.organisation.parse().expect("an id");
        let create = move |tx: &mut hark_store::Tx<'_>| create_project(tx, organisation, "Sibling");
        let keys = self.app.store.write(&self.app.store.operator(), create).await.expect("a new project");
        Project {
            id: keys.project.id.to_string(),
            organisation: of.organisation.clone(),
            keys,
            owner: of.owner.clone(),
        }
    }

    /// A request without any header.
    pub fn request(&self, method: Method, path: &str) -> Request {
        request(&self.router, method, path)
    }

    /// A GET request to REST v3 with the project's token.
    pub fn get(&self, project: &Project, path: &str) -> Request {
        self.request(Method::GET, path).rest(project)
    }

    /// A POST request to REST v3 with the project's token and a JSON body.
    pub fn post(&self, project: &Project, path: &str, body: Json) -> Request {
        self.request(Method::POST, path).rest(project).json(body)
    }

    /// A PUT request to REST v3 with the project's token and a JSON body.
    pub fn put(&self, project: &Project, path: &str, body: Json) -> Request {
        self.request(Method::PUT, path).rest(project).json(body)
    }

    /// A DELETE request to REST v3 with the project's token.
    pub fn delete(&self, project: &Project, path: &str) -> Request {
        self.request(Method::DELETE, path).rest(project)
    }
}

/// Another server on the same database.
pub struct Node {
    /// Its router.
    pub router: Face,
    /// Its parts.
    pub app: App,
}

impl Node {
    /// A request without any header.
    pub fn request(&self, method: Method, path: &str) -> Request {
        request(&self.router, method, path)
    }
}

fn request(router: &Face, method: Method, path: &str) -> Request {
    Request {
        router: router.clone(),
        inner: Some(axum::http::Request::builder().method(method).uri(path)),
        body: Body::empty(),
    }
}

fn in_folder(scratch: &Scratch) -> FileStore {
    FileStore::in_folder(scratch.folder()).expect("a folder for files")
}

fn mailer(sink: &SmtpSink) -> Mailer {
    let settings = MailSettings {
        host: sink.address().ip().to_string(),
        port: sink.address().port(),
        tls: Tls::None,
        username: None,
        password: None,
        from: "Hark <hark@example.com>".to_owned(),
        timeout_ms: 20_000,
    };
    Mailer::smtp(settings).expect("mail settings")
}

/// A client for which 127.0.0.1 is the public internet.
fn egress() -> Egress {
    let loopback = "127.0.0.1/32".parse().expect("a network");
    Egress::new(EgressPolicy { allow_private: vec![loopback], ..EgressPolicy::default() }).expect("a client")
}

fn app(store: Store, files: FileStore, mailer: Mailer, settings: Settings, timing: Timing) -> App {
    let hub = Hub::new(store.clone(), timing, &settings);
    App::new(Parts { store, files, mailer, egress: egress(), settings, ops: Ops::default(), hub })
}

fn holds_null(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(values) => values.iter().any(holds_null),
        Json::Object(values) => values.values().any(holds_null),
        _ => false,
    }
}

fn rand_suffix() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish()
}

/// A request that is being put together.
pub struct Request {
    router: Face,
    inner: Option<axum::http::request::Builder>,
    body: Body,
}

impl Request {
    /// With the headers of a REST call.
    pub fn rest(self, project: &Project) -> Request {
        self.bearer(&project.keys.api_token).header("Project", &project.id)
    }

    /// To another node's router.
    pub fn on(mut self, router: Face) -> Request {
        self.router = router;
        self
    }

    /// With a bearer token.
    pub fn bearer(self, token: &str) -> Request {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.inner = self.inner.take().map(|inner| inner.header(name, value));
        self
    }

    /// With a JSON body.
    pub fn json(self, body: Json) -> Request {
        self.body("application/json", body.to_string())
    }

    /// With a body.
    pub fn body(self, content_type: &str, body: impl Into<Body>) -> Request {
        let mut request = self.header("Content-Type", content_type);
        request.body = body.into();
        request
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Panics
    /// When the request is not a valid one, the answer breaks off, or it lacks what every answer has.
    pub async fn send(self) -> Answer {
        let request = self.inner.expect("a builder").body(self.body).expect("a request");
        let response = self.router.oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, ANSWER_MAX).await.expect("a whole answer");
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        answer.is_like_every_answer();
        answer
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The JSON body of an answer that must have this status.
    ///
    /// # Panics
    /// With the answer, when it has another status or no JSON.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Json {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        if self.body.is_empty() { Json::Null } else { serde_json::from_str(&self.body).expect("a JSON body") }
    }

    /// Checks what every answer has, whatever its status: pages of other origins may read it, the log
    /// knows it by a number, and JSON is one line.
    fn is_like_every_answer(&self) {
        assert_eq!(self.header("access-control-allow-origin"), "*", "{self:?}");
        assert!(!self.header("x-request-id").is_empty(), "{self:?}");
        let is_json = self.header("content-type").starts_with("application/json");
        assert!(!is_json || !self.body.contains('\n'), "{self:?}");
    }

    /// Checks what SDKs rely on besides, errors included: nothing in an answer is null.
    ///
    /// # Panics
    /// With the answer, when something is.
    #[track_caller]
    pub fn readable_by_sdks(&self) {
        assert!(!self.body.contains('\n'), "{self:?}");
        if let Ok(body) = serde_json::from_str::<Json>(&self.body) {
            assert!(!holds_null(&body), "{self:?}");
        }
    }

    /// A header's text, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}
