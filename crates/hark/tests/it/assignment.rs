//! Assignment: tickets of a team go to its members, in turn, within limits, or wait until somebody can.

use hark_core::presence::{Member, enter, here, project_place};
use hark_store::Id;
use hark_test::{Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{self, Person};

async fn agents(app: &TestApp, project: &Project, count: usize) -> Vec<Person> {
    let mut agents = Vec::new();
    for number in 0..count {
        agents.push(people::member(app, project, &format!("agent{number}@example.com"), "DEFAULT").await);
    }
    agents
}

async fn team(app: &TestApp, project: &Project, method: &str, agents: &[Person], more: Json) -> String {
    let members: Vec<&str> = agents.iter().map(|agent| agent.id.as_str()).collect();
    let mut body = json!({"name": "Support", "assignmentMethod": method, "members": members});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let made = app.post(project, "/v3/teams", body).send().await.expect(200);
    made["id"].as_str().expect("an id").to_owned()
}

async fn ticket(app: &TestApp, project: &Project, team: &str) -> String {
    let made = app
        .post(project, "/v3/tickets", json!({"title": "x", "processingTeam": team}))
        .send()
        .await
        .expect(200);
    made["id"].as_str().expect("an id").to_owned()
}

/// Which of the agents has a ticket.
async fn holder(app: &TestApp, project: &Project, agents: &[Person], ticket: &str) -> Option<usize> {
    let ticket = app.get(project, &format!("/v3/tickets/{ticket}")).send().await.expect(200);
    agents.iter().position(|agent| ticket["processingUser"]["id"] == agent.id.as_str())
}

async fn holders(
    app: &TestApp,
    project: &Project,
    agents: &[Person],
    tickets: &[String],
) -> Vec<Option<usize>> {
    let mut holders = Vec::new();
    for ticket in tickets {
        holders.push(holder(app, project, agents, ticket).await);
    }
    holders
}

async fn close(app: &TestApp, project: &Project, ticket: &str) {
    app.put(project, &format!("/v3/tickets/{ticket}"), json!({"status": "DONE"})).send().await.expect(200);
}

/// Somebody has the project open, for less than a minute.
pub(crate) async fn online(app: &TestApp, project: &Project, user: &str) {
    let member = Member { who: user.to_owned(), info: json!({}) };
    let scope = app.app.store.operator_of(project.id.parse::<Id>().expect("an id")).await.expect("a scope");
    let arrive = move |tx: &mut hark_store::Tx<'_>| enter(tx, &here(&project_place(), "seat", &member));
    app.app.store.write(&scope, arrive).await.expect("somebody is there");
}

async fn set_available(app: &TestApp, project: &Project, agent: &Person, available: bool) -> Json {
    let call = agent.call_in(app, project, Method::PUT, "/v3/users/me/availability");
    call.json(json!({"available": available})).send().await.expect(200)
}

both! {
    async fn tickets_go_round(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 3).await;
        let team = team(&app, &project, "circular", &agents, json!({})).await;
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(ticket(&app, &project, &team).await);
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(0), Some(1), Some(2), Some(0)]);
        // Whoever takes none is left out, and the turn goes on behind.
        set_available(&app, &project, &agents[1], false).await;
        let next = ticket(&app, &project, &team).await;
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &next).await, Some(2));
        let timeline = app.get(&project, &format!("/v3/tickets/{next}/activity-logs")).send().await;
        assert!(timeline.body.contains("ASSIGN_TICKET"), "{}", timeline.body);
    }

    async fn the_one_with_the_fewest_open_tickets_is_next(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 2).await;
        let team = team(&app, &project, "balanced", &agents, json!({})).await;
        for _ in 0..3 {
            let body = json!({"title": "by hand", "processingUser": agents[0].id});
            app.post(&project, "/v3/tickets", body).send().await.expect(200);
        }
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(ticket(&app, &project, &team).await);
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(1), Some(1), Some(1), Some(0)]);
    }

    async fn closed_lanes_of_own_types_wait_for_nobody_and_count_for_nobody(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let lanes = json!([{"id": "new", "title": "New"}, {"id": "DONE", "title": "Paid"}, {"id": "bought", "title": "Bought", "closed": true}]);
        app.post(&project, "/v3/ticket-types", json!({"type": "PURCHASE", "title": "Purchase", "lanes": lanes})).send().await.expect(200);
        let agents = agents(&app, &project, 1).await;
        let limit = json!({"limitTicketAmount": true, "ticketAmount": 1});
        let team = team(&app, &project, "circular", &agents, limit).await;
        let mut made = Vec::new();
        for status in ["bought", "DONE", "new"] {
            let body = json!({"title": status, "type": "PURCHASE", "status": status, "processingTeam": team});
            let one = app.post(&project, "/v3/tickets", body).send().await.expect(200);
            made.push(one["id"].as_str().expect("an id").to_owned());
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &made).await, [None, Some(0), None]);
        // The next one is free as soon as the first is dealt with.
        let bought = json!({"status": "bought"});
        app.put(&project, &format!("/v3/tickets/{}", made[1]), bought).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &made).await, [None, Some(0), Some(0)]);
    }

    async fn what_nobody_can_take_waits_until_somebody_is_free(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 1).await;
        let team = team(&app, &project, "random", &agents, json!({"limitTicketAmount": true, "ticketAmount": 2})).await;
        let mut tickets = Vec::new();
        for _ in 0..4 {
            tickets.push(ticket(&app, &project, &team).await);
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(0), Some(0), None, None]);
        let queued = app.get(&project, "/v3/tickets?queued=true&sort=bugId").send().await.expect(200);
        assert_eq!((&queued["totalCount"], &queued["tickets"][0]["id"]), (&json!(2), &json!(tickets[2])));
        assert!(queued["tickets"][0]["queuedAt"].is_string());
        close(&app, &project, &tickets[0]).await;
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets[1..]).await, [Some(0), Some(0), None]);
        let taken = app.get(&project, &format!("/v3/tickets/{}", tickets[2])).send().await.expect(200);
        assert_eq!((&taken["queued"], taken.get("queuedAt")), (&json!(false), None));
        // A larger limit lets the rest go.
        app.put(&project, &format!("/v3/teams/{team}"), json!({"ticketAmount": 5})).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &tickets[3]).await, Some(0));
    }

    async fn only_who_is_there_gets_tickets_if_the_team_says_so(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 2).await;
        let team = team(&app, &project, "circular", &agents, json!({"selectOnlyOnlineMembers": true})).await;
        let first = ticket(&app, &project, &team).await;
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &first).await, None);
        online(&app, &project, &agents[1].id).await;
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &first).await, Some(1));
    }

    async fn agents_say_whether_they_take_tickets(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let elsewhere = app.sibling(&project).await;
        let agents = agents(&app, &project, 1).await;
        let team = team(&app, &project, "balanced", &agents, json!({})).await;
        assert_eq!(set_available(&app, &project, &agents[0], false).await, json!({"available": false, "online": false}));
        let waiting = ticket(&app, &project, &team).await;
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &waiting).await, None);
        let owner = people::owner(&app, &project).await;
        let there = owner.call_in(&app, &elsewhere, Method::GET, "/v3/users/me/availability").send().await.expect(200);
        assert_eq!(there["available"], json!(true));
        assert_eq!(set_available(&app, &project, &agents[0], true).await["available"], json!(true));
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &waiting).await, Some(0));
    }

    async fn who_left_the_project_gets_nothing(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 2).await;
        let team = team(&app, &project, "circular", &agents, json!({})).await;
        app.delete(&project, &format!("/v3/projects/users/{}", agents[0].id)).send().await.expect(200);
        let mut tickets = Vec::new();
        for _ in 0..2 {
            tickets.push(ticket(&app, &project, &team).await);
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(1), Some(1)]);
    }

    async fn who_leaves_hands_over_the_tickets_and_is_in_no_team(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 2).await;
        let both = team(&app, &project, "circular", &agents, json!({})).await;
        let alone = team(&app, &project, "random", &agents[..1], json!({"name": "Alone"})).await;
        let mut tickets = Vec::new();
        for of in [&both, &both, &alone] {
            tickets.push(ticket(&app, &project, of).await);
        }
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(0), Some(1), Some(0)]);
        close(&app, &project, &tickets[1]).await;
        app.delete(&project, &format!("/v3/projects/users/{}", agents[0].id)).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(holders(&app, &project, &agents, &tickets).await, [Some(1), Some(1), None]);
        let waiting = app.get(&project, "/v3/tickets?queued=true").send().await.expect(200);
        assert_eq!((&waiting["totalCount"], &waiting["tickets"][0]["id"]), (&json!(1), &json!(tickets[2])));
        let teams = app.get(&project, "/v3/teams").send().await.expect(200);
        for (of, members) in [(both, json!([agents[1].id])), (alone, json!([]))] {
            let now = teams.as_array().and_then(|teams| teams.iter().find(|team| team["id"] == of.as_str()));
            assert_eq!(now.map(|team| &team["members"]), Some(&members));
        }
    }

    async fn who_leaves_the_organisation_leaves_all_its_projects(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let elsewhere = app.sibling(&project).await;
        let agents = agents(&app, &project, 1).await;
        let owner = people::owner(&app, &project).await;
        let organisation = app.get(&project, "/v3/projects/current").send().await.expect(200)["organisation"].clone();
        let organisation = organisation.as_str().expect("an id").to_owned();
        let invite = owner.call(&app, Method::POST, &format!("/v3/invitations/organisations/{organisation}"));
        let invited = invite.json(json!({"emails": [agents[0].email], "role": "ADMIN"})).send().await.expect(200);
        people::accept(&app, &agents[0], invited[0]["id"].as_str().expect("an id")).await;
        let mut held = Vec::new();
        for place in [&project, &elsewhere] {
            team(&app, place, "manual", &agents, json!({})).await;
            let body = json!({"title": "x", "processingUser": agents[0].id});
            held.push(app.post(place, "/v3/tickets", body).send().await.expect(200)["id"].as_str().expect("an id").to_owned());
        }
        let member = format!("/v3/organisations/{organisation}/users/{}", agents[0].id);
        // With a lower role it works in one of the two only.
        owner.call(&app, Method::PUT, &member).json(json!({"role": "DEFAULT"})).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &held[0]).await, Some(0));
        assert_eq!(holder(&app, &elsewhere, &agents, &held[1]).await, None);
        owner.call(&app, Method::DELETE, &member).send().await.expect(200);
        app.run_jobs().await;
        assert_eq!(holder(&app, &project, &agents, &held[0]).await, None);
        for place in [&project, &elsewhere] {
            assert_eq!(app.get(place, "/v3/teams").send().await.expect(200)[0]["members"], json!([]));
        }
    }

    async fn who_takes_tickets_again_gets_what_waits(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 1).await;
        let team = team(&app, &project, "circular", &agents, json!({})).await;
        let set = async |body: Json| {
            let path = format!("/v3/users/{}", agents[0].id);
            agents[0].call(&app, Method::PUT, &path).json(body).send().await.expect(200);
            app.run_jobs().await;
        };
        for (away, back) in [
            (json!({"available": false}), json!({"available": true})),
            (json!({"unavailableProjects": [project.id]}), json!({"unavailableProjects": []})),
        ] {
            set(away).await;
            let waiting = ticket(&app, &project, &team).await;
            app.run_jobs().await;
            assert_eq!(holder(&app, &project, &agents, &waiting).await, None);
            set(back).await;
            assert_eq!(holder(&app, &project, &agents, &waiting).await, Some(0));
        }
    }

    async fn many_tickets_at_once_are_handed_out_evenly(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let agents = agents(&app, &project, 3).await;
        let team = team(&app, &project, "circular", &agents, json!({"limitTicketAmount": true, "ticketAmount": 10})).await;
        let create = |_: usize| {
            let body = json!({"title": "x", "processingTeam": team});
            app.post(&project, "/v3/tickets", body).send()
        };
        let made = futures_util::future::join_all((0..36).map(create)).await;
        assert!(made.iter().all(|answer| answer.status.as_u16() == 200));
        app.run_jobs().await;
        for agent in &agents {
            let held = app.get(&project, &format!("/v3/tickets?processingUser={}", agent.id)).send().await.expect(200);
            assert_eq!(held["totalCount"], json!(10));
        }
        let waiting = app.get(&project, "/v3/tickets?queued=true").send().await.expect(200);
        assert_eq!(waiting["totalCount"], json!(6));
    }
}
