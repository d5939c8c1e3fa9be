//! What an admin sets up before work begins: looks, teams, views, templates, rules.

use std::collections::BTreeMap;

use axum::http::Method;
use hark_content::Document;
use hark_store::{Error, Id, Result};
use serde_json::{Value as Json, json};

use super::client::{Client, Who};

/// Teams with their short names in the story, and who works in them.
const TEAMS: &[(&str, &str, &[&str])] = &[
    ("care", "Garden care", &["rosemary", "alder"]),
    ("plots", "Plots and bugs", &["tansy", "alder"]),
    ("billing", "Billing", &["saffron", "rosemary"]),
];

/// Prepared answers: title and content in Markdown.
const TEMPLATES: &[(&str, &str)] = &[
    ("Greeting", "Hello {{session.name}}, thank you for writing to Marrowby!"),
    (
        "Where is my seed box?",
        "Your box leaves our barn on the first Tuesday of the season. With the number in the mail you can follow it **day by day**.",
    ),
    (
        "Ask for the version",
        "Could you tell me:\n\n1. Which device you use\n2. What is written at the bottom of *Account*",
    ),
    ("Refund is on its way", "I have sent the money back. Your bank shows it **within three working days**."),
    (
        "Mildew",
        "- Take off leaves with spots\n- Water in the morning, and only the soil\n- One part milk and nine parts water, twice a week",
    ),
    (
        "Closing",
        "I am closing this conversation. Write whenever something comes up, it opens again by itself. Happy gardening!",
    ),
];

/// Makes everything, and returns the teams by their short names.
pub(super) async fn furnish(
    client: &Client,
    admin: &Who,
    agents: &BTreeMap<&'static str, Id>,
) -> Result<BTreeMap<&'static str, Id>> {
    client.call(admin, Method::PUT, "/v3/projects/config", &looks()).await?;
    let mut teams = BTreeMap::new();
    for (short, name, members) in TEAMS {
        let members: Vec<&Id> = members.iter().filter_map(|member| agents.get(member)).collect();
        let team = json!({"name": name, "members": members, "assignmentMethod": "manual", "operatingHours": {
            "enabled": true, "timezone": "Europe/Berlin", "openingTimes": hours(),
        }});
        teams.insert(*short, made(&client.call(admin, Method::POST, "/v3/teams", &team).await?)?);
    }
    for ticket_type in types() {
        client.call(admin, Method::POST, "/v3/ticket-types", &ticket_type).await?;
    }
    for view in views(agents, &teams) {
        client.call(admin, Method::POST, "/v3/ticket-views", &view).await?;
    }
    for (title, content) in TEMPLATES {
        let content = Document::from_markdown(content).to_json();
        let template = json!({"title": title, "content": content, "isPublic": true});
        client.call(admin, Method::POST, "/v3/message-templates", &template).await?;
    }
    for segment in segments() {
        client.call(admin, Method::POST, "/v3/segments", &segment).await?;
    }
    for policy in policies() {
        client.call(admin, Method::POST, "/v3/sla-policies", &policy).await?;
    }
    for workflow in workflows(&teams) {
        client.call(admin, Method::POST, "/v3/workflows", &workflow).await?;
    }
    Ok(teams)
}

/// The id of what a call made.
fn made(answer: &Json) -> Result<Id> {
    let id = answer["id"].as_str().and_then(Id::parse);
    id.ok_or_else(|| Error::internal("something was made that has no id"))
}

fn looks() -> Json {
    json!({"flowConfig": {
        "color": "#1F7A4D", "headerColor": "#1F5C3D", "buttonColor": "#1F7A4D",
        "welcomeText": "How does your garden grow?", "subtitleText": "We answer within a few hours.",
        "enableWebReplays": true, "enableNetworkLogs": true,
    }, "projectActions": flows(), "translations": {"de": german()}})
}

/// What the messenger says to visitors who speak German.
fn german() -> Json {
    json!({
        "welcomeText": "Wie wächst Ihr Garten?", "subtitleText": "Wir antworten in wenigen Stunden.",
        "flow.bugreporting.title": "Fehler melden",
        "flow.bugreporting.description": "Etwas wächst nicht, wie es soll?",
        "flow.bugreporting.reportedBy.title": "Ihre Adresse",
        "flow.bugreporting.description.title": "Was ist passiert?",
        "flow.bugreporting.capture.title": "Zeigen Sie es uns",
        "flow.idea.title": "Idee teilen",
        "flow.idea.thanksTitle": "Gepflanzt!", "flow.idea.thanksText": "Wir melden uns, wenn daraus etwas wächst.",
        "flow.idea.title.title": "Ihre Idee in einer Zeile",
        "flow.idea.description.title": "Was würde es leichter machen?",
    })
}

/// What the home screen of the messenger offers besides a conversation.
fn flows() -> Json {
    json!({
        "bugreporting": {
            "title": "Report a bug", "feedbackType": "BUG", "icon": "bug", "kind": "form", "layout": "page", "home": true,
            "description": "Something does not grow as it should?",
            "form": [
                {"key": "reportedBy", "type": "email", "title": "Your address", "required": true, "hideIfKnown": true},
                {"key": "description", "type": "textarea", "title": "What happened?", "required": true},
                {"key": "capture", "type": "capture", "title": "Show us"},
            ],
        },
        "idea": {
            "title": "Share an idea", "feedbackType": "FEATURE_REQUEST", "icon": "idea", "kind": "form", "layout": "page",
            "home": true, "thanksTitle": "Planted!", "thanksText": "We will tell you when something grows out of it.",
            "form": [
                {"key": "title", "type": "text", "title": "Your idea in one line", "required": true},
                {"key": "description", "type": "textarea", "title": "What would it make easier?"},
            ],
        },
    })
}

