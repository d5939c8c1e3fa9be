//! Reads Markdown (CommonMark with tables and strikethrough), as models and integrations write it.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::builder::{Container, Leaf};
use crate::check;
use crate::html_in::HtmlReader;
use crate::limits::INPUT_BYTES_MAX;
use crate::model::{Block, Document, Image, Inline, Link, ListKind};

impl Document {
    /// Reads Markdown; HTML in it is read as HTML. A row of a table is a line. Never fails; what is
    /// beyond the bounds is cut.
    pub fn from_markdown(markdown: &str) -> Document {
        let kept = check::start(markdown, INPUT_BYTES_MAX);
        let mut reader = Reader { html: HtmlReader::new(), image: None, is_first_cell: true };
        if kept.len() < markdown.len() {
            reader.html.builder.cut();
        }
        for event in Parser::new_ext(kept, Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES) {
            reader.event(event);
        }
        reader.html.finish()
    }
}

/// An image whose description is being read.
struct OpenImage {
    address: String,
    alt: String,
}

struct Reader {
    html: HtmlReader,
    image: Option<OpenImage>,
    is_first_cell: bool,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.html.open.code += 1;
                self.text(&text);
                self.html.open.code -= 1;
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html.feed(&html),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.html.builder.inline(Inline::Break),
            Event::Rule => self.html.builder.block(Block::Rule),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text);
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.image {
            Some(image) => image.alt.push_str(text),
            None => {
                let marks = self.html.open.marks();
                self.html.builder.text(text, &marks);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let builder = &mut self.html.builder;
        match tag {
            Tag::Paragraph => builder.begin(Leaf::Paragraph),
            Tag::Heading { level, .. } => builder.begin(Leaf::Heading(number(level))),
            Tag::BlockQuote(_) => builder.open(Container::Quote),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                let language = info.split(' ').next().and_then(check::language);
                builder.begin(Leaf::Code(language));
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => builder.begin(Leaf::Code(None)),
            Tag::List(None) => builder.open(Container::List(ListKind::Bullets)),
            Tag::List(Some(first)) => {
                let first = u32::try_from(first).unwrap_or(1).min(1_000_000);
                builder.open(Container::List(ListKind::Numbers(first)));
            }
            Tag::Item => builder.open(Container::Item),
            Tag::TableHead | Tag::TableRow => {
                builder.begin(Leaf::Paragraph);
                self.is_first_cell = true;
            }
            Tag::TableCell => {
                let between = if self.is_first_cell { "" } else { " | " };
                self.is_first_cell = false;
                self.text(between);
            }
            Tag::Emphasis => self.html.open.italic += 1,
            Tag::Strong => self.html.open.bold += 1,
            Tag::Strikethrough => self.html.open.strike += 1,
            Tag::Link { dest_url, .. } => {
                let href = check::link_address(&dest_url);
                self.html.open.link = href.map(|href| Link { href, button: None });
            }
            Tag::Image { dest_url, .. } => {
                self.image = Some(OpenImage { address: dest_url.into_string(), alt: String::new() });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let open = &mut self.html.open;
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::HtmlBlock => self.html.builder.end_leaf(),
            TagEnd::BlockQuote(_) => self.html.builder.close(Container::Quote),
            TagEnd::List(_) => self.html.builder.close(Container::List(ListKind::Bullets)),
            TagEnd::Item => self.html.builder.close(Container::Item),
            TagEnd::Emphasis => open.italic = open.italic.saturating_sub(1),
            TagEnd::Strong => open.bold = open.bold.saturating_sub(1),
            TagEnd::Strikethrough => open.strike = open.strike.saturating_sub(1),
            TagEnd::Link => open.link = None,
            TagEnd::Image => self.end_image(),
            _ => {}
        }
    }

    fn end_image(&mut self) {
        let Some(OpenImage { address, alt }) = self.image.take() else { return };
        let alt = check::line(&alt);
        let Some(src) = check::image_address(&address) else { return self.text(&alt) };
        let link = self.html.open.link.clone();
        let image = Image { src, alt, width: None, align: None, link, is_image_block: false };
        self.html.builder.inline(Inline::Image(image));
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
