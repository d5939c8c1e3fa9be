//! The compatible surface: every operation of the finished groups is described, with the
//! method, path, parameters and status that existing clients use.

use hark_api::openapi::{describe, path_parameters};
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
    let description = describe(&hark_api::operations());
    for (method, path, status, query) in OPERATIONS {
        let operation = &description["paths"][format!("/v3{path}")][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not described");
        assert!(operation["responses"][*status].is_object(), "{method} {path} does not answer {status}");
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
