//! What must not be reachable: hostile addresses, names, redirects and rebinding.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use hark_deliver::egress::{Egress, EgressError, EgressPolicy, OutgoingRequest, Refusal};
use hark_deliver::secret::Secret;
use hark_deliver::testing::{HttpSink, Reply};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use crate::support::{HostileResolver, egress, policy};

fn get(url: &str) -> OutgoingRequest {
    OutgoingRequest::get(url, "test")
}

/// Expects a refusal because of where the request leads.
async fn assert_inside(egress: &Egress, request: OutgoingRequest, what: &str) {
    let error = egress.send(request).await.expect_err(what);
    let refused = matches!(&error, EgressError::Refused { reason: Refusal::Address(_), .. });
    assert!(refused, "{what}: {error}");
}

/// A server on 127.0.0.1, where requests may go, and one on the same port of 127.0.0.2,
/// where they may not. The second answers everything and must stay unvisited.
async fn open_and_hidden<F>(answer: F) -> (HttpSink, HttpSink)
where
    F: Fn(&str) -> Reply + Clone + Send + Sync + 'static,
{
    // The port that is free at one address may be taken at the other.
    for _ in 0..50 {
        let answer = answer.clone();
        let open = HttpSink::start(move |request| answer(&request.path)).await.expect("a server");
        let address = SocketAddr::from(([127, 0, 0, 2], open.address().port()));
        let hidden = HttpSink::start_at(address, |_| Reply::new(200, "hidden")).await;
        if let Ok(hidden) = hidden {
            return (open, hidden);
        }
    }
    panic!("no port is free at both addresses");
}

#[tokio::test]
async fn literal_addresses_are_refused_in_every_notation() {
    let resolver = HostileResolver::new(&[]);
    let egress = Egress::with_resolver(EgressPolicy::default(), resolver.clone()).expect("a client");
    for url in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "HTTP://127.0.0.1/",
        "http:127.0.0.1",
        "http:/127.0.0.1/",
        "http:\\\\127.0.0.1\\",
        "http://2130706433/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0177.0.0.01/",
        "http://0x7f.1/",
        "http://0x7F.0x0.0x0.0x1/",
        "http://127.1/",
        "http://127.0.1/",
        "http://127.0.0.1./",
        "http://127.255.255.254/",
        "http://%31%32%37.0.0.1/",
        "http://127%2e0%2e0%2e1/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://12\t7.0.0.1/",
        "  http://127.0.0.1/  ",
        "http://0/",
        "http://0.0.0.0/",
        "http://0.0.0.0:22/",
        "http://10.0.0.1/",
        "http://0xa000001/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://2852039166/latest/meta-data/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.0.1/",
        "http://198.18.0.1/",
        "http://192.0.2.1/",
        "http://198.51.100.1/",
        "http://203.0.113.1/",
        "http://224.0.0.1/",
        "http://240.0.0.1/",
        "http://255.255.255.255/",
        "http://4294967295/",
        "http://[::]/",
        "http://[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[0000::0001]:8080/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::127.0.0.1]/",
        "http://[::ffff:0:127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[2001:0:a00:1::1]/",
        "http://[2001:db8::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "https://127.0.0.1/",
        "https://[::1]/",
    ] {
        assert_inside(&egress, get(url), url).await;
    }
    assert_eq!(resolver.asked(), Vec::<String>::new(), "a literal needs no name server");
}

#[tokio::test]
async fn addresses_that_are_none_are_told_so() {
    let egress = egress(EgressPolicy::default());
    for url in [
        "",
        "example.com",
        "//example.com/",
        "/path",
        "http://",
        "http:///",
        "https://:443/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_GET",
        "javascript:alert(1)",
        "data:text/plain,x",
        "unix:/var/run/docker.sock",
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://:password@example.com/",
        "http://example.com@127.0.0.1/",
        "http://127.0.0.1@example.com/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com:-1/",
        "http://exa mple.com/",
        "http://exa<mple.com/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://256.256.256.256/",
        "http://1.2.3.4.5/",
        "http://0x7f.0.0.1.0x/",
    ] {
        let error = egress.send(get(url)).await.expect_err(url);
        assert!(matches!(error, EgressError::BadUrl(_)), "{url}: {error}");
    }
    let long = format!("http://example.com/{}", "x".repeat(8192));
    let error = egress.send(get(&long)).await.expect_err("too long");
    assert_eq!(error, EgressError::BadUrl("is longer than 8192 bytes"));
}

#[tokio::test]
async fn names_that_lead_inside_are_refused() {
    let resolver = HostileResolver::new(&[
        ("loopback.example", &[&["127.0.0.1"]]),
        ("private.example", &[&["10.1.2.3"]]),
        ("metadata.example", &[&["169.254.169.254"]]),
        ("six.example", &[&["::1"]]),
        ("mapped.example", &[&["::ffff:192.168.1.1"]]),
        ("nat64.example", &[&["64:ff9b::10.0.0.1"]]),
        ("first-public.example", &[&["8.8.8.8", "127.0.0.1"]]),
        ("last-public.example", &[&["127.0.0.1", "8.8.8.8"]]),
        ("two-families.example", &[&["2606:4700:4700::1111", "fd00::1"]]),
        ("localhost", &[&["127.0.0.1", "::1"]]),
        ("localhost.", &[&["127.0.0.1"]]),
        ("xn--mnchen-3ya.example", &[&["10.0.0.1"]]),
    ]);
    let egress = Egress::with_resolver(EgressPolicy::default(), resolver).expect("a client");
    for host in [
        "loopback.example",
        "LOOPBACK.example",
        "private.example:8443",
        "metadata.example",
        "six.example",
        "mapped.example",
        "nat64.example",
        "first-public.example",
        "last-public.example",
        "two-families.example",
        "localhost",
        "localhost.:8080",
        "münchen.example",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}/");
            assert_inside(&egress, get(&url), &url).await;
        }
    }
}

