//! Who is in the story: contacts with names out of a garden, made of numbers and always the same.

use hark_query::dates::format_date;
use hark_store::{Body, Millis, to_body};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

const FIRST: &[&str] = &[
    "Juniper",
    "Basil",
    "Clementine",
    "Hazel",
    "Ivy",
    "Linden",
    "Marigold",
    "Olive",
    "Poppy",
    "Rowan",
    "Sage",
    "Sorrel",
    "Violet",
    "Willow",
    "Yarrow",
    "Aster",
    "Bryony",
    "Cedar",
    "Dill",
    "Elder",
    "Fern",
    "Ginger",
    "Heath",
    "Iris",
    "Jasmine",
    "Lavender",
    "Myrtle",
    "Nettle",
    "Orchid",
    "Peony",
    "Quince",
    "Reed",
    "Senna",
    "Thyme",
    "Valerian",
    "Wisteria",
    "Zinnia",
    "Barley",
    "Clover",
    "Damson",
    "Flax",
];
const LAST: &[&str] = &[
    "Thistledown",
    "Puddlewick",
    "Mossgrove",
    "Fernhollow",
    "Bramblewood",
    "Dewberry",
    "Nettlefield",
    "Cloverbank",
    "Quillfeather",
    "Wrenlock",
    "Applegarth",
    "Underhedge",
    "Larkmeadow",
    "Stonecrop",
    "Pennyroyal",
    "Hollowell",
    "Greenbarrow",
    "Windlestraw",
    "Rainbarrel",
    "Honeysett",
    "Cobnut",
    "Foxmallow",
    "Millpond",
    "Toadflax",
    "Brackenridge",
    "Sparrowgate",
    "Beetlebank",
    "Tanglewood",
    "Marshlight",
    "Plumstead-Vale",
    "Oatcroft",
];
/// Names and domains of companies; those under `example` are nobody's.
const COMPANIES: &[(&str, &str)] = &[
    ("Thistle Row Allotments", "thistle-row.example"),
    ("Lower Harrowdale School", "harrowdale-school.example"),
    ("The Potting Shed Café", "potting-shed.example"),
    ("Gloamhollow Nursery", "gloamhollow.example"),
    ("Uppity Hill Plots", "uppity-hill.example"),
    ("Mumblewick Kitchens", "mumblewick.example"),
    ("Hedgehog Lane Housing", "hedgehog-lane.example"),
    ("Compost & Sons", "compost-and-sons.example"),
];
const CROPS: &[&str] =
    &["tomatoes", "beans", "courgettes", "strawberries", "kale", "peas", "chillies", "pumpkins"];
/// Names of plans, what they cost in a month, and how many of a hundred contacts have them.
const PLANS: &[(&str, f64, u32)] = &[("Sprout", 0.0, 45), ("Trellis", 6.0, 38), ("Orchard", 14.0, 17)];
const EVENTS: &[&str] = &[
    "Plan opened",
    "Bed added",
    "Crop planted",
    "Reminder set",
    "Diary entry written",
    "Plan shared",
    "Seed box opened",
];
const PAGES: &[&str] =
    &["/plans", "/plans/418", "/calendar", "/diary", "/shop", "/shop/seed-box", "/account"];

const MINUTE: Millis = 60_000;
/// How long a visit takes at most.
pub(super) const VISIT_MAX: Millis = 18 * MINUTE;

/// Numbers that are the same in every run, and different for each place in the story.
pub(super) fn dice(place: u64) -> StdRng {
    StdRng::seed_from_u64(0x6d61_7272_6f77 ^ place.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// One of several.
pub(super) fn one<'l, T>(random: &mut StdRng, of: &'l [T]) -> &'l T {
    &of[random.random_range(0..of.len())]
}

/// The user id of a contact.
pub(super) fn user_id(number: usize) -> String {
    format!("grower-{}", 1001 + number)
}

/// The first name of a contact.
pub(super) fn first_name(number: usize) -> &'static str {
    FIRST[number % FIRST.len()]
}

