//! Walls between projects and roles, tested on every operation that the router has.
//!
//! The tests walk through the table of operations, so a new operation is tested
//! without a word here; a new path parameter needs a sample, and says so.

use std::collections::BTreeMap;

use axum::http::Method;
use hark_api::openapi::path_parameters;
use hark_api::{Access, Operation};
use hark_query::Filter;
use hark_store::access::{MEMBER, USER};
use hark_store::credentials::{NewToken, TokenType};
use hark_store::permission::BUILT_IN_ROLES;
use hark_store::{Id, Listing, Permissions, Scope, to_body};
use hark_test::{Answer, Project, TestApp, both};
use serde_json::{Value as Json, json};

/// An id that no document has.
const NOBODY: &str = "ffffffffffffffffffffffff";
/// Stands in every text of the foreign project.
const MARKER: &str = "foreignmarker";

both! {
    async fn strangers_are_refused_everywhere(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        for operation in guarded_operations() {
            let path = fill(&operation, &BTreeMap::new());
            let bare = || app.request(operation.method.clone(), &path);
            check(&operation, &bare().send().await, &[401]);
            check(&operation, &bare().bearer("eyJhbGciOiJub25lIn0.e30.").header("Api-Token", "x").send().await, &[401]);
            if matches!(operation.access, Access::Project(_)) {
                let token = &mine.keys.api_token;
                check(&operation, &bare().bearer(token).send().await, &[400]);
                for project in [NOBODY, &foreign.id, "not-an-id"] {
                    check(&operation, &bare().bearer(token).header("Project", project).send().await, &[404]);
                }
            }
        }
    }

    async fn each_role_may_do_what_its_permissions_say(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        for role in BUILT_IN_ROLES {
            let token = user_with_role(&app, &project, role.alias).await;
            let granted = Permissions::of(role.permissions);
            for operation in guarded_operations() {
                let Access::Project(needed) = operation.access else { continue };
                if ["OWNER", "ADMIN"].contains(&role.alias) && operation.method != Method::GET {
                    continue; // What administrators do, they do: only refusals are of interest.
                }
                let path = fill(&operation, &BTreeMap::new());
                let request = app.request(operation.method.clone(), &path).bearer(&token).header("Project", &project.id);
                let status = request.send().await.status.as_u16();
                if granted.has(needed) {
                    assert_ne!(status, 401, "{} {path} as {}", operation.method, role.alias);
                } else {
                    assert_eq!(status, 403, "{} {path} as {}", operation.method, role.alias);
                }
            }
        }
    }

    async fn foreign_ids_lead_nowhere(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        let samples = samples(&app, &foreign).await;
        let scope = app.app.store.operator_of(foreign.id.parse().expect("an id")).await.expect("a scope");
        let before = snapshot(&app, &scope).await;
        for operation in guarded_operations() {
            if !matches!(operation.access, Access::Project(_) | Access::Server) {
                continue;
            }
            let path = fill(&operation, &samples);
            let names_a_document = path_parameters(operation.path).next().is_some();
            for body in [json!({}), references(&samples)] {
                let query = if operation.list.is_some() { format!("?id={}&session={}", samples["sessionId"], samples["sessionId"]) } else { String::new() };
                let request = app.request(operation.method.clone(), &format!("{path}{query}")).rest(&mine);
                let request = request.header("Api-Token", &mine.keys.secret_api_token).json(body);
                let answer = request.send().await;
                if names_a_document {
                    check(&operation, &answer, &[400, 403, 404]);
                }
                assert!(!answer.body.contains(MARKER), "{} {path} shows a foreign project: {}", operation.method, answer.body);
            }
        }
        assert_eq!(snapshot(&app, &scope).await, before, "a call with the rights of one project changed another");
    }
}

fn guarded_operations() -> Vec<Operation> {
    hark_api::operations().into_iter().filter(|operation| operation.access != Access::Public).collect()
}

#[track_caller]
fn check(operation: &Operation, answer: &Answer, allowed: &[u16]) {
    let status = answer.status.as_u16();
    assert!(
        allowed.contains(&status),
        "{} {} answers {status}: {}",
        operation.method,
        operation.path,
        answer.body
    );
}

