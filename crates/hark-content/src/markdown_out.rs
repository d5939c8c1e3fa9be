//! Writes documents as Markdown, for models, exports and channels that know it.

use crate::check;
use crate::model::{Block, Document, Image, Inline, ListKind, Marks};
use crate::plain::prefixed;

impl Document {
    /// The document as CommonMark. Underlines and the colours of buttons have no spelling there and
    /// are lost.
    pub fn to_markdown(&self) -> String {
        blocks(&self.blocks)
    }
}

fn blocks(blocks: &[Block]) -> String {
    let mut markdown = String::new();
    let mut last = None;
    for block in blocks {
        if let Some(last) = last {
            // Two lists in a row would be one.
            let is_list = |block: &Block| matches!(block, Block::List(..));
            markdown.push_str(if is_list(last) && is_list(block) { "\n\n<!-- -->\n\n" } else { "\n\n" });
        }
        markdown.push_str(&block_text(block));
        last = Some(block);
    }
    markdown
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) => line(inlines),
        Block::Heading(level, inlines) => {
            // A heading is one line.
            let text = line(inlines).replace("\\\n", " ");
            format!("{} {text}", "#".repeat(usize::from(*level))).trim_end().to_owned()
        }
        Block::List(kind, items) => {
            let items = items.iter().enumerate().map(|(index, item)| {
                let sign = match kind {
                    ListKind::Bullets => "- ".to_owned(),
                    ListKind::Numbers(first) => format!("{}. ", u64::from(*first) + index as u64),
                };
                prefixed(&blocks(item), &sign, &" ".repeat(sign.len()))
            });
            items.collect::<Vec<_>>().join("\n")
        }
        Block::Quote(inner) => prefixed(&blocks(inner), "> ", "> "),
        Block::Code { language, text } => {
            let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
            format!("{fence}{}\n{text}\n{fence}", language.as_deref().unwrap_or_default())
        }
        Block::Rule => "---".to_owned(),
        Block::Image(image) => image_text(image),
        Block::Video(id) => format!("<{}>", check::video_address(id)),
        Block::Article(article) => match &article.url {
            Some(url) => format!("[{}]({})", escaped(&article.title, false), target(url)),
            None => escaped(&article.title, true),
        },
    }
}

fn line(inlines: &[Inline]) -> String {
    let mut line = String::new();
    for inline in inlines {
        let at_start = line.is_empty() || line.ends_with('\n');
        match inline {
            Inline::Text(text, marks) => line.push_str(&marked(text, marks, at_start)),
            Inline::Break if at_start => line.push_str("&nbsp;\\\n"),
            Inline::Break => line.push_str("\\\n"),
            Inline::Image(image) => line.push_str(&image_text(image)),
            Inline::Mention(mention) => line.push_str(&escaped(&format!("@{}", mention.label), at_start)),
        }
    }
    line.strip_suffix("\\\n").unwrap_or(&line).to_owned()
}

/// A text within its marks. Spaces stay outside of them, because marks bind to words only.
fn marked(text: &str, marks: &Marks, at_start: bool) -> String {
    let word = text.trim();
    if word.is_empty() {
        return if at_start { String::new() } else { text.to_owned() };
    }
    let start = text.len() - text.trim_start().len();
    let (before, after) = (&text[..start], &text[start + word.len()..]);
    // Spaces at the start of a line could make it code.
    let before = if at_start { before.trim_start_matches(' ') } else { before };
    let mut marked = if marks.code { code_span(word) } else { escaped(word, at_start) };
    for (is_set, sign) in [(marks.strike, "~~"), (marks.italic, "*"), (marks.bold, "**")] {
        if is_set {
            marked = format!("{sign}{marked}{sign}");
        }
    }
    if let Some(link) = &marks.link {
        marked = format!("[{marked}]({})", target(&link.href));
    }
    format!("{before}{marked}{after}")
}

fn code_span(text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn image_text(image: &Image) -> String {
    let text = format!("![{}]({})", escaped(&image.alt, false), target(&image.src));
    match &image.link {
        Some(link) => format!("[{text}]({})", target(&link.href)),
        None => text,
    }
}

/// An address in brackets, so that nothing in it can end it.
fn target(address: &str) -> String {
    let escape = |character: char| match character {
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '\\' => "%5C".to_owned(),
        ' ' => "%20".to_owned(),
        _ => character.to_string(),
    };
    format!("<{}>", address.chars().map(escape).collect::<String>())
}

/// A text without a meaning in Markdown.
fn escaped(text: &str, at_line_start: bool) -> String {
    let mut escaped = String::new();
    for (index, character) in text.char_indices() {
        let is_sign = matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '&' | '|');
        let before = &text[..index];
        let opens_block = at_line_start
            && match character {
                '#' | '+' | '-' | '=' => before.is_empty(),
                '.' | ')' => !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit()),
                _ => false,
            };
        if is_sign || opens_block || (character == '!' && text[index + 1..].starts_with('[')) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
