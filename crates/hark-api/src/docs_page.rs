//! `/docs`: the API description as a page that needs no script and nothing from outside.

use std::fmt::Write;

use serde_json::{Map, Value as Json};

/// Levels of a schema that are shown in place.
const DEPTH_MAX: usize = 5;

const STYLE: &str = include_str!("docs_page.css");

/// The page for an OpenAPI description.
pub(crate) fn page(description: &Json) -> String {
    let groups = grouped(description);
    let mut html = String::from("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.push_str(
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Hark API</title>",
    );
    let _ =
        write!(html, "<style>{STYLE}</style></head><body><nav aria-label=\"Operations\"><h1>Hark API</h1>");
    html.push_str("<p><a href=\"/openapi.json\">openapi.json</a></p>");
    for (group, operations) in &groups {
        let _ = write!(html, "<h2>{}</h2><ul>", escape(group));
        for operation in operations {
            let _ = write!(
                html,
                "<li><a href=\"#{}\">{}</a></li>",
                escape(operation.id()),
                escape(operation.title())
            );
        }
        html.push_str("</ul>");
    }
    html.push_str("</nav><main>");
    for (group, operations) in &groups {
        let _ = write!(html, "<h2 class=\"group\">{}</h2>", escape(group));
        for operation in operations {
            operation.write(&mut html, description);
        }
    }
    html.push_str("</main></body></html>");
    html
}

/// An operation with its place.
struct Described<'d> {
    method: &'d str,
    path: &'d str,
    operation: &'d Json,
}

fn grouped(description: &Json) -> Vec<(String, Vec<Described<'_>>)> {
    let mut groups: Vec<(String, Vec<Described<'_>>)> = Vec::new();
    for (path, methods) in entries(&description["paths"]) {
        for (method, operation) in entries(methods) {
            let name = operation["tags"][0].as_str().unwrap_or_default();
            let described = Described { method, path, operation };
            match groups.iter_mut().find(|(known, _)| known == name) {
                Some((_, operations)) => operations.push(described),
                None => groups.push((name.to_owned(), vec![described])),
            }
        }
    }
    groups
}

impl Described<'_> {
    fn id(&self) -> &str {
        self.operation["operationId"].as_str().unwrap_or_default()
    }

    fn title(&self) -> &str {
        match self.operation["summary"].as_str() {
            Some(summary) if !summary.is_empty() => summary,
            _ => self.id(),
        }
    }

    fn write(&self, html: &mut String, description: &Json) {
        let _ = write!(
            html,
            "<article id=\"{}\"><h3>{}</h3><p class=\"route\"><b class=\"{1}\">{2}</b> <code>{3}</code></p>",
            escape(self.id()),
            escape(self.title()),
            escape(&self.method.to_uppercase()),
            escape(self.path)
        );
        self.write_parameters(html);
        let body = &self.operation["requestBody"]["content"];
        for (content_type, content) in entries(body) {
            write_body(html, "Body", content_type, &content["schema"], description);
        }
        for (status, response) in entries(&self.operation["responses"]) {
            let is_error = !status.starts_with('2');
            if is_error {
                continue;
            }
            for (content_type, content) in entries(&response["content"]) {
                write_body(html, &format!("Answer {status}"), content_type, &content["schema"], description);
            }
            if response["content"].is_null() {
                let _ = write!(html, "<p>Answer {}: no body</p>", escape(status));
            }
        }
        let errors: Vec<&str> = entries(&self.operation["responses"])
            .map(|(status, _)| status)
            .filter(|status| !status.starts_with('2'))
            .collect();
        let _ = write!(html, "<p class=\"errors\">Errors: {}</p></article>", escape(&errors.join(", ")));
    }

    fn write_parameters(&self, html: &mut String) {
        let Some(parameters) = self.operation["parameters"].as_array().filter(|all| !all.is_empty()) else {
            return;
        };
        html.push_str("<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>");
        for parameter in parameters {
            let text = |key: &str| escape(parameter[key].as_str().unwrap_or_default());
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                text("name"),
                text("in"),
                text("description")
            );
        }
        html.push_str("</tbody></table>");
    }
}

fn write_body(html: &mut String, title: &str, content_type: &str, schema: &Json, description: &Json) {
    let _ =
        write!(html, "<details><summary>{} <code>{}</code></summary>", escape(title), escape(content_type));
    write_schema(html, schema, description, 0);
    html.push_str("</details>");
}

fn write_schema(html: &mut String, schema: &Json, description: &Json, depth: usize) {
    let schema = resolve(schema, description);
    if depth >= DEPTH_MAX {
        html.push_str("<p>…</p>");
        return;
    }
    let items = resolve(&schema["items"], description);
    if items.is_object() {
        html.push_str("<p>a list of</p>");
        return write_schema(html, items, description, depth + 1);
    }
    let Some(properties) = schema["properties"].as_object() else {
        let _ = write!(html, "<p>{}</p>", escape(&type_name(schema)));
        return;
    };
    html.push_str("<dl>");
    for (name, property) in properties {
        let resolved = resolve(property, description);
        let meaning =
            property["description"].as_str().or(resolved["description"].as_str()).unwrap_or_default();
        let _ = write!(
            html,
            "<dt><code>{}</code> <i>{}</i></dt><dd>{}",
            escape(name),
            escape(&type_name(resolved)),
            escape(meaning)
        );
        if resolved["properties"].is_object() {
            write_schema(html, resolved, description, depth + 1);
        }
        html.push_str("</dd>");
    }
    html.push_str("</dl>");
}

/// Follows a reference into the components, and an optional type to the type itself.
fn resolve<'d>(schema: &'d Json, description: &'d Json) -> &'d Json {
    let optional = schema["anyOf"].as_array().and_then(|any| any.iter().find(|one| one["type"] != "null"));
    let schema = optional.unwrap_or(schema);
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.map_or(schema, |name| &description["components"]["schemas"][name])
}

fn type_name(schema: &Json) -> String {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(Json::to_string).collect::<Vec<_>>().join(" | ");
    }
    match &schema["type"] {
        Json::String(name) => name.clone(),
        Json::Array(names) => {
            let names = names.iter().filter_map(Json::as_str).filter(|name| *name != "null");
            names.collect::<Vec<_>>().join(" | ")
        }
        _ => "any".to_owned(),
    }
}

fn entries(object: &Json) -> impl Iterator<Item = (&str, &Json)> {
    static EMPTY: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    object.as_object().unwrap_or(&EMPTY).iter().map(|(name, value)| (name.as_str(), value))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_on_the_page_and_text_is_escaped() {
        let operations = crate::operations();
        let html = page(&crate::openapi::describe(&operations));
        for operation in &operations {
            assert!(html.contains(&format!("id=\"{}\"", operation.id)), "{} is missing", operation.id);
        }
        assert!(!html.contains("<script"));
        assert_eq!(escape("<a b=\"c\">&"), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }
}
