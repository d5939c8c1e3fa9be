//! The compatible surface: every operation of the finished groups is described, with the
//! method, path, parameters and status that existing clients use.

use hark_api::openapi::{describe, path_parameters};
use hark_test::{Method, TestApp, both};
use serde_json::Value as Json;

/// Method, path under `/v3`, status of success, query parameters.
const OPERATIONS: &[(&str, &str, &str, &[&str])] = &[
    ("POST", "/sessions", "200", &[]),
    ("GET", "/sessions", "200", &[]),
    ("PUT", "/sessions/{sessionId}", "200", &[]),
    ("GET", "/sessions/{sessionId}", "200", &[]),
    ("DELETE", "/sessions/{sessionId}", "204", &[]),
    ("PUT", "/sessions/{sessionId}/resubscribe", "200", &[]),
    ("GET", "/sessions/search", "200", &[]),
    ("GET", "/sessions/export", "200", &[]),
    ("POST", "/sessions/warmup", "200", &[]),
    ("GET", "/sessions/by-user-id/{userId}", "200", &[]),
    ("GET", "/sessions/{sessionId}/activities", "200", &[]),
    ("GET", "/sessions/{sessionId}/events", "200", &[]),
    ("POST", "/sessions/importer", "200", &[]),
    ("POST", "/sessions/importer/intercom", "200", &[]),
    ("POST", "/sessions/importer/hubspot", "200", &[]),
    ("POST", "/sessions/importer/zendesk", "200", &[]),
    ("POST", "/sessions/unsubscribe", "200", &[]),
    ("GET", "/sessions/{sessionId}/checklists", "200", &[]),
    ("GET", "/sessions/{sessionId}/identity-history", "200", &[]),
    ("GET", "/sessions/{sessionId}/stripe", "200", &[]),
    ("GET", "/sessions/{sessionId}/chargebee", "200", &[]),
    ("GET", "/sessions/{sessionId}/lemonsqueezy", "200", &[]),
    ("GET", "/sessions/{sessionId}/shopify", "200", &[]),
    ("GET", "/sessions/{sessionId}/memory", "200", &[]),
    ("POST", "/sessions/{sessionId}/memory", "200", &[]),
    ("DELETE", "/sessions/{sessionId}/memory", "200", &[]),
    ("GET", "/sessions/{sessionId}/memory/{entryName}", "200", &[]),
    ("PUT", "/sessions/{sessionId}/memory/{entryName}", "200", &[]),
    ("DELETE", "/sessions/{sessionId}/memory/{entryName}", "200", &[]),
    ("POST", "/messages", "200", &[]),
    ("GET", "/messages", "200", &["limit", "paginated", "before", "showHistory"]),
    ("GET", "/messages/search", "200", &["searchTerm"]),
    ("PUT", "/messages/{messageId}", "200", &[]),
    ("DELETE", "/messages/{messageId}", "204", &[]),
    ("POST", "/messages/{messageId}/faq", "204", &[]),
    ("POST", "/tickets", "200", &[]),
    ("GET", "/tickets", "200", &["limit", "skip", "sort", "archived", "ignoreArchived", "isSpam"]),
    ("POST", "/tickets/compose", "200", &[]),
    ("GET", "/tickets/search", "200", &["searchTerm"]),
    ("GET", "/tickets/extendedsearch", "200", &["searchTerm"]),
    ("GET", "/tickets/by-session-query", "200", &["email", "userId", "phone", "customData.TIN"]),
    ("GET", "/tickets/export", "200", &["fields"]),
    ("GET", "/tickets/notification/{shareToken}", "200", &[]),
    ("GET", "/tickets/csv-export", "200", &["fields"]),
    ("GET", "/tickets/export-fields", "200", &["type"]),
    ("POST", "/tickets/tracker-tickets", "200", &[]),
    ("GET", "/tickets/tracker-tickets", "200", &["searchTerm", "page"]),
    ("GET", "/tickets/search-feature-requests", "200", &["query", "limit", "minScore"]),
    ("POST", "/tickets/generate-data", "200", &[]),
    ("GET", "/tickets/ticketscount", "200", &[]),
    ("GET", "/tickets/{ticketId}/audit-export", "200", &[]),
    ("GET", "/tickets/{ticketId}", "200", &[]),
    ("PUT", "/tickets/{ticketId}", "200", &[]),
    ("DELETE", "/tickets/{ticketId}", "200", &[]),
    ("GET", "/tickets/{ticketId}/console-logs", "200", &[]),
    ("GET", "/tickets/{ticketId}/network-logs", "200", &[]),
    ("GET", "/tickets/{ticketId}/replay", "200", &[]),
    ("GET", "/tickets/{ticketId}/activity-logs", "200", &[]),
    ("PUT", "/tickets/merge", "200", &[]),
    ("POST", "/tickets/deduplicate", "200", &[]),
    ("PUT", "/tickets/deduplicate/merge", "200", &[]),
    ("POST", "/tickets/{ticketId}/typing", "200", &[]),
    ("POST", "/tickets/{ticketId}/viewing", "200", &[]),
    ("POST", "/tickets/{ticketId}/vote", "200", &[]),
    ("POST", "/tickets/{ticketId}/send-transcript", "200", &[]),
    ("PUT", "/tickets/{ticketId}/snooze", "200", &[]),
    ("PUT", "/tickets/{ticketId}/link", "200", &[]),
    ("PUT", "/tickets/{ticketId}/unlink", "200", &[]),
    ("PUT", "/tickets/{ticketId}/archive", "200", &[]),
    ("PUT", "/tickets/archive/all", "200", &[]),
    ("PUT", "/tickets/{ticketId}/unarchive", "200", &[]),
    ("POST", "/tickets/{ticketId}/workflow", "200", &[]),
    ("POST", "/tickets/{ticketId}/send-to-integration", "200", &[]),
    ("POST", "/tickets/{ticketId}/draft-reply", "200", &[]),
    ("POST", "/teams", "200", &[]),
    ("GET", "/teams", "200", &[]),
    ("PUT", "/teams/{teamId}", "200", &[]),
    ("DELETE", "/teams/{teamId}", "200", &[]),
    ("GET", "/projects/users", "200", &[]),
    ("PUT", "/projects/users/{userId}", "200", &[]),
    ("DELETE", "/projects/users/{userId}", "200", &[]),
    ("GET", "/invitations", "200", &[]),
    ("DELETE", "/invitations/{invitationId}", "200", &[]),
    ("PUT", "/invitations/{invitationId}", "200", &[]),
    ("PUT", "/invitations/{invitationId}/role", "200", &[]),
    ("GET", "/invitations/organisations/{organisationId}", "200", &[]),
    ("POST", "/invitations/organisations/{organisationId}", "200", &[]),
    ("GET", "/invitations/projects", "200", &[]),
    ("POST", "/invitations/projects", "200", &[]),
    ("GET", "/users/me", "200", &[]),
    ("POST", "/users/me/reassign-tickets", "200", &[]),
    ("GET", "/users/unified-inbox", "200", &["type", "filteredProjectId", "page", "limit"]),
    ("GET", "/users/unified-inbox/{ticketId}", "200", &[]),
    ("PUT", "/users/{userId}", "200", &[]),
    ("GET", "/users/me/permissions", "200", &[]),
    ("POST", "/users", "200", &[]),
    ("POST", "/users/verify", "200", &[]),
    ("POST", "/users/resend", "200", &[]),
    ("POST", "/users/me/session-auth", "200", &[]),
    ("POST", "/users/me/session-channel-auth", "200", &[]),
    ("POST", "/message-templates", "200", &[]),
    ("GET", "/message-templates", "200", &["limit", "skip", "searchTerm", "visibility", "withCount"]),
    ("GET", "/message-templates/{messageTemplateId}", "200", &[]),
    ("PUT", "/message-templates/{messageTemplateId}", "200", &[]),
    ("DELETE", "/message-templates/{messageTemplateId}", "200", &[]),
];

