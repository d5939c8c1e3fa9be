//! Reads TipTap (ProseMirror) JSON.

use serde_json::{Map, Value as Json};

use crate::builder::{Builder, Container, Ending, Leaf};
use crate::check;
use crate::html_in::first_number;
use crate::limits::JSON_DEPTH_MAX;
use crate::model::{Article, Block, Document, Image, Inline, Link, ListKind, Marks, Mention};
use crate::{Error, Result};

impl Document {
    /// Reads a TipTap document, or any other node or list of nodes, which is taken for its content.
    /// Nodes and marks that are not known keep their text.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither an object nor a list, [`Error::TooLarge`] when it is
    /// beyond a bound.
    pub fn from_json(json: &Json) -> Result<Document> {
        let mut reader = Reader { builder: Builder::new(Ending::Exact) };
        match json {
            Json::Object(_) => reader.node(json, 1)?,
            Json::Array(nodes) => reader.nodes(nodes, 1)?,
            _ => {
                return Err(Error::Invalid(
                    "rich text is a document such as {\"type\":\"doc\",\"content\":[]}",
                ));
            }
        }
        let document = reader.builder.finish();
        if document.is_cut() {
            return Err(Error::TooLarge(format!(
                "this content is too large, at most {} bytes of text and {} nodes are allowed",
                crate::limits::TEXT_BYTES_MAX,
                crate::limits::NODES_MAX
            )));
        }
        Ok(document)
    }
}

struct Reader {
    builder: Builder,
}

impl Reader {
    fn nodes(&mut self, nodes: &[Json], depth: usize) -> Result<()> {
        if depth > JSON_DEPTH_MAX {
            return Err(Error::TooLarge(format!(
                "this content is nested too deeply, at most {JSON_DEPTH_MAX} levels are allowed"
            )));
        }
        for node in nodes {
            self.node(node, depth)?;
        }
        Ok(())
    }

    fn content(&mut self, node: &Json, depth: usize) -> Result<()> {
        match node.get("content").and_then(Json::as_array) {
            Some(nodes) => self.nodes(nodes, depth + 1),
            None => Ok(()),
        }
    }

    fn node(&mut self, node: &Json, depth: usize) -> Result<()> {
        let attributes = Attributes(node.get("attrs").and_then(Json::as_object));
        match node.get("type").and_then(Json::as_str).unwrap_or_default() {
            "paragraph" => self.leaf(Leaf::Paragraph, node, depth),
            "heading" => {
                let level = attributes.number("level").unwrap_or(1).clamp(1, 6);
                self.leaf(Leaf::Heading(u8::try_from(level).unwrap_or(6)), node, depth)
            }
            "codeBlock" => {
                let language = attributes.text("language").and_then(check::language);
                self.leaf(Leaf::Code(language), node, depth)
            }
            "bulletList" => self.container(Container::List(ListKind::Bullets), node, depth),
            "orderedList" => {
                let start = attributes.number("start").map(|number| number.to_string());
                let kind = ListKind::Numbers(first_number(start.as_deref()));
                self.container(Container::List(kind), node, depth)
            }
            "listItem" => self.container(Container::Item, node, depth),
            "blockquote" => self.container(Container::Quote, node, depth),
            "horizontalRule" => self.block(Block::Rule),
            "hardBreak" => self.inline(Inline::Break),
            "image" => self.image(&attributes, node, false),
            "imageBlock" => self.image(&attributes, node, true),
            "mention" => self.inline(Inline::Mention(Mention {
                id: attributes.line("id"),
                label: attributes.line("label"),
            })),
            "youtube" => match attributes.text("src").and_then(check::video_id) {
                Some(id) => self.block(Block::Video(id)),
                None => self.content(node, depth),
            },
            "helpCenterArticle" => self.block(Block::Article(Article {
                id: attributes.line("articleId"),
                title: attributes.line("articleTitle"),
                description: attributes.line("articleDescription"),
                url: attributes.text("articleUrl").and_then(check::link_address),
            })),
            _ => {
                if let Some(text) = node.get("text").and_then(Json::as_str) {
                    self.builder.text(text, &marks(node));
                }
                self.content(node, depth)
            }
        }
    }

    fn leaf(&mut self, leaf: Leaf, node: &Json, depth: usize) -> Result<()> {
        self.builder.begin(leaf);
        self.content(node, depth)?;
        self.builder.end_leaf();
        Ok(())
    }

    fn container(&mut self, container: Container, node: &Json, depth: usize) -> Result<()> {
        self.builder.open(container);
        self.content(node, depth)?;
        self.builder.close(container);
        Ok(())
    }

    fn block(&mut self, block: Block) -> Result<()> {
        self.builder.block(block);
        Ok(())
    }

    fn inline(&mut self, inline: Inline) -> Result<()> {
        self.builder.inline(inline);
        Ok(())
    }

    /// An image within a line stays there, any other is a block. One that may not be loaded leaves its
    /// description.
    fn image(&mut self, attributes: &Attributes<'_>, node: &Json, is_image_block: bool) -> Result<()> {
        let alt = attributes.line("alt");
        let Some(src) = attributes.text("src").and_then(check::image_address) else {
            let is_block = !self.builder.has_leaf();
            self.builder.text(&alt, &Marks::default());
            if is_block {
                self.builder.end_leaf();
            }
            return Ok(());
        };
        let width = attributes.number("width").map(|number| number.to_string());
        let width = width.as_deref().or(attributes.text("width")).and_then(check::width);
        let align = attributes.text("align").and_then(check::align);
        let is_inline = self.builder.has_leaf();
        let link = if is_inline { marks(node).link } else { None };
        let align = if is_inline { None } else { align };
        let is_image_block = is_image_block && !is_inline;
        let image = Image { src, alt, width, align, link, is_image_block };
        if is_inline { self.inline(Inline::Image(image)) } else { self.block(Block::Image(image)) }
    }
}

/// The attributes of a node or mark, if it has any.
struct Attributes<'j>(Option<&'j Map<String, Json>>);

impl<'j> Attributes<'j> {
    fn text(&self, name: &str) -> Option<&'j str> {
        self.0?.get(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.0?.get(name)?.as_u64()
    }

    fn line(&self, name: &str) -> String {
        self.text(name).map(check::line).unwrap_or_default()
    }
}

fn marks(node: &Json) -> Marks {
    let mut marks = Marks::default();
    for mark in node.get("marks").and_then(Json::as_array).into_iter().flatten() {
        match mark.get("type").and_then(Json::as_str).unwrap_or_default() {
            "bold" => marks.bold = true,
            "italic" => marks.italic = true,
            "underline" => marks.underline = true,
            "strike" => marks.strike = true,
            "code" => marks.code = true,
            "link" => marks.link = link(&Attributes(mark.get("attrs").and_then(Json::as_object))),
            _ => {}
        }
    }
    marks
}

fn link(attributes: &Attributes<'_>) -> Option<Link> {
    let href = attributes.text("href").and_then(check::link_address)?;
    let colour = || attributes.text("bgcolor").and_then(check::colour);
    let is_button = attributes.text("linktype") == Some("button");
    Some(Link {
        href,
        button: is_button.then(|| colour().unwrap_or_else(|| check::BUTTON_COLOUR.to_owned())),
    })
}