/// What is known of a contact.
pub(super) fn properties(number: usize) -> Body {
    let mut random = dice(number as u64);
    let first = first_name(number);
    // Steps of two lists whose lengths have no common divisor meet every pair once.
    let last = LAST[(number * 7 + number / FIRST.len()) % LAST.len()];
    let (company, domain) = one(&mut random, COMPANIES);
    let works_there = random.random_range(0..100) < 35;
    let domain = if works_there { domain } else { "garden-mail.example" };
    let drawn = random.random_range(0..100);
    let mut reached = 0;
    let plan = PLANS.iter().find(|(_, _, share)| {
        reached += share;
        drawn < reached
    });
    let (plan, price, _) = plan.copied().unwrap_or(PLANS[0]);
    let months = f64::from(random.random_range(1..30));
    let mailbox = format!("{first}.{last}.{}", 1001 + number).to_lowercase();
    let mut body = to_body(json!({
        "name": format!("{first} {last}"),
        "email": format!("{mailbox}@{domain}"),
        "plan": plan,
        "value": price * months,
        "lang": if random.random_range(0..100) < 18 { "de" } else { "en" },
        "deviceType": if random.random_range(0..100) < 40 { "mobile" } else { "desktop" },
        "platform": "web",
        "tags": tags(&mut random, plan),
        "beds": random.random_range(1..24),
        "gardenSquareMetres": random.random_range(2..60) * 5,
        "favouriteCrop": one(&mut random, CROPS),
        "newsletter": random.random_bool(0.4),
    }));
    if works_there {
        body.insert("companyId".to_owned(), json!(domain));
        body.insert("companyName".to_owned(), json!(company));
    }
    body
}

fn tags(random: &mut StdRng, plan: &str) -> Vec<&'static str> {
    let mut tags = Vec::new();
    if plan == "Orchard" {
        tags.push("community");
    }
    if random.random_range(0..100) < 12 {
        tags.push("beta");
    }
    if random.random_range(0..100) < 8 {
        tags.push("seed box");
    }
    tags
}

/// What the device of a guest says of itself.
pub(super) fn device(number: usize) -> Body {
    let mut random = dice(number as u64 ^ 0x6775_6573);
    let lang = *one(&mut random, &["en", "en", "en", "de", "fr"]);
    let device_type = *one(&mut random, &["desktop", "mobile"]);
    to_body(json!({"lang": lang, "deviceType": device_type, "platform": "web"}))
}

/// What a contact does in a visit that ends at a moment, in the form in which servers send it.
pub(super) fn visit(number: usize, until: Millis) -> Vec<Json> {
    let mut random = dice(number as u64 ^ until.unsigned_abs());
    let steps = random.random_range(3..9);
    let mut at = until - MINUTE * i64::from(steps * 2);
    let mut events = Vec::new();
    for _ in 0..steps {
        at += MINUTE + i64::from(random.random_range(0..60_u32)) * 1_000;
        let date = format_date(at);
        events.push(match random.random_bool(0.5) {
            true => json!({"name": "pageView", "date": date, "data": {"page": format!("https://app.marrowby.example{}", one(&mut random, PAGES))}}),
            false => json!({"name": one(&mut random, EVENTS), "date": date, "data": {"beds": random.random_range(1..24)}}),
        });
    }
    events
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn contacts_are_the_same_in_every_run_and_each_is_another() {
        let mut names = BTreeSet::new();
        for number in 0..1_000 {
            let body = properties(number);
            assert_eq!(body, properties(number));
            let email = body["email"].as_str().expect("an address");
            assert!(email.ends_with(".example") && email.is_ascii(), "{email}");
            names.insert(body["name"].to_string());
        }
        assert!(names.len() > 900, "only {} names", names.len());
    }

    #[test]
    fn visits_end_when_they_should() {
        let until = 1_700_000_000_000;
        let events = visit(3, until);
        assert!(events.len() >= 3);
        let begin = format_date(until - VISIT_MAX);
        assert!(events.iter().all(|event| event["date"].as_str().expect("a date") >= begin.as_str()));
        assert!(
            events.iter().all(|event| event["date"].as_str().expect("a date") <= format_date(until).as_str())
        );
    }
}
