//! Forms of ticket types: what REST takes as their values, from people and from programs.

use hark_test::{Device, Method, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::conversations::{begin, post};
use crate::people::{self, Person};
use crate::tickets::{id, path};

/// A project whose type `ORDER` has a form, and a person who works in it.
async fn with_form(app: &TestApp) -> (Project, Person) {
    let project = app.project().await;
    let options = json!([{"label": "Firefox", "value": "ff"}, {"label": "Other", "value": "other"}]);
    for property in [
        json!({"type": "select", "fieldId": "browser", "label": "Browser", "options": options, "required": true}),
        json!({"type": "number", "fieldId": "amount", "label": "Amount"}),
        json!({"type": "text", "fieldId": "after", "label": "Afterwards", "required": true, "visability": {"create": false}}),
    ] {
        let mut property = property;
        property["targetSource"] = json!("ORDER");
        app.post(&project, "/v3/properties", property).send().await.expect(200);
    }
    let person = people::owner(app, &project).await;
    (project, person)
}

async fn says(answer: hark_test::Answer, sentence: &str) {
    let refused = answer.expect(400);
    assert_eq!(refused["message"], sentence);
}

both! {
    async fn values_that_are_none_of_the_form_are_refused(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, _) = with_form(&app).await;
        let order = |form: Json| json!({"title": "A", "type": "ORDER", "formData": form});
        let create = |body: Json| app.post(&project, "/v3/tickets", body).send();
        says(create(order(json!({"browser": "lynx"}))).await, "`formData.browser` must be one of ff, other").await;
        says(create(json!({"title": "A", "type": "ORDER", "attributes": {"amount": "much"}})).await, "`formData.amount` must be a number").await;
        let composed = json!({"title": "A", "type": "ORDER", "formData": {"amount": []}, "message": "x"});
        create(composed.clone()).await.expect(200);
        let mut wrong = composed;
        wrong["formData"] = json!({"amount": [1]});
        says(app.post(&project, "/v3/tickets/compose", wrong).send().await, "`formData.amount` must be a number").await;
        // Other types have other forms, and what no property describes is anything.
        create(json!({"title": "A", "type": "BUG", "formData": {"browser": "lynx"}})).await.expect(200);
        let made = create(order(json!({"browser": "ff", "amount": "3", "more": {"a": [1]}}))).await.expect(200);

        let set = |body: Json| app.put(&project, &path(&made), body).send();
        says(set(json!({"formData": {"browser": "lynx"}})).await, "`formData.browser` must be one of ff, other").await;
        says(set(json!({"attributes": {"browser": 1}})).await, "`formData.browser` must be one of ff, other").await;
        set(json!({"attributes": {"browser": "other"}})).await.expect(200);
        // An answer that is no option any more stays what it is when the whole form is sent again.
        let properties = app.get(&project, "/v3/properties?fieldId=browser").send().await.expect(200);
        let property = format!("/v3/properties/{}", id(&properties[0]));
        app.put(&project, &property, json!({"options": [{"label": "Firefox", "value": "ff"}]})).send().await.expect(200);
        set(json!({"formData": {"browser": "other", "amount": 4}})).await.expect(200);
        // A program may leave anything out.
        let emptied = set(json!({"formData": {}})).await.expect(200);
        assert_eq!(emptied["formData"], json!({}));
    }

    async fn people_fill_forms_in(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, person) = with_form(&app).await;
        let call = async |method: Method, path: &str, body: Json| person.call_in(&app, &project, method, path).json(body).send().await;
        let missed = "tickets of the type ORDER need `Browser`, send it in `formData.browser`";
        let order = |form: Json| json!({"title": "A", "type": "ORDER", "formData": form});
        for form in [json!({}), json!({"browser": " "}), json!({"browser": null, "amount": 1})] {
            says(call(Method::POST, "/v3/tickets", order(form.clone())).await, missed).await;
            says(call(Method::POST, "/v3/tickets/compose", order(form)).await, missed).await;
        }
        let made = call(Method::POST, "/v3/tickets", order(json!({"browser": "ff"}))).await.expect(200);
        says(call(Method::PUT, &path(&made), json!({"formData": {"amount": 2}})).await, missed).await;
        says(call(Method::PUT, &path(&made), json!({"attributes": {"browser": null}})).await, missed).await;
        call(Method::PUT, &path(&made), json!({"formData": {"browser": "other"}, "status": "DONE"})).await.expect(200);

        // What came without the answer, from a program or a visitor, is changed without it, too.
        let bare = call(Method::POST, "/v3/tickets", json!({"title": "B", "type": "ORDER"})).await.expect(200);
        call(Method::PUT, &path(&bare), json!({"attributes": {"amount": 2}})).await.expect(200);
        call(Method::PUT, &path(&bare), json!({"attributes": {"after": "all"}})).await.expect(200);
        let refused = call(Method::PUT, &path(&bare), json!({"formData": {"amount": 2}})).await.expect(400);
        assert_eq!(refused["message"], "tickets of the type ORDER need `Afterwards`, send it in `formData.after`");
    }

    async fn what_visitors_send_is_kept_whatever_it_is(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (project, person) = with_form(&app).await;
        let device = Device::start(&app, &project).await;
        let report = json!({"type": "ORDER", "formData": {"browser": "lynx", "amount": "much"}});
        device.post(&app, "/bugs/v2", report).await.expect(201);
        let (token, _) = begin(&app, &project, &device, "hello").await;
        post(&app, &device, &format!("/conversations/{token}/messages"), json!({"id": "m", "comment": "x"})).await;
        let found = app.get(&project, "/v3/tickets?type=ORDER").send().await.expect(200);
        let ticket = &found["tickets"][0];
        assert_eq!((&ticket["formData"]["browser"], &ticket["formData"]["amount"]), (&json!("lynx"), &json!("much")));
        // A person can go on with it.
        let change = person.call_in(&app, &project, Method::PUT, &path(ticket));
        change.json(json!({"attributes": {"amount": 3}})).send().await.expect(200);
    }
}
