//! Votes, duplicates, merges that can be undone, and transcripts over REST v3.

use hark_core::messages::{MESSAGE, visible_in};
use hark_core::tickets::TICKET;
use hark_store::Listing;
use hark_test::{Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::files::{form, ios, upload};
use crate::tickets::{contact, id, path, ticket};

async fn vote(app: &TestApp, project: &Project, of: &Json, email: &str, action: &str) -> Json {
    let body = json!({"email": email, "name": "Someone", "action": action});
    app.post(project, &format!("{}/vote", path(of)), body).send().await.expect(200)
}

pub(crate) async fn say(app: &TestApp, project: &Project, of: &Json, text: &str, session: Option<&str>) {
    let mut body = json!({"ticket": id(of), "comment": text});
    if let Some(session) = session {
        body["session"] = json!(session);
    }
    app.post(project, "/v3/messages", body).send().await.expect(200);
    app.clock.advance(1_000);
}

pub(crate) async fn said(app: &TestApp, project: &Project, of: &Json) -> Vec<String> {
    let list = app.get(project, &format!("/v3/messages?ticket={}", id(of))).send().await.expect(200);
    let list = list.as_array().expect("messages").clone();
    for (index, message) in list.iter().enumerate() {
        assert_eq!(message["index"], index, "{list:?}");
    }
    list.iter().map(|message| message["text"].as_str().expect("a text").to_owned()).collect()
}

pub(crate) fn merge_of(sources: &[&Json], target: Option<&Json>) -> Json {
    json!({
        "ticketsToMergeIds": sources.iter().map(|source| id(source)).collect::<Vec<_>>(), "targetTicketId": target.map(id),
        "shouldMergeContacts": false, "shouldMergeTasks": false, "shouldCreateNewTicket": false,
    })
}

both! {
    async fn each_address_has_one_vote(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "Dark mode", "type": "FEATURE_REQUEST"})).await;
        let voted = vote(&app, &project, &made, "Ada@example.com", "toggle").await;
        assert_eq!((&voted["upvotesCount"], &voted["upvotes"][0]["email"]), (&json!(1), &json!("Ada@example.com")));
        assert_eq!(vote(&app, &project, &made, "bob@example.com", "subscribe").await["upvotesCount"], 1);
        assert_eq!(vote(&app, &project, &made, "bob@example.com", "toggle").await["upvotesCount"], 2);
        let again = vote(&app, &project, &made, "ada@EXAMPLE.com", "unsubscribe").await;
        assert_eq!((&again["upvotesCount"], &again["upvotes"][0]["subscribed"]), (&json!(2), &json!(false)));
        let taken_back = vote(&app, &project, &made, "ada@example.com", "toggle").await;
        assert_eq!((&taken_back["upvotesCount"], taken_back["upvotes"].as_array().map(Vec::len)), (&json!(1), Some(1)));
        app.post(&project, &format!("{}/vote", path(&made)), json!({"email": "nobody"})).send().await.expect(400);
        app.post(&project, &format!("{}/vote", path(&made)), json!({"email": "a@b.c", "action": "cheat"})).send().await.expect(400);

        // Whoever is forgotten has no vote any more, but a stranger who gave the same address takes none along.
        let bob = contact(&app, &project, "bob").await;
        let stranger = Device::start(&app, &project).await;
        let said = json!({"data": {"email": "bob@example.com"}, "type": "js"});
        stranger.post(&app, "/sessions/partialupdate", said).await.expect(200);
        let found = app.get(&project, &format!("/v3/sessions?gleapId={}", stranger.gleap_id)).send().await.expect(200);
        assert_eq!(found[0]["email"], "bob@example.com");
        app.delete(&project, &format!("/v3/sessions/{}", id(&found[0]))).send().await.expect(204);
        assert_eq!(app.get(&project, &path(&made)).send().await.expect(200)["upvotesCount"], 1);
        app.delete(&project, &format!("/v3/sessions/{bob}")).send().await.expect(204);
        assert_eq!(app.get(&project, &path(&made)).send().await.expect(200)["upvotesCount"], 0);
    }

    async fn duplicates_are_found_and_merged_with_their_votes(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut made = Vec::new();
        for title in ["Dark mode", "Add dark mode", "Export as CSV", "Add a dark mode"] {
            made.push(ticket(&app, &project, json!({"title": title, "type": "FEATURE_REQUEST"})).await);
        }
        for (of, emails) in [(&made[0], &["a@x.de"][..]), (&made[1], &["a@x.de", "b@x.de", "c@x.de"]), (&made[3], &["d@x.de"])] {
            for email in emails {
                vote(&app, &project, of, email, "toggle").await;
            }
        }
        vote(&app, &project, &made[0], "e@x.de", "subscribe").await;
        let found = app.post(&project, "/v3/tickets/deduplicate", json!({})).send().await.expect(200);
        assert_eq!(found["groups"].as_array().map(Vec::len), Some(1));
        let group = &found["groups"][0];
        assert_eq!((&group["mainTicket"]["id"], group["duplicates"].as_array().map(Vec::len)), (&made[1]["id"], Some(2)));
        app.post(&project, "/v3/tickets/deduplicate", json!({"minScore": 0.1})).send().await.expect(400);

        let merge = json!({"mainTicketId": id(&made[1]), "duplicateTicketIds": [id(&made[0]), id(&made[3])]});
        let merged = app.put(&project, "/v3/tickets/deduplicate/merge", merge.clone()).send().await.expect(200);
        assert_eq!((&merged["upvotesCount"], &merged["duplicatesCount"]), (&json!(4), &json!(3)));
        let away = app.get(&project, &path(&made[0])).send().await.expect(200);
        assert_eq!((&away["duplicateOf"], &away["archived"], &away["status"]), (&made[1]["id"], &json!(true), &json!("DONE")));
        assert_eq!(app.post(&project, "/v3/tickets/deduplicate", json!({})).send().await.expect(200), json!({"groups": []}));
        app.put(&project, "/v3/tickets/deduplicate/merge", merge).send().await.expect(400);

        let merges = app.get(&project, &format!("{}/merges", path(&made[1]))).send().await.expect(200);
        let undo = format!("{}/merges/{}/undo", path(&made[1]), id(&merges[0]));
        let back = app.post(&project, &undo, json!({})).send().await.expect(200);
        assert_eq!((&back["upvotesCount"], &back["duplicatesCount"]), (&json!(3), &json!(1)));
        for (of, votes) in [(&made[0], 1), (&made[1], 3), (&made[3], 1)] {
            let one = app.get(&project, &path(of)).send().await.expect(200);
            assert_eq!((&one["upvotesCount"], &one["archived"], one.get("duplicateOf")), (&json!(votes), &json!(false), None));
        }
        app.post(&project, &undo, json!({})).send().await.expect(400);
    }

    async fn a_merge_moves_messages_in_order_and_is_undone(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (contact(&app, &project, "ada").await, contact(&app, &project, "bob").await);
        let a = ticket(&app, &project, json!({"title": "A", "session": ada, "tags": ["a"], "formData": {"x": 1}, "status": "INPROGRESS"})).await;
        let b = ticket(&app, &project, json!({"title": "B", "session": bob, "tags": ["b"], "formData": {"x": 2, "y": 3}})).await;
        let c = ticket(&app, &project, json!({"title": "C", "session": ada})).await;
        for (of, text, session) in [(&a, "1", Some(&ada)), (&b, "2", Some(&bob)), (&a, "3", None), (&b, "4", None), (&c, "5", Some(&ada))] {
            say(&app, &project, of, text, session.map(String::as_str)).await;
        }
        let merged = app.put(&project, "/v3/tickets/merge", merge_of(&[&a], Some(&b))).send().await.expect(200);
        assert_eq!((&merged["id"], &merged["tags"], &merged["formData"]), (&b["id"], &json!(["b", "a"]), &json!({"x": 2, "y": 3})));
        assert_eq!(merged["sessions"][0]["id"], json!(ada));
        assert_eq!(said(&app, &project, &b).await, ["1", "2", "3", "4"]);
        assert_eq!(said(&app, &project, &a).await, Vec::<String>::new());

        // What ada wrote is none of bob's business.
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let of_bob = id(&b).parse().expect("an id");
        let visible = move |tx: &hark_store::ReadTx<'_>| tx.list(&MESSAGE, &Listing::new(visible_in(tx, &tx.get(&TICKET, of_bob)?)?, 10));
        let seen = app.app.store.read(&scope, visible).await.expect("messages");
        assert_eq!(seen.docs.iter().filter_map(|message| message.text("text")).collect::<Vec<_>>(), ["4", "2"]);

        let merges = app.get(&project, &format!("{}/merges", path(&b))).send().await.expect(200);
        assert_eq!(merges.as_array().map(Vec::len), Some(1));
        let source = &merges[0]["sources"][0];
        assert_eq!((&source["id"], &source["bugId"], &source["title"]), (&a["id"], &a["bugId"], &json!("A")));
        let shown = app.get(&project, &path(&b)).send().await.expect(200);
        assert_eq!((&shown["latestComment"]["data"]["content"], &shown["latestPublicComment"]["data"]["content"]), (&json!("4"), &json!("4")));

        // On into a third one, and step by step back.
        let twice = app.put(&project, "/v3/tickets/merge", merge_of(&[&b], Some(&c))).send().await.expect(200);
        assert_eq!(said(&app, &project, &c).await, ["1", "2", "3", "4", "5"]);
        assert_eq!(twice["messagesCount"], 5);
        say(&app, &project, &c, "6", None).await;
        for (of, expected) in [(&c, vec!["5", "6"]), (&b, vec!["2", "4"])] {
            let merges = app.get(&project, &format!("{}/merges", path(of))).send().await.expect(200);
            app.post(&project, &format!("{}/merges/{}/undo", path(of), id(&merges[0])), json!({})).send().await.expect(200);
            assert_eq!(said(&app, &project, of).await, expected);
        }
        assert_eq!(said(&app, &project, &a).await, ["1", "3"]);
        let back = app.get(&project, &path(&a)).send().await.expect(200);
        assert_eq!((&back["status"], &back["archived"], &back["conversationClosed"]), (&json!("INPROGRESS"), &json!(false), &json!(false)));
        assert_eq!(back["latestComment"]["data"]["content"], "3");
        let back = app.get(&project, &path(&b)).send().await.expect(200);
        assert_eq!((&back["tags"], &back["duplicatesCount"], back.get("sessions")), (&json!(["b"]), &json!(1), None));
    }

    async fn a_merge_can_take_contacts_and_links_along_and_make_a_new_ticket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        hark_test::Device::start(&app, &project).await;
        let guest = id(&app.get(&project, "/v3/sessions").send().await.expect(200)[0]).to_owned();
        let ada = contact(&app, &project, "ada").await;
        let (a, b, tracker) = (
            ticket(&app, &project, json!({"title": "A", "session": ada, "priority": "HIGH"})).await,
            ticket(&app, &project, json!({"title": "B", "session": guest})).await,
            ticket(&app, &project, json!({"title": "T"})).await,
        );
        app.put(&project, &format!("{}/link", path(&b)), json!({"targetTicketId": id(&tracker)})).send().await.expect(200);
        say(&app, &project, &b, "hello", Some(&guest)).await;
        let mut merge = merge_of(&[&a, &b], None);
        for option in ["shouldMergeContacts", "shouldMergeTasks", "shouldCreateNewTicket"] {
            merge[option] = json!(true);
        }
        let new = app.put(&project, "/v3/tickets/merge", merge).send().await.expect(200);
        assert_eq!((&new["bugId"], &new["title"], &new["priority"]), (&json!(4), &json!("A"), &json!("HIGH")));
        assert_eq!((&new["session"]["id"], &new["linkedTickets"][0]["id"]), (&json!(ada), &tracker["id"]));
        assert_eq!(said(&app, &project, &new).await, ["hello"]);
        app.get(&project, &format!("/v3/sessions/{guest}")).send().await.expect(404);

        let merges = app.get(&project, &format!("{}/merges", path(&new))).send().await.expect(200);
        assert_eq!((&merges[0]["createdNew"], merges[0].get("given")), (&json!(true), None));
        let undone = app.post(&project, &format!("{}/merges/{}/undo", path(&new), id(&merges[0])), json!({})).send().await.expect(200);
        assert_eq!(undone["id"], a["id"]);
        app.get(&project, &path(&new)).send().await.expect(404);
        let back = app.get(&project, &path(&b)).send().await.expect(200);
        assert_eq!((&back["session"]["id"], &back["linkedTickets"][0]["id"]), (&json!(guest), &tracker["id"]));
        assert_eq!(said(&app, &project, &b).await, ["hello"]);

        for wrong in [merge_of(&[], None), merge_of(&[&a], None), merge_of(&[&a], Some(&a))] {
            app.put(&project, "/v3/tickets/merge", wrong).send().await.expect(400);
        }
        let gone = json!({"ticketsToMergeIds": ["ffffffffffffffffffffffff"], "targetTicketId": id(&a)});
        app.put(&project, "/v3/tickets/merge", gone).send().await.expect(404);
    }

    async fn a_transcript_is_sent_without_notes(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = contact(&app, &project, "ada").await;
        let made = ticket(&app, &project, json!({"title": "Login <b>broken</b>", "session": ada})).await;
        say(&app, &project, &made, "It <script>fails</script>", Some(&ada)).await;
        app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": "hush", "isNote": true})).send().await.expect(200);
        let rich = json!({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Press F5", "marks": [{"type": "bold"}]}]}]});
        app.post(&project, "/v3/messages", json!({"ticket": id(&made), "comment": rich})).send().await.expect(200);
        let to = json!({"emails": ["ada@example.com", "ADA@example.com", "boss@example.com"]});
        let sent = app.post(&project, &format!("{}/send-transcript", path(&made)), to).send().await.expect(200);
        assert_eq!(sent, json!({"success": true, "count": 2}));
        app.run_jobs().await;
        let mails = app.mail.as_ref().expect("a mail server").mails();
        let mut recipients: Vec<&str> = mails.iter().flat_map(|mail| mail.to.iter().map(String::as_str)).collect();
        recipients.sort_unstable();
        assert_eq!(recipients, ["ada@example.com", "boss@example.com"]);
        for mail in &mails {
            let source = crate::people::body(mail);
            assert!(source.contains("Press F5") && source.contains("fails"), "{source}");
            let html = &source[source.find("text/html").expect("a part for browsers")..];
            assert!(!source.contains("hush") && !html.contains("<script"), "{source}");
        }
        for wrong in [json!({"emails": []}), json!({"emails": ["nobody"]}), json!({"emails": vec!["a@b.c"; 21]})] {
            app.post(&project, &format!("{}/send-transcript", path(&made)), wrong).send().await.expect(400);
        }
    }

    async fn a_transcript_leads_to_files_where_they_are_today(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let uploaded = upload(&app, &device, "/uploads/attachments", form(&[ios("a.txt", "", b"words")])).await.expect(200);
        let now = uploaded["fileUrls"][0].as_str().expect("an address").to_owned();
        let former = now.replace("http://media.localhost:8080", "https://files.former.example");
        let made = ticket(&app, &project, json!({"title": "Lost\u{7}\u{202e} and\nfound"})).await;
        let content = json!({"type": "doc", "content": [{"type": "image", "attrs": {"src": former}}]});
        let body = json!({"ticket": id(&made), "comment": content, "attachments": [{"name": "a\u{7}b", "url": former}]});
        app.post(&project, "/v3/messages", body).send().await.expect(200);
        app.post(&project, &format!("{}/send-transcript", path(&made)), json!({"emails": ["ada@example.com"]})).send().await.expect(200);
        app.run_jobs().await;
        let mails = app.mail.as_ref().expect("a mail server").mails();
        let source = crate::people::body(&mails[0]);
        assert!(source.matches(&now).count() >= 3 && !source.contains("former"), "{source}");
        assert!(source.contains(&format!("a b: {now}")), "{source}");
        assert_eq!(mails[0].header("subject").as_deref(), Some("Lost and found (#1)"));
    }

    async fn a_long_transcript_has_what_was_said_last(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let of: hark_store::Id = id(&made).parse().expect("an id");
        let write = move |tx: &mut hark_store::Tx<'_>| {
            for index in 0..1_003 {
                let body = json!({"ticket": of, "index": index, "type": "TEXT", "text": format!("m{index}")});
                tx.insert(&MESSAGE, hark_store::to_body(body))?;
            }
            Ok(())
        };
        app.app.store.write(&scope, write).await.expect("messages");
        let said = app.app.store.read(&scope, move |tx| hark_core::tickets::conversation(tx, of)).await.expect("a transcript").expect("a ticket");
        let texts: Vec<&str> = said.messages.iter().filter_map(|message| message.text("text")).collect();
        assert_eq!((texts.len(), texts[0], texts[999], said.is_cut), (1_000, "m3", "m1002", true));
    }

    async fn without_a_mail_server_there_is_no_transcript(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        // Agents are told of the ticket.
        app.run_jobs().await;
        let answer = app.post(&project, &format!("{}/send-transcript", path(&made)), json!({"emails": ["a@example.com"]})).send().await.expect(400);
        assert_eq!(answer["message"], "no mail server is configured, ask the operator of this server for one");
        assert_eq!(app.run_jobs().await, 0);
    }
}
