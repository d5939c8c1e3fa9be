//! What is erased leaves no trace, in no table and no index.

use hark_test::{TestApp, both};
use serde_json::json;

/// A word that only the erased has; the index splits nothing of it off.
const MARKER: &str = "qzwixtrunk";

both! {
    async fn the_words_of_a_deleted_contact_are_nowhere(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let body = json!({"name": format!("Ada {MARKER}"), "email": format!("{MARKER}@example.com"), "customData": {"k": MARKER}});
        let contact = app.post(&project, "/v3/sessions", body).send().await.expect(200);
        let id = contact["id"].as_str().expect("an id");
        let body = json!({"title": format!("About {MARKER}"), "sessionId": id, "session": id});
        let ticket = app.post(&project, "/v3/tickets", body).send().await.expect(200);
        let path = format!("/v3/tickets/{}", ticket["id"].as_str().expect("an id"));
        app.put(&project, &path, json!({"title": format!("More about {MARKER}s")})).send().await.expect(200);
        // Words of others stay.
        app.post(&project, "/v3/sessions", json!({"userId": "u-2", "name": "Ada Lovelace"})).send().await.expect(200);
        assert!(app.scratch.traces(MARKER).await.len() > 3, "the search for traces finds them");

        app.delete(&project, &path).send().await.expect(200);
        app.delete(&project, &format!("/v3/sessions/{id}")).send().await.expect(204);
        app.clock.advance(61_000);
        while app.run_jobs().await > 0 {}
        app.clock.advance(24 * 60 * 60 * 1_000);
        while app.run_jobs().await > 0 {}
        assert_eq!(app.scratch.traces(MARKER).await, Vec::<String>::new());
        let found = app.get(&project, "/v3/sessions/search?searchTerm=lovelcae").send().await.expect(200);
        assert_eq!(found[0]["name"], "Ada Lovelace", "other words are still corrected");
        assert!(app.scratch.traces("lovelace").await.contains(&"search_term.term".to_owned()));
    }

    async fn a_word_that_another_has_stays_and_one_that_was_changed_goes(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let make = async |name: &str| {
            let made = app.post(&project, "/v3/sessions", json!({"userId": name, "name": name})).send().await.expect(200);
            format!("/v3/sessions/{}", made["id"].as_str().expect("an id"))
        };
        let (first, second) = (make("Shared Onlyfirst").await, make("Shared Onlysecond").await);
        app.delete(&project, &first).send().await.expect(204);
        app.put(&project, &second, json!({"userId": "u-3", "name": "Shared Renamed"})).send().await.expect(200);
        app.clock.advance(61_000);
        while app.run_jobs().await > 0 {}
        for (word, stays) in [("shared", true), ("renamed", true), ("onlyfirst", false), ("onlysecond", false)] {
            let place = "search_term.term".to_owned();
            assert_eq!(app.scratch.traces(word).await.contains(&place), stays, "{word}");
        }
    }
}
