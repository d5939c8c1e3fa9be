//! What becomes of merged tickets: their files, their contacts' conversations, merges in merges.

use hark_core::files;
use hark_test::{Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::conversations::{begin, get, post};
use crate::files::{fetch, form, identified, ios, upload};
use crate::tickets::{contact, id, path, ticket};
use crate::tickets_merge::{merge_of, said, say};

async fn merge(app: &TestApp, project: &Project, sources: &[&Json], target: &Json) -> Json {
    app.put(project, "/v3/tickets/merge", merge_of(sources, Some(target))).send().await.expect(200)
}

/// The id of the newest merge into a ticket.
async fn newest_merge(app: &TestApp, project: &Project, of: &Json) -> String {
    let merges = app.get(project, &format!("{}/merges", path(of))).send().await.expect(200);
    id(&merges[0]).to_owned()
}

async fn undo(app: &TestApp, project: &Project, of: &Json, merge: &str) -> hark_test::Answer {
    app.post(project, &format!("{}/merges/{merge}/undo", path(of)), json!({})).send().await
}

async fn read(app: &TestApp, project: &Project, of: &Json) -> Json {
    app.get(project, &path(of)).send().await.expect(200)
}

/// The address of a file that a device uploads.
async fn uploaded(app: &TestApp, device: &Device, content: &str) -> String {
    let answer =
        upload(app, device, "/uploads/attachments", form(&[ios("a.txt", "", content.as_bytes())])).await;
    answer.expect(200)["fileUrls"][0].as_str().expect("an address").to_owned()
}

fn attached(address: &str) -> Json {
    json!([{"name": "a.txt", "url": address}])
}

/// What a device sees in a conversation.
async fn seen(app: &TestApp, device: &Device, token: &str) -> Vec<String> {
    let whole = get(app, device, &format!("/conversations/{token}")).await;
    let messages = whole["messages"].as_array().expect("messages").clone();
    messages.iter().map(|message| message["text"].as_str().expect("a text").to_owned()).collect()
}

/// How much a contact has not read in all, as agents see it, and in each of its conversations.
async fn unread(app: &TestApp, project: &Project, device: &Device) -> (Json, Vec<Json>) {
    let found =
        app.get(project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200);
    let list = get(app, device, "/conversations").await;
    let each = list.as_array().expect("a list").iter().map(|one| one["unread"].clone()).collect();
    (found[0]["notificationsUnread"].clone(), each)
}

async fn of_ticket(app: &TestApp, project: &Project, of: &str) -> Json {
    app.get(project, &format!("/v3/tickets/{of}")).send().await.expect(200)
}

both! {
    async fn files_are_where_their_messages_are(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let mut made = Vec::new();
        for words in ["1", "22", "333", "4444"] {
            let (token, ticket) = begin(&app, &project, &device, words).await;
            let file = uploaded(&app, &device, words).await;
            let message = json!({"id": format!("f{words}"), "comment": "see", "attachments": attached(&file)});
            post(&app, &device, &format!("/conversations/{token}/messages"), message).await;
            made.push((of_ticket(&app, &project, &ticket).await, file));
        }
        let [(a, a_file), (b, b_file), (c, c_file), (d, d_file)] = &made[..] else { panic!("four tickets") };
        // The merged ticket goes, what was written in it stays until the other goes.
        merge(&app, &project, &[b], a).await;
        app.delete(&project, &path(b)).send().await.expect(200);
        assert_eq!(fetch(&app, b_file).await.body, "22");
        app.delete(&project, &path(a)).send().await.expect(200);
        for file in [a_file, b_file] {
            assert_eq!(fetch(&app, file).await.status, 404);
        }
        // Undone, each has its own again.
        merge(&app, &project, &[d], c).await;
        undo(&app, &project, c, &newest_merge(&app, &project, c).await).await.expect(200);
        app.delete(&project, &path(c)).send().await.expect(200);
        assert_eq!((fetch(&app, c_file).await.status.as_u16(), fetch(&app, d_file).await.status.as_u16()), (404, 200));
        app.delete(&project, &path(d)).send().await.expect(200);
        assert_eq!(fetch(&app, d_file).await.status, 404);
    }

    async fn a_file_leads_its_contact_into_its_own_conversation(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        app.put(&project, "/v3/projects/config", json!({"authenticatedFiles": true})).send().await.expect(200);
        let (mut tokens, mut made) = (Vec::new(), Vec::new());
        for name in ["ada", "bob!"] {
            let device = Device::start(&app, &project).await;
            let session = identified(&app, &project, &device, name).await;
            let device = device.with(&session);
            let (token, ticket) = begin(&app, &project, &device, name).await;
            let file = uploaded(&app, &device, name).await;
            let message = json!({"id": "f", "comment": "see", "attachments": attached(&file)});
            post(&app, &device, &format!("/conversations/{token}/messages"), message).await;
            tokens.push((session["fileAccessToken"].as_str().expect("a token").to_owned(), token));
            made.push((of_ticket(&app, &project, &ticket).await, file));
        }
        merge(&app, &project, &[&made[1].0], &made[0].0).await;
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let url = made[1].1.clone();
        let find = move |tx: &hark_store::ReadTx<'_>| files::by_token(tx, files::token_in(&url).unwrap_or_default());
        let file = app.app.store.read(&scope, find).await.expect("an answer").expect("a file").id;
        let locate = |session: &str| app.request(Method::GET, &format!("/files/{file}/location")).header("X-File-Session", session).send();
        assert_eq!(locate(&tokens[1].0).await.expect(200), json!({"shareToken": tokens[1].1}));
        locate(&tokens[0].0).await.expect(404);
    }

    async fn attachments_that_are_set_later_belong_to_the_ticket_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let (_, ticket) = begin(&app, &project, &device, "hello").await;
        let (one, two) = (uploaded(&app, &device, "one").await, uploaded(&app, &device, "two").await);
        let ticket = of_ticket(&app, &project, &ticket).await;
        app.put(&project, &path(&ticket), json!({"attachments": attached(&one)})).send().await.expect(200);
        let message = app.post(&project, "/v3/messages", json!({"ticket": id(&ticket), "comment": "x"})).send().await.expect(200);
        let change = app.put(&project, &format!("/v3/messages/{}", id(&message)), json!({"attachments": attached(&two)}));
        change.send().await.expect(200);
        app.delete(&project, &path(&ticket)).send().await.expect(200);
        assert_eq!((fetch(&app, &one).await.status.as_u16(), fetch(&app, &two).await.status.as_u16()), (404, 404));
    }

    async fn merges_go_in_no_circle_and_are_undone_in_order(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut made = Vec::new();
        for title in ["a", "b", "c"] {
            let one = ticket(&app, &project, json!({"title": title})).await;
            say(&app, &project, &one, &format!("in {title}"), None).await;
            made.push(one);
        }
        let [a, b, c] = &made[..] else { panic!("three tickets") };
        merge(&app, &project, &[b], a).await;
        let first = newest_merge(&app, &project, a).await;
        for wrong in [merge_of(&[a], Some(b)), merge_of(&[b], Some(c)), merge_of(&[c], Some(b))] {
            let refused = app.put(&project, "/v3/tickets/merge", wrong).send().await.expect(400);
            let sentence = format!("ticket {} is a part of ticket {}, use that one or undo its merge {first} first", id(b), id(a));
            assert_eq!(refused["message"], json!(sentence));
        }
        let group = json!({"mainTicketId": id(c), "duplicateTicketIds": [id(b)]});
        app.put(&project, "/v3/tickets/deduplicate/merge", group).send().await.expect(400);
        merge(&app, &project, &[a], c).await;
        let second = newest_merge(&app, &project, c).await;
        let refused = undo(&app, &project, a, &first).await.expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains(&second)), "{refused}");
        // Nothing happened meanwhile.
        assert_eq!(said(&app, &project, c).await, ["in a", "in b", "in c"]);
        undo(&app, &project, c, &second).await.expect(200);
        undo(&app, &project, a, &first).await.expect(200);
        for (one, text) in [(a, "in a"), (b, "in b"), (c, "in c")] {
            assert_eq!(said(&app, &project, one).await, [text]);
            let now = read(&app, &project, one).await;
            assert_eq!((&now["archived"], now.get("duplicateOf"), now.get("mergedInto")), (&json!(false), None, None));
        }

        // What a caller says of duplicates goes in no circle either.
        app.put(&project, &path(a), json!({"duplicateOf": id(a)})).send().await.expect(400);
        app.put(&project, &path(a), json!({"duplicateOf": id(b)})).send().await.expect(200);
        app.put(&project, &path(b), json!({"duplicateOf": id(c)})).send().await.expect(200);
        app.put(&project, &path(c), json!({"duplicateOf": id(a)})).send().await.expect(400);
        merge(&app, &project, &[a], c).await;
        app.put(&project, &path(a), json!({"duplicateOf": null})).send().await.expect(400);
    }

    async fn what_is_left_of_a_merge_comes_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut made = Vec::new();
        for title in ["a", "b", "c"] {
            let one = ticket(&app, &project, json!({"title": title, "tags": [title]})).await;
            say(&app, &project, &one, &format!("in {title}"), None).await;
            made.push(one);
        }
        let [a, b, c] = &made[..] else { panic!("three tickets") };
        merge(&app, &project, &[a, b], c).await;
        app.delete(&project, &path(a)).send().await.expect(200);
        let of_both = newest_merge(&app, &project, c).await;
        undo(&app, &project, c, &of_both).await.expect(200);
        assert_eq!(said(&app, &project, b).await, ["in b"]);
        assert_eq!(said(&app, &project, c).await, ["in a", "in c"]);
        assert_eq!(read(&app, &project, c).await["tags"], json!(["c"]));
        merge(&app, &project, &[b], c).await;
        app.delete(&project, &path(b)).send().await.expect(200);
        let alone = newest_merge(&app, &project, c).await;
        undo(&app, &project, c, &alone).await.expect(400);
        assert_eq!(said(&app, &project, c).await, ["in a", "in b", "in c"]);
    }

    async fn every_contact_goes_on_in_its_own_conversation(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, bob) = (Device::start(&app, &project).await, Device::start(&app, &project).await);
        let (a_token, a) = begin(&app, &project, &ada, "of ada").await;
        let (b_token, b) = begin(&app, &project, &bob, "from bob").await;
        let (a, b) = (of_ticket(&app, &project, &a).await, of_ticket(&app, &project, &b).await);
        app.clock.advance(1_000);
        say(&app, &project, &a, "to ada", None).await;
        say(&app, &project, &b, "to bob", None).await;
        let later = json!({"ticket": id(&b), "comment": "later to bob", "delay": 60});
        app.post(&project, "/v3/scheduled-messages", later).send().await.expect(200);
        merge(&app, &project, &[&b], &a).await;
        let record = newest_merge(&app, &project, &a).await;

        // Both see what was theirs, and each knows what it has not read.
        assert_eq!(seen(&app, &ada, &a_token).await, ["of ada", "to ada"]);
        assert_eq!(seen(&app, &bob, &b_token).await, ["from bob", "to bob"]);
        assert_eq!(unread(&app, &project, &bob).await, (json!(1), vec![json!(1)]));
        post(&app, &bob, &format!("/conversations/{b_token}/read"), json!({})).await;
        assert_eq!(unread(&app, &project, &bob).await, (json!(0), vec![json!(0)]));
        let open = get(&app, &bob, &format!("/conversations/{b_token}")).await["conversation"].clone();
        assert_eq!((&open["closed"], &open["status"]), (&json!(false), &json!("OPEN")));

        // Bob writes on, once; agents read it in the ticket that stayed, ada does not.
        let messages = format!("/conversations/{b_token}/messages");
        for _ in 0..2 {
            let sent = post(&app, &bob, &messages, json!({"id": "again", "comment": "bob again"})).await;
            assert_eq!(sent["conversation"]["shareToken"], json!(b_token));
        }
        assert_eq!(said(&app, &project, &a).await, ["of ada", "from bob", "to ada", "to bob", "bob again"]);
        assert_eq!(seen(&app, &ada, &a_token).await, ["of ada", "to ada"]);
        let list = get(&app, &ada, "/conversations").await;
        assert_eq!(list[0]["latestMessage"]["text"], json!("to ada"));
        assert_eq!(read(&app, &project, &a).await["notificationsUnread"], json!(true));

        // An answer reaches both; what is addressed to the merged ticket reaches bob alone.
        app.clock.advance(1_000);
        say(&app, &project, &a, "to both", None).await;
        app.clock.advance(60_000);
        app.run_jobs().await;
        assert_eq!(seen(&app, &ada, &a_token).await, ["of ada", "to ada", "to both"]);
        assert_eq!(seen(&app, &bob, &b_token).await, ["from bob", "to bob", "bob again", "to both", "later to bob"]);
        assert_eq!(unread(&app, &project, &bob).await, (json!(2), vec![json!(2)]));
        assert_eq!(unread(&app, &project, &ada).await, (json!(2), vec![json!(2)]));
        let list = get(&app, &bob, "/conversations").await;
        assert_eq!((list.as_array().map(Vec::len), &list[0]["latestMessage"]["text"]), (Some(1), &json!("later to bob")));
        assert_eq!(said(&app, &project, &b).await, Vec::<String>::new());
        let link = |token: &str| app.request(Method::GET, &format!("/shared/tickets/{token}")).header("Api-Token", &project.keys.sdk_key);
        let shared = link(&b_token).send().await;
        assert!(shared.body.contains("bob again") && !shared.body.contains("of ada"), "{}", shared.body);
        assert!(!link(&a_token).send().await.body.contains("bob"));
        ada.request(&app, Method::GET, &format!("/conversations/{b_token}")).send().await.expect(404);

        // Closed is closed for both.
        app.put(&project, &path(&a), json!({"conversationClosed": true})).send().await.expect(200);
        assert_eq!(get(&app, &bob, &format!("/conversations/{b_token}")).await["conversation"]["closed"], json!(true));
        bob.post(&app, &messages, json!({"id": "late", "comment": "x"})).await.expect(400);
        app.put(&project, &path(&a), json!({"conversationClosed": false})).send().await.expect(200);

        // Undone, what was between bob and the agents goes back.
        undo(&app, &project, &a, &record).await.expect(200);
        assert_eq!(said(&app, &project, &b).await, ["from bob", "to bob", "bob again", "later to bob"]);
        assert_eq!(said(&app, &project, &a).await, ["of ada", "to ada", "to both"]);
        assert_eq!(seen(&app, &bob, &b_token).await, ["from bob", "to bob", "bob again", "later to bob"]);

        // The ticket that stays goes: what is bob's stays bob's, and ada's goes with it.
        merge(&app, &project, &[&b], &a).await;
        app.delete(&project, &path(&a)).send().await.expect(200);
        assert_eq!(said(&app, &project, &b).await, ["from bob", "to bob", "bob again", "later to bob"]);
        let back = read(&app, &project, &b).await;
        assert_eq!((&back["archived"], back.get("duplicateOf")), (&json!(false), None));
        assert_eq!(unread(&app, &project, &ada).await, (json!(0), vec![]));
    }

    async fn who_is_forgotten_is_forgotten_in_merged_tickets_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut made = Vec::new();
        for name in ["ada", "bob", "eve"] {
            let session = contact(&app, &project, name).await;
            let one = ticket(&app, &project, json!({"title": name, "session": session})).await;
            say(&app, &project, &one, &format!("from {name}"), Some(&session)).await;
            say(&app, &project, &one, &format!("to {name}"), None).await;
            made.push((session, one));
        }
        let [(ada, a), (bob, b), (_, e)] = &made[..] else { panic!("three contacts") };
        // Eve's is a part of bob's, and bob's of ada's.
        merge(&app, &project, &[e], b).await;
        merge(&app, &project, &[b], a).await;
        assert_eq!(said(&app, &project, a).await.len(), 6);
        app.delete(&project, &format!("/v3/sessions/{bob}")).send().await.expect(204);
        assert_eq!(said(&app, &project, e).await, ["from eve", "to eve"]);
        app.get(&project, &path(b)).send().await.expect(404);
        let left = app.get(&project, &format!("/v3/messages?ticket={}", id(a))).send().await;
        assert!(left.body.contains("from ada") && left.body.contains("to ada"), "{}", left.body);
        for gone in ["bob", "eve"] {
            assert!(!left.body.contains(gone), "{}", left.body);
        }
        app.delete(&project, &format!("/v3/sessions/{ada}")).send().await.expect(204);
        assert_eq!(said(&app, &project, e).await, ["from eve", "to eve"]);
    }

    async fn what_a_forgotten_contact_said_elsewhere_is_the_latest_of_no_ticket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let (ada, eve, bob) = (contact(&app, &project, "ada").await, contact(&app, &project, "eve").await, contact(&app, &project, "bob").await);
        let a = ticket(&app, &project, json!({"title": "a", "session": ada})).await;
        let e = ticket(&app, &project, json!({"title": "e", "session": eve})).await;
        for (of, words, session) in [(&a, "1", &ada), (&e, "2", &eve), (&e, "3", &bob), (&a, "4", &bob)] {
            say(&app, &project, of, words, Some(session)).await;
        }
        let latest = async |of: &Json| {
            let ticket = read(&app, &project, of).await;
            ["latestComment", "latestPublicComment"].map(|name| ticket[name]["data"]["content"].clone())
        };
        merge(&app, &project, &[&e], &a).await;
        assert_eq!((latest(&a).await[0].clone(), latest(&e).await[1].clone()), (json!("4"), json!("3")));
        app.delete(&project, &format!("/v3/sessions/{bob}")).send().await.expect(204);
        // Eve's ticket, which is put away in ada's, forgot it as well.
        assert_eq!(latest(&e).await[1], json!("2"));
        assert_eq!((said(&app, &project, &a).await, latest(&a).await[0].clone()), (vec!["1".to_owned(), "2".to_owned()], json!("2")));
        undo(&app, &project, &a, &newest_merge(&app, &project, &a).await).await.expect(200);
        for (of, words) in [(&a, "1"), (&e, "2")] {
            assert_eq!(latest(of).await, [json!(words), json!(words)]);
        }
    }

    async fn tickets_of_one_contact_become_one_conversation(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let (a_token, a) = begin(&app, &project, &device, "one").await;
        let (b_token, b) = begin(&app, &project, &device, "another").await;
        let (a, b) = (of_ticket(&app, &project, &a).await, of_ticket(&app, &project, &b).await);
        app.clock.advance(1_000);
        say(&app, &project, &b, "an answer", None).await;
        merge(&app, &project, &[&b], &a).await;
        assert_eq!(unread(&app, &project, &device).await, (json!(1), vec![json!(1)]));
        // An old link leads to what the ticket became.
        assert_eq!(seen(&app, &device, &b_token).await, ["one", "another", "an answer"]);
        post(&app, &device, &format!("/conversations/{b_token}/read"), json!({})).await;
        assert_eq!(unread(&app, &project, &device).await, (json!(0), vec![json!(0)]));
        let sent = post(&app, &device, &format!("/conversations/{b_token}/messages"), json!({"id": "m", "comment": "more"})).await;
        assert_eq!(sent["conversation"]["shareToken"], json!(a_token));
        assert_eq!(said(&app, &project, &a).await, ["one", "another", "an answer", "more"]);
        undo(&app, &project, &a, &newest_merge(&app, &project, &a).await).await.expect(200);
        assert_eq!(get(&app, &device, "/conversations").await.as_array().map(Vec::len), Some(2));
    }

    async fn a_ticket_that_is_made_of_others_is_no_report(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let ada = contact(&app, &project, "ada").await;
        let (a, b) = (
            ticket(&app, &project, json!({"title": "A", "session": ada})).await,
            ticket(&app, &project, json!({"title": "B", "session": ada})).await,
        );
        let mut both = merge_of(&[&a, &b], None);
        both["shouldCreateNewTicket"] = json!(true);
        let new = app.put(&project, "/v3/tickets/merge", both).send().await.expect(200);
        assert_eq!(new["duplicatesCount"], json!(2));
        let reports = app.get(&project, &format!("/v3/sessions/{ada}")).send().await.expect(200)["countFeedbackReports"].clone();
        assert_eq!(reports, json!(2));
    }
}
