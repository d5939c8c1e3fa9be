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
use hark_test::{Answer, Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

/// An id that no document has.
pub(crate) const NOBODY: &str = "ffffffffffffffffffffffff";
/// Stands in every text of the foreign project but for those that a path names, which errors repeat.
const MARKER: &str = "foreignmarker";
/// What the foreign project calls its contact.
const CONTACT: &str = "their-contact";
/// The name of a memory entry of the foreign project.
const ENTRY: &str = "their-entry";

both! {
    async fn strangers_are_refused_everywhere(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        for operation in guarded_operations() {
            let path = fill(&operation, &BTreeMap::new());
            let bare = || app.request(operation.method.clone(), &path);
            check(&operation, &bare().send().await, &[401]);
            check(&operation, &bare().bearer("eyJhbGciOiJub25lIn0.e30.").header("Api-Token", "x").send().await, &[401]);
            let slashed = app.request(operation.method.clone(), &format!("{path}/"));
            check(&operation, &slashed.send().await, &[401]);
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
        for (call, operation) in guarded_operations().iter().enumerate() {
            if !matches!(operation.access, Access::Project(_) | Access::Server) {
                continue;
            }
            let path = fill(operation, &samples);
            let query = if operation.list.is_some() { format!("?id={}&session={}", samples["sessionId"], samples["sessionId"]) } else { String::new() };
            let send = async |body: Json| {
                let request = app.request(operation.method.clone(), &format!("{path}{query}")).rest(&mine);
                let answer = request.header("Api-Token", &mine.keys.secret_api_token).json(body).send().await;
                shows_nothing(operation, &answer);
                answer
            };
            let (valid, wild) = (send(valid_body(operation, &samples)).await, send(references(&samples, call)).await);
            if path_parameters(operation.path).next().is_some() {
                check(operation, &valid, &[403, 404]);
                check(operation, &wild, &[400, 403, 404]);
            }
        }
        assert_eq!(snapshot(&app, &scope).await, before, "a call with the rights of one project changed another");
    }

    async fn foreign_ids_lead_users_nowhere(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        let samples = samples(&app, &foreign).await;
        let mut in_my_organisation = samples.clone();
        in_my_organisation.insert("organisationId", mine.organisation.clone());
        let me = crate::people::owner(&app, &mine).await;
        for operation in guarded_operations() {
            if operation.access != Access::Caller {
                continue;
            }
            let names_another = |name: &str| name != "organisationId";
            let mut all = vec![&samples];
            if path_parameters(operation.path).any(names_another) {
                all.push(&in_my_organisation);
            }
            let names_a_document = path_parameters(operation.path).next().is_some() || NAMED_ELSEWHERE.contains(&operation.id);
            if operation.method != Method::GET && !names_a_document {
                continue; // It is about the caller alone.
            }
            for samples in all {
                let request = me.call_in(&app, &foreign, operation.method.clone(), &fill(&operation, samples));
                let answer = request.json(valid_body(&operation, samples)).send().await;
                shows_nothing(&operation, &answer);
                if names_a_document {
                    check(&operation, &answer, &[403, 404]);
                }
            }
        }
    }

    async fn foreign_devices_are_nobody(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let (mine, foreign) = (app.project().await, app.project().await);
        let (own, other) = (Device::start(&app, &mine).await, Device::start(&app, &foreign).await);
        let strangers = [
            Device { gleap_id: other.gleap_id.clone(), ..own.clone() },
            Device { gleap_id: other.gleap_id.clone(), gleap_hash: other.gleap_hash.clone(), ..own.clone() },
            Device { sdk_key: foreign.keys.sdk_key.clone(), ..own.clone() },
        ];
        let operations = guarded_operations();
        let mut of_contacts = operations.iter().filter(|operation| operation.access == Access::Contact).peekable();
        assert!(of_contacts.peek().is_some(), "no operation of contacts was tested");
        for operation in of_contacts {
            for stranger in &strangers {
                let request = stranger.request(&app, operation.method.clone(), operation.path);
                check(operation, &request.json(json!({"userId": "1", "ws": true})).send().await, &[401]);
            }
        }
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
pub(crate) fn fill(operation: &Operation, samples: &BTreeMap<&str, String>) -> String {
    // There a customer's own id of a contact, elsewhere the id of a user.
    let names_a_contact = operation.path.contains("/by-user-id/") || operation.path.starts_with("/admin/");
    let segments = operation.path.split('/').map(|segment| match segment.strip_prefix('{') {
        Some(name) => {
            let name = match name.trim_end_matches('}') {
                "userId" if names_a_contact => "contactUserId",
                name => name,
            };
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

/// Operations of users that name something in the body or a header.
const NAMED_ELSEWHERE: &[&str] =
    &["CreateProject", "AuthenticateUserPusherChannelSession", "GetMyPermissions", "ConnectSso"];

/// A body that the operation takes, so that nothing but the foreign id is wrong with the call.
fn valid_body(operation: &Operation, samples: &BTreeMap<&str, String>) -> Json {
    match operation.id {
        "RunWorkflow" => json!({"workflowId": samples["workflowId"]}),
        "CreateEntry" => json!({"name": "x", "content": "x"}),
        "ConnectSso" => json!({"organisation": samples["organisationId"]}),
        "UpdatePasskey" => json!({"name": "x"}),
        "UpdateOrganisationSecurity" => json!({"requireSecondFactor": true}),
        "UpdateEntry" => json!({"content": "x"}),
        "UpdateUser" | "UpdateInvitationRole" | "UpdateOrganisationUser" => json!({"role": "ADMIN"}),
        "UpdateOrganisation" => json!({"name": "x"}),
        "UpdateInvitation" => json!({"accept": true}),
        "CreateOrganisationInvitation" => json!({"emails": ["invited@example.com"]}),
        "SnoozeTicket" => json!({"duration": 1}),
        "LinkTicket" | "UnlinkTicket" => json!({"targetTicketId": NOBODY}),
        "SendTicketToIntegration" => json!({"integrationType": "x", "integrationId": "x"}),
        "IndicateUserTyping" => json!({"typing": true}),
        "IndicateUserViewing" => json!({"viewing": true}),
        "VoteForTicket" => json!({"email": "own@example.com"}),
        "SendTicketTranscript" => json!({"emails": ["own@example.com"]}),
        "SuggestFaq" => json!({"accept": true}),
        "CreateProject" => json!({"name": "x", "organisation": samples["organisationId"]}),
        "AuthenticateUserPusherChannelSession" => {
            json!({"socket_id": "1.2", "channel_name": format!("private-project-{}", samples["projectId"])})
        }
        _ => json!({}),
    }
}

#[track_caller]
fn shows_nothing(operation: &Operation, answer: &Answer) {
    let place = format!("{} {}", operation.method, operation.path);
    assert!(!answer.body.contains(MARKER), "{place} shows a foreign project: {}", answer.body);
}

/// A body that points at the foreign project with every name that a reference has. Who the caller
/// would be is another one in each call, so that no conflict hides what else would happen.
fn references(samples: &BTreeMap<&str, String>, call: usize) -> Json {
    let session = &samples["sessionId"];
    json!({
        "_id": session, "id": session, "session": session, "sessionId": session, "sessions": [{"userId": format!("own-{call}")}],
        "sourceId": session, "targetId": session, "project": samples["projectId"], "organisation": samples["organisationId"],
        "users": [samples["userId"]], "members": [samples["userId"]], "name": "x", "title": "x", "content": "x",
        "ticket": samples["ticketId"], "comment": "x", "linkedTickets": [samples["ticketId"]], "processingTeam": samples["teamId"],
        "duplicateOf": samples["ticketId"], "associatedEntity": session, "webhook": samples["webhookId"], "workflowId": samples["workflowId"], "sourceTicketId": samples["ticketId"], "targetTicketId": samples["ticketId"], "linkedTicketIds": [samples["ticketId"]],
        "mainTicketId": samples["ticketId"], "duplicateTicketIds": [samples["ticketId"]], "ticketsToMergeIds": [samples["ticketId"]], "shouldMergeContacts": true, "shouldMergeTasks": true, "shouldCreateNewTicket": true, "processingUser": samples["userId"], "mentions": [samples["userId"]],
        "lexorank": "0", "assignmentMethod": "manual", "userId": format!("own-{call}"), "email": format!("own-{call}@example.com"),
    })
}

/// One document of everything that a path can name.
pub(crate) async fn samples(app: &TestApp, project: &Project) -> BTreeMap<&'static str, String> {
    let create = |path: &'static str, body: Json| async move {
        let created = app.post(project, path, body).send().await.expect(200);
        created["id"].as_str().expect("an id").to_owned()
    };
    let session = create(
        "/v3/sessions",
        json!({"userId": CONTACT, "email": format!("{MARKER}@example.com"), "name": MARKER}),
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
    app.post(project, &format!("{path}/memory"), json!({"name": ENTRY, "content": MARKER}))
        .send()
        .await
        .expect(200);
    app.put(project, &path, json!({"name": format!("{MARKER} changed")})).send().await.expect(200);
    let history = app.get(project, &format!("{path}/identity-history")).send().await.expect(200);
    let change = history["history"][0]["id"].as_str().expect("an id").to_owned();
    let template =
        create("/v3/message-templates", json!({"title": MARKER, "content": MARKER, "isPublic": true})).await;
    let ticket = json!({"title": MARKER, "session": session, "description": MARKER, "tags": [MARKER]});
    let ticket = create("/v3/tickets", ticket).await;
    let share_token =
        app.get(project, &format!("/v3/tickets/{ticket}")).send().await.expect(200)["shareToken"].clone();
    let part = create("/v3/tickets", json!({"title": MARKER})).await;
    let merge = json!({"ticketsToMergeIds": [part], "targetTicketId": ticket, "shouldMergeContacts": false, "shouldMergeTasks": false, "shouldCreateNewTicket": false});
    app.put(project, "/v3/tickets/merge", merge).send().await.expect(200);
    let merges = app.get(project, &format!("/v3/tickets/{ticket}/merges")).send().await.expect(200);
    let merge = merges[0]["id"].as_str().expect("an id").to_owned();
    let ticket_type = create("/v3/ticket-types", json!({"type": "THEIRS", "title": MARKER})).await;
    let later = json!({"ticket": ticket, "comment": MARKER, "delay": 3_600});
    let later = create("/v3/scheduled-messages", later).await;
    let message = create("/v3/messages", json!({"ticket": ticket, "comment": MARKER})).await;
    let view = create("/v3/ticket-views", json!({"name": MARKER, "isPublic": true})).await;
    let segment = create("/v3/segments", json!({"name": MARKER, "isPublic": true})).await;
    let property = json!({"type": "text", "label": MARKER, "fieldId": "theirs", "targetSource": "BUG"});
    let property = create("/v3/properties", property).await;
    let channel = create("/v3/channels", json!({"type": "API", "name": MARKER, "apiKey": MARKER})).await;
    let note = json!({"title": MARKER, "content": MARKER, "associatedEntity": session});
    let note = create("/v3/notes", note).await;
    let webhook = create("/v3/webhooks", json!({"name": MARKER, "url": "https://example.com"})).await;
    let path = format!("/v3/webhooks/{webhook}/test");
    let delivery = app.post(project, &path, json!({})).send().await.expect(200);
    let workflow = json!({"name": MARKER, "triggers": [{"type": "ticket_created"}]});
    let workflow = create("/v3/workflows", workflow).await;
    let path = format!("/v3/workflows/{workflow}/dry-runs");
    let dry_run = app.post(project, &path, json!({})).send().await.expect(200);
    let policy = create("/v3/sla-policies", json!({"name": MARKER, "firstResponse": 60})).await;
    let token = create("/v3/tokens", json!({"name": MARKER})).await;
    let invite = json!({"emails": [format!("{MARKER}@example.com")]});
    let invited = app.post(project, "/v3/invitations/projects", invite).send().await.expect(200);
    let invitation = invited[0]["id"].as_str().expect("an id").to_owned();
    crate::people::role(app, project, MARKER, &[]).await;
    let roles = app.get(project, "/v3/roles").send().await.expect(200);
    let own_role = roles.as_array().and_then(|roles| roles.last()).and_then(|role| role["id"].as_str());
    let owner = crate::people::owner(app, project).await.id;
    let of_someone = user_with_role(app, project, "VIEWER").await;
    let someone = crate::people::Person { id: String::new(), email: String::new(), token: of_someone };
    let passkey = crate::second_factor::passkey(app, &someone).await.0;
    BTreeMap::from([
        ("passkeyId", passkey),
        ("messageTemplateId", template),
        ("ticketViewId", view),
        ("segmentId", segment),
        ("propertyId", property),
        ("channelId", channel),
        ("noteId", note),
        ("webhookId", webhook),
        ("deliveryId", delivery["id"].as_str().expect("an id").to_owned()),
        ("workflowId", workflow),
        ("dryRunId", dry_run["id"].as_str().expect("an id").to_owned()),
        ("slaPolicyId", policy),
        ("tokenId", token),
        ("invitationId", invitation),
        ("roleId", own_role.expect("an id").to_owned()),
        ("entryName", ENTRY.to_owned()),
        ("changeId", change),
        ("importId", import),
        ("sessionId", session),
        ("teamId", team),
        ("userId", owner),
        ("contactUserId", CONTACT.to_owned()),
        ("captureId", format!("{ticket}-00000000000000ff")),
        ("ticketId", ticket),
        ("shareToken", share_token.as_str().expect("a token").to_owned()),
        ("messageId", message),
        ("mergeId", merge),
        ("ticketTypeId", ticket_type),
        ("scheduledMessageId", later),
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
            organisation: None,
            expires_at: None,
        };
        Ok(tx.issue_token(token)?.1)
    };
    app.app.store.write(&app.app.store.operator(), create).await.expect("a user")
}
