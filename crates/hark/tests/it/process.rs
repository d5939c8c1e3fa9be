//! The real program as a child process, and a client that talks to it over the network.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use hark_deliver::egress::{Egress, EgressError, EgressPolicy, Method, OutgoingRequest};
use hark_store::Location;
use hark_test::Scratch;
use serde_json::Value as Json;

/// How long a test waits for something that must come.
pub(crate) const WAIT: Duration = Duration::from_secs(30);

/// The program with settings that lead to a scratch database, and nothing of our environment.
pub(crate) fn hark(scratch: &Scratch, arguments: &[&str]) -> Command {
    let mut command = bare(arguments);
    match &scratch.location {
        Location::Sqlite(path) => command.env("HARK_DATA", path.parent().expect("a folder")),
        Location::Postgres { url, .. } => {
            command.env("HARK_DATABASE_URL", url).env("HARK_DATABASE_CONNECTIONS", "8");
            command.env("HARK_DATA", scratch.folder())
        }
    };
    command
}

/// The program without settings, in an empty folder.
pub(crate) fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hark"));
    command.args(arguments).env_clear().current_dir("/");
    command
}

/// Runs a command that must succeed, and returns the JSON object that it prints.
#[track_caller]
pub(crate) fn json(scratch: &Scratch, arguments: &[&str]) -> Json {
    let output = hark(scratch, arguments).arg("--json").output().expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
    serde_json::from_slice(&output.stdout).expect("one JSON object on the standard output")
}

pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    _folder: tempfile::TempDir,
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    /// Where measurements are, when they have a listener of their own.
    pub(crate) metrics_url: Option<String>,
    client: Egress,
}

impl Server {
    /// Starts a server on a scratch database and waits until it listens.
    pub(crate) fn start(scratch: &Scratch) -> Server {
        Server::spawn(hark(scratch, &["serve"]))
    }

    /// The most memory that it ever had, in bytes.
    pub(crate) fn memory_peak(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak.and_then(|kilobytes| kilobytes.trim().parse::<u64>().ok()).expect("a number") * 1024
    }

    /// Starts the server of a command that begins with `serve`.
    pub(crate) fn spawn(mut command: Command) -> Server {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let log = folder.path().join("log");
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child =
            command.stderr(File::create(&log).expect("a log file")).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
        let mut metrics_url = None;
        let url = loop {
            let Some(line) = lines.next() else {
                panic!("the server did not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
            };
            match line.split_once(" on ") {
                Some(("metrics", url)) => metrics_url = Some(url.to_owned()),
                Some(("listening", url)) => break url.to_owned(),
                _ => panic!("an unexpected line on the standard output: {line}"),
            }
        };
        let loopback = "127.0.0.0/8".parse().expect("a range");
        let policy = EgressPolicy { allow_private: vec![loopback], ..EgressPolicy::default() };
        let client = Egress::new(policy).expect("a client");
        Server { child, log, _folder: folder, url, metrics_url, client }
    }

    /// Where it listens, without the scheme.
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Sends a REST call for a project, as `init` and `project create` print it.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        keys: &Json,
        body: Option<&Json>,
    ) -> Result<(u16, Json), EgressError> {
        let text = |value: &Json| value.as_str().expect("a text").to_owned();
        let mut request = OutgoingRequest::new(method, format!("{}{path}", self.url), "test")
            .header("Authorization", format!("Bearer {}", text(&keys["apiToken"])))
            .header("Project", text(&keys["project"]["id"]));
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = self.client.send(request).await?;
        Ok((answer.status, serde_json::from_slice(&answer.body).unwrap_or(Json::Null)))
    }

    /// The same, when nothing may go wrong.
    pub(crate) async fn expect(&self, method: Method, path: &str, keys: &Json, body: Option<&Json>) -> Json {
        let (status, answer) = self.call(method, path, keys, body).await.expect("an answer");
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// A team of a project, as the list shows it.
    pub(crate) async fn team(&self, keys: &Json, id: &Json) -> Option<Json> {
        let teams = self.expect(Method::GET, "/v3/teams", keys, None).await;
        teams.as_array().expect("a list").iter().find(|team| team["id"] == *id).cloned()
    }

    /// The status and the text at a path.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        self.get_url(&format!("{}{path}", self.url)).await
    }

    /// The status and the text at an address.
    pub(crate) async fn get_url(&self, url: &str) -> (u16, String) {
        let answer = self.client.send(OutgoingRequest::get(url, "test")).await.expect("an answer");
        (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
    }

    /// Sends a request that must succeed, and returns its JSON.
    pub(crate) async fn answer(&self, request: OutgoingRequest) -> Json {
        let answer = self.client.send(request).await.expect("an answer");
        let text = String::from_utf8_lossy(&answer.body);
        assert!((200..300).contains(&answer.status), "{text}");
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// Sends a request with headers of its own and ignores the answer.
    pub(crate) async fn poke(&self, request: OutgoingRequest) {
        self.client.send(request).await.expect("an answer");
    }

    /// Asks the server to stop, without waiting.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Waits for the end; returns how it ended and everything that was logged.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + WAIT;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the state of a child") {
                break status;
            }
            assert!(Instant::now() < deadline, "the server does not end");
            std::thread::sleep(Duration::from_millis(10));
        };
        (status, std::fs::read_to_string(&self.log).expect("a log"))
    }

    /// Stops the server in good order; returns everything that was logged.
    pub(crate) fn stop(self) -> String {
        self.terminate();
        let (status, log) = self.ended();
        assert_eq!(status.code(), Some(0), "{log}");
        log
    }

    /// Ends the server as a power failure would; whoever shares it sees its connections break.
    pub(crate) fn kill_now(&self) {
        self.signal("-KILL");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status().expect("kill is there");
        assert!(sent.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
