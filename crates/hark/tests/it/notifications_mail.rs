//! Mails about tickets: when they are sent, what they tell, and what needs none.

use hark_deliver::testing::{ReceivedMail, Stage};
use hark_test::{Method, TestApp, both};
use serde_json::json;

use crate::notifications::{
    DAY_MS, MINUTE_MS, agent, made, mark, naming, prefer, reasons, start, ticket, told, write,
};
use crate::people::{self, Person};

/// The mails about tickets that somebody was sent, after everything that waits was sent.
async fn letters(app: &TestApp, who: &Person) -> Vec<ReceivedMail> {
    app.run_jobs().await;
    let mails = app.mail.as_ref().expect("a mail server").mails();
    let is_own = |mail: &ReceivedMail| {
        mail.to.contains(&who.email) && people::body(mail).contains("/account/notifications")
    };
    mails.into_iter().filter(is_own).collect()
}

both! {
    async fn one_mail_tells_what_gathered_and_was_not_read(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        prefer(&app, &bob, json!({"personal-ticket-messages": {"email": true}}), json!({})).await;
        let (first, _) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        for words in ["first\r\nBcc: x@example.com", "second", "third"] {
            write(&app, &project, &ada, &first, json!(words), false).await;
        }
        write(&app, &project, &ada, &first, naming(&bob, " look <i>here</i>"), true).await;
        assert_eq!(letters(&app, &bob).await.len(), 0, "there is time to read it in the dashboard");
        app.clock.advance(5 * MINUTE_MS);
        let mails = letters(&app, &bob).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].header("subject").as_deref(), Some("The checkout fails (#1)"));
        assert_eq!(mails[0].header("bcc"), None);
        let words = people::body(&mails[0]);
        for expected in ["Ada Lovelace mentioned you:", "> @somebody look <i>here</i>", "Ada Lovelace wrote (3 pieces of news, this is the last):", "> third", &format!("/p/{}/inbox/all/{first}", project.id)] {
            assert!(words.contains(expected), "{expected} is missing in {words}");
        }
        assert_eq!(letters(&app, &ada).await.len(), 0);
        // The next one tells only what is new, and not before some minutes went by.
        write(&app, &project, &ada, &first, json!("fourth"), false).await;
        app.run_jobs().await;
        app.clock.advance(5 * MINUTE_MS);
        let mails = letters(&app, &bob).await;
        assert_eq!(mails.len(), 2);
        assert!(people::body(&mails[1]).contains("> fourth") && !people::body(&mails[1]).contains("mentioned"), "{}", mails[1].raw);
        // What was read meanwhile needs no mail.
        write(&app, &project, &ada, &first, json!("fifth"), false).await;
        app.run_jobs().await;
        mark(&app, &project, &bob, json!({"ticket": first})).await;
        app.clock.advance(DAY_MS / 2);
        assert_eq!(letters(&app, &bob).await.len(), 2);
        // Who answers has read it.
        write(&app, &project, &ada, &first, json!("fifth and a half"), false).await;
        app.run_jobs().await;
        write(&app, &project, &bob, &first, json!("I see"), false).await;
        assert_eq!(told(&app, &project, &bob).await["unread"], json!(0));
        app.clock.advance(DAY_MS / 2);
        assert_eq!(letters(&app, &bob).await.len(), 2);
        // Nor does somebody get one who may not read it any more.
        write(&app, &project, &ada, &first, json!("sixth"), false).await;
        app.run_jobs().await;
        let path = format!("/v3/projects/users/{}", bob.id);
        people::owner(&app, &project).await.call_in(&app, &project, Method::DELETE, &path).send().await.expect(200);
        app.clock.advance(5 * MINUTE_MS);
        assert_eq!(letters(&app, &bob).await.len(), 2);
    }

    async fn mails_come_at_once_by_wish_but_not_one_after_the_other(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        prefer(&app, &bob, json!({"personal-ticket-messages": {"email": true}, "personal-assignment": {}}), json!({"directlySendNotifications": true})).await;
        let (ticket, _) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        write(&app, &project, &ada, &ticket, json!("first"), false).await;
        assert_eq!(letters(&app, &bob).await.len(), 1);
        write(&app, &project, &ada, &ticket, json!("second"), false).await;
        write(&app, &project, &ada, &ticket, json!("third"), false).await;
        assert_eq!(letters(&app, &bob).await.len(), 1);
        app.clock.advance(5 * MINUTE_MS);
        assert_eq!(letters(&app, &bob).await.len(), 2);
        assert_eq!(told(&app, &project, &bob).await["notifications"], json!([]), "only by mail");
    }

    async fn odd_titles_are_mailed_and_spam_is_not(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let bob = agent(&app, &project, "bob").await;
        let odd = json!({"title": "a\u{7}b\u{202e}c", "processingUser": bob.id});
        ticket(&app, &project, odd).await;
        app.run_jobs().await;
        app.clock.advance(5 * MINUTE_MS);
        let sent = letters(&app, &bob).await;
        assert_eq!(sent.len(), 1);
        let subject = sent[0].header("subject").expect("a subject");
        assert!(subject.starts_with("a b c"), "{subject}");

        let (spam, _) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        app.run_jobs().await;
        app.put(&project, &format!("/v3/tickets/{spam}"), json!({"isSpam": true})).send().await.expect(200);
        app.clock.advance(5 * MINUTE_MS);
        assert_eq!(letters(&app, &bob).await.len(), 1);
    }

    async fn who_is_given_hundreds_of_tickets_is_not_mailed_hundreds_of_times(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let bob = agent(&app, &project, "bob").await;
        for number in 0..60 {
            made(&app, &project, "/v3/tickets", json!({"title": format!("{number}"), "processingUser": bob.id})).await;
        }
        app.run_jobs().await;
        app.clock.advance(5 * MINUTE_MS);
        assert_eq!(letters(&app, &bob).await.len(), 50);
        assert_eq!(told(&app, &project, &bob).await["unread"], 60);
        // The others come in the hour after.
        app.clock.advance(60 * MINUTE_MS + 1);
        assert_eq!(letters(&app, &bob).await.len(), 60);
    }

    async fn a_mail_by_wish_waits_until_its_reader_has_gone(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        prefer(&app, &bob, json!({}), json!({"sendEmailOnlyWhenOffline": true})).await;
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        write(&app, &project, &ada, &ticket, naming(&bob, " x"), true).await;
        app.run_jobs().await;
        // There for half an hour, and nobody is mailed.
        for _ in 0..6 {
            app.clock.advance(5 * MINUTE_MS);
            crate::assignment::online(&app, &project, &bob.id).await;
            assert_eq!(letters(&app, &bob).await.len(), 0);
        }
        // What was not read by then is told when they have gone, soon and once.
        app.clock.advance(30 * MINUTE_MS);
        let mails = letters(&app, &bob).await;
        assert_eq!(mails.len(), 1);
        assert!(people::body(&mails[0]).contains("> @somebody x"), "{}", mails[0].raw);
        app.clock.advance(DAY_MS);
        assert_eq!(letters(&app, &bob).await.len(), 1);
        // What they read while they were there is not told.
        write(&app, &project, &ada, &ticket, naming(&bob, " y"), true).await;
        app.run_jobs().await;
        app.clock.advance(5 * MINUTE_MS);
        crate::assignment::online(&app, &project, &bob.id).await;
        assert_eq!(letters(&app, &bob).await.len(), 1);
        mark(&app, &project, &bob, json!({"ticket": ticket})).await;
        app.clock.advance(DAY_MS);
        assert_eq!(letters(&app, &bob).await.len(), 1);
    }

    async fn news_by_mail_only_are_named_so_that_they_can_be_read(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        prefer(&app, &bob, json!({"personal-mention": {"email": true}}), json!({})).await;
        let (ticket, _) = ticket(&app, &project, json!({})).await;
        write(&app, &project, &ada, &ticket, naming(&bob, " x"), true).await;
        let news = told(&app, &project, &bob).await;
        assert_eq!((&news["notifications"], &news["unread"]), (&json!([]), &json!(0)));
        assert_eq!((news["mailOnly"].as_array().map(Vec::len), &news["mailOnly"][0]["ticket"]), (Some(1), &json!(ticket)));
        let heard = bob.call_in(&app, &project, Method::GET, "/v3/changes?stream=user&after=0").send().await.expect(200);
        assert_eq!(heard["changes"][0]["data"], json!({"mailOnly": ticket}));
        // The user looks at the ticket, and needs no mail.
        mark(&app, &project, &bob, json!({"ticket": ticket})).await;
        assert_eq!(told(&app, &project, &bob).await["mailOnly"], json!([]));
        app.clock.advance(DAY_MS);
        assert_eq!(letters(&app, &bob).await.len(), 0);
        assert_eq!(told(&app, &project, &ada).await["mailOnly"], json!([]));
    }

    async fn news_that_come_while_a_mail_is_being_sent_wait_for_the_next(scratch: Scratch) {
        let (app, project) = start(scratch).await;
        let (ada, bob) = (agent(&app, &project, "ada").await, agent(&app, &project, "bob").await);
        prefer(&app, &bob, json!({"personal-ticket-messages": {"email": true}, "personal-assignment": {}}), json!({"directlySendNotifications": true})).await;
        let (ticket, _) = ticket(&app, &project, json!({"processingUser": bob.id})).await;
        write(&app, &project, &ada, &ticket, json!("first"), false).await;
        let held = app.mail.as_ref().expect("a mail server").hold_next(Stage::Content);
        let meanwhile = async {
            let go_on = held.reached().await;
            write(&app, &project, &ada, &ticket, json!("second"), false).await;
            app.run_jobs().await;
            drop(go_on);
        };
        tokio::join!(app.run_jobs(), meanwhile);
        let mails = letters(&app, &bob).await;
        assert_eq!(mails.len(), 1);
        assert!(people::body(&mails[0]).contains("> first"), "{}", mails[0].raw);
        app.clock.advance(5 * MINUTE_MS);
        let mails = letters(&app, &bob).await;
        assert_eq!(mails.len(), 2);
        assert!(people::body(&mails[1]).contains("> second"), "{}", mails[1].raw);
        // Reading what a mail told does not make the next one come sooner.
        mark(&app, &project, &bob, json!({"all": true})).await;
        write(&app, &project, &ada, &ticket, json!("third"), false).await;
        assert_eq!(letters(&app, &bob).await.len(), 2);
        app.clock.advance(5 * MINUTE_MS);
        assert_eq!(letters(&app, &bob).await.len(), 3);
    }

    async fn without_a_mail_server_nothing_waits_to_be_mailed(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let me = people::owner(&app, &project).await;
        made(&app, &project, "/v3/tickets", json!({"title": "x", "processingUser": me.id})).await;
        assert_eq!(reasons(&app, &project, &me).await, ["personal-assignment"]);
        app.clock.advance(5 * MINUTE_MS);
        app.run_jobs().await;
        let dead = app.app.store.read(&app.app.store.operator(), |tx| tx.dead_jobs(None, 10)).await.expect("a list");
        assert!(dead.is_empty(), "{dead:?}");
    }
}
