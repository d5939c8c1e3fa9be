//! `hark demo`: a made-up company in an empty project, made as if its people had worked for two weeks.

use hark_deliver::egress::Method;
use hark_query::dates::format_date;
use hark_store::Clock;
use hark_test::{Scratch, both};
use serde_json::{Value as Json, json};

use crate::process::{Server, errors, hark, json};

/// What there is under a path, as the project's token sees it.
async fn get(server: &Server, setup: &Json, path: &str) -> Json {
    server.expect(Method::GET, path, setup, None).await
}

/// A text as the value of a parameter.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn list(value: &Json) -> &[Json] {
    value.as_array().expect("a list")
}

/// Runs a command that must fail with these words.
#[track_caller]
fn fails(scratch: &Scratch, arguments: &[&str], words: &str) {
    let output = hark(scratch, arguments).output().expect("the program starts");
    let told = errors(&output);
    assert!(!output.status.success() && told.contains(words), "{arguments:?}: {told}");
}

both! {
    async fn the_company_has_everything_that_a_newcomer_wants_to_see(scratch: Scratch) {
        let setup = json(&scratch, &["init"]);
        let made = json(&scratch, &["demo", "--contacts", "40", "--tickets", "90"]);
        assert_eq!((&made["contacts"], &made["guests"], &made["tickets"]), (&json!(40), &json!(4), &json!(90)));
        assert_eq!(list(&made["agents"]).len(), 3);
        let server = Server::start(&scratch);

        let tickets = get(&server, &setup, "/v3/tickets?limit=300").await;
        assert_eq!(tickets["count"], 90);
        let tickets = list(&tickets["tickets"]);
        let with = |property: &str, value: Json| tickets.iter().filter(|ticket| ticket[property] == value).count();
        for (property, value) in [
            ("type", json!("INQUIRY")), ("type", json!("BUG")), ("type", json!("FEATURE_REQUEST")), ("type", json!("CRASH")),
            ("status", json!("OPEN")), ("status", json!("INPROGRESS")), ("status", json!("DONE")),
            ("priority", json!("HIGH")), ("snoozed", json!(true)), ("archived", json!(true)), ("slaBreached", json!(true)),
            ("conversationRating", json!(5)), ("notificationsUnread", json!(true)),
        ] {
            assert!(with(property, value.clone()) > 0, "no ticket has {property} {value}");
        }
        for property in ["processingUser", "processingTeam"] {
            assert!(tickets.iter().any(|ticket| ticket[property].is_object()), "no ticket has a {property}");
        }

        // A report has what it takes to understand it, and the recording is one that plays.
        let bug = tickets.iter().find(|ticket| ticket["hasWebReplay"] == true).expect("a report with a recording");
        let of_bug = |what: &str| format!("/v3/tickets/{}/{what}", bug["id"].as_str().expect("an id"));
        let replay = get(&server, &setup, &of_bug("replay")).await;
        assert_eq!((&replay["events"][0]["type"], &replay["events"][1]["type"]), (&json!(4), &json!(2)));
        assert!(list(&get(&server, &setup, &of_bug("console-logs")).await).iter().any(|line| line["priority"] == "ERROR"));
        assert!(list(&get(&server, &setup, &of_bug("network-logs")).await).len() > 5);
        assert!(bug["screenshotUrl"].as_str().is_some_and(|url| url.starts_with("http://media.")), "{bug}");

        let contacts = list(&get(&server, &setup, "/v3/sessions?limit=100").await).to_vec();
        let (contacts, guests): (Vec<&Json>, Vec<&Json>) = contacts.iter().partition(|contact| contact["userId"].is_string());
        assert_eq!((contacts.len(), guests.len()), (40, 4));
        assert!(guests.iter().all(|guest| guest["email"].as_str().is_none_or(str::is_empty)));
        assert!(contacts.iter().all(|contact| contact["email"].as_str().is_some_and(|email| email.ends_with(".example"))));
        for (path, least) in [
            ("/v3/teams", 3), ("/v3/ticket-views", 5), ("/v3/message-templates", 6), ("/v3/sla-policies", 2), ("/v3/workflows", 3),
            ("/v3/ticket-types", 5), ("/v3/segments", 4), ("/v3/webhooks", 1), ("/v3/notes", 7),
        ] {
            assert!(list(&get(&server, &setup, path).await).len() >= least, "{path}");
        }
        for segment in list(&get(&server, &setup, "/v3/segments").await) {
            // Pages say themselves when "the last seven days" began.
            let conditions = segment["conditions"].to_string();
            let week = json!(format_date(Clock::real().now() - 7 * 24 * 60 * 60 * 1_000));
            let conditions = conditions.replace(r#""newerthan","value":{"days":7}"#, &format!(r#""after","value":{week}"#));
            let conditions = encoded(&conditions);
            let members = get(&server, &setup, &format!("/v3/sessions?limit=100&filter={conditions}")).await;
            assert!((1..44).contains(&list(&members).len()), "{segment} has {} members", list(&members).len());
        }
        let webhooks = get(&server, &setup, "/v3/webhooks").await;
        assert!(list(&webhooks).iter().all(|webhook| webhook["enabled"] == false), "{webhooks}");
        let flows = get(&server, &setup, "/v3/projects/config").await["projectActions"].clone();
        let kinds: Vec<&Json> = flows.as_object().into_iter().flatten().map(|(_, flow)| &flow["feedbackType"]).collect();
        assert_eq!(kinds, ["BUG", "SURVEY", "FEATURE_REQUEST"]);

        // Whoever wrote did something before, and those who come often have a life with weeks in it.
        for ticket in tickets.iter().filter(|ticket| ticket["session"].is_object()).take(5) {
            let path = format!("/v3/sessions/{}/activities?limit=60", ticket["session"]["id"].as_str().expect("an id"));
            let events = get(&server, &setup, &path).await;
            assert!(list(&events).iter().filter(|one| one["type"] == "event").count() >= 3, "{events}");
        }
        let regular = contacts.iter().find(|contact| contact["userId"] == "grower-1001").expect("the first contact");
        let of_regular = |what: &str| format!("/v3/sessions/{}/{what}", regular["id"].as_str().expect("an id"));
        let life = get(&server, &setup, &of_regular("activities?limit=100")).await;
        let days: std::collections::BTreeSet<&str> = list(&life).iter().filter_map(|one| one["date"].as_str()?.get(..10)).collect();
        assert!(list(&life).len() > 50 && days.len() > 8, "{life}");
        assert_eq!(list(&get(&server, &setup, &of_regular("memory")).await).len(), 2);

        // What was done later stands later, whatever wrote it down when.
        let audit = get(&server, &setup, "/v3/audit-log?order=newest&limit=100").await;
        let moments: Vec<i64> = list(&audit).iter().filter_map(|entry| entry["at"].as_i64()).collect();
        assert!(moments.len() > 15 && moments.is_sorted_by(|a, b| a >= b), "{audit}");
        assert!(list(&audit).iter().any(|entry| entry["action"] == "webhook.created"), "{audit}");

        // The people are who they say, and nobody stays signed in from the time before.
        let agent = &made["agents"][0];
        let signed_in = server.expect(Method::POST, "/v3/users/login", &setup, Some(agent)).await;
        assert_eq!(signed_in["user"]["firstName"], "Alder");
        let mut keys = setup.clone();
        keys["apiToken"] = signed_in["token"].clone();
        let mut drafts = 0;
        for ticket in tickets.iter().filter(|ticket| ticket["status"] != "DONE") {
            let path = format!("/v3/message-drafts?ticket={}", ticket["id"].as_str().expect("an id"));
            drafts += list(&get(&server, &keys, &path).await).len();
        }
        assert_eq!(drafts, 1);
        let told = get(&server, &keys, "/v3/notifications?limit=100").await;
        let unread = told["unread"].as_u64().expect("a count");
        assert!((1..30).contains(&unread), "an agent begins with {unread} unread notifications");
    }

    async fn the_company_is_founded_once(scratch: Scratch) {
        fails(&scratch, &["demo"], "run `hark init` first");
        json(&scratch, &["init"]);
        fails(&scratch, &["demo", "--contacts", "3"], "between 10 and");
        json(&scratch, &["demo", "--contacts", "10", "--tickets", "2"]);
        fails(&scratch, &["demo", "--contacts", "10", "--tickets", "2"], "has contacts or tickets already");
        // Another project may have one as well, with the same people.
        let other = json(&scratch, &["project", "create", "--name", "Second"]);
        let id = other["project"]["id"].as_str().expect("an id");
        let made = json(&scratch, &["demo", "--project", id, "--contacts", "10", "--tickets", "0"]);
        assert_eq!(made["project"], other["project"]["id"]);
    }
}
