//! Service levels: answers and solutions are due in working time, to the second, and late ones are told.

use hark_query::dates::parse_date;
use hark_test::{Project, TestApp, both};
use serde_json::{Value as Json, json};

fn id(document: &Json) -> String {
    document["id"].as_str().expect("an id").to_owned()
}

async fn made(app: &TestApp, project: &Project, path: &str, body: Json) -> String {
    id(&app.post(project, path, body).send().await.expect(200))
}

async fn clocks(app: &TestApp, project: &Project, ticket: &str) -> Json {
    app.get(project, &format!("/v3/tickets/{ticket}/sla")).send().await.expect(200)
}

async fn change(app: &TestApp, project: &Project, ticket: &str, body: Json) {
    app.put(project, &format!("/v3/tickets/{ticket}"), body).send().await.expect(200);
}

async fn is_flagged(app: &TestApp, project: &Project, ticket: &str) -> bool {
    app.get(project, &format!("/v3/tickets/{ticket}")).send().await.expect(200)["slaBreached"] == true
}

fn moment(value: &Json) -> i64 {
    value.as_str().and_then(parse_date).expect("a moment")
}

/// Moves the clock to a moment.
fn set(app: &TestApp, date: &str) {
    app.clock.advance(parse_date(date).expect("a date") - app.clock.now());
}

