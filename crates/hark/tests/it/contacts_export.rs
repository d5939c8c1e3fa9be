//! The export of contacts as CSV.

use hark_test::{TestApp, both};
use serde_json::json;

use crate::contacts::write;

both! {
    async fn cells_that_a_spreadsheet_would_run_become_text(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let cases = [
            ("=1+1", "'=1+1"),
            ("+43 1", "'+43 1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\n=x", "\"'\n=x\""),
            ("  =x", "'  =x"),
            ("＝x", "'＝x"),
            ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
            ("a=b", "a=b"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("", ""),
        ];
        for (at, (text, _)) in cases.iter().enumerate() {
            app.post(&project, "/v3/sessions", json!({"userId": format!("u-{at}"), "name": text, "value": -1})).send().await.expect(200);
        }
        let answer = app.get(&project, "/v3/sessions/export?fields=userId,name,value").send().await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"contacts.csv\"");
        let mut expected = "userId,name,value\r\n".to_owned();
        for (at, (_, cell)) in cases.iter().enumerate() {
            expected.push_str(&format!("u-{at},{cell},-1\r\n"));
        }
        assert_eq!(answer.body, expected);
    }

    async fn columns_and_filters_are_the_callers_choice(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for (user, tier) in [("a", 1), ("b", 2)] {
            let body = json!({"userId": user, "tags": ["x", "=y"], "location": {"city": "Graz"}, "customData": {"tier": tier, "a.b": "dot"}});
            app.post(&project, "/v3/sessions", body).send().await.expect(200);
        }
        let fields = "userId,tags,location.city,location,customData.tier,customData.a.b,nothing,%3Dx";
        let answer = app.get(&project, &format!("/v3/sessions/export?fields={fields}&customData.tier=2")).send().await;
        let expected = "userId,tags,location.city,location,customData.tier,customData.a.b,nothing,'=x\r\n\
                        b,\"x, =y\",Graz,\"{\"\"city\"\":\"\"Graz\"\"}\",2,dot,,\r\n";
        assert_eq!(answer.body, expected);
        let all = app.get(&project, "/v3/sessions/export").send().await;
        assert!(all.body.starts_with("id,userId,name,email,phone,"), "{}", all.body);
        assert_eq!(all.body.lines().count(), 3);
        for query in ["fields=gleapHash", "sort=name", "limit=5", "skip=1", &format!("fields={}", "a,".repeat(101))] {
            app.get(&project, &format!("/v3/sessions/export?{query}")).send().await.expect(400);
        }
        let scope = app.app.store.operator_of(project.id.parse().expect("an id")).await.expect("a scope");
        let log = app.app.store.read(&scope, |tx| tx.audit_log(0, 100)).await.expect("a log");
        assert_eq!(log.iter().filter(|entry| entry.action == "contacts.exported").count(), 2);
    }

    async fn a_large_export_has_every_contact_once(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        write(&app, &project, |tx| {
            for n in 0..1_234 {
                let body = hark_store::to_body(json!({"userId": format!("u-{n}")}));
                hark_core::contacts::find_or_create(tx, &hark_core::contacts::Properties::from_rest(&body)?)?;
            }
            Ok(())
        }).await.expect("contacts");
        let answer = app.get(&project, "/v3/sessions/export?fields=userId").send().await;
        let mut users: Vec<&str> = answer.body.lines().skip(1).collect();
        assert_eq!(users.len(), 1_234);
        users.sort_unstable();
        users.dedup();
        assert_eq!(users.len(), 1_234);
    }
}
