//! What the records of other products mean as contacts.
//!
//! Only what stands in a record is taken over, and the rules of contacts then leave out or cut what
//! does not fit. The product's own id becomes a custom property, never the `userId`: that is the id
//! which the customer's own system uses.

use hark_query::dates::{format_date, parse_date};
use hark_store::Body;
use serde_json::{Value as Json, json};

use super::{Origin, Row};

/// The records of a page as rows that go on behind the first `count`. Files have no records.
pub fn read_records(origin: Origin, records: &[Json], count: u64) -> Vec<Row> {
    let read = match origin {
        Origin::Intercom => intercom,
        Origin::Hubspot => hubspot,
        Origin::Zendesk => zendesk,
        Origin::Json | Origin::Ndjson | Origin::Csv => return Vec::new(),
    };
    let rows = (count + 1..).zip(records).map(|(number, record)| {
        let id = record.get("id").and_then(text);
        Row { number, contact: read(record, id.as_deref()), record: id }
    });
    rows.collect()
}

/// A contact in the making.
#[derive(Default)]
struct Contact {
    known: Body,
    custom: Body,
}

impl Contact {
    /// Sets a property unless there is no value for it.
    fn set(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.known.insert(name.to_owned(), value.into());
        }
    }

    /// Sets a custom property unless there is no value for it.
    fn custom(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value.map(Into::into).filter(|value| !value.is_null()) {
            self.custom.insert(name.to_owned(), value);
        }
    }

    /// Sets custom properties from an object.
    fn customs(&mut self, properties: Option<&Json>) {
        for (name, value) in properties.and_then(Json::as_object).into_iter().flatten() {
            self.custom(name, Some(value.clone()));
        }
    }

    fn finish(mut self) -> Result<Body, String> {
        if !self.custom.is_empty() {
            self.known.insert("customData".to_owned(), Json::Object(self.custom));
        }
        Ok(self.known)
    }
}

/// A contact of Intercom's REST API: a `user`, or a `lead` that nobody has identified.
fn intercom(record: &Json, id: Option<&str>) -> Result<Body, String> {
    let mut contact = Contact::default();
    contact.custom("intercomId", id);
    // The external id of a lead was made up by Intercom.
    if record["role"] != "lead" {
        contact.set("userId", text(&record["external_id"]));
    }
    for (property, field) in [("email", "email"), ("phone", "phone"), ("name", "name"), ("avatar", "avatar")]
    {
        contact.set(property, text(&record[field]));
    }
    // Older versions answer with an object.
    contact.set("avatar", text(&record["avatar"]["image_url"]));
    contact.set("lang", text(&record["language_override"]).or_else(|| text(&record["browser_language"])));
    contact.set("unsubscribed", record["unsubscribed_from_emails"].as_bool());
    contact.set("createdAt", seconds(&record["signed_up_at"]).or_else(|| seconds(&record["created_at"])));
    contact.set("location", place(&record["location"]));
    contact.customs(record.get("custom_attributes"));
    contact.finish()
}

/// A contact of HubSpot's CRM: everything is text in `properties`.
fn hubspot(record: &Json, id: Option<&str>) -> Result<Body, String> {
    let properties = &record["properties"];
    let mut contact = Contact::default();
    contact.custom("hubspotId", id);
    contact.set("email", text(&properties["email"]));
    contact.set("phone", text(&properties["phone"]).or_else(|| text(&properties["mobilephone"])));
    contact.set("companyName", text(&properties["company"]));
    contact.set("lang", text(&properties["hs_language"]));
    contact.set("unsubscribed", (properties["hs_email_optout"] == "true").then_some(true));
    contact.set("createdAt", date(&properties["createdate"]));
    contact.set("location", place(properties));
    let names = ["firstname", "lastname"].into_iter().filter_map(|name| text(&properties[name]));
    let name = names.collect::<Vec<_>>().join(" ");
    contact.set("name", (!name.is_empty()).then_some(name));
    for (name, field) in
        [("jobTitle", "jobtitle"), ("lifecycleStage", "lifecyclestage"), ("website", "website")]
    {
        contact.custom(name, text(&properties[field]));
    }
    contact.finish()
}

/// A user of Zendesk Support.
fn zendesk(record: &Json, id: Option<&str>) -> Result<Body, String> {
    if record["active"] == false {
        return Err("the user was deleted in Zendesk".to_owned());
    }
    let mut contact = Contact::default();
    contact.custom("zendeskId", id);
    contact.set("userId", text(&record["external_id"]));
    for (property, field) in [("email", "email"), ("phone", "phone"), ("name", "name"), ("lang", "locale")] {
        contact.set(property, text(&record[field]));
    }
    contact.set("avatar", text(&record["photo"]["content_url"]));
    contact.set("blocked", (record["suspended"] == true).then_some(true));
    contact.set("createdAt", date(&record["created_at"]));
    contact.set("tags", record["tags"].as_array().filter(|tags| !tags.is_empty()).cloned());
    contact.custom("zendeskOrganizationId", text(&record["organization_id"]));
    contact.customs(record.get("user_fields"));
    contact.finish()
}