both! {
    async fn a_ticket_is_flagged_in_the_second_in_which_it_is_late(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let session = made(&app, &project, "/v3/sessions", json!({"userId": "u-1", "sla": 3600})).await;
        let alarm = made(&app, &project, "/v3/workflows", json!({
            "name": "Alarm", "status": "published", "triggers": [{"type": "sla_breached"}],
            "actions": [{"type": "set_priority", "data": {"priority": "HIGH"}}],
        })).await;
        let late = made(&app, &project, "/v3/tickets", json!({"title": "Late", "session": session})).await;
        let answered = made(&app, &project, "/v3/tickets", json!({"title": "In time", "session": session})).await;
        let due = moment(&clocks(&app, &project, &late).await["firstResponse"]["dueAt"]);
        assert_eq!(due, app.clock.now() + 3_600_000);
        app.clock.advance(3_599_999);
        app.run_jobs().await;
        app.post(&project, "/v3/messages", json!({"ticket": answered, "comment": "Hello"})).send().await.expect(200);
        assert!(!is_flagged(&app, &project, &late).await);
        app.clock.advance(1);
        app.run_jobs().await;
        assert!(is_flagged(&app, &project, &late).await);
        assert!(!is_flagged(&app, &project, &answered).await);
        let clock = clocks(&app, &project, &late).await["firstResponse"].clone();
        assert_eq!((moment(&clock["breachedAt"]), clock.get("dueAt")), (due, None));
        assert!(clocks(&app, &project, &answered).await["firstResponse"]["metAt"].is_string());
        let ticket = app.get(&project, &format!("/v3/tickets/{late}")).send().await.expect(200);
        assert_eq!(ticket["priority"], json!("HIGH"), "the workflow heard of it");
        let runs = app.get(&project, &format!("/v3/workflows/{alarm}/runs")).send().await.expect(200);
        assert_eq!(runs.as_array().map(Vec::len), Some(1));
        assert_eq!(app.run_jobs().await, 0, "no timer is left");
    }

    async fn clocks_count_the_working_time_of_the_team(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let day = |day: &str| json!({"day": day, "openingTime": "09:00", "closingTime": "17:00"});
        let hours = json!({
            "enabled": true, "timezone": "Europe/Vienna", "openingTimes": [day("thursday"), day("friday"), day("monday")],
            "holidays": ["2026-11-23"],
        });
        let team = made(&app, &project, "/v3/teams", json!({
            "name": "Support", "assignmentMethod": "manual", "members": [], "slaOptions": {"defaultSla": 7200}, "operatingHours": hours,
        })).await;
        // Friday, 16:00 in Vienna: an hour is left, and Monday is a holiday.
        set(&app, "2026-11-20T15:00:00.500Z");
        let ticket = made(&app, &project, "/v3/tickets", json!({"title": "x"})).await;
        assert_eq!(clocks(&app, &project, &ticket).await.get("firstResponse"), None);
        change(&app, &project, &ticket, json!({"processingTeam": team})).await;
        let due = &clocks(&app, &project, &ticket).await["firstResponse"]["dueAt"];
        assert_eq!(due, "2026-11-26T09:00:00.500Z");
        for (wrong, sentence) in [
            (json!({"timezone": "Vienna"}), "the name of a time zone"),
            (json!({"holidays": ["Christmas"]}), "days such as 2026-12-25"),
        ] {
            let answer = app.put(&project, &format!("/v3/teams/{team}"), json!({"operatingHours": wrong})).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
    }

    async fn clocks_are_right_over_a_change_of_the_clocks(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let team = async |times: &[(&str, &str, &str)]| {
            let opening = |(day, opens, closes): &(&str, &str, &str)| json!({"day": day, "openingTime": opens, "closingTime": closes});
            let times: Vec<Json> = times.iter().map(opening).collect();
            made(&app, &project, "/v3/teams", json!({
                "name": "Support", "assignmentMethod": "manual", "members": [], "slaOptions": {"defaultSla": 7200},
                "operatingHours": {"enabled": true, "timezone": "Europe/Vienna", "openingTimes": times},
            })).await
        };
        let office = team(&[("saturday", "09:00", "17:00"), ("sunday", "09:00", "17:00")]).await;
        let night = team(&[("saturday", "22:00", "03:30"), ("sunday", "09:00", "17:00")]).await;
        // Two hours of work from these moments on, over nights in which an hour is missing or there twice.
        for (team, opened, due) in [
            // From 00:30 to 02:00, which is 03:00, and on to 03:30.
            (&night, "2026-03-28T23:30:00.000Z", "2026-03-29T01:30:00.000Z"),
            // From 01:30 to 03:00, which is 02:00, and on to 02:30.
            (&night, "2026-10-24T23:30:00.000Z", "2026-10-25T01:30:00.000Z"),
            // The last half hour of Saturday, and the rest from Sunday, 09:00.
            (&office, "2027-03-27T15:30:00.000Z", "2027-03-28T08:30:00.000Z"),
            (&office, "2027-10-30T14:30:00.000Z", "2027-10-31T09:30:00.000Z"),
        ] {
            set(&app, opened);
            let ticket = made(&app, &project, "/v3/tickets", json!({"title": "x", "processingTeam": team})).await;
            assert_eq!(clocks(&app, &project, &ticket).await["firstResponse"]["dueAt"], due, "{opened}");
            app.clock.advance(moment(&json!(due)) - app.clock.now() - 1);
            app.run_jobs().await;
            assert!(!is_flagged(&app, &project, &ticket).await, "{opened}");
            app.clock.advance(1);
            app.run_jobs().await;
            assert!(is_flagged(&app, &project, &ticket).await, "{opened}");
        }
    }

    async fn a_closed_lane_of_any_name_solves_a_ticket(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        made(&app, &project, "/v3/ticket-types", json!({"type": "PURCHASE", "title": "Purchase", "lanes": [
            {"id": "new", "title": "New"}, {"id": "DONE", "title": "Paid"}, {"id": "bought", "title": "Bought", "closed": true}]})).await;
        made(&app, &project, "/v3/sla-policies", json!({"name": "All", "resolution": 60})).await;
        let bought = made(&app, &project, "/v3/tickets", json!({"title": "A", "type": "PURCHASE"})).await;
        change(&app, &project, &bought, json!({"status": "bought"})).await;
        assert!(clocks(&app, &project, &bought).await["resolution"]["metAt"].is_string());
        let paid = made(&app, &project, "/v3/tickets", json!({"title": "B", "type": "PURCHASE", "status": "DONE"})).await;
        app.clock.advance(61_000);
        app.run_jobs().await;
        assert!(!is_flagged(&app, &project, &bought).await);
        assert!(is_flagged(&app, &project, &paid).await, "a lane that is called DONE and is open");
        // Becoming another type, in which its status is an open one, it is dealt with no more.
        made(&app, &project, "/v3/ticket-types", json!({"type": "ORDER", "title": "Order", "lanes": [{"id": "bought", "title": "Bought"}]})).await;
        change(&app, &project, &bought, json!({"type": "ORDER"})).await;
        let now = app.get(&project, &format!("/v3/tickets/{bought}")).send().await.expect(200);
        assert_eq!(now.get("closedAt"), None);
    }

    async fn clocks_pause_while_a_ticket_sleeps_or_waits_and_go_on(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let policy = json!({
            "name": "Gold", "conditions": {"path": "session.plan", "op": "is", "value": "gold"},
            "firstResponse": 600, "resolution": 3600, "pauseStatuses": ["WAITING"],
        });
        made(&app, &project, "/v3/sla-policies", policy).await;
        let never = json!({"name": "Never", "order": -1, "conditions": {"path": "type", "op": "is", "value": "NONE"}, "resolution": 1});
        made(&app, &project, "/v3/sla-policies", never).await;
        let gold = made(&app, &project, "/v3/sessions", json!({"userId": "u-1", "plan": "gold"})).await;
        let other = made(&app, &project, "/v3/tickets", json!({"title": "Not gold"})).await;
        assert_eq!(clocks(&app, &project, &other).await.get("resolution"), None);
        let ticket = made(&app, &project, "/v3/tickets", json!({"title": "Gold", "session": gold})).await;
        let start = app.clock.now();
        app.clock.advance(100_000);
        change(&app, &project, &ticket, json!({"status": "WAITING"})).await;
        assert_eq!(clocks(&app, &project, &ticket).await["firstResponse"].get("dueAt"), None);
        // Agents are told of the new tickets.
        app.run_jobs().await;
        app.clock.advance(86_400_000);
        assert_eq!(app.run_jobs().await, 0, "nothing is due while it waits");
        change(&app, &project, &ticket, json!({"status": "OPEN"})).await;
        let now = clocks(&app, &project, &ticket).await;
        assert_eq!(moment(&now["firstResponse"]["dueAt"]), start + 86_400_000 + 600_000);
        change(&app, &project, &ticket, json!({"snoozed": true})).await;
        app.clock.advance(50_000);
        change(&app, &project, &ticket, json!({"snoozed": false})).await;
        let now = clocks(&app, &project, &ticket).await;
        assert_eq!(moment(&now["resolution"]["dueAt"]), start + 86_450_000 + 3_600_000);
        app.clock.advance(3_600_000);
        app.run_jobs().await;
        let now = clocks(&app, &project, &ticket).await;
        assert_eq!(moment(&now["firstResponse"]["breachedAt"]), start + 86_450_000 + 600_000);
        assert!(moment(&now["resolution"]["breachedAt"]) <= app.clock.now());
        change(&app, &project, &ticket, json!({"status": "DONE"})).await;
        assert!(clocks(&app, &project, &ticket).await["resolution"]["metAt"].is_string());
        app.delete(&project, &format!("/v3/tickets/{ticket}")).send().await.expect(200);
        // What is left to do once it is gone: to sweep up its words.
        app.clock.advance(600_000);
        app.run_jobs().await;
        app.clock.advance(3_600_000);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn wrong_policies_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (wrong, sentence) in [
            (json!({"name": "x"}), "needs `firstResponse` or `resolution`"),
            (json!({"name": "x", "resolution": 0}), "a number of seconds"),
            (json!({"name": "x", "resolution": 5, "conditions": {"path": "a", "op": "?"}}), "is not an operator"),
            (json!({"name": "x", "resolution": 5, "operatingHours": {"timezone": "x"}}), "the name of a time zone"),
        ] {
            let answer = app.post(&project, "/v3/sla-policies", wrong).send().await.expect(400);
            assert!(answer["message"].as_str().is_some_and(|text| text.contains(sentence)), "{answer}");
        }
    }
}