/// The path with a sample for each parameter, or the id of nobody.
fn fill(operation: &Operation, samples: &BTreeMap<&str, String>) -> String {
    let segments = operation.path.split('/').map(|segment| match segment.strip_prefix('{') {
        Some(name) => {
            let name = name.trim_end_matches('}');
            match samples.get(name) {
                Some(sample) => sample.clone(),
                None if samples.is_empty() => NOBODY.to_owned(),
                None => panic!("{}: there is no sample for {{{name}}}, add one to `samples`", operation.path),
            }
        }
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A body that points at the foreign project with every name that a reference has.
fn references(samples: &BTreeMap<&str, String>) -> Json {
    let session = &samples["sessionId"];
    json!({
        "_id": session, "id": session, "session": session, "sessionId": session, "sessions": [{"userId": "imported-user"}],
        "sourceId": session, "targetId": session, "project": samples["projectId"], "organisation": samples["organisationId"],
        "users": [samples["userId"]], "members": [samples["userId"]], "name": "x", "title": "x", "content": "x",
        "lexorank": "0", "assignmentMethod": "manual", "userId": "own-user", "email": "own@example.com",
    })
}

/// One document of everything that a path can name. Names that are no ids do not say whose they
/// are, because answers repeat them.
async fn samples(app: &TestApp, project: &Project) -> BTreeMap<&'static str, String> {
    let create = |path: &'static str, body: Json| async move {
        let created = app.post(project, path, body).send().await.expect(200);
        created["id"].as_str().expect("an id").to_owned()
    };
    let session = create(
        "/v3/sessions",
        json!({"userId": "their-user", "email": format!("{MARKER}@example.com"), "name": MARKER}),
    )
    .await;
    let team =
        create("/v3/teams", json!({"name": MARKER, "assignmentMethod": "manual", "members": []})).await;
    let imports = app
        .post(project, "/v3/sessions/importer/hubspot", json!({"apiKey": MARKER}))
        .send()
        .await
        .expect(200);
    let import = imports[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/v3/sessions/{session}");
    app.post(project, &format!("{path}/memory"), json!({"name": "note", "content": MARKER}))
        .send()
        .await
        .expect(200);
    app.put(project, &path, json!({"name": format!("{MARKER} changed")})).send().await.expect(200);
    let history = app.get(project, &format!("{path}/identity-history")).send().await.expect(200);
    let change = history["history"][0]["id"].as_str().expect("an id").to_owned();
    let template =
        create("/v3/message-templates", json!({"title": MARKER, "content": MARKER, "isPublic": true})).await;
    let token = create("/v3/tokens", json!({"name": MARKER})).await;
    let invite = json!({"emails": [format!("{MARKER}@example.com")]});
    let invited = app.post(project, "/v3/invitations/projects", invite).send().await.expect(200);
    let invitation = invited[0]["id"].as_str().expect("an id").to_owned();
    crate::people::role(app, project, MARKER, &[]).await;
    let roles = app.get(project, "/v3/roles").send().await.expect(200);
    let own_role = roles.as_array().and_then(|roles| roles.last()).and_then(|role| role["id"].as_str());
    BTreeMap::from([
        ("messageTemplateId", template),
        ("tokenId", token),
        ("invitationId", invitation),
        ("roleId", own_role.expect("an id").to_owned()),
        ("entryName", "note".to_owned()),
        ("changeId", change),
        ("importId", import),
        ("sessionId", session),
        ("teamId", team),
        ("userId", "their-user".to_owned()),
        ("projectId", project.id.clone()),
        ("organisationId", project.organisation.clone()),
    ])
}

/// Every document of a project as it is stored.
async fn snapshot(app: &TestApp, scope: &Scope) -> Vec<String> {
    let mut all = Vec::new();
    for kind in hark_core::KINDS.iter().copied() {
        let listing = Listing {
            filter: Filter::everything(),
            sort: hark_query::Sort::default(),
            limit: 1000,
            skip: 0,
            cursor: None,
        };
        let page = app.app.store.read(scope, move |tx| tx.list(kind, &listing)).await.expect("a list");
        all.extend(
            page.docs.into_iter().map(|doc| format!("{} {} {} {:?}", kind.name, doc.id, doc.rev, doc.body)),
        );
    }
    all
}

/// A user with one role in a project, signed in.
async fn user_with_role(app: &TestApp, project: &Project, role: &'static str) -> String {
    let target: Id = project.id.parse().expect("an id");
    let create = move |tx: &mut hark_store::Tx<'_>| {
        let email = format!("{}@example.com", role.to_lowercase());
        let user =
            tx.insert(&USER, to_body(json!({"email": email, "emailKey": email, "type": "default"})))?;
        let pair = format!("{}:{target}", user.id);
        tx.insert(&MEMBER, to_body(json!({"user": user.id, "target": target, "role": role, "pair": pair})))?;
        let token = NewToken {
            user: user.id,
            token_type: TokenType::Session,
            name: String::new(),
            project: None,
            expires_at: None,
        };
        Ok(tx.issue_token(token)?.1)
    };
    app.app.store.write(&app.app.store.operator(), create).await.expect("a user")
}