fn segments() -> Vec<Json> {
    let segment = |name: &str, conditions: Json, columns: &[&str]| json!({"name": name, "conditions": conditions, "columns": columns, "isPublic": true, "sortBy": "-lastActivity"});
    let path = |path: &str, op: &str, value: Json| json!({"path": path, "op": op, "value": value});
    vec![
        segment(
            "Orchard gardeners",
            is("plan", json!("Orchard")),
            &["name", "companyName", "value", "lastActivity"],
        ),
        segment("German speakers", is("lang", json!("de")), &["name", "email", "plan", "lastActivity"]),
        segment("Big gardens", path("customData.beds", "gte", json!(15)), &["name", "plan", "lastActivity"]),
        segment(
            "Guests of this week",
            json!({"all": [path("email", "exists", json!(false)), path("lastActivity", "newerthan", json!({"days": 7}))]}),
            &["name", "lang", "lastActivity"],
        ),
    ]
}

fn hours() -> Json {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    days.iter().map(|day| json!({"day": day, "openingTime": "08:00", "closingTime": "18:00"})).collect()
}

fn types() -> Vec<Json> {
    let lanes = |lanes: &[(&str, &str, bool)]| -> Json {
        lanes.iter().map(|(id, title, closed)| json!({"id": id, "title": title, "closed": closed})).collect()
    };
    let open = ("OPEN", "Open", false);
    let doing = ("INPROGRESS", "In progress", false);
    let done = ("DONE", "Done", true);
    vec![
        json!({"type": "INQUIRY", "title": "Conversation", "lanes": lanes(&[open, doing, done])}),
        json!({"type": "BUG", "title": "Bug", "lanes": lanes(&[open, doing, ("REVIEW", "In review", false), done])}),
        json!({"type": "FEATURE_REQUEST", "title": "Idea", "lanes": lanes(&[open, ("PLANNED", "Planned", false), doing, done])}),
        json!({"type": "CRASH", "title": "Crash", "lanes": lanes(&[open, doing, done])}),
        json!({"type": "SURVEY", "title": "Survey", "lanes": lanes(&[open, done])}),
    ]
}

fn views(agents: &BTreeMap<&'static str, Id>, teams: &BTreeMap<&'static str, Id>) -> Vec<Json> {
    let view = |name: &str, conditions: Json, sources: &[&str]| {
        json!({"name": name, "conditions": conditions, "isPublic": true, "viewType": "list",
            "dataSources": sources, "sortBy": "-lastNotification"})
    };
    let open = json!({"path": "status", "op": "isnot", "value": "DONE"});
    let and = |more: Json| json!({ "all": [open, more] });
    let of_team = |team: &str| and(is("processingTeam", json!(teams.get(team))));
    let mine = |agent: &str| and(is("processingUser", json!(agents.get(agent))));
    vec![
        view("Rosemary's desk", mine("rosemary"), &[]),
        view("Billing", of_team("billing"), &[]),
        view("Urgent", and(is("priority", json!("HIGH"))), &[]),
        view("Open bugs", open.clone(), &["BUG", "CRASH"]),
        view("Late answers", and(is("slaBreached", json!(true))), &[]),
    ]
}

/// The condition that a property has a value.
fn is(property: &str, value: Json) -> Json {
    json!({"path": property, "op": "is", "value": value})
}

fn policies() -> Vec<Json> {
    let hours = |count: i64| count * 3_600;
    vec![
        json!({"name": "Orchard: within two hours", "order": 1, "conditions": is("session.plan", json!("Orchard")),
            "firstResponse": hours(2), "resolution": hours(24)}),
        json!({"name": "Everybody: within a day", "order": 2, "conditions": {}, "firstResponse": hours(8), "resolution": hours(72)}),
    ]
}

fn workflows(teams: &BTreeMap<&'static str, Id>) -> Vec<Json> {
    vec![
        json!({"name": "Bugs go to the plots team", "description": "Whoever reports a bug should not wait for a colleague who sorts.",
            "status": "published", "oncePerTicket": true, "triggers": [{"type": "ticket_created"}],
            "conditions": {"path": "type", "op": "in", "value": ["BUG", "CRASH"]},
            "actions": [{"type": "assign_team", "data": {"team": teams.get("plots")}}]}),
        json!({"name": "Late answers", "description": "What waits too long becomes urgent.",
            "status": "published", "triggers": [{"type": "sla_breached"}], "conditions": {},
            "actions": [{"type": "set_priority", "data": {"priority": "HIGH"}}, {"type": "add_tags", "data": {"tags": ["late"]}}]}),
        json!({"name": "Ask how it was", "description": "A day after a conversation was closed.",
            "status": "draft", "triggers": [{"type": "status_changed"}], "conditions": is("status", json!("DONE")),
            "actions": [{"type": "wait", "data": {"seconds": 86_400}}, {"type": "reply", "data": {"content": "How does it grow, {{session.name}}?"}}]}),
    ]
}
