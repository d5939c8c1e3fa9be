//! `hark demo`: a made-up company in an empty project, made as if its people had worked for two weeks.

use hark_deliver::egress::Method;
use hark_test::{Scratch, both};
use serde_json::{Value as Json, json};

use crate::process::{Server, errors, hark, json};

/// What there is under a path, as the project's token sees it.
async fn get(server: &Server, setup: &Json, path: &str) -> Json {
    server.expect(Method::GET, path, setup, None).await
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
        let made = json(&scratch, &["demo", "--contacts", "40", "--tickets", "140"]);
        assert_eq!((&made["contacts"], &made["tickets"]), (&json!(40), &json!(140)));
        assert_eq!(list(&made["agents"]).len(), 3);
        let server = Server::start(&scratch);

        let tickets = get(&server, &setup, "/v3/tickets?limit=300").await;
        assert_eq!(tickets["count"], 140);
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
        assert_eq!(contacts.len(), 40);
        assert!(contacts.iter().all(|contact| contact["email"].as_str().is_some_and(|email| email.ends_with(".example"))));
        for (path, least) in [
            ("/v3/teams", 3), ("/v3/ticket-views", 5), ("/v3/message-templates", 6), ("/v3/sla-policies", 2), ("/v3/workflows", 3),
            ("/v3/ticket-types", 4),
        ] {
            assert!(list(&get(&server, &setup, path).await).len() >= least, "{path}");
        }

        // The people are who they say, and nobody stays signed in from the time before.
        let agent = &made["agents"][0];
        let signed_in = server.expect(Method::POST, "/v3/users/login", &setup, Some(agent)).await;
        assert_eq!(signed_in["user"]["firstName"], "Alder");
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
