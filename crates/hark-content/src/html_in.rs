//! Reads HTML, that of mails included, with the tokenizer of browsers.
//!
//! There is no tree: tags change the marks or end blocks, whether or not they match. That is linear
//! in the input whatever is sent, and nothing depends on what a tree would have looked like, because
//! only the nodes of the document are ever written.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::builder::{Builder, Container, Ending, Leaf};
use crate::check;
use crate::limits::INPUT_BYTES_MAX;
use crate::model::{Article, Block, Document, Image, Inline, Link, ListKind, Marks, Mention};

/// Bytes that the tokenizer gets at a time.
const CHUNK_BYTES: usize = 8 * 1024;
/// Bytes after which a tag or comment that does not end is given up: the tokenizer compares each
/// attribute of a tag with all others. An image in the address of another is that long, too.
const UNENDED_BYTES_MAX: usize = 32 * 1024;

impl Document {
    /// Reads HTML. Whatever is not known loses its tags and keeps its text; scripts, styles and the
    /// like lose their text too. Never fails; what is beyond the bounds is cut.
    pub fn from_html(html: &str) -> Document {
        let mut reader = HtmlReader::new();
        reader.feed(html);
        reader.finish()
    }
}

/// Marks that are open, each as often as its tags were opened.
#[derive(Default)]
pub(crate) struct OpenMarks {
    pub(crate) bold: usize,
    pub(crate) italic: usize,
    pub(crate) underline: usize,
    pub(crate) strike: usize,
    pub(crate) code: usize,
    pub(crate) link: Option<Link>,
}

impl OpenMarks {
    pub(crate) fn marks(&self) -> Marks {
        Marks {
            bold: self.bold > 0,
            italic: self.italic > 0,
            underline: self.underline > 0,
            strike: self.strike > 0,
            code: self.code > 0,
            link: self.link.clone(),
        }
    }

    fn by_tag(&mut self, name: &str) -> Option<&mut usize> {
        match name {
            "b" | "strong" => Some(&mut self.bold),
            "i" | "em" | "cite" | "dfn" => Some(&mut self.italic),
            "u" | "ins" => Some(&mut self.underline),
            "s" | "strike" | "del" => Some(&mut self.strike),
            "code" | "tt" | "kbd" | "samp" => Some(&mut self.code),
            _ => None,
        }
    }
}

/// Reads HTML piece by piece.
pub(crate) struct HtmlReader {
    pub(crate) builder: Builder,
    pub(crate) open: OpenMarks,
    /// Within a figure, where an image is a block.
    in_figure: Option<Option<&'static str>>,
    /// The text of a mention, which is written anew.
    in_mention: bool,
    /// A line end right after `<pre>` is not part of the text.
    after_pre: bool,
    /// A text that is not shown, such as that of a style.
    in_raw: bool,
}

impl HtmlReader {
    pub(crate) fn new() -> HtmlReader {
        HtmlReader {
            builder: Builder::new(Ending::Html),
            open: OpenMarks::default(),
            in_figure: None,
            in_mention: false,
            after_pre: false,
            in_raw: false,
        }
    }

    pub(crate) fn finish(self) -> Document {
        self.builder.finish()
    }

    /// Reads a piece that is complete in itself.
    pub(crate) fn feed(&mut self, html: &str) {
        let mut rest = check::start(html, INPUT_BYTES_MAX);
        if rest.len() < html.len() {
            self.builder.cut();
        }
        while !rest.is_empty() && !self.builder.is_full() {
            let read = self.tokenize(rest);
            rest = &rest[read..];
            if !rest.is_empty() {
                // Something did not end: go on after what may be its end.
                self.builder.cut();
                rest = rest.split_once('>').map_or("", |(_, after)| after);
            }
        }
        if self.builder.is_full() && !rest.is_empty() {
            self.builder.cut();
        }
        self.in_raw = false;
    }

    /// Reads from the start and says how much it read: all, or up to the point where something did
    /// not end for too long.
    fn tokenize(&mut self, html: &str) -> usize {
        let sink = Sink { reader: RefCell::new(self), tokens: RefCell::new(0) };
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let (mut read, mut read_at_token, mut tokens) = (0, 0, 0);
        while read < html.len() {
            let chunk = check::start(&html[read..], CHUNK_BYTES);
            let queue = BufferQueue::default();
            queue.push_back(StrTendril::from_slice(chunk));
            // The answer only concerns scripts, which the sink does not hand over.
            let _ = tokenizer.feed(&queue);
            read += chunk.len();
            let seen = *tokenizer.sink.tokens.borrow();
            if seen > tokens {
                (tokens, read_at_token) = (seen, read);
            }
            let is_full = tokenizer.sink.reader.borrow().builder.is_full();
            if is_full || read - read_at_token > UNENDED_BYTES_MAX {
                return read;
            }
        }
        tokenizer.end();
        read
    }