/// A text that is not empty; ids may be numbers.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Unix seconds as a date.
fn seconds(value: &Json) -> Option<String> {
    let ms = value.as_i64()?.checked_mul(1_000)?;
    (hark_query::dates::MS_MIN..=hark_query::dates::MS_MAX).contains(&ms).then(|| format_date(ms))
}

/// An ISO 8601 text as a date.
fn date(value: &Json) -> Option<String> {
    value.as_str().and_then(parse_date).map(format_date)
}

/// City, region and country, as far as they are known.
fn place(value: &Json) -> Option<Json> {
    let mut place = Body::new();
    for (name, fields) in
        [("city", ["city", "city"]), ("region", ["region", "state"]), ("country", ["country", "country"])]
    {
        if let Some(text) = fields.into_iter().find_map(|field| text(&value[field])) {
            place.insert(name.to_owned(), text.into());
        }
    }
    (!place.is_empty()).then(|| json!(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(origin: Origin, record: Json) -> Result<Json, String> {
        let rows = read_records(origin, &[record], 41);
        assert_eq!((rows.len(), rows[0].number), (1, 42));
        rows[0].contact.clone().map(Json::Object)
    }

    #[test]
    fn an_intercom_user_keeps_its_id_and_a_lead_has_none() {
        let user = json!({
            "type": "contact", "id": "5ba6", "role": "user", "external_id": "u-1", "email": "ada@example.com",
            "phone": null, "name": "Ada", "avatar": "https://example.com/a.png", "signed_up_at": 1_571_673_600,
            "created_at": 1_571_673_601, "unsubscribed_from_emails": true, "language_override": null,
            "location": {"type": "location", "country": "Ireland", "region": "Dublin", "city": "Dublin"},
            "custom_attributes": {"paid": true, "seats": 3, "list": [1], "none": null, "$x": 1, "note": "hi"},
        });
        let expected = json!({
            "userId": "u-1", "email": "ada@example.com", "name": "Ada", "avatar": "https://example.com/a.png",
            "unsubscribed": true, "createdAt": "2019-10-21T16:00:00.000Z",
            "location": {"city": "Dublin", "region": "Dublin", "country": "Ireland"},
            "customData": {"intercomId": "5ba6", "paid": true, "seats": 3, "list": [1], "$x": 1, "note": "hi"},
        });
        assert_eq!(read(Origin::Intercom, user), Ok(expected));
        let lead = json!({"id": "5ba7", "role": "lead", "external_id": "made-up", "email": "b@example.com"});
        let expected = json!({"email": "b@example.com", "customData": {"intercomId": "5ba7"}});
        assert_eq!(read(Origin::Intercom, lead), Ok(expected));
    }

    #[test]
    fn a_hubspot_contact_is_made_of_texts() {
        let record = json!({"id": "51", "properties": {
            "email": "ada@example.com", "firstname": "Ada", "lastname": "", "phone": "", "mobilephone": "+43 1",
            "company": "Engines", "hs_email_optout": "false", "createdate": "2024-01-02T03:04:05.678Z",
            "country": "Austria", "state": "Vienna", "lifecyclestage": "lead", "jobtitle": null,
        }});
        let expected = json!({
            "email": "ada@example.com", "phone": "+43 1", "companyName": "Engines", "name": "Ada",
            "createdAt": "2024-01-02T03:04:05.678Z", "location": {"region": "Vienna", "country": "Austria"},
            "customData": {"hubspotId": "51", "lifecycleStage": "lead"},
        });
        assert_eq!(read(Origin::Hubspot, record), Ok(expected));
    }

    #[test]
    fn a_zendesk_user_brings_tags_and_fields() {
        let record = json!({
            "id": 35_436, "external_id": 7, "email": "ada@example.com", "name": "Ada", "phone": null,
            "locale": "en-US", "suspended": true, "active": true, "created_at": "2009-07-20T22:55:29Z",
            "tags": ["vip"], "user_fields": {"score": 5.5, "text": ""}, "organization_id": 57_542,
            "photo": {"content_url": "https://example.com/a.png"},
        });
        let expected = json!({
            "userId": "7", "email": "ada@example.com", "name": "Ada", "lang": "en-US", "blocked": true,
            "avatar": "https://example.com/a.png", "createdAt": "2009-07-20T22:55:29.000Z", "tags": ["vip"],
            "customData": {"zendeskId": "35436", "zendeskOrganizationId": "57542", "score": 5.5, "text": ""},
        });
        assert_eq!(read(Origin::Zendesk, record), Ok(expected));
        assert!(read(Origin::Zendesk, json!({"id": 1, "active": false})).is_err());
    }

    #[test]
    fn records_of_any_shape_are_read_without_a_panic() {
        for record in
            [json!(null), json!([]), json!(1), json!({"id": {}, "properties": 7, "location": []}), json!("x")]
        {
            for origin in [Origin::Intercom, Origin::Hubspot, Origin::Zendesk] {
                assert_eq!(read(origin, record.clone()), Ok(json!({})));
            }
        }
    }
}
