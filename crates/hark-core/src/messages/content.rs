//! The content of a message: a text, or a TipTap document.

use hark_store::{Error, Result};
use serde_json::{Value as Json, json};

use crate::documents::depth_exceeds;

/// Bytes of a content as JSON.
const BYTES_MAX: usize = 256 * 1024;
/// Levels of lists and objects in it.
const DEPTH_MAX: usize = 64;
/// Characters of the plain text that is kept beside it.
const TEXT_MAX: usize = 100_000;
/// Nodes of a document after which a new line begins.
const BLOCKS: &[&str] = &["paragraph", "heading", "hardBreak", "listItem", "codeBlock", "blockquote"];

/// A content within its bounds. A single node of a document becomes a document.
///
/// # Errors
/// [`Error::Invalid`] for anything but a text or an object, [`Error::TooLarge`] for too much of it.
pub(super) fn checked(content: Json) -> Result<Json> {
    let content = match content {
        Json::String(_) => content,
        Json::Object(ref node) if node.get("type").and_then(Json::as_str) == Some("doc") => content,
        Json::Object(ref node) if node.contains_key("type") => json!({"type": "doc", "content": [content]}),
        Json::Array(nodes) => json!({"type": "doc", "content": nodes}),
        _ => return Err(Error::invalid("`comment` must be a text or a TipTap document as a JSON object")),
    };
    if depth_exceeds(&content, DEPTH_MAX) {
        return Err(Error::invalid(format!("`comment` is nested deeper than {DEPTH_MAX} levels")));
    }
    if content.to_string().len() > BYTES_MAX {
        return Err(Error::TooLarge(format!("`comment` is larger than {BYTES_MAX} bytes")));
    }
    Ok(content)
}

/// What a content says, without its form.
pub fn plain(content: &Json) -> String {
    let mut text = String::new();
    match content {
        Json::String(content) => text.push_str(content),
        node => walk(node, &mut text),
    }
    text.trim().chars().take(TEXT_MAX).collect()
}

fn walk(node: &Json, out: &mut String) {
    if let Some(text) = node["text"].as_str() {
        out.push_str(text);
    }
    let attribute = |name: &str| node["attrs"][name].as_str().unwrap_or_default();
    let kind = node["type"].as_str().unwrap_or_default();
    match kind {
        "mention" => out.push_str(&format!("@{}", attribute("label"))),
        "helpCenterArticle" => out.push_str(attribute("articleTitle")),
        _ => {}
    }
    for child in node["content"].as_array().into_iter().flatten() {
        walk(child, out);
    }
    if BLOCKS.contains(&kind) && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_line_by_line() {
        let doc = json!({"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "Hello "}, {"type": "mention", "attrs": {"label": "Ada"}}]},
            {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one"}]}]}]},
        ]});
        assert_eq!(plain(&doc), "Hello @Ada\none");
        assert_eq!(plain(&json!(" text ")), "text");
        assert_eq!(plain(&json!(7)), "");
    }

    #[test]
    fn a_node_becomes_a_document_and_the_rest_is_refused() {
        let node = json!({"type": "paragraph", "content": []});
        assert_eq!(checked(node.clone()).expect("a document"), json!({"type": "doc", "content": [node]}));
        for wrong in [json!(1), json!(null), json!({}), json!(true)] {
            assert!(checked(wrong.clone()).is_err(), "{wrong}");
        }
        let mut deep = json!({"type": "text"});
        for _ in 0..DEPTH_MAX {
            deep = json!({"type": "x", "content": [deep]});
        }
        assert!(checked(deep).is_err());
    }
}
