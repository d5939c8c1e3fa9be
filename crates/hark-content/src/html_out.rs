//! Writes documents as HTML, the only HTML of other people that anything of ours may show.

use std::fmt;

use crate::check;
use crate::model::{Article, Block, Document, Image, Inline, Item, Link, ListKind, Marks, Mention};

/// HTML that can be put into any page: known elements, escaped texts, checked addresses, and nothing
/// that runs, loads scripts or styles, or leaves its place. Only this crate makes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Document {
    /// The document as HTML.
    pub fn to_html(&self) -> SafeHtml {
        let mut writer = Writer { html: String::new() };
        writer.blocks(&self.blocks);
        SafeHtml(writer.html)
    }
}

/// What a link opens in, and what the page it leads to gets to know.
const LINK_SAFETY: &str = r#" target="_blank" rel="noopener noreferrer nofollow""#;

struct Writer {
    html: String,
}

impl Writer {
    fn raw(&mut self, html: &'static str) {
        self.html.push_str(html);
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                // Where templates of the page around would begin.
                '`' => self.raw("&#96;"),
                '{' => self.raw("&#123;"),
                '\u{a0}' => self.raw("&nbsp;"),
                _ => self.html.push(character),
            }
        }
    }

    fn attribute(&mut self, name: &'static str, value: &str) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        self.escaped(value);
        self.raw("\"");
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(inlines) => self.leaf("p", inlines),
            Block::Heading(level, inlines) => {
                const NAMES: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
                self.leaf(NAMES[usize::from(level.clamp(&1, &6) - 1)], inlines);
            }
            Block::List(kind, items) => self.list(*kind, items),
            Block::Quote(blocks) => {
                self.raw("<blockquote>");
                self.blocks(blocks);
                self.raw("</blockquote>");
            }
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::Rule => self.raw("<hr>"),
            Block::Image(image) => {
                self.raw("<figure");
                if let Some(align) = image.align {
                    self.attribute("data-align", align);
                }
                self.raw(">");
                self.image(image);
                self.raw("</figure>");
            }
            Block::Video(id) => self.video(id),
            Block::Article(article) => self.article(article),
        }
    }

    fn list(&mut self, kind: ListKind, items: &[Item]) {
        match kind {
            ListKind::Bullets => self.raw("<ul>"),
            ListKind::Numbers(1) => self.raw("<ol>"),
            ListKind::Numbers(first) => {
                self.raw("<ol");
                self.attribute("start", &first.to_string());
                self.raw(">");
            }
        }
        for item in items {
            self.raw("<li>");
            self.blocks(item);
            self.raw("</li>");
        }
        self.raw(if kind == ListKind::Bullets { "</ul>" } else { "</ol>" });
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        self.raw("<pre><code");
        if let Some(language) = language {
            self.attribute("class", &format!("language-{language}"));
        }
        self.raw(">");
        self.escaped(text);
        // Without it an empty block would not show.
        self.raw("\n</code></pre>");
    }

    fn video(&mut self, id: &str) {
        let address = check::video_address(id);
        self.raw("<p data-type=\"youtube\"");
        self.attribute("data-src", &address);
        self.raw(">");
        self.open_link(&Link { href: address.clone(), button: None });
        self.escaped(&address);
        self.raw("</a></p>");
    }

    fn article(&mut self, article: &Article) {
        self.raw("<p data-type=\"helpCenterArticle\"");
        self.attribute("data-id", &article.id);
        self.attribute("data-title", &article.title);
        self.attribute("data-description", &article.description);
        if let Some(url) = &article.url {
            self.attribute("data-url", url);
            self.raw(">");
            self.open_link(&Link { href: url.clone(), button: None });
            self.escaped(&article.title);
            self.raw("</a>");
        } else {
            self.raw(">");
            self.escaped(&article.title);
        }
        if !article.description.is_empty() {
            self.raw("<br>");
            self.escaped(&article.description);
        }
        self.raw("</p>");
    }

    fn leaf(&mut self, name: &'static str, inlines: &[Inline]) {
        self.raw("<");
        self.raw(name);
        self.raw(">");
        let mut link = None;
        for (index, inline) in inlines.iter().enumerate() {
            let target = link_of(inline);
            if target != link {
                self.end_link(link);
                if let Some(target) = target {
                    self.open_link(target);
                }
                link = target;
            }
            self.inline(inline, at_line_start(inlines, index), at_line_end(inlines, index));
        }
        self.end_link(link);
        if matches!(inlines.last(), None | Some(Inline::Break)) {
            // The last line break of a block makes no line.
            self.raw("<br>");
        }
        self.raw("</");
        self.raw(name);
        self.raw(">");
    }

    fn inline(&mut self, inline: &Inline, at_start: bool, at_end: bool) {
        match inline {
            Inline::Text(text, marks) => {
                let tags = mark_tags(marks);
                for tag in tags.clone() {
                    self.raw("<");
                    self.raw(tag);
                    self.raw(">");
                }
                self.words(text, at_start, at_end);
                for tag in tags.rev() {
                    self.raw("</");
                    self.raw(tag);
                    self.raw(">");
                }
            }
            Inline::Break => self.raw("<br>"),
            Inline::Image(image) => self.image(image),
            Inline::Mention(mention) => self.mention(mention),
        }
    }

    /// Writes a text so that each of its spaces is shown.
    fn words(&mut self, text: &str, at_start: bool, at_end: bool) {
        let mut is_after_space = at_start;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let would_vanish = is_after_space || (at_end && characters.peek().is_none());
            if character == ' ' && would_vanish {
                self.raw("&nbsp;");
                is_after_space = false;
            } else {
                self.escaped(character.encode_utf8(&mut [0; 4]));
                is_after_space = character == ' ';
            }
        }
    }

    fn image(&mut self, image: &Image) {
        self.raw("<img");
        self.attribute("src", &image.src);
        self.attribute("alt", &image.alt);
        if let Some(width) = &image.width {
            self.attribute("width", width);
        }
        self.raw(" loading=\"lazy\" referrerpolicy=\"no-referrer\">");
    }

    fn mention(&mut self, mention: &Mention) {
        self.raw("<span data-type=\"mention\"");
        self.attribute("data-id", &mention.id);
        self.attribute("data-label", &mention.label);
        self.raw(">@");
        self.escaped(&mention.label);
        self.raw("</span>");
    }

    fn open_link(&mut self, link: &Link) {
        self.raw("<a");
        self.attribute("href", &link.href);
        self.raw(LINK_SAFETY);
        if let Some(colour) = &link.button {
            self.raw(" data-linktype=\"button\"");
            self.attribute("data-bgcolor", colour);
        }
        self.raw(">");
    }

    fn end_link(&mut self, link: Option<&Link>) {
        if link.is_some() {
            self.raw("</a>");
        }
    }
}

fn link_of(inline: &Inline) -> Option<&Link> {
    match inline {
        Inline::Text(_, marks) => marks.link.as_ref(),
        Inline::Image(image) => image.link.as_ref(),
        Inline::Break | Inline::Mention(_) => None,
    }
}

fn mark_tags(marks: &Marks) -> impl DoubleEndedIterator<Item = &'static str> + Clone + use<> {
    let tags = [
        (marks.bold, "strong"),
        (marks.italic, "em"),
        (marks.underline, "u"),
        (marks.strike, "s"),
        (marks.code, "code"),
    ];
    tags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, tag)| tag)
}

/// Whether a space at the start of this node would not be shown: nothing but a space is before it.
fn at_line_start(inlines: &[Inline], index: usize) -> bool {
    match index.checked_sub(1).map(|before| &inlines[before]) {
        None | Some(Inline::Break) => true,
        Some(Inline::Text(text, _)) => text.ends_with(' '),
        Some(Inline::Image(_) | Inline::Mention(_)) => false,
    }
}

fn at_line_end(inlines: &[Inline], index: usize) -> bool {
    matches!(inlines.get(index + 1), None | Some(Inline::Break))
}
