//! Workflows: what happens to tickets by itself, once, in order, and without circles.

use hark_core::automation::WORKFLOW;
use hark_deliver::testing::{HttpSink, Reply, Stage};
use hark_store::to_body;
use hark_test::{Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people;

fn id(document: &Json) -> String {
    document["id"].as_str().expect("an id").to_owned()
}

async fn made(app: &TestApp, project: &Project, path: &str, body: Json) -> Json {
    app.post(project, path, body).send().await.expect(200)
}

async fn workflow(app: &TestApp, project: &Project, body: Json) -> String {
    let mut whole = json!({"name": "Test", "status": "published"});
    whole.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
    id(&made(app, project, "/v3/workflows", whole).await)
}

async fn ticket(app: &TestApp, project: &Project, body: Json) -> String {
    id(&made(app, project, "/v3/tickets", body).await)
}

async fn read(app: &TestApp, project: &Project, ticket: &str) -> Json {
    app.get(project, &format!("/v3/tickets/{ticket}")).send().await.expect(200)
}

async fn runs(app: &TestApp, project: &Project, workflow: &str) -> Vec<Json> {
    let runs = app.get(project, &format!("/v3/workflows/{workflow}/runs?sort=id")).send().await.expect(200);
    runs.as_array().cloned().unwrap_or_default()
}

fn outcomes(run: &Json) -> Vec<String> {
    let steps = run["steps"].as_array().expect("steps").iter();
    steps
        .map(|step| {
            format!(
                "{} {}",
                step["action"].as_str().unwrap_or_default(),
                step["outcome"].as_str().unwrap_or_default()
            )
        })
        .collect()
}

both! {
    async fn closing_a_ticket_puts_it_into_a_closed_lane_of_its_type(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let lanes = json!([{"id": "new", "title": "New"}, {"id": "bought", "title": "Bought", "closed": true}]);
        made(&app, &project, "/v3/ticket-types", json!({"type": "PURCHASE", "title": "Purchase", "lanes": lanes})).await;
        let close = workflow(&app, &project, json!({"triggers": [{"type": "ticket_created"}], "actions": [{"type": "close"}]})).await;
        let (own, plain) = (
            ticket(&app, &project, json!({"title": "A", "type": "PURCHASE"})).await,
            ticket(&app, &project, json!({"title": "B", "type": "BUG"})).await,
        );
        app.run_jobs().await;
        assert_eq!(read(&app, &project, &own).await["status"], json!("bought"));
        assert_eq!(read(&app, &project, &plain).await["status"], json!("DONE"));
        assert!(runs(&app, &project, &close).await.iter().all(|run| run["status"] == "finished"));
    }

    async fn a_workflow_does_everything_it_can(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let sink = HttpSink::start(|_| Reply::new(200, "")).await.expect("a server");
        let agent = people::member(&app, &project, "agent@example.com", "DEFAULT").await;
        let team = id(&made(&app, &project, "/v3/teams", json!({"name": "Support", "assignmentMethod": "manual", "members": []})).await);
        let webhook = id(&made(&app, &project, "/v3/webhooks", json!({"name": "w", "url": sink.url("/")})).await);
        let other = workflow(&app, &project, json!({"actions": [{"type": "add_tags", "data": {"tags": ["by-the-other"]}}]})).await;
        let first = workflow(&app, &project, json!({
            "triggers": [{"type": "ticket_created"}],
            "conditions": {"all": [
                {"path": "type", "op": "is", "value": "BUG"}, {"path": "session.plan", "op": "is", "value": "pro"},
            ]},
            "actions": [
                {"type": "assign_user", "data": {"user": agent.id}},
                {"type": "assign_team", "data": {"team": team}},
                {"type": "add_tags", "data": {"tags": ["vip", "vip", "kept"]}},
                {"type": "remove_tags", "data": {"tags": ["gone"]}},
                {"type": "set_priority", "data": {"priority": "HIGH"}},
                {"type": "set_status", "data": {"status": "INPROGRESS"}},
                {"type": "set_type", "data": {"ticketType": "INQUIRY"}},
                {"type": "reply", "data": {"content": "Hi {{session.name}}, we look at #{{bugId}}"}},
                {"type": "note", "data": {"content": {"type": "paragraph", "content": [{"type": "text", "text": "pro customer"}]}}},
                {"type": "call_webhook", "data": {"webhook": webhook}},
                {"type": "send_email", "data": {"subject": "About {{title}}", "content": "Dear {{session.name}}"}},
                {"type": "start_workflow", "data": {"workflow": other}},
                {"type": "snooze", "data": {"seconds": 3600}},
                {"type": "archive"},
            ],
        })).await;
        let session = id(&made(&app, &project, "/v3/sessions", json!({"userId": "u-1", "name": "Ada", "email": "ada@example.com", "plan": "pro"})).await);
        let mails = people::mails(&app).await;
        let bug = ticket(&app, &project, json!({"title": "Broken", "type": "BUG", "session": session, "tags": ["gone"]})).await;
        let idea = ticket(&app, &project, json!({"title": "Idea", "type": "FEATURE_REQUEST", "session": session})).await;
        app.run_jobs().await;

        let after = read(&app, &project, &bug).await;
        assert_eq!(after["processingUser"]["id"], json!(agent.id));
        assert_eq!(after["processingTeam"]["name"], json!("Support"));
        assert_eq!(after["tags"], json!(["vip", "kept", "by-the-other"]));
        assert_eq!((&after["priority"], &after["status"], &after["type"]), (&json!("HIGH"), &json!("INPROGRESS"), &json!("INQUIRY")));
        assert_eq!((&after["snoozed"], &after["archived"]), (&json!(true), &json!(true)));
        let messages = app.get(&project, &format!("/v3/messages?ticket={bug}")).send().await.expect(200);
        let texts: Vec<&str> = messages.as_array().expect("messages").iter().filter_map(|message| message["text"].as_str()).collect();
        assert!(texts.contains(&"Hi Ada, we look at #1") && texts.contains(&"pro customer"), "{texts:?}");
        let sent = people::last_mail(&app, "ada@example.com").await;
        assert!(people::body(&sent).contains("Dear Ada"));
        assert_eq!(people::mails(&app).await, mails + 1);
        let body: Json = serde_json::from_slice(&sink.requests()[0].body).expect("JSON");
        assert_eq!((&body["event"], &body["data"]["id"]), (&json!("ticket.workflow"), &json!(bug)));
        let run = runs(&app, &project, &first).await.remove(0);
        assert_eq!((&run["status"], &run["trigger"], outcomes(&run).len()), (&json!("finished"), &json!("ticket_created"), 14));
        assert!(outcomes(&run).iter().all(|outcome| outcome.ends_with(" done")), "{run}");
        assert_eq!(runs(&app, &project, &other).await[0]["depth"], json!(1));
        assert_eq!(read(&app, &project, &idea).await["priority"], json!("MEDIUM"));
        let of_ticket = app.get(&project, &format!("/v3/tickets/{bug}/workflow-runs")).send().await.expect(200);
        assert_eq!(of_ticket.as_array().map(Vec::len), Some(2));
    }

    async fn each_trigger_starts_what_waits_for_it(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let mut tagging = Vec::new();
        for (name, trigger) in [
            ("updated", json!({"type": "ticket_updated", "properties": ["priority"]})),
            ("status", json!({"type": "status_changed"})),
            ("received", json!({"type": "message_received"})),
            ("sent", json!({"type": "message_sent"})),
            ("woke", json!({"type": "snooze_ended"})),
        ] {
            let body = json!({"name": name, "triggers": [trigger], "actions": [{"type": "note", "data": {"content": name}}]});
            tagging.push((name, workflow(&app, &project, body).await));
        }
        let device = Device::start(&app, &project).await;
        let session = app.get(&project, &format!("/v3/sessions?gleapId={}", device.gleap_id)).send().await.expect(200);
        let bug = ticket(&app, &project, json!({"title": "Broken", "session": session[0]["id"]})).await;
        let path = format!("/v3/tickets/{bug}");
        let ran = async |wanted: &[&str]| {
            app.run_jobs().await;
            let mut counts = Vec::new();
            for (name, workflow) in &tagging {
                counts.extend(std::iter::repeat_n(*name, runs(&app, &project, workflow).await.len()));
            }
            assert_eq!(counts, wanted);
        };
        ran(&[]).await;
        app.put(&project, &path, json!({"title": "Very broken"})).send().await.expect(200);
        ran(&[]).await;
        app.put(&project, &path, json!({"priority": "HIGH", "title": "So broken"})).send().await.expect(200);
        ran(&["updated"]).await;
        app.put(&project, &path, json!({"status": "INPROGRESS"})).send().await.expect(200);
        ran(&["updated", "status"]).await;
        made(&app, &project, "/v3/messages", json!({"ticket": bug, "comment": "On it"})).await;
        ran(&["updated", "status", "sent"]).await;
        made(&app, &project, "/v3/messages", json!({"ticket": bug, "comment": "Thanks", "session": session[0]["id"]})).await;
        ran(&["updated", "status", "received", "sent"]).await;
        app.put(&project, &path, json!({"snoozed": true})).send().await.expect(200);
        ran(&["updated", "status", "received", "sent"]).await;
        app.put(&project, &path, json!({"snoozed": false})).send().await.expect(200);
        ran(&["updated", "status", "received", "sent", "woke"]).await;
    }

    async fn every_message_starts_what_waits_for_messages_however_many_there_are(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let waiting = async |trigger: &str| {
            let body = json!({"triggers": [{"type": trigger}], "actions": [{"type": "wait", "data": {"seconds": 3_600}}]});
            workflow(&app, &project, body).await
        };
        let (received, sent) = (waiting("message_received").await, waiting("message_sent").await);
        let updated = waiting("ticket_updated").await;
        let contact = id(&made(&app, &project, "/v3/sessions", json!({"userId": "u-1"})).await);
        let bug = ticket(&app, &project, json!({"title": "Broken", "session": contact})).await;
        let received_one = json!({"ticket": bug, "comment": "Hello?", "session": contact});
        let counts = async || {
            app.run_jobs().await;
            let counted = async |workflow: &str| runs(&app, &project, workflow).await.len();
            (counted(&received).await, counted(&sent).await, counted(&updated).await)
        };
        // Each by itself, then all at once: together they are more than one look at the stream takes in.
        for number in 1..=3 {
            made(&app, &project, "/v3/messages", received_one.clone()).await;
            assert_eq!(counts().await, (number, 0, 0));
        }
        for _ in 0..50 {
            made(&app, &project, "/v3/messages", received_one.clone()).await;
            made(&app, &project, "/v3/messages", json!({"ticket": bug, "comment": "Yes"})).await;
        }
        let change = json!({"title": "Mended", "priority": "LOW", "status": "INPROGRESS"});
        app.put(&project, &format!("/v3/tickets/{bug}"), change).send().await.expect(200);
        assert_eq!(counts().await, (53, 50, 1));
        assert_eq!(counts().await, (53, 50, 1), "and never twice");
    }

    async fn a_run_waits_and_goes_on_at_its_time(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let flow = workflow(&app, &project, json!({
            "automatic": false,
            "actions": [{"type": "add_tags", "data": {"tags": ["a"]}}, {"type": "wait", "data": {"seconds": 60}}, {"type": "close"}],
        })).await;
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        assert_eq!(app.run_jobs().await, 1, "agents are told of the ticket, and nobody follows");
        let run = made(&app, &project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": flow})).await;
        assert_eq!((&run["status"], &run["startedBy"]), (&json!("running"), &json!("agent")));
        app.run_jobs().await;
        assert_eq!(runs(&app, &project, &flow).await[0]["status"], json!("waiting"));
        // What runs is not changed by what the workflow becomes.
        app.put(&project, &format!("/v3/workflows/{flow}"), json!({"actions": [{"type": "archive"}]})).send().await.expect(200);
        app.clock.advance(59_000);
        app.run_jobs().await;
        assert_eq!(read(&app, &project, &bug).await["status"], json!("OPEN"));
        app.clock.advance(1_000);
        app.run_jobs().await;
        assert_eq!(read(&app, &project, &bug).await["status"], json!("DONE"));
        assert_eq!(outcomes(&runs(&app, &project, &flow).await[0]), ["add_tags done", "wait done", "close done"]);
    }

    async fn a_step_that_does_not_work_is_written_down_and_the_next_one_runs(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let draft = id(&made(&app, &project, "/v3/workflows", json!({"name": "Draft"})).await);
        let off = json!({"name": "Off", "url": "https://example.com", "enabled": false});
        let off = id(&made(&app, &project, "/v3/webhooks", off).await);
        let flow = workflow(&app, &project, json!({"automatic": false, "actions": [
            {"type": "call_webhook", "data": {"webhook": off}},
            {"type": "start_workflow", "data": {"workflow": draft}},
            {"type": "close"},
        ]})).await;
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        made(&app, &project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": flow})).await;
        app.run_jobs().await;
        let run = runs(&app, &project, &flow).await.remove(0);
        assert_eq!(outcomes(&run), ["call_webhook failed", "start_workflow failed", "close done"]);
        assert_eq!(run["status"], json!("failed"));
        assert!(run["steps"][0]["reason"].as_str().is_some_and(|reason| reason.contains("switched off")), "{run}");
        let refused = app.post(&project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": draft})).send().await.expect(400);
        assert!(refused["message"].as_str().is_some_and(|text| text.contains("is a draft")), "{refused}");
    }

    async fn a_mail_that_cannot_be_sent_is_a_step_that_failed(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let mail = |to: &str| json!({"type": "send_email", "data": {"to": to, "subject": "s", "content": "c"}});
        let wrong = json!({"name": "x", "actions": [mail("not an address")]});
        let wrong = app.post(&project, "/v3/workflows", wrong).send().await.expect(400);
        assert!(wrong["message"].as_str().is_some_and(|text| text.contains("is not a mail address")), "{wrong}");
        let to_contact = json!({"type": "send_email", "data": {"subject": "s", "content": "c"}});
        let flow = workflow(&app, &project, json!({"automatic": false, "actions": [mail("ada@example.com"), to_contact]})).await;
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        let start = async |app: &TestApp| {
            made(app, &project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": flow})).await;
            app.run_jobs().await;
            runs(app, &project, &flow).await.pop().expect("a run")
        };
        let run = start(&app).await;
        assert_eq!(outcomes(&run), ["send_email done", "send_email failed"], "nobody to write to");
        assert!(run["steps"][1]["reason"].as_str().is_some_and(|reason| reason.contains("no contact")), "{run}");
        // The mail server refuses for good.
        app.mail.as_ref().expect("a mail server").reply_next(Stage::Recipient, "550 no such mailbox");
        let run = start(&app).await;
        assert_eq!((outcomes(&run), &run["status"]), (vec!["send_email failed".to_owned(), "send_email failed".to_owned()], &json!("failed")));
        assert!(run["steps"][0]["reason"].as_str().is_some_and(|reason| reason.contains("did not take")), "{run}");
    }

    async fn without_a_mail_server_a_mail_is_a_step_that_failed(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        // Saved while there was one.
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let flow = json!({
            "name": "Mail", "status": "published", "automatic": false, "triggers": [], "conditions": {},
            "actions": [{"type": "send_email", "data": {"to": "ada@example.com", "subject": "s", "content": "c"}}],
        });
        let flow = app.app.store.write(&scope, move |tx| tx.insert(&WORKFLOW, to_body(flow.clone()))).await;
        let flow = flow.expect("a workflow").id.to_string();
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        made(&app, &project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": flow})).await;
        app.run_jobs().await;
        let run = runs(&app, &project, &flow).await.remove(0);
        assert_eq!((outcomes(&run), &run["status"]), (vec!["send_email failed".to_owned()], &json!("failed")));
        assert!(run["steps"][0]["reason"].as_str().is_some_and(|reason| reason.contains("no mail server")), "{run}");
    }

    async fn runs_are_forgotten_after_ninety_days_but_not_those_that_wait(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let flow = async |action: Json| workflow(&app, &project, json!({"automatic": false, "actions": [action]})).await;
        let (short, long) = (flow(json!({"type": "close"})).await, flow(json!({"type": "wait", "data": {"seconds": 300 * 86_400}})).await);
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        for flow in [&short, &long] {
            made(&app, &project, &format!("/v3/tickets/{bug}/workflow"), json!({"workflowId": flow})).await;
        }
        let left = async || (runs(&app, &project, &short).await.len(), runs(&app, &project, &long).await.len());
        app.run_jobs().await;
        app.clock.advance(89 * 86_400_000);
        app.run_jobs().await;
        assert_eq!(left().await, (1, 1));
        app.clock.advance(2 * 86_400_000);
        app.run_jobs().await;
        assert_eq!(left().await, (0, 1));
    }

    async fn circles_end(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let flip = async |from: &str, to: &str| {
            workflow(&app, &project, json!({
                "triggers": [{"type": "ticket_updated", "properties": ["priority"]}],
                "conditions": {"path": "priority", "op": "is", "value": from},
                "actions": [{"type": "set_priority", "data": {"priority": to}}],
            })).await
        };
        let (up, down) = (flip("LOW", "HIGH").await, flip("HIGH", "LOW").await);
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        app.put(&project, &format!("/v3/tickets/{bug}"), json!({"priority": "LOW"})).send().await.expect(200);
        app.run_jobs().await;
        let mut all = runs(&app, &project, &up).await;
        all.extend(runs(&app, &project, &down).await);
        let depths: Vec<u64> = { let mut depths: Vec<u64> = all.iter().filter_map(|run| run["depth"].as_u64()).collect(); depths.sort_unstable(); depths };
        assert_eq!(depths, [0, 1, 2, 3, 4, 5, 6]);
        let skipped: Vec<&Json> = all.iter().filter(|run| run["status"] == "skipped").collect();
        assert_eq!(skipped.len(), 1);
        assert!(skipped[0]["reason"].as_str().is_some_and(|reason| reason.contains("circle")));
    }

    async fn a_workflow_runs_once_for_each_change_and_once_per_ticket_if_it_says_so(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = |once: bool| json!({
            "triggers": [{"type": "ticket_updated"}], "oncePerTicket": once, "actions": [{"type": "note", "data": {"content": "n"}}],
        });
        let (each, once) = (workflow(&app, &project, body(false)).await, workflow(&app, &project, body(true)).await);
        let bug = ticket(&app, &project, json!({"title": "x"})).await;
        for title in ["a", "b"] {
            let change = json!({"title": title, "description": title, "priority": if title == "a" { "LOW" } else { "HIGH" }});
            app.put(&project, &format!("/v3/tickets/{bug}"), change).send().await.expect(200);
            app.clock.advance(10);
            app.run_jobs().await;
        }
        assert_eq!((runs(&app, &project, &each).await.len(), runs(&app, &project, &once).await.len()), (2, 1));
        app.delete(&project, &format!("/v3/tickets/{bug}")).send().await.expect(200);
        assert_eq!(runs(&app, &project, &each).await.len(), 0);
    }

    async fn a_dry_run_tells_what_would_have_happened_and_why_not(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let bug = ticket(&app, &project, json!({"title": "Bug", "type": "BUG"})).await;
        let idea = ticket(&app, &project, json!({"title": "Idea", "type": "FEATURE_REQUEST"})).await;
        let flow = id(&made(&app, &project, "/v3/workflows", json!({
            "name": "Draft", "triggers": [{"type": "ticket_created"}],
            "conditions": {"all": [{"path": "status", "op": "is", "value": "OPEN"}, {"path": "type", "op": "is", "value": "BUG"}]},
            "actions": [{"type": "close"}],
        })).await);
        let trial = made(&app, &project, &format!("/v3/workflows/{flow}/dry-runs"), json!({})).await;
        assert_eq!(trial["status"], json!("running"));
        app.run_jobs().await;
        let trial = app.get(&project, &format!("/v3/workflows/{flow}/dry-runs/{}", id(&trial))).send().await.expect(200);
        assert_eq!((&trial["status"], &trial["fired"], &trial["heldBack"]), (&json!("finished"), &json!(1), &json!(1)));
        let result = |ticket: &str| trial["results"].as_array().and_then(|all| all.iter().find(|one| one["ticket"] == ticket)).cloned().expect("a result");
        let (fires, not) = (result(&bug), result(&idea));
        assert_eq!((&fires["fires"], &fires["actions"], &fires["bugId"]), (&json!(true), &json!(["close"]), &json!(1)));
        assert_eq!(not["reason"], json!("the condition {\"path\":\"type\",\"op\":\"is\",\"value\":\"BUG\"} does not hold"));
        assert_eq!(read(&app, &project, &bug).await["status"], json!("OPEN"), "nothing was done");
    }

    async fn dry_runs_are_forgotten_after_thirty_days(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let flow = id(&made(&app, &project, "/v3/workflows", json!({"name": "Draft", "triggers": [{"type": "ticket_created"}]})).await);
        let path = format!("/v3/workflows/{flow}/dry-runs");
        let first = id(&made(&app, &project, &path, json!({})).await);
        app.run_jobs().await;
        app.clock.advance(29 * 86_400_000);
        app.run_jobs().await;
        let second = id(&made(&app, &project, &path, json!({})).await);
        let left = async |one: &str| app.get(&project, &format!("{path}/{one}")).send().await.status.as_u16();
        assert_eq!((left(&first).await, left(&second).await), (200, 200));
        app.clock.advance(2 * 86_400_000);
        app.run_jobs().await;
        assert_eq!((left(&first).await, left(&second).await), (404, 200));
        app.clock.advance(30 * 86_400_000);
        app.run_jobs().await;
        assert_eq!(left(&second).await, 404);
        assert_eq!(app.run_jobs().await, 0, "nothing is left to forget");
    }

    async fn wrong_workflows_are_refused_with_what_to_change(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (wrong, sentence) in [
            (json!({"status": "published", "name": "x"}), "has `actions`"),
            (json!({"name": "x", "actions": [{"type": "dance"}]}), "unknown variant `dance`"),
            (json!({"name": "x", "triggers": [{"type": "full_moon"}]}), "unknown variant `full_moon`"),
            (json!({"name": "x", "conditions": {"path": "a", "op": "~", "value": 1}}), "is not an operator"),
            (json!({"name": "x", "actions": [{"type": "set_priority", "data": {"priority": "URGENT"}}]}), "LOW, MEDIUM, HIGH"),
            (json!({"name": "x", "actions": [{"type": "wait", "data": {"seconds": 0}}]}), "`seconds` of an action"),
            (json!({"name": "x", "actions": [{"type": "reply", "data": {"content": "  "}}]}), "`content` of an action"),
            (json!({"name": "x", "actions": [{"type": "assign_team", "data": {"team": "ffffffffffffffffffffffff"}}]}), "is not there"),
            (json!({"name": "x", "actions": [{"type": "assign_user", "data": {"user": "ffffffffffffffffffffffff"}}]}), "there is no user"),
            (json!({"name": "x", "actions": [{"type": "send_email", "data": {"subject": "s", "content": "c"}}]}), "no mail server is configured"),
        ] {
            let answer = app.post(&project, "/v3/workflows", wrong).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
    }
}
