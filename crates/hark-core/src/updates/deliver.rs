//! What SDKs are shown that keep no number of what they got: once, unless it is old or was read.

use std::collections::BTreeSet;

use hark_content::Document;
use hark_store::{Doc, Event, Id, Millis, Position, ReadTx, Result, Tx, contact_stream};
use serde_json::{Value as Json, json};

use super::{UPDATE, unread_of};
use crate::access::people::People;
use crate::contacts::CONTACT;

/// Who reads the streams of contacts.
const SDK: &str = "sdk";
/// Events that a device is behind at most.
const BEHIND_MAX: u32 = 50;
/// What is older is not shown any more; SDKs forget their own bubbles after the same time.
const OLD_MS: Millis = 60 * 60 * 1_000;

/// Where a device of a contact goes on that does not say what it has got: before the first thing to
/// show that no device was given, or with what happens from now on.
pub fn position_for(tx: &ReadTx<'_>, contact: &Doc) -> Result<Position> {
    let stream = contact_stream(contact.id);
    let now = tx.stream_position(&stream)?;
    let missed = missed(tx, contact, &now)?;
    let before = missed.iter().find(|event| has_actions(&event.data)).map(|first| first.seq - 1);
    Ok(Position { seq: before.unwrap_or(now.seq), ..now })
}

/// Events that no device of the contact was given. When the contact has read everything, there are none.
fn missed(tx: &ReadTx<'_>, contact: &Doc, now: &Position) -> Result<Vec<Event>> {
    if unread_of(contact) == 0 {
        return Ok(Vec::new());
    }
    let stream = contact_stream(contact.id);
    let from = tx.cursor(&stream, SDK)?.max(now.seq - i64::from(BEHIND_MAX));
    let mut events = tx.stream_after(&stream, from, BEHIND_MAX)?;
    let since = tx.now() - OLD_MS;
    events.retain(|event| event.at >= since && event.event == UPDATE);
    Ok(events)
}

/// Whether there is something to show in an update.
pub fn has_actions(data: &Json) -> bool {
    data["a"].as_array().is_some_and(|actions| !actions.is_empty())
}

/// What a device without a socket is to show, and the number up to which that is everything.
pub fn pending(tx: &ReadTx<'_>, contact: Id) -> Result<(Vec<Json>, i64)> {
    let Some(contact) = tx.find(&CONTACT, contact)? else { return Ok((Vec::new(), 0)) };
    let now = tx.stream_position(&contact_stream(contact.id))?;
    let events = missed(tx, &contact, &now)?;
    let seq = events.last().map_or(now.seq, |last| last.seq);
    let actions = events.into_iter().filter_map(|mut event| match event.data["a"].take() {
        Json::Array(actions) => Some(actions),
        _ => None,
    });
    Ok((actions.flatten().collect(), seq))
}

/// Notes that a device of a contact was given everything up to a number.
pub fn delivered(tx: &mut Tx<'_>, contact: Id, seq: i64) -> Result<()> {
    tx.move_cursor(&contact_stream(contact), SDK, seq)
}

/// Who sent a message, as a notification is stored: users are named when it is delivered.
pub(crate) fn sender(message: &Doc) -> Json {
    let mut sender = json!({"name": "", "profileImageUrl": "", "isBot": message.is_true("bot")});
    if let Some(user) = message.text("user") {
        sender["user"] = json!(user);
    }
    let stands_in = &message.body.get("fallbackUser").cloned().unwrap_or_default();
    for (shown, given) in [("name", "username"), ("profileImageUrl", "imageUrl")] {
        if let Some(text) = stands_in[given].as_str() {
            sender[shown] = json!(text);
        }
    }
    sender
}

/// The users who have to be named in updates.
pub fn senders<'u>(updates: impl IntoIterator<Item = &'u Json>) -> BTreeSet<Id> {
    let actions = updates.into_iter().filter_map(|update| update["a"].as_array()).flatten();
    actions.filter_map(|action| action["data"]["sender"]["user"].as_str().and_then(Id::parse)).collect()
}

/// Names the senders in an update; who has no picture gets this one, because iOS shows nothing
/// before it has loaded one. Names are escaped, because SDKs insert them as HTML.
pub fn name_senders(update: &mut Json, people: &People, picture: &str) {
    let Some(actions) = update.get_mut("a").and_then(Json::as_array_mut) else { return };
    let senders = actions.iter_mut().filter_map(|action| action.pointer_mut("/data/sender")?.as_object_mut());
    for sender in senders {
        let user = sender.shift_remove("user").and_then(|user| user.as_str().and_then(Id::parse));
        if let Some(person) = user.and_then(|user| people.get(&user)) {
            sender.insert("name".to_owned(), json!(full_name(person)));
            sender.insert("profileImageUrl".to_owned(), person["profileImageUrl"].clone());
        }
        if let Some(name) = sender.get("name").and_then(Json::as_str) {
            let name = as_html(name);
            sender.insert("name".to_owned(), json!(name));
        }
        if sender.get("profileImageUrl").and_then(Json::as_str).is_none_or(str::is_empty) {
            sender.insert("profileImageUrl".to_owned(), json!(picture));
        }
    }
}

/// A line of text as HTML, without the paragraph around it.
fn as_html(line: &str) -> String {
    let html = Document::from_plain(line).to_html();
    let html = html.as_str();
    html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).unwrap_or(html).to_owned()
}

/// First and last name of a user.
pub fn full_name(person: &Json) -> String {
    let names = ["firstName", "lastName"].map(|name| person[name].as_str().unwrap_or_default());
    names.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_are_named_and_always_have_a_picture() {
        let id = Id::parse("0123456789abcdef01234567").expect("an id");
        let people =
            People::from([(id, json!({"firstName": "Ada <b>", "lastName": "L", "email": "a@example.com"}))]);
        let of = |sender: Json| json!({"a": [{"actionType": "notification", "data": {"sender": sender}}]});
        let mut update = of(json!({"name": "", "profileImageUrl": "", "isBot": false, "user": id}));
        assert_eq!(senders([&update]), BTreeSet::from([id]));
        name_senders(&mut update, &people, "https://x/avatar.png");
        let named =
            json!({"name": "Ada &lt;b&gt; L", "profileImageUrl": "https://x/avatar.png", "isBot": false});
        assert_eq!(update, of(named));

        let mut gone = of(json!({"name": "", "profileImageUrl": "", "user": "ffffffffffffffffffffffff"}));
        name_senders(&mut gone, &people, "p");
        assert_eq!(gone, of(json!({"name": "", "profileImageUrl": "p"})));
        for odd in
            [json!({"u": 1}), json!({"a": 1}), json!({"a": [1, {"data": null}, {"actionType": "banner"}]})]
        {
            let mut update = odd.clone();
            name_senders(&mut update, &people, "p");
            assert_eq!(update, odd);
        }
    }
}
