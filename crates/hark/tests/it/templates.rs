//! Message templates.

use hark_test::{Method, TestApp, both};
use serde_json::{Value as Json, json};

use crate::people::{Person, member, text};

const PATH: &str = "/v3/message-templates";

both! {
    async fn a_template_is_created_read_changed_and_deleted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({
            "title": "Greeting", "content": {"type": "doc", "content": [{"type": "paragraph"}]}, "lexorank": "0|aaaaaa:",
            "isPublic": true, "actions": [{"type": "close", "data": {"silent": true}}, {"type": "tag"}], "createdBy": "x", "colour": "red",
        });
        let answer = app.post(&project, PATH, body).send().await;
        assert_eq!(answer.header("hark-ignored-fields"), "createdBy, colour");
        let made = answer.expect(200);
        assert_eq!((&made["users"], &made["attachments"], &made["isPublic"]), (&json!([]), &json!([]), &json!(true)));
        assert_eq!(made["actions"], json!([{"type": "close", "data": {"silent": true}}, {"type": "tag"}]));
        let path = format!("{PATH}/{}", text(&made, "id"));
        assert_eq!(app.get(&project, &path).send().await.expect(200), made);
        let changed = app.put(&project, &path, json!({"title": "Hello", "content": "Hi!"})).send().await.expect(200);
        assert_eq!((&changed["title"], &changed["content"], &changed["lexorank"]), (&json!("Hello"), &json!("Hi!"), &json!("0|aaaaaa:")));
        assert_eq!(app.delete(&project, &path).send().await.expect(200)["id"], made["id"]);
        app.get(&project, &path).send().await.expect(404);
    }

    async fn lists_are_ordered_searched_and_counted(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for title in ["First", "Second", "Third one"] {
            app.post(&project, PATH, json!({"title": title, "content": "x", "isPublic": true})).send().await.expect(200);
        }
        app.post(&project, PATH, json!({"title": "Zeroth", "content": "x", "lexorank": "0|000001:"})).send().await.expect(200);
        let list = async |query: &str| app.get(&project, &format!("{PATH}?{query}")).send().await.expect(200);
        assert_eq!(titles(&list("").await), ["Zeroth", "First", "Second", "Third one"]);
        assert_eq!(titles(&list("limit=2&skip=1").await), ["First", "Second"]);
        assert_eq!(titles(&list("sort=-title").await), ["Zeroth", "Third one", "Second", "First"]);
        assert_eq!(titles(&list("searchTerm=tHiRd").await), ["Third one"]);
        assert_eq!(titles(&list("visibility=private").await), ["Zeroth"]);
        assert_eq!(titles(&list("title=First,Second").await), ["First", "Second"]);
        let counted = list("withCount=true&limit=1&visibility=public").await;
        assert_eq!((&counted["totalCount"], titles(&counted["data"])), (&json!(3), vec!["First".to_owned()]));
        app.get(&project, &format!("{PATH}?visibility=everything")).send().await.expect(400);
    }

    async fn a_private_template_is_for_its_people(scratch: Scratch) {
        let app = TestApp::with_mail(scratch).await;
        let project = app.project().await;
        let ada = member(&app, &project, "ada@example.com", "DEFAULT").await;
        let grace = member(&app, &project, "grace@example.com", "DEFAULT").await;
        let other = member(&app, &project, "other@example.com", "DEFAULT").await;
        let body = json!({"title": "Ours", "content": "x", "users": [grace.id]});
        let made = ada.call_in(&app, &project, Method::POST, PATH).json(body).send().await.expect(200);
        let path = format!("{PATH}/{}", text(&made, "id"));
        let seen = async |who: &Person| titles(&who.call_in(&app, &project, Method::GET, PATH).send().await.expect(200));
        assert_eq!((seen(&ada).await.len(), seen(&grace).await.len(), seen(&other).await.len()), (1, 1, 0));
        let change = |who: &Person| who.call_in(&app, &project, Method::PUT, &path).json(json!({"title": "Changed"})).send();
        change(&other).await.expect(404);
        change(&grace).await.expect(403);
        grace.call_in(&app, &project, Method::DELETE, &path).send().await.expect(403);
        other.call_in(&app, &project, Method::DELETE, &path).send().await.expect(404);
        change(&ada).await.expect(200);
        ada.call_in(&app, &project, Method::PUT, &path).json(json!({"isPublic": true})).send().await.expect(200);
        change(&other).await.expect(200);
    }

    async fn everything_is_bounded(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let deep = (0..40).fold(json!("x"), |inner, _| json!({"content": [inner]}));
        let big = "x".repeat(64 * 1024);
        for (status, wrong) in [
            (400, json!({"content": "x"})),
            (400, json!({"title": "x"})),
            (400, json!({"title": "x", "content": 5})),
            (400, json!({"title": "x", "content": deep})),
            (413, json!({"title": "x", "content": big})),
            (400, json!({"title": "x".repeat(1001), "content": "x"})),
            (400, json!({"title": "x", "content": "x", "lexorank": ""})),
            (400, json!({"title": "x", "content": "x", "lexorank": "x".repeat(101)})),
            (400, json!({"title": "x", "content": "x", "actions": vec![json!({"type": "x"}); 21]})),
            (400, json!({"title": "x", "content": "x", "actions": [{"data": 1}]})),
            (400, json!({"title": "x", "content": "x", "actions": [{"type": ""}]})),
            (413, json!({"title": "x", "content": "x", "attachments": [{"url": "x".repeat(64 * 1024)}]})),
            (400, json!({"title": "x", "content": "x", "users": ["nobody"]})),
        ] {
            app.post(&project, PATH, wrong).send().await.expect(status);
        }
    }
}

fn titles(list: &Json) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|template| text(template, "title")).collect()
}