#[tokio::test]
async fn the_systems_localhost_is_refused() {
    let hidden = HttpSink::start(|_| Reply::new(200, "hidden")).await.expect("a server");
    let url = format!("http://localhost:{}/", hidden.address().port());
    let error = egress(EgressPolicy::default()).send(get(&url)).await.expect_err("localhost");
    let reason = Refusal::Address("a loopback address");
    assert_eq!(error, EgressError::Refused { host: "localhost".into(), reason });
    assert_eq!(hidden.requests(), vec![]);
}

#[tokio::test]
async fn redirects_to_the_inside_are_refused() {
    let resolver = HostileResolver::new(&[("inside.example", &[&["127.0.0.2"]])]);
    let (open, hidden) = open_and_hidden(|path| {
        let target = path.trim_start_matches("/?to=");
        Reply::redirect(302, target)
    })
    .await;
    let egress = Egress::with_resolver(policy(), resolver).expect("a client");
    let port = hidden.address().port();
    for target in [
        format!("http://127.0.0.2:{port}/"),
        format!("//127.0.0.2:{port}/"),
        format!("http://2130706434:{port}/"),
        format!("http://0177.0.0.2:{port}/"),
        format!("http://0x7f.2:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://[::ffff:127.0.0.2]:{port}/"),
        format!("http://inside.example:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
    ] {
        let url = open.url(&format!("/?to={target}"));
        assert_inside(&egress, get(&url), &target).await;
    }
    for target in ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"] {
        let url = open.url(&format!("/?to={target}"));
        let error = egress.send(get(&url)).await.expect_err(target);
        let refused = matches!(&error, EgressError::Refused { reason: Refusal::Redirect(_), .. });
        assert!(refused, "{target}: {error}");
    }
    assert_eq!(open.requests().len(), 13);
    assert_eq!(hidden.requests(), vec![]);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_gains_nothing() {
    let resolver = HostileResolver::new(&[("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"]])]);
    let (open, hidden) = open_and_hidden(|_| Reply::new(200, "open")).await;
    let egress = Egress::with_resolver(policy(), resolver.clone()).expect("a client");
    let url = format!("http://rebind.example:{}/", open.address().port());

    // Checked and used: the same answer, asked for once.
    let answer = egress.send(get(&url)).await.expect("the first answer is fine");
    assert_eq!(answer.body, b"open");
    assert_eq!(resolver.asked().len(), 1);

    // A new connection asks again, gets the other answer and refuses it.
    let error = egress.send(get(&url)).await.expect_err("the second answer is not");
    let reason = Refusal::Address("a loopback address");
    assert_eq!(error, EgressError::Refused { host: "rebind.example".into(), reason });
    assert_eq!(resolver.asked().len(), 2);
    assert_eq!(hidden.requests(), vec![]);
}

#[tokio::test]
async fn a_name_that_changes_its_answer_during_a_redirect_gains_nothing() {
    let resolver = HostileResolver::new(&[("rebind.example", &[&["127.0.0.1"], &["127.0.0.2"]])]);
    let (open, hidden) = open_and_hidden(|_| Reply::redirect(307, "/again")).await;
    let egress = Egress::with_resolver(policy(), resolver.clone()).expect("a client");
    let url = format!("http://rebind.example:{}/", open.address().port());

    let request = OutgoingRequest::post(url, "test").bearer(&Secret::new("token"));
    assert_inside(&egress, request, "the second answer").await;
    assert_eq!(open.requests().len(), 1);
    assert_eq!(hidden.requests(), vec![]);
}

/// Keeps everything that is logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Counts the refusals of one purpose on this thread.
#[derive(Default)]
struct Refusals(Arc<AtomicU64>);

impl Recorder for Refusals {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let purpose = key.labels().find(|label| label.key() == "purpose");
        let is_ours = purpose.is_some_and(|label| label.value() == "preview");
        match key.name() {
            "hark_egress_refused_total" if is_ours => Counter::from_arc(Arc::clone(&self.0)),
            _ => Counter::noop(),
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test]
async fn refusals_are_logged_and_counted_without_secrets() {
    // A place that logs is switched on or off when it is first reached. If a test beside this one
    // reached it first while our subscriber is the only one, it would stay off.
    let first = OutgoingRequest::get("http://10.0.0.1/", "test");
    egress(policy()).send(first).await.expect_err("a private address");

    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let refusals = Refusals::default();
    let _counting = metrics::set_default_local_recorder(&refusals);

    let request = OutgoingRequest::get("http://10.0.0.1/a/path-word?key=query-word#fragment-word", "preview")
        .bearer(&Secret::new("bearer-word"))
        .header("x-api-key", Secret::new("header-word"))
        .body("text/plain", "body-word");
    tracing::info!(?request, "about to send");
    let error = egress(policy()).send(request).await.expect_err("a private address");
    tracing::info!(?error, %error, "could not send");

    assert_eq!(refusals.0.load(Ordering::Relaxed), 1);
    let log = String::from_utf8(log.0.lock().expect("no panic").clone()).expect("text");
    let line = log.lines().find(|line| line.contains("WARN")).expect("a warning");
    for expected in ["an outgoing request was refused", "preview", "10.0.0.1", "a private address"] {
        assert!(line.contains(expected), "{line}");
    }
    assert!(!log.contains("-word"), "{log}");
}