    fn token(&mut self, token: Token) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return self.start(&tag),
            Token::TagToken(tag) => self.end(&tag.name),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }

    fn text(&mut self, text: &str) {
        if self.in_raw || self.in_mention {
            return;
        }
        let text = if self.after_pre { text.strip_prefix('\n').unwrap_or(text) } else { text };
        self.after_pre = false;
        let marks = self.open.marks();
        self.builder.words(text, &marks);
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        self.after_pre = false;
        if let Some(kind) = raw_kind(name) {
            self.in_raw = true;
            return TokenSinkResult::RawData(kind);
        }
        if let Some(count) = self.open.by_tag(name) {
            *count += 1;
        }
        match name {
            "a" => self.open.link = link(tag),
            "br" => self.builder.inline(Inline::Break),
            "img" => self.image(tag),
            "span" if attribute(tag, "data-type") == Some("mention") => self.mention(tag),
            "code" => {
                let class = attribute(tag, "class").unwrap_or_default();
                self.builder.set_language(class.strip_prefix("language-").and_then(check::language));
            }
            _ => self.start_block(name, tag),
        }
        TokenSinkResult::Continue
    }

    fn start_block(&mut self, name: &str, tag: &Tag) {
        if !is_block(name) {
            return;
        }
        self.end_block();
        match name {
            "p" => match card(tag) {
                Some(block) => self.builder.begin(Leaf::Instead(block)),
                None => self.builder.begin(Leaf::Paragraph),
            },
            "pre" => {
                self.builder.begin(Leaf::Code(None));
                self.after_pre = true;
            }
            "ul" | "menu" | "dir" => self.builder.open(Container::List(ListKind::Bullets)),
            "ol" => {
                self.builder.open(Container::List(ListKind::Numbers(first_number(attribute(tag, "start")))))
            }
            "li" => self.builder.open(Container::Item),
            "blockquote" => self.builder.open(Container::Quote),
            "figure" => self.in_figure = Some(attribute(tag, "data-align").and_then(check::align)),
            "hr" => self.builder.block(Block::Rule),
            _ => {
                if let Some(level) = heading_level(name) {
                    self.builder.begin(Leaf::Heading(level));
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        self.after_pre = false;
        self.in_raw = false;
        if let Some(count) = self.open.by_tag(name) {
            *count = count.saturating_sub(1);
        }
        match name {
            "a" => self.open.link = None,
            "span" => self.in_mention = false,
            "ul" | "ol" | "menu" | "dir" => self.builder.close(Container::List(ListKind::Bullets)),
            "li" => self.builder.close(Container::Item),
            "blockquote" => self.builder.close(Container::Quote),
            _ if is_block(name) => self.builder.end_leaf(),
            _ => return,
        }
        if is_block(name) {
            self.end_block();
        }
    }

    /// What ends with any block.
    fn end_block(&mut self) {
        self.builder.end_leaf();
        self.in_mention = false;
        self.in_figure = None;
    }

    fn image(&mut self, tag: &Tag) {
        let Some(src) = attribute(tag, "src").and_then(check::image_address) else {
            let marks = self.open.marks();
            self.builder.words(&check::line(attribute(tag, "alt").unwrap_or_default()), &marks);
            return;
        };
        let align = self.in_figure.filter(|_| !self.builder.has_leaf());
        let image = Image {
            src,
            alt: check::line(attribute(tag, "alt").unwrap_or_default()),
            width: attribute(tag, "width").and_then(check::width),
            align: align.flatten(),
            link: if align.is_some() { None } else { self.open.link.clone() },
            is_image_block: false,
        };
        match align {
            Some(_) => self.builder.block(Block::Image(image)),
            None => self.builder.inline(Inline::Image(image)),
        }
    }

    fn mention(&mut self, tag: &Tag) {
        let line = |name: &str| check::line(attribute(tag, name).unwrap_or_default());
        self.builder.inline(Inline::Mention(Mention { id: line("data-id"), label: line("data-label") }));
        self.in_mention = true;
    }
}

/// Hands tokens to the reader and counts them.
struct Sink<'r> {
    reader: RefCell<&'r mut HtmlReader>,
    tokens: RefCell<u64>,
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        // Complaints come while a tag is being read; only what is complete counts.
        if matches!(token, Token::ParseError(_)) {
            return TokenSinkResult::Continue;
        }
        *self.tokens.borrow_mut() += 1;
        self.reader.borrow_mut().token(token)
    }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// How the text of an element is read whose text is not shown.
fn raw_kind(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

fn is_block(name: &str) -> bool {
    heading_level(name).is_some()
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "body"
                | "caption"
                | "center"
                | "dd"
                | "details"
                | "dialog"
                | "dir"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "head"
                | "header"
                | "hgroup"
                | "hr"
                | "html"
                | "legend"
                | "li"
                | "main"
                | "menu"
                | "nav"
                | "ol"
                | "option"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "tbody"
                | "td"
                | "tfoot"
                | "th"
                | "thead"
                | "tr"
                | "ul"
        )
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// The number that a list begins with.
pub(crate) fn first_number(text: Option<&str>) -> u32 {
    text.and_then(|text| text.trim().parse().ok()).unwrap_or(1).min(1_000_000)
}

fn link(tag: &Tag) -> Option<Link> {
    let href = attribute(tag, "href").and_then(check::link_address)?;
    let colour = || attribute(tag, "data-bgcolor").and_then(check::colour);
    let is_button = attribute(tag, "data-linktype") == Some("button");
    let button = is_button.then(|| colour().unwrap_or_else(|| check::BUTTON_COLOUR.to_owned()));
    Some(Link { href, button })
}

/// What a paragraph stands for that only shows a link in its place.
fn card(tag: &Tag) -> Option<Block> {
    let line = |name: &str| check::line(attribute(tag, name).unwrap_or_default());
    match attribute(tag, "data-type")? {
        "youtube" => check::video_id(attribute(tag, "data-src")?).map(Block::Video),
        "helpCenterArticle" => Some(Block::Article(Article {
            id: line("data-id"),
            title: line("data-title"),
            description: line("data-description"),
            url: attribute(tag, "data-url").and_then(check::link_address),
        })),
        _ => None,
    }
}
