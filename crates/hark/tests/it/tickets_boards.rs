//! Ticket types, boards, drafts and scheduled messages over REST v3.

use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::tickets::{contact, id, path, ticket};

async fn lanes(app: &TestApp, project: &Project, of: &str) -> Vec<(String, String)> {
    let board = app.get(project, &format!("/v3/tickets/board?type={of}")).send().await.expect(200);
    let text = |value: &Json| value.as_str().expect("a text").to_owned();
    let titles = |lane: &Json| {
        lane["tickets"].as_array().expect("tickets").iter().map(|one| text(&one["title"])).collect()
    };
    board["lanes"].as_array().expect("lanes").iter().map(|lane| (text(&lane["id"]), titles(lane))).collect()
}

fn lane(id: &str, titles: &str) -> (String, String) {
    (id.to_owned(), titles.to_owned())
}

both! {
    async fn the_lanes_of_a_type_are_the_statuses_of_its_tickets(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = contact(&app, &project, "ada").await;
        let body = json!({"type": "FOR-RELEASE", "title": "For release", "lanes": [
            {"id": "idea", "title": "Idea"}, {"title": "Doing", "color": "#485bff"}, {"id": "shipped", "title": "Shipped", "closed": true},
        ]});
        let made = app.post(&project, "/v3/ticket-types", body.clone()).send().await.expect(200);
        let doing = made["lanes"][1]["id"].as_str().expect("an id").to_owned();
        app.post(&project, "/v3/ticket-types", body).send().await.expect(409);
        let one = ticket(&app, &project, json!({"title": "A", "type": "FOR-RELEASE", "session": session})).await;
        assert_eq!(one["status"], "idea");
        let wrong = app.put(&project, &path(&one), json!({"status": "OPEN"})).send().await.expect(400);
        assert_eq!(wrong["message"], format!("tickets of the type FOR-RELEASE have no status OPEN, send one of idea, {doing}, shipped"));
        app.post(&project, "/v3/tickets", json!({"title": "B", "type": "FOR-RELEASE", "status": "DONE"})).send().await.expect(400);
        let shipped = app.put(&project, &path(&one), json!({"status": "shipped"})).send().await.expect(200);
        assert!(shipped["closedAt"].is_string());
        // Its contact answers, so it is not dealt with after all.
        app.post(&project, "/v3/messages", json!({"ticket": id(&one), "session": session, "comment": "No"})).send().await.expect(200);
        assert_eq!(app.get(&project, &path(&one)).send().await.expect(200)["status"], "idea");
        let bug = app.put(&project, &path(&one), json!({"type": "BUG", "status": "OPEN"})).send().await.expect(200);
        assert_eq!(bug["status"], "OPEN");
        let back = app.put(&project, &path(&one), json!({"type": "FOR-RELEASE"})).send().await.expect(200);
        assert_eq!(back["status"], "idea");
        for wrong in [
            json!({"type": "A B", "title": "x"}), json!({"type": "A"}), json!({"type": "A", "title": "x", "lanes": []}),
            json!({"type": "A", "title": "x", "lanes": [{"id": "a", "title": "a"}, {"id": "a", "title": "b"}]}),
            json!({"type": "A", "title": "x", "lanes": (0..51).map(|n| json!({"title": format!("l{n}")})).collect::<Vec<_>>()}),
        ] {
            app.post(&project, "/v3/ticket-types", wrong).send().await.expect(400);
        }
    }

    async fn cards_keep_the_order_in_which_they_are_put(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut cards = Vec::new();
        for title in ["a", "b", "c", "d"] {
            cards.push(ticket(&app, &project, json!({"title": title, "type": "BUG"})).await);
        }
        let put = async |card: usize, body: Json| app.put(&project, &format!("{}/move", path(&cards[card])), body).send().await;
        assert_eq!(lanes(&app, &project, "BUG").await, [lane("OPEN", "abcd"), lane("INPROGRESS", ""), lane("DONE", "")]);
        put(3, json!({"beforeTicketId": id(&cards[0])})).await.expect(200);
        put(0, json!({"afterTicketId": id(&cards[1])})).await.expect(200);
        assert_eq!(lanes(&app, &project, "BUG").await[0], lane("OPEN", "dbac"));
        put(2, json!({"afterTicketId": id(&cards[3]), "beforeTicketId": id(&cards[1])})).await.expect(200);
        assert_eq!(lanes(&app, &project, "BUG").await[0], lane("OPEN", "dcba"));
        put(1, json!({"status": "INPROGRESS"})).await.expect(200);
        put(0, json!({"status": "INPROGRESS", "beforeTicketId": id(&cards[1])})).await.expect(200);
        assert_eq!(lanes(&app, &project, "BUG").await, [lane("OPEN", "dc"), lane("INPROGRESS", "ab"), lane("DONE", "")]);
        for _ in 0..40 {
            put(2, json!({"beforeTicketId": id(&cards[3])})).await.expect(200);
            put(3, json!({"beforeTicketId": id(&cards[2])})).await.expect(200);
        }
        assert_eq!(lanes(&app, &project, "BUG").await[0], lane("OPEN", "dc"));
        put(1, json!({"afterTicketId": id(&cards[1]), "beforeTicketId": id(&cards[1])})).await.expect(400);
        put(1, json!({"afterTicketId": "ffffffffffffffffffffffff"})).await.expect(404);
        app.get(&project, "/v3/tickets/board").send().await.expect(400);
        app.put(&project, &format!("{}/archive", path(&cards[2])), json!({})).send().await.expect(200);
        assert_eq!(lanes(&app, &project, "BUG").await[0], lane("OPEN", "d"));
    }

    async fn cards_with_the_same_rank_or_an_odd_one_are_put_in_order_too(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut cards = Vec::new();
        for title in ["a", "b", "c", "d"] {
            cards.push(ticket(&app, &project, json!({"title": title, "type": "BUG", "lexorank": "0|i00010:"})).await);
        }
        let put = async |card: usize, body: Json| app.put(&project, &format!("{}/move", path(&cards[card])), body).send().await;
        let open = async || lanes(&app, &project, "BUG").await[0].1.clone();
        let order = open().await;
        let card = |place: usize| "abcd".find(&order[place..=place]).expect("a card");
        put(card(3), json!({"afterTicketId": id(&cards[card(0)]), "beforeTicketId": id(&cards[card(1)])})).await.expect(200);
        let expected: String = [0, 3, 1, 2].iter().map(|place| &order[*place..=*place]).collect();
        assert_eq!(open().await, expected);
        for odd in ["!!!", "0|i00010:", "~"] {
            for card in &cards {
                app.put(&project, &path(card), json!({"lexorank": odd})).send().await.expect(200);
            }
            let order = open().await;
            let card = |place: usize| "abcd".find(&order[place..=place]).expect("a card");
            put(card(3), json!({"beforeTicketId": id(&cards[card(1)])})).await.expect(200);
            let expected: String = [0, 3, 1, 2].iter().map(|place| &order[*place..=*place]).collect();
            assert_eq!(open().await, expected, "{odd}");
            put(card(0), json!({"afterTicketId": id(&cards[card(2)])})).await.expect(200);
            let expected: String = [3, 1, 2, 0].iter().map(|place| &order[*place..=*place]).collect();
            assert_eq!(open().await, expected, "{odd}");
        }
        // New cards come behind those that were put in order.
        ticket(&app, &project, json!({"title": "e", "type": "BUG"})).await;
        assert!(open().await.ends_with('e'));
        put(0, json!({"afterTicketId": id(&cards[1]), "beforeTicketId": id(&cards[1])})).await.expect(400);
    }

    async fn each_user_has_one_draft_in_a_ticket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let draft = format!("{}/draft", path(&made));
        app.get(&project, &draft).send().await.expect(404);
        let listed = format!("/v3/message-drafts?ticket={}", id(&made));
        assert_eq!(app.get(&project, &listed).send().await.expect(200), json!([]));
        let kept = app.put(&project, &draft, json!({"comment": "Hel", "isNote": true})).send().await.expect(200);
        assert_eq!((&kept["comment"], &kept["isNote"], kept.get("pair")), (&json!("Hel"), &json!(true), None));
        let again = app.put(&project, &draft, json!({"comment": "Hello", "attachments": [{"name": "a", "url": "https://a.example/a"}]})).send().await.expect(200);
        assert_eq!((&again["id"], &again["isNote"]), (&kept["id"], &json!(false)));
        assert_eq!(app.get(&project, &draft).send().await.expect(200)["comment"], "Hello");
        let owner = crate::people::owner(&app, &project).await;
        owner.call_in(&app, &project, hark_test::Method::GET, &draft).send().await.expect(404);
        let own = app.get(&project, &listed).send().await.expect(200);
        assert_eq!((own.as_array().map(Vec::len), &own[0]), (Some(1), &again));
        for path in [listed.as_str(), "/v3/message-drafts", "/v3/message-drafts?user!=0"] {
            assert_eq!(owner.call_in(&app, &project, hark_test::Method::GET, path).send().await.expect(200), json!([]));
        }
        let second = ticket(&app, &project, json!({"title": "B"})).await;
        app.clock.advance(1_000);
        app.put(&project, &format!("{}/draft", path(&second)), json!({"comment": "B"})).send().await.expect(200);
        let page = app.get(&project, "/v3/message-drafts?sort=-createdAt&limit=1").send().await;
        assert_eq!((page.header("x-total-count"), &page.expect(200)[0]["comment"]), ("2", &json!("B")));
        let next = format!("/v3/message-drafts?sort=-createdAt&limit=1&cursor={}", page.header("x-next-cursor"));
        assert_eq!(app.get(&project, &next).send().await.expect(200)[0]["comment"], "Hello");
        app.put(&project, &draft, json!({"comment": 7})).send().await.expect(400);
        app.delete(&project, &draft).send().await.expect(200);
        app.delete(&project, &draft).send().await.expect(404);
    }

    async fn a_message_is_sent_later_or_taken_back(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let made = ticket(&app, &project, json!({"title": "A"})).await;
        let later = async |more: Json| {
            let mut body = json!({"ticket": id(&made), "comment": "soon"});
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            app.post(&project, "/v3/scheduled-messages", body).send().await
        };
        let undone = later(json!({"delay": 10})).await.expect(200);
        let sent = later(json!({"sendAt": hark_query::dates::format_date(app.clock.now() + 20_000), "comment": "now"})).await.expect(200);
        let waiting = app.get(&project, &format!("/v3/scheduled-messages?ticket={}", id(&made))).send().await.expect(200);
        assert_eq!(waiting.as_array().map(Vec::len), Some(2));
        let first = app.get(&project, "/v3/scheduled-messages?sort=sendAt&limit=1").send().await;
        assert_eq!((&first.expect(200)[0]["id"], first.header("x-total-count")), (&undone["id"], "2"));
        let rest = format!("/v3/scheduled-messages?sort=sendAt&limit=1&cursor={}", first.header("x-next-cursor"));
        assert_eq!(app.get(&project, &rest).send().await.expect(200)[0]["id"], sent["id"]);
        let owner = crate::people::owner(&app, &project).await;
        let one = format!("/v3/scheduled-messages/{}", id(&undone));
        owner.call_in(&app, &project, hark_test::Method::DELETE, &one).send().await.expect(403);
        app.clock.advance(9_999);
        app.run_jobs().await;
        app.delete(&project, &one).send().await.expect(200);
        app.clock.advance(10_000);
        app.run_jobs().await;
        assert_eq!(app.get(&project, "/v3/messages").send().await.expect(200), json!([]));
        app.clock.advance(1);
        app.run_jobs().await;
        let messages = app.get(&project, "/v3/messages").send().await.expect(200);
        assert_eq!((messages.as_array().map(Vec::len), &messages[0]["text"]), (Some(1), &json!("now")));
        assert_eq!(messages[0]["senderType"], "agent");
        app.delete(&project, &format!("/v3/scheduled-messages/{}", id(&sent))).send().await.expect(404);
        for wrong in [json!({}), json!({"delay": 0}), json!({"delay": -1}), json!({"delay": 1e12}), json!({"sendAt": "2001-01-01"}), json!({"delay": 5, "comment": ""})] {
            later(wrong).await.expect(400);
        }
        later(json!({"delay": 5, "ticket": "ffffffffffffffffffffffff"})).await.expect(404);
        // What waits goes with its ticket.
        later(json!({"delay": 5})).await.expect(200);
        app.delete(&project, &path(&made)).send().await.expect(200);
        app.clock.advance(5_000);
        app.run_jobs().await;
        assert_eq!(app.get(&project, "/v3/scheduled-messages").send().await.expect(200), json!([]));
    }
}
