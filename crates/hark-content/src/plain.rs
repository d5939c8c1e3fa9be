//! Plain text, in and out.

use crate::builder::{Builder, Ending, Leaf};
use crate::check;
use crate::limits::INPUT_BYTES_MAX;
use crate::model::{Article, Block, Document, Inline, Link, ListKind, Marks};

/// What may end a sentence right behind an address, and rarely an address.
const AFTER_ADDRESS: &[char] = &['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '"', '…'];

impl Document {
    /// Reads plain text: an empty line parts paragraphs, any other line end is a line break, and
    /// addresses become links. Never fails; what is beyond the bounds is cut.
    pub fn from_plain(text: &str) -> Document {
        let kept = check::start(text, INPUT_BYTES_MAX);
        let mut builder = Builder::new(Ending::Exact);
        if kept.len() < text.len() {
            builder.cut();
        }
        let text = kept.replace("\r\n", "\n").replace('\r', "\n");
        let paragraphs = text.split("\n\n").map(|paragraph| paragraph.trim_matches('\n'));
        for paragraph in paragraphs.filter(|paragraph| !paragraph.trim().is_empty()) {
            builder.begin(Leaf::Paragraph);
            linked(&mut builder, paragraph);
            builder.end_leaf();
        }
        builder.finish()
    }

    /// The document's text, for search, previews and those who see no marks: list items begin with
    /// `- ` or a number, quotes with `> `, images are their description.
    pub fn to_plain(&self) -> String {
        Plain { with_addresses: false }.blocks(&self.blocks, "\n\n")
    }

    /// The same with the address of each link behind its text, for mails.
    pub fn to_plain_with_addresses(&self) -> String {
        Plain { with_addresses: true }.blocks(&self.blocks, "\n\n")
    }
}

/// Adds text in which addresses are links.
fn linked(builder: &mut Builder, text: &str) {
    let plain = Marks::default();
    let mut rest = text;
    while let Some(start) = address_start(rest) {
        let word = rest[start..].split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).next();
        let mut address = word.unwrap_or_default().trim_end_matches(AFTER_ADDRESS);
        // A bracket that the address opened belongs to it.
        if rest[start + address.len()..].starts_with(')') && address.contains('(') {
            address = &rest[start..=start + address.len()];
        }
        builder.text(&rest[..start], &plain);
        let link = check::link_address(address).map(|href| Link { href, button: None });
        builder.text(address, &Marks { link, ..Marks::default() });
        rest = &rest[start + address.len()..];
    }
    builder.text(rest, &plain);
}

/// Where the next address begins.
fn address_start(text: &str) -> Option<usize> {
    text.match_indices("http").map(|(start, _)| start).find(|start| {
        let after = &text[start + 4..];
        let is_scheme = after.starts_with("://") || after.starts_with("s://");
        is_scheme && !text[..*start].ends_with(char::is_alphanumeric)
    })
}

struct Plain {
    with_addresses: bool,
}

impl Plain {
    fn blocks(&self, blocks: &[Block], between: &str) -> String {
        let texts: Vec<String> = blocks.iter().map(|block| self.block(block)).collect();
        texts.join(between)
    }

    fn block(&self, block: &Block) -> String {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => self.line(inlines),
            Block::List(kind, items) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    let sign = match kind {
                        ListKind::Bullets => "- ".to_owned(),
                        ListKind::Numbers(first) => format!("{}. ", u64::from(*first) + index as u64),
                    };
                    let indent = " ".repeat(sign.len());
                    prefixed(&self.blocks(item, "\n"), &sign, &indent)
                });
                items.collect::<Vec<_>>().join("\n")
            }
            Block::Quote(blocks) => prefixed(&self.blocks(blocks, "\n"), "> ", "> "),
            Block::Code { text, .. } => text.clone(),
            Block::Rule => "---".to_owned(),
            Block::Image(image) => image.alt.clone(),
            Block::Video(id) => check::video_address(id),
            Block::Article(article) => self.article(article),
        }
    }

    fn article(&self, article: &Article) -> String {
        let address = article.url.as_deref().filter(|_| self.with_addresses);
        let parts = [Some(article.title.as_str()), Some(article.description.as_str()), address];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn line(&self, inlines: &[Inline]) -> String {
        let mut line = String::new();
        for (index, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text(text, marks) => {
                    line.push_str(text);
                    self.address(&mut line, text, marks, inlines.get(index + 1));
                }
                Inline::Break => line.push('\n'),
                Inline::Image(image) => line.push_str(&image.alt),
                Inline::Mention(mention) => {
                    line.push('@');
                    line.push_str(&mention.label);
                }
            }
        }
        line
    }

    /// Adds a link's address where the link ends, unless that is what its text says.
    fn address(&self, line: &mut String, text: &str, marks: &Marks, next: Option<&Inline>) {
        let Some(link) = marks.link.as_ref().filter(|_| self.with_addresses) else { return };
        let goes_on = matches!(next, Some(Inline::Text(_, marks)) if marks.link.as_ref() == Some(link));
        if !goes_on && !link.href.ends_with(text.trim()) {
            line.push_str(&format!(" ({})", link.href));
        }
    }
}

/// Puts a sign before the first line and an indent before the others.
pub(crate) fn prefixed(text: &str, sign: &str, indent: &str) -> String {
    let mut lines = String::new();
    for (index, line) in text.split('\n').enumerate() {
        let prefix = if index == 0 { sign } else { indent };
        if index > 0 {
            lines.push('\n');
        }
        lines.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        lines.push_str(line);
    }
    lines
}
