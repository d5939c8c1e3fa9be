//! The contacts and events that every run works with: the same number gives the same contact.

use serde_json::{Value as Json, json};

const FIRST: &[&str] =
    &["Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Farah", "Goran", "Hanna", "Ivo", "Jana", "Kofi", "Lena"];
const LAST: &[&str] =
    &["Abel", "Brandt", "Costa", "Dorn", "Eriksen", "Fischer", "Galli", "Horvat", "Ito", "Jansen"];
const PLANS: &[&str] = &["free", "starter", "team", "enterprise"];
const REGIONS: &[&str] = &["eu", "us", "asia"];
/// One rare word in so many contacts.
const RARE_EVERY: usize = 10_000;

/// The contact with this number, as `POST /v3/sessions` takes it.
pub(crate) fn contact(number: usize) -> Json {
    let mixed = mix(number);
    let first = FIRST[mixed % FIRST.len()];
    let last = LAST[mixed / 16 % LAST.len()];
    let company = if number.is_multiple_of(RARE_EVERY) {
        "Quasar".to_owned()
    } else {
        format!("Company {}", mixed % 997)
    };
    let region = REGIONS[mixed / 64 % REGIONS.len()];
    json!({
        "userId": format!("user-{number}"),
        "email": format!("{}.{}.{number}@example.com", first.to_lowercase(), last.to_lowercase()),
        "name": format!("{first} {last}"),
        "plan": PLANS[mixed / 256 % PLANS.len()],
        "companyName": company,
        "companyId": format!("c{}", mixed % 997),
        "value": mixed % 10_000,
        "lang": "en",
        "customData": {"seats": mixed % 50, "beta": mixed.is_multiple_of(2), "region": region},
    })
}

/// A batch of events for the server-side tracking route.
pub(crate) fn events(batch: usize, size: usize, contacts: usize) -> Json {
    let event = |at: usize| {
        let number = batch * size + at;
        let date = format!(
            "2026-01-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            number / 86_400_000 % 28 + 1,
            number / 3_600_000 % 24,
            number / 60_000 % 60,
            number / 1000 % 60,
            number % 1000
        );
        json!({"userId": format!("user-{}", mix(batch) % contacts), "name": "opened", "date": date, "data": {"page": number}})
    };
    json!({"events": (0..size).map(event).collect::<Vec<Json>>()})
}

/// Spreads neighbouring numbers (the finaliser of MurmurHash3).
pub(crate) fn mix(number: usize) -> usize {
    let mut x = number as u64;
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (x ^ (x >> 33)) as usize
}
