//! Judges written HTML as a browser's tokenizer sees it: only known elements and attributes, harmless
//! addresses, and tags that match, so that no browser's repairs can make something else of it.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

/// Elements with the attributes that they may have.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["href", "target", "rel", "data-linktype", "data-bgcolor"]),
    ("blockquote", &[]),
    ("br", &[]),
    ("code", &["class"]),
    ("em", &[]),
    ("figure", &["data-align"]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("img", &["src", "alt", "width", "loading", "referrerpolicy"]),
    ("li", &[]),
    ("ol", &["start"]),
    ("p", &["data-type", "data-src", "data-id", "data-title", "data-description", "data-url"]),
    ("pre", &[]),
    ("s", &[]),
    ("span", &["data-type", "data-id", "data-label"]),
    ("strong", &[]),
    ("u", &[]),
    ("ul", &[]),
];
/// Elements without an end tag.
const VOID: &[&str] = &["br", "hr", "img"];
/// Elements that end at the start of a block.
const LINES: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6"];
/// Elements that stand within a line.
const INLINE: &[&str] = &["a", "br", "code", "em", "img", "s", "span", "strong", "u"];

/// Says what is wrong with HTML that ought to be safe.
pub(crate) fn complaint(html: &str) -> Option<String> {
    let tokenizer = Tokenizer::new(Judge::default(), Default::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let judge = tokenizer.sink;
    let is_open = !judge.open.borrow().is_empty();
    let complaint = judge.complaint.take().or(is_open.then(|| "a tag is not closed".to_owned()));
    complaint.map(|complaint| format!("{complaint} in {html}"))
}

#[derive(Default)]
struct Judge {
    open: RefCell<Vec<String>>,
    complaint: Cell<Option<String>>,
}

impl TokenSink for Judge {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let judged = match &token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start(tag),
            Token::TagToken(tag) => self.end(tag),
            Token::CharacterTokens(_) | Token::EOFToken => Ok(()),
            Token::DoctypeToken(_) | Token::CommentToken(_) | Token::NullCharacterToken => {
                Err(format!("{token:?} is not content"))
            }
            Token::ParseError(error) => Err(format!("{error}")),
        };
        if let Err(complaint) = judged {
            self.complaint.set(Some(complaint));
        }
        TokenSinkResult::Continue
    }
}

impl Judge {
    fn start(&self, tag: &Tag) -> Result<(), String> {
        let name = &*tag.name;
        let (_, allowed) =
            ELEMENTS.iter().find(|(known, _)| *known == name).ok_or(format!("the element {name}"))?;
        for attribute in &tag.attrs {
            let (attribute, value) = (&*attribute.name.local, &*attribute.value);
            if !allowed.contains(&attribute) {
                return Err(format!("{name} has the attribute {attribute}"));
            }
            harmless(attribute, value)?;
        }
        let mut open = self.open.borrow_mut();
        let is_block = !INLINE.contains(&name) && !open.iter().any(|open| open == "pre");
        if is_block && open.iter().any(|open| LINES.contains(&open.as_str())) {
            return Err(format!("the block {name} stands in a line"));
        }
        if name == "a" && open.iter().any(|open| open == "a") {
            return Err("a link stands in a link".to_owned());
        }
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
        Ok(())
    }

    fn end(&self, tag: &Tag) -> Result<(), String> {
        match self.open.borrow_mut().pop() {
            Some(open) if open == *tag.name => Ok(()),
            open => Err(format!("{} ends where {open:?} is open", &*tag.name)),
        }
    }
}

fn harmless(attribute: &str, value: &str) -> Result<(), String> {
    let begins = |schemes: &[&str]| schemes.iter().any(|scheme| value.to_lowercase().starts_with(scheme));
    let is_harmless = match attribute {
        "href" | "data-url" => begins(&["http:", "https:", "mailto:", "tel:"]),
        "src" | "data-src" => begins(&["http:", "https:"]),
        "target" => value == "_blank",
        "rel" => value == "noopener noreferrer nofollow",
        "class" => value.strip_prefix("language-").is_some_and(|name| !name.contains(char::is_whitespace)),
        "data-bgcolor" => {
            value.strip_prefix('#').is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()))
        }
        _ => true,
    };
    if is_harmless { Ok(()) } else { Err(format!("{attribute} is {value:?}")) }
}

#[test]
fn the_judge_is_strict() {
    for bad in [
        "<script>",
        "<p onclick=x>a</p>",
        "<a href=javascript:x>a</a>",
        "<p>a",
        "a</p>",
        "<p><p>a</p></p>",
        "<!-- a -->",
        "<a href=\"https://a\"><a href=\"https://b\">a</a></a>",
        "<img src=\"data:x\">",
        "<svg></svg>",
    ] {
        assert!(complaint(bad).is_some(), "{bad}");
    }
    assert_eq!(complaint("<p>a <strong>b</strong><br>c</p><pre><code>d</code></pre>"), None);
}
