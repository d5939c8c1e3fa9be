//! Mail against a strict server.

use hark_deliver::mail::{Mail, MailError, MailSettings, Mailer, Tls};
use hark_deliver::secret::Secret;
use hark_deliver::testing::{SmtpSink, SmtpSinkOptions, Stage};

fn settings(sink: &SmtpSink) -> MailSettings {
    MailSettings {
        host: sink.address().ip().to_string(),
        port: sink.address().port(),
        tls: Tls::None,
        username: None,
        password: None,
        from: "Support <support@example.com>".into(),
        timeout_ms: 20_000,
    }
}

fn mailer(settings: MailSettings) -> Mailer {
    Mailer::smtp(settings).expect("good settings")
}

fn mail() -> Mail {
    Mail {
        to: "someone@example.com".into(),
        subject: "Your request".into(),
        text: "Thank you.".into(),
        message_id: "one@example.com".into(),
        ..Mail::default()
    }
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let sink = SmtpSink::start().await.expect("a server");
    let mail = Mail {
        to: "Jürgen <someone@example.com>".into(),
        subject: "Grüße: 50 % off".into(),
        headers: vec![("Reply-To".into(), "reply@example.com".into()), ("X-Note".into(), "schön".into())],
        text: "first\n.\n..second\r\n.third\rlast\0".into(),
        ..mail()
    };
    let mailer = mailer(settings(&sink));
    assert!(mailer.configured());
    mailer.send(&mail).await.expect("accepted");

    let received = sink.wait_for(1).await.remove(0);
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("support@example.com", ["someone@example.com".to_owned()].as_slice())
    );
    assert_eq!(received.header("from").as_deref(), Some("Support <support@example.com>"));
    assert_eq!(received.header("message-id").as_deref(), Some("<one@example.com>"));
    assert_eq!(received.header("reply-to").as_deref(), Some("reply@example.com"));
    assert_eq!(received.header("mime-version").as_deref(), Some("1.0"));
    assert!(received.header("date").is_some());
    for name in ["to", "subject", "x-note"] {
        let value = received.header(name).expect(name);
        assert!(value.contains("=?utf-8?b?"), "{value}");
    }
    // Line ends are uniform, NUL is gone, and leading dots survive the transport.
    assert_eq!(received.body().trim_end(), "first\r\n.\r\n..second\r\n.third\r\nlast");
    assert_eq!(sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn html_comes_with_its_text() {
    let sink = SmtpSink::start().await.expect("a server");
    let mail = Mail { html: Some("<p>Thank <b>you</b>.</p>".into()), ..mail() };
    mailer(settings(&sink)).send(&mail).await.expect("accepted");

    let received = sink.wait_for(1).await.remove(0);
    let content_type = received.header("content-type").expect("a type");
    assert!(content_type.starts_with("multipart/alternative"), "{content_type}");
    let plain = received.body().find("Thank you.").expect("the text");
    let html = received.body().find("<p>Thank <b>you</b>.</p>").expect("the HTML");
    assert!(plain < html, "the best part comes last");
    assert_eq!(sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn non_ascii_text_travels_as_ascii() {
    let sink = SmtpSink::start().await.expect("a server");
    let mail = Mail { text: format!("Grüße {}", "lang ".repeat(400)), ..mail() };
    mailer(settings(&sink)).send(&mail).await.expect("accepted");
    let received = sink.wait_for(1).await.remove(0);
    assert!(received.raw.is_ascii());
    assert!(received.body().starts_with("Gr=C3=BC=C3=9Fe lang"), "{}", received.body());
    assert_eq!(sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_login_is_used_with_either_mechanism() {
    for mechanisms in ["PLAIN", "LOGIN", "PLAIN LOGIN"] {
        let login = Some(("post".to_owned(), "pässword".to_owned()));
        let options = SmtpSinkOptions { login, mechanisms };
        let sink = SmtpSink::start_with(options).await.expect("a server");
        let with_password = |password: &str| MailSettings {
            username: Some("post".into()),
            password: Some(Secret::new(password)),
            ..settings(&sink)
        };

        mailer(with_password("pässword")).send(&mail()).await.expect(mechanisms);
        assert_eq!(sink.wait_for(1).await[0].login.as_deref(), Some("post"));

        let error = mailer(with_password("wrong-word")).send(&mail()).await.expect_err(mechanisms);
        let MailError::LoginRefused { answer } = &error else { panic!("{error:?}") };
        assert!(answer.starts_with("535 "), "{answer}");
        assert!(!error.is_permanent(), "a password can be corrected");
        assert!(!format!("{error} {error:?}").contains("wrong-word"));
        assert_eq!(sink.mails().len(), 1);
        assert_eq!(sink.violations(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_server_without_login_refuses_credentials() {
    let sink = SmtpSink::start().await.expect("a server");
    let settings = MailSettings {
        username: Some("post".into()),
        password: Some(Secret::new("password")),
        ..settings(&sink)
    };
    let error = mailer(settings).send(&mail()).await.expect_err("no login");
    assert!(matches!(error, MailError::LoginRefused { .. }), "{error:?}");
}

#[tokio::test]
async fn refusals_say_whether_another_attempt_makes_sense() {
    let sink = SmtpSink::start().await.expect("a server");
    let mailer = mailer(settings(&sink));
    for (stage, reply, permanent) in [
        (Stage::Greeting, "421 4.3.2 too busy", false),
        (Stage::Greeting, "554 5.3.2 not for you", true),
        (Stage::Sender, "451 4.3.0 later", false),
        (Stage::Sender, "550 5.7.1 sender unwanted", true),
        (Stage::Recipient, "450 4.2.1 greylisted", false),
        (Stage::Recipient, "550 5.1.1 no such mailbox", true),
        (Stage::Content, "452 4.3.1 disk full", false),
        (Stage::Content, "554 5.6.0 content unwanted", true),
        (Stage::Content, "550-5.7.1 first line\r\n550 5.7.1 second line", true),
    ] {
        sink.reply_next(stage, reply);
        let error = mailer.send(&mail()).await.expect_err(reply);
        assert_eq!(error.is_permanent(), permanent, "{reply}");
        let MailError::Refused { answer, .. } = &error else { panic!("{reply}: {error:?}") };
        let words = reply.split_whitespace().last().expect("a word");
        assert!(answer.starts_with(&reply[..3]) && answer.ends_with(words), "{reply}: {answer}");
        assert!(!answer.contains(['\r', '\n']), "{answer:?}");
    }
    assert_eq!(sink.mails(), vec![]);
    mailer.send(&mail()).await.expect("everything is fine again");
    assert_eq!(sink.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let sink = SmtpSink::start().await.expect("a server");
    let mailer = mailer(MailSettings { timeout_ms: 150, ..settings(&sink) });
    for stage in [Stage::Greeting, Stage::Sender, Stage::Recipient, Stage::Content] {
        sink.reply_next(stage, "");
        let error = mailer.send(&mail()).await.expect_err("silence");
        assert!(matches!(error, MailError::Unreachable(_)), "{stage:?}: {error:?}");
        assert!(!error.is_permanent());
    }
}

#[tokio::test]
async fn an_accepted_mail_stays_sent_when_the_farewell_fails() {
    let sink = SmtpSink::start().await.expect("a server");
    sink.reply_next(Stage::Farewell, "");
    mailer(settings(&sink)).send(&mail()).await.expect("the server has it");
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn encryption_is_never_given_up() {
    let login = Some(("post".to_owned(), "password".to_owned()));
    let options = SmtpSinkOptions { login, ..SmtpSinkOptions::default() };
    let sink = SmtpSink::start_with(options).await.expect("a server");
    for tls in [Tls::StartTls, Tls::Implicit] {
        // A server without TLS must see neither the password nor the message.
        let settings = MailSettings {
            tls,
            username: Some("post".into()),
            password: Some(Secret::new("password")),
            timeout_ms: 2_000,
            ..settings(&sink)
        };
        let error = mailer(settings).send(&mail()).await.expect_err("no TLS");
        assert!(matches!(error, MailError::Unreachable(_)), "{tls:?}: {error:?}");
    }
    assert_eq!(sink.mails(), vec![]);
    let violations = sink.violations();
    assert!(violations.iter().all(|text| !text.contains("AUTH")), "{violations:?}");
}

#[tokio::test]
async fn nobody_listens() {
    let sink = SmtpSink::start().await.expect("a server");
    let mailer = mailer(settings(&sink));
    drop(sink);
    let error = mailer.send(&mail()).await.expect_err("nobody");
    assert!(matches!(error, MailError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn without_a_server_every_mail_is_refused() {
    let mailer = Mailer::unconfigured();
    assert!(!mailer.configured());
    assert_eq!(mailer.send(&mail()).await, Err(MailError::NotConfigured));
}

#[tokio::test]
async fn bad_settings_are_told_at_once() {
    let sink = SmtpSink::start().await.expect("a server");
    let cases = [
        MailSettings { host: " ".into(), ..settings(&sink) },
        MailSettings { port: 0, ..settings(&sink) },
        MailSettings { from: "support".into(), ..settings(&sink) },
        MailSettings { username: Some("post".into()), ..settings(&sink) },
        MailSettings { password: Some(Secret::new("secret-word")), ..settings(&sink) },
    ];
    for case in cases {
        let shown = format!("{case:?}");
        assert!(!shown.contains("secret-word"));
        assert!(Mailer::smtp(case).is_err(), "{shown}");
    }
}

#[tokio::test]
async fn addresses_outside_ascii_need_a_server_that_knows_them() {
    let sink = SmtpSink::start().await.expect("a server");
    let mail = Mail { to: "jürgen@example.com".into(), ..mail() };
    let error = mailer(settings(&sink)).send(&mail).await.expect_err("no SMTPUTF8");
    assert!(matches!(error, MailError::Refused { permanent: true, .. }), "{error:?}");
}
