//! What the people of the company do besides answering: settings that they change over time, and what they note
//! about contacts. Each is one call of the API.

use axum::http::Method;
use hark_content::Document;
use hark_store::Millis;
use serde_json::{Value as Json, json};

const DAY: Millis = 24 * 60 * 60 * 1_000;

/// What is half written when the story ends: by whom, and how far.
pub(super) const DRAFTS: &[(&str, &str)] = &[
    ("rosemary", "Hello {first}, I have looked at your plan together with Tansy, and"),
    ("alder", "Hi {first}! The courier writes that"),
    ("rosemary", "Dear {first}, thank you for waiting. There are two ways to do this:\n\n1. Move the bed to"),
    ("saffron", "Good morning {first}, the invoice is"),
    ("tansy", "Hello {first}, I can see it in the recording now:"),
];

/// A call that somebody makes.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    /// How long before the end of the story.
    pub(super) before: Millis,
    /// Who makes it.
    pub(super) by: &'static str,
    /// The number of the contact that it is about, if it is about one.
    pub(super) about: Option<usize>,
    pub(super) method: Method,
    /// `{contact}` stands for the id of the contact.
    pub(super) path: &'static str,
    pub(super) body: Json,
}

/// Everything that is done, in no order. The contacts are among the first, who are there from the first day on.
pub(super) fn errands() -> Vec<Errand> {
    let mut all = settings();
    all.extend(notes());
    all.extend(memories());
    all.extend(mornings());
    all
}

/// Everybody begins the last day with nothing unread.
fn mornings() -> Vec<Errand> {
    let morning = |by: &'static str| Errand {
        before: 9 * 60 * 60 * 1_000,
        by,
        about: None,
        method: Method::PUT,
        path: "/v3/notifications/read",
        body: json!({"all": true}),
    };
    ["rosemary", "alder", "saffron", "tansy"].map(morning).into()
}

fn settings() -> Vec<Errand> {
    let setting = |days: Millis, by: &'static str, method: Method, path: &'static str, body: Json| Errand {
        before: days * DAY - 3 * 60 * 60 * 1_000,
        by,
        about: None,
        method,
        path,
        body,
    };
    vec![
        setting(
            64,
            "rosemary",
            Method::PUT,
            "/v3/projects/config",
            json!({"flowConfig": {"subtitleText": "We answer within a few hours, in the season a little later."}}),
        ),
        // Switched off: nobody answers there.
        setting(
            27,
            "rosemary",
            Method::POST,
            "/v3/webhooks",
            json!({"name": "Packing list in the barn", "url": "https://hooks.marrowby.example/seed-boxes", "enabled": false,
                "events": ["ticket.created", "ticket.updated"], "filters": {"ticketTypes": ["INQUIRY"]}}),
        ),
        setting(
            19,
            "rosemary",
            Method::POST,
            "/v3/tokens",
            json!({"name": "Harvest statistics", "role": "DEFAULT"}),
        ),
        setting(
            12,
            "rosemary",
            Method::PUT,
            "/v3/projects/config",
            json!({"projectActions": {"harvest": survey()}}),
        ),
    ]
}

/// Asked at the end of the season; the page asks for it, not the home screen.
fn survey() -> Json {
    json!({
        "title": "How was your harvest?", "feedbackType": "SURVEY", "icon": "star", "kind": "survey", "layout": "steps",
        "home": false, "thanksTitle": "Thank you!", "thanksText": "May the slugs stay away.",
        "form": [
            {"key": "stars", "type": "rating", "title": "How was your harvest with Marrowby?", "required": true},
            {"key": "score", "type": "scale", "title": "Would you recommend us to a neighbour?", "required": true,
                "min": 0, "max": 10, "lowLabel": "Never", "highLabel": "Over every fence"},
            {"key": "description", "type": "textarea", "title": "What should be better next year?",
                "conditions": {"rules": [{"key": "score", "op": "less", "value": 9}]}},
        ],
    })
}

/// What agents note about contacts: days ago, who, about whom, what sort, title, and text in Markdown.
const NOTES: &[(Millis, &str, usize, &str, &str, &str)] = &[
    (
        48,
        "saffron",
        0,
        "default",
        "Pays by invoice",
        "The society pays **once a year** and wants a paper invoice.",
    ),
    (
        21,
        "rosemary",
        0,
        "phone_call",
        "Called about the new plots",
        "Twelve more beds behind the orchard in spring. Would like a tour of the planner in February.",
    ),
    (
        33,
        "alder",
        1,
        "default",
        "Slow line in the garden",
        "Uploads from the shed stop half way. Ask for *small* photos, or wait until the evening.",
    ),
    (
        16,
        "rosemary",
        2,
        "meeting",
        "Met at the seed fair",
        "- Runs a school garden with four colleagues\n- Likes the calendar, misses a printed one\n- Would talk about us in the next newsletter",
    ),
    (
        9,
        "tansy",
        3,
        "default",
        "Good at reporting bugs",
        "Sends recordings without being asked. Worth a thank-you packet.",
    ),
    (
        5,
        "alder",
        4,
        "phone_call",
        "Wants to move house",
        "Garden moves to another station in March; set it by hand then.",
    ),
    (2, "saffron", 5, "default", "Refund of last month", "Was charged twice, the money went back on Monday."),
];

fn notes() -> Vec<Errand> {
    let note =
        |(days, by, about, sort, title, text): &(Millis, &'static str, usize, &str, &str, &str)| Errand {
            before: days * DAY + 2 * 60 * 60 * 1_000,
            by,
            about: Some(*about),
            method: Method::POST,
            path: "/v3/notes",
            body: json!({"title": title, "type": sort, "associatedEntity": "{contact}",
            "content": Document::from_markdown(text).to_json()}),
        };
    NOTES.iter().map(note).collect()
}

/// What is remembered of contacts: days ago, about whom, name, description and text.
const MEMORIES: &[(Millis, usize, &str, &str, &str)] = &[
    (52, 0, "garden", "How the garden lies", "South slope, heavy soil, no water nearer than the pump house."),
    (30, 0, "tone", "How they like to be written to", "Short and by first name; never before nine."),
    (41, 1, "devices", "What they use", "An old tablet in the shed, a phone on the way, no computer."),
    (
        18,
        2,
        "school year",
        "When they can be reached",
        "Not in the holidays. The garden club meets on Wednesdays at three.",
    ),
    (
        11,
        3,
        "planner",
        "What they are good at",
        "Knows rotation by heart and explains it to others in the community.",
    ),
    (6, 4, "goals", "What they want next year", "Fewer courgettes, more herbs, and nothing that slugs like."),
];

fn memories() -> Vec<Errand> {
    let memory = |(days, about, name, description, content): &(Millis, usize, &str, &str, &str)| Errand {
        before: days * DAY + 5 * 60 * 60 * 1_000,
        by: "rosemary",
        about: Some(*about),
        method: Method::POST,
        path: "/v3/sessions/{contact}/memory",
        body: json!({"name": name, "description": description, "content": content}),
    };
    MEMORIES.iter().map(memory).collect()
}
