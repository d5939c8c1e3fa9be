//! Odd input on every operation: each property of every body with values that do not belong there, bodies that
//! are no JSON, far too deep or cut, and odd queries. Whatever comes, the answer is an answer and no fault of ours.

use axum::http::Method;
use hark_api::openapi::path_parameters;
use hark_api::{Access, Operation};
use hark_test::{Device, Project, TestApp, both};
use serde_json::{Value as Json, json};

use crate::tenancy::{NOBODY, fill, samples};

/// Operations that would take from the test what it calls with, or that ask other servers.
const LEFT_OUT: &[&str] =
    &["Logout", "LogoutAll", "UpdateProjectLimits", "UpdateBilling", "ReplaceProjectSecret"];
/// How many odd values each property is tried with.
const TRIES: usize = 3;
/// Queries that name nothing sensible.
const QUERIES: &[&str] = &[
    "limit=99999999999999999999",
    "limit=-1",
    "skip=9223372036854775807",
    "skip=1e3",
    "page=-1",
    "sort=-",
    "sort=$a",
    "sort=a.b.c,-d",
    "cursor=AAAA",
    "cursor=%F0%9F%98%80",
    "createdAt%3E=9999-99-99",
    "createdAt%3E=-271821-04-20T00:00:00Z",
    "createdAt%3C",
    "value%3E1e999",
    "%00=1",
    "name=%00",
    "name=%FF",
    "__proto__=1",
    "a[$gt]=1",
    "customData..x=1",
    "a.b.c.d.e.f.g.h.i.j=1",
    "_id=x",
    "tags[]=a&tags[]=b",
    "archived=maybe",
    "type=,,,",
    "searchTerm=%22%27*%25_%5C",
    "fields=%2C",
    "email=null&userId=null",
    "filter=%7B",
    "before=x",
    "after=-1",
    "from=x&to=y",
    "minScore=NaN",
    "query=",
];

fn odd_values() -> Vec<Json> {
    let deep = (0..100).fold(json!(1), |inner, _| json!({"type": "doc", "content": [inner]}));
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("x".repeat(70_000)),
        json!("\u{202e}\u{10ffff}\u{1}"),
        json!("a\u{0}b"),
        json!("9999-12-31T23:59:59.999Z"),
        json!("+275760-09-14T00:00:00Z"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[1]]),
        json!({"": {"": []}}),
        json!({"$where": 1, "a.b": 2, "__proto__": {}}),
        json!(vec!["x"; 2_000]),
        json!(NOBODY),
        json!([NOBODY, "x"]),
        json!("' or 1=1 --"),
        json!({"\u{0}": "\u{0}"}),
        deep,
    ]
}

fn broken_bodies() -> Vec<String> {
    let mut bodies = [
        "",
        "[",
        "null",
        "5",
        "[]",
        "\"\\ud800\"",
        "{\"a\":1,\"a\":1e999}",
        "\u{feff}{}",
        "{\"name\":\"\\ud83d",
    ]
    .map(str::to_owned)
    .to_vec();
    bodies.push("[".repeat(20_000));
    bodies.push(format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200)));
    bodies
}

both! {
    async fn no_input_is_a_fault_of_ours(scratch: Scratch) {
        let app = TestApp::new(scratch).await;
        let project = app.project().await;
        let device = Device::start(&app, &project).await;
        let mut samples = samples(&app, &project).await;
        samples.insert("sdkKey", project.keys.sdk_key.clone());
        let described = app.request(Method::GET, "/openapi.json").send().await.expect(200);
        let (values, broken) = (odd_values(), broken_bodies());
        let mut calls = 0;
        for (place, operation) in hark_api::operations().iter().enumerate() {
            // What is deleted is missing to the operations behind it.
            if operation.method == Method::DELETE || LEFT_OUT.contains(&operation.id) {
                continue;
            }
            for name in path_parameters(operation.path) {
                samples.entry(name).or_insert_with(|| NOBODY.to_owned());
            }
            let caller = Caller { app: &app, project: &project, device: &device, operation, path: fill(operation, &samples) };
            for (at, name) in properties(&described, operation).iter().enumerate() {
                for turn in 0..TRIES {
                    let value = &values[(place + at * 5 + turn * 7) % values.len()];
                    caller.send("", json!({name.as_str(): value}).to_string()).await;
                    calls += 1;
                }
            }
            if operation.method == Method::GET {
                for query in QUERIES {
                    caller.send(query, String::new()).await;
                }
            } else {
                for body in &broken {
                    caller.send("", body.clone()).await;
                }
            }
        }
        assert!(calls > 1_000, "only {calls} properties were tried, the description says less than it did");
        // What it called with is still good, so it was not refused at the door.
        app.get(&project, "/v3/sessions?limit=1").send().await.expect(200);
        device.post(&app, "/sessions", json!({})).await.expect(200);
    }
}

/// Whoever may call an operation.
struct Caller<'t> {
    app: &'t TestApp,
    project: &'t Project,
    device: &'t Device,
    operation: &'t Operation,
    path: String,
}

impl Caller<'_> {
    async fn send(&self, query: &str, body: String) {
        let Caller { app, project, device, operation, path } = self;
        let place = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        let method = operation.method.clone();
        let request = match operation.access {
            Access::Project(_) | Access::Caller => app.request(method, &place).rest(project),
            Access::Server => app.request(method, &place).header("Api-Token", &project.keys.secret_api_token),
            Access::Public | Access::Visitor | Access::SdkKey | Access::Contact => {
                device.request(app, method, &place)
            }
        };
        let told: String = body.chars().take(300).collect();
        let content_type = if operation.takes.is_empty() { "application/json" } else { operation.takes };
        let answer = request.body(content_type, body).send().await;
        let status = answer.status.as_u16();
        assert!(status < 500, "{} {place} answers {status} to {told}: {}", operation.method, answer.body);
    }
}

/// The names of the properties that an operation's body may have.
fn properties(described: &Json, operation: &Operation) -> Vec<String> {
    let method = operation.method.as_str().to_lowercase();
    let content = &described["paths"][operation.path][method.as_str()]["requestBody"]["content"];
    let schemas =
        content.as_object().into_iter().flat_map(|content| content.values()).map(|taken| &taken["schema"]);
    let mut names = Vec::new();
    for schema in schemas {
        gather(described, schema, &mut names);
    }
    names
}

fn gather(described: &Json, schema: &Json, names: &mut Vec<String>) {
    if let Some(place) = schema["$ref"].as_str().and_then(|place| place.strip_prefix('#')) {
        gather(described, described.pointer(place).unwrap_or(&Json::Null), names);
    }
    names.extend(
        schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys().cloned()),
    );
    for several in ["allOf", "anyOf", "oneOf"] {
        schema[several].as_array().into_iter().flatten().for_each(|schema| gather(described, schema, names));
    }
}