#[test]
fn every_operation_of_the_finished_groups_is_described() {
    assert_eq!(OPERATIONS.len(), 105);
    let description = describe(&hark_api::operations());
    for (method, path, status, query) in OPERATIONS {
        let operation = &description["paths"][format!("/v3{path}")][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not described");
        assert!(operation["responses"][*status].is_object(), "{method} {path} does not answer {status}");
        let content = &operation["responses"][*status]["content"];
        for answer in content.as_object().into_iter().flat_map(|content| content.values()) {
            assert!(!is_open(&answer["schema"], &description), "{method} {path} answers just anything");
        }
        let named = |place: &str, name: &str| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters.clone().any(|parameter| parameter["in"] == place && parameter["name"] == name)
        };
        for name in path_parameters(path) {
            assert!(named("path", name), "{method} {path} has no path parameter {name}");
        }
        for name in *query {
            assert!(named("query", name), "{method} {path} has no query parameter {name}");
        }
    }
}

#[test]
fn every_operation_is_typed() {
    let operations = hark_api::operations();
    let description = describe(&operations);
    for operation in &operations {
        let name = format!("{} {}", operation.method, operation.path);
        let described = &description["paths"][operation.path][operation.method.as_str().to_lowercase()];
        let responses = described["responses"].as_object().expect("responses");
        let success = &responses[operation.status.as_str()];
        let has_body = operation.status.as_u16() != 204;
        let schema = &success["content"][operation.content_type]["schema"];
        assert_eq!(
            schema.is_object() || schema == &Json::Bool(true),
            has_body,
            "{name}: success has no schema"
        );
        for (status, response) in responses.iter().filter(|(status, _)| !status.starts_with('2')) {
            if response["content"]["text/plain"]["schema"]["type"] == "string" {
                assert!(operation.path.starts_with("/uploads"), "{name}: {status} is plain text");
                continue;
            }
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(
                schema, "#/components/schemas/Problem",
                "{name}: {status} is not the one shape of errors"
            );
        }
        assert!(!operation.summary.is_empty(), "{name} has no summary");
        assert!(!operation.group.is_empty(), "{name} has no group");
    }
}

