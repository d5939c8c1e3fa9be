//! Writes documents as TipTap (ProseMirror) JSON.

use serde_json::{Value as Json, json};

use crate::check;
use crate::model::{Block, Document, Image, Inline, Item, Link, ListKind, Marks};

impl Document {
    /// The document as TipTap JSON, `{"type":"doc","content":[…]}`.
    pub fn to_json(&self) -> Json {
        json!({ "type": "doc", "content": blocks(&self.blocks) })
    }
}

fn blocks(blocks: &[Block]) -> Json {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> Json {
    match block {
        Block::Paragraph(inlines) => with_content("paragraph", None, inlines),
        Block::Heading(level, inlines) => with_content("heading", Some(json!({ "level": level })), inlines),
        Block::List(ListKind::Bullets, items) => json!({ "type": "bulletList", "content": list(items) }),
        Block::List(ListKind::Numbers(first), items) => {
            json!({ "type": "orderedList", "attrs": { "start": first }, "content": list(items) })
        }
        Block::Quote(inner) => json!({ "type": "blockquote", "content": blocks(inner) }),
        Block::Code { language, text } => code(language.as_deref(), text),
        Block::Rule => json!({ "type": "horizontalRule" }),
        Block::Image(image) => image_node(image),
        Block::Video(id) => json!({ "type": "youtube", "attrs": { "src": check::video_address(id) } }),
        Block::Article(article) => {
            let mut attributes = json!({
                "articleId": article.id,
                "articleTitle": article.title,
                "articleDescription": article.description,
            });
            if let Some(url) = &article.url {
                attributes["articleUrl"] = json!(url);
            }
            json!({ "type": "helpCenterArticle", "attrs": attributes })
        }
    }
}

fn list(items: &[Item]) -> Json {
    items.iter().map(|item| json!({ "type": "listItem", "content": blocks(item) })).collect()
}

fn code(language: Option<&str>, text: &str) -> Json {
    let mut node = json!({ "type": "codeBlock" });
    if let Some(language) = language {
        node["attrs"] = json!({ "language": language });
    }
    if !text.is_empty() {
        node["content"] = json!([{ "type": "text", "text": text }]);
    }
    node
}

fn with_content(name: &str, attributes: Option<Json>, inlines: &[Inline]) -> Json {
    let mut node = json!({ "type": name });
    if let Some(attributes) = attributes {
        node["attrs"] = attributes;
    }
    if !inlines.is_empty() {
        node["content"] = inlines.iter().map(inline).collect();
    }
    node
}

fn inline(inline: &Inline) -> Json {
    match inline {
        Inline::Text(text, marks) => {
            let mut node = json!({ "type": "text" });
            let marks = mark_list(marks);
            if !marks.is_empty() {
                node["marks"] = Json::Array(marks);
            }
            node["text"] = json!(text);
            node
        }
        Inline::Break => json!({ "type": "hardBreak" }),
        Inline::Image(image) => image_node(image),
        Inline::Mention(mention) => {
            json!({ "type": "mention", "attrs": { "id": mention.id, "label": mention.label } })
        }
    }
}

fn image_node(image: &Image) -> Json {
    let mut attributes = json!({ "src": image.src, "alt": image.alt });
    if let Some(width) = &image.width {
        attributes["width"] = json!(width);
    }
    if let Some(align) = image.align {
        attributes["align"] = json!(align);
    }
    let name = if image.is_image_block { "imageBlock" } else { "image" };
    let mut node = json!({ "type": name, "attrs": attributes });
    if let Some(link) = &image.link {
        node["marks"] = json!([link_mark(link)]);
    }
    node
}

fn mark_list(marks: &Marks) -> Vec<Json> {
    let plain = [
        (marks.bold, "bold"),
        (marks.italic, "italic"),
        (marks.underline, "underline"),
        (marks.strike, "strike"),
        (marks.code, "code"),
    ];
    let plain = plain.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| json!({ "type": name }));
    marks.link.iter().map(link_mark).chain(plain).collect()
}

fn link_mark(link: &Link) -> Json {
    let mut attributes = json!({ "href": link.href, "target": "_blank", "linktype": "link" });
    if let Some(colour) = &link.button {
        attributes["linktype"] = json!("button");
        attributes["bgcolor"] = json!(colour);
    }
    json!({ "type": "link", "attrs": attributes })
}