#[test]
fn no_two_operations_share_a_name_or_a_place() {
    let operations = hark_api::operations();
    let mut names: Vec<&str> = operations.iter().map(|operation| operation.id).collect();
    let mut places: Vec<String> =
        operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    let count = operations.len();
    names.sort_unstable();
    names.dedup();
    places.sort_unstable();
    places.dedup();
    assert_eq!((names.len(), places.len()), (count, count));
}

/// Whether a schema is just anything, a list of that, or has such a list in every answer.
fn is_open(schema: &Json, description: &Json) -> bool {
    let schema = match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(place) => description.pointer(place).expect("a schema for each reference"),
        None => schema,
    };
    let anything = |schema: &Json| schema == &Json::Bool(true) || schema["items"] == Json::Bool(true);
    let mut always = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
    anything(schema) || always.any(|name| anything(&schema["properties"][name]))
}

#[test]
fn answers_name_what_pages_read_of_them() {
    let description = describe(&hark_api::operations());
    let resolved = |schema: &Json| match schema["$ref"].as_str().and_then(|place| place.strip_prefix('#')) {
        Some(place) => description.pointer(place).expect("a schema for each reference").clone(),
        None => schema.clone(),
    };
    for (path, way, property) in [
        ("/v3/scheduled-messages", vec!["items"], "user"),
        ("/v3/tickets/{ticketId}/merges", vec!["items", "properties", "sources", "items"], "title"),
        ("/v3/imports", vec!["items"], "created"),
        ("/v3/imports", vec!["items"], "updated"),
    ] {
        let answer = &description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"];
        let answer = way.iter().fold(resolved(&answer["schema"]), |schema, name| resolved(&schema[name]));
        assert!(answer["properties"][property].is_object(), "{path}: {property} is not in {answer}");
    }
}

#[test]
fn what_only_some_operations_take_and_answer_is_described() {
    let description = describe(&hark_api::operations());
    let paths = &description["paths"];
    let importer = &paths["/v3/sessions/importer"]["post"]["requestBody"];
    assert_eq!(importer["required"], true);
    for content_type in ["application/json", "text/csv", "application/x-ndjson"] {
        assert!(importer["content"][content_type]["schema"].is_object(), "{content_type}");
    }
    assert_eq!(paths["/v3/sessions/{sessionId}"]["put"]["requestBody"]["required"], false);
    for (method, path, header) in [
        ("get", "/v3/users/me/permissions", "project"),
        ("put", "/v3/teams/{teamId}", "if-match"),
        ("put", "/v3/message-templates/{messageTemplateId}", "if-match"),
        ("put", "/v3/sessions/{sessionId}", "if-match"),
        ("post", "/files/session/revoke", "x-file-session"),
    ] {
        let parameters = paths[path][method]["parameters"].as_array().into_iter().flatten();
        let mut headers = parameters.filter(|parameter| parameter["in"] == "header");
        assert!(headers.any(|parameter| parameter["name"] == header), "{method} {path}: {header}");
    }
    for (method, path, status, header) in [
        ("get", "/v3/sessions", "200", "X-Total-Count"),
        ("get", "/v3/sessions", "200", "X-Next-Cursor"),
        ("get", "/v3/sessions/{sessionId}", "200", "ETag"),
        ("post", "/v3/sessions", "200", "Hark-Ignored-Fields"),
        ("get", "/v3/sessions", "429", "Retry-After"),
        ("get", "/v3/sessions", "200", "RateLimit-Remaining"),
    ] {
        let place = &paths[path][method]["responses"][status]["headers"][header]["$ref"];
        assert_eq!(place, &format!("#/components/headers/{header}"), "{method} {path}");
        assert!(description["components"]["headers"][header]["schema"].is_object(), "{header}");
    }
    assert!(paths["/config/{sdkKey}"]["get"]["responses"]["403"].is_object());
    assert!(paths["/v3/sessions/{sessionId}/stripe"]["get"]["responses"]["502"].is_object());
    for operation in hark_api::operations() {
        let method = operation.method.as_str().to_lowercase();
        assert!(paths[operation.path][method]["responses"]["500"].is_object(), "{}", operation.id);
    }
}

both! {
    async fn the_description_is_served_and_its_page_needs_nothing_from_outside(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let served = app.request(Method::GET, "/openapi.json").send().await.expect(200);
        assert_eq!(served, describe(&hark_api::operations()));
        let page = app.request(Method::GET, "/docs").send().await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("CreateSession"), "the page is empty");
        for outside in ["src=", "href=\"http", "href=\"//", "url(", "@import", "<script"] {
            assert!(!page.body.contains(outside), "the page has {outside}");
        }
    }
}
