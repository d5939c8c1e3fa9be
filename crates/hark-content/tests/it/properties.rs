//! What holds of whatever is sent.

use hark_content::{Document, Rich};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::judge::complaint;

/// Pieces that parsers trip over, more often than chance would bring them.
fn html() -> impl Strategy<Value = String> {
    let tags = [
        "p",
        "b",
        "i",
        "u",
        "s",
        "a",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "h1",
        "h6",
        "div",
        "td",
        "tr",
        "table",
        "figure",
        "span",
        "svg",
        "math",
        "script",
        "style",
        "textarea",
        "title",
        "noscript",
        "iframe",
        "img",
        "br",
        "hr",
        "mglyph",
        "mtext",
        "form",
        "template",
        "x-y",
    ];
    let attributes = [
        "",
        " onclick=alert(1)",
        " href=javascript:alert(1)",
        " href='https://a.example/?a=b&c'",
        " href=//a.example",
        " src=https://a.example/b.png alt='a  b'",
        " src=x onerror=alert(1)",
        " start=3",
        " class=language-rust",
        " data-type=mention data-id=1 data-label=A",
        " data-type=youtube data-src=dQw4w9WgXcQ",
        " data-type=helpCenterArticle data-id=1 data-title=T data-url=https://a.example",
        " data-align=center",
        " width=50%",
        " style='x'",
        " data-linktype=button data-bgcolor=#fff",
        " \"'<",
    ];
    let texts = [
        "a",
        " ",
        "  ",
        "\n",
        "\t",
        "&nbsp;",
        "&lt;script&gt;",
        "&amp;",
        "<",
        ">",
        "\"",
        "'",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "</",
        "&#0;",
        "\0",
        "é",
        "\u{a0}",
        "\u{2028}",
        "=",
        "{{x}}",
        "`",
        "&#x1;",
    ];
    let piece = prop_oneof![
        4 => (prop::sample::select(tags.to_vec()), prop::sample::select(attributes.to_vec())).prop_map(|(tag, attribute)| format!("<{tag}{attribute}>")),
        3 => prop::sample::select(tags.to_vec()).prop_map(|tag| format!("</{tag}>")),
        3 => prop::sample::select(texts.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn node() -> impl Strategy<Value = Json> {
    let text =
        prop_oneof![Just("a b"), Just("  "), Just("a\n\tb"), Just("<b>&amp;"), Just("1. x"), Just("*_`")]
            .prop_map(str::to_owned);
    let text = prop_oneof![3 => text, 1 => any::<String>()];
    let mark = prop::sample::select(&["bold", "italic", "underline", "strike", "code", "link", "other"]);
    let mark = mark.prop_map(|name| json!({ "type": name, "attrs": { "href": "https://a.example/(b)" } }));
    let leaf = prop_oneof![
        4 => (text, prop::collection::vec(mark, 0..3)).prop_map(|(text, marks)| json!({ "type": "text", "text": text, "marks": marks })),
        1 => Just(json!({ "type": "hardBreak" })),
        1 => Just(json!({ "type": "horizontalRule" })),
        1 => Just(json!({ "type": "image", "attrs": { "src": "https://a.example/b.png", "alt": "c" } })),
        1 => Just(json!({ "type": "imageBlock", "attrs": { "src": "https://a.example/b.png", "align": "left" } })),
        1 => Just(json!({ "type": "mention", "attrs": { "id": "1", "label": "A" } })),
        1 => Just(json!({ "type": "youtube", "attrs": { "src": "https://youtu.be/dQw4w9WgXcQ" } })),
        1 => Just(json!({ "type": "helpCenterArticle", "attrs": { "articleId": "1", "articleTitle": "T", "articleUrl": "https://a.example" } })),
        1 => Just(json!(5)),
    ];
    leaf.prop_recursive(6, 64, 5, |inner| {
        let names = [
            "doc", "paragraph", "heading", "bulletList", "orderedList", "listItem", "codeBlock", "blockquote",
            "unknown",
        ];
        (prop::sample::select(names.to_vec()), prop::collection::vec(inner, 0..5))
            .prop_map(|(name, content)| json!({ "type": name, "attrs": { "level": 2, "start": 3 }, "content": content }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn sanitised_again_it_is_unchanged(html in html()) {
        let once = Document::from_html(&html).to_html();
        prop_assert_eq!(complaint(once.as_str()), None);
        let twice = Document::from_html(once.as_str()).to_html();
        prop_assert_eq!(&once, &twice);
    }

    #[test]
    fn documents_survive_json_and_their_html_is_safe(node in node()) {
        // Numbers and the like are not content.
        prop_assume!(node.is_object());
        let document = Document::from_json(&node).unwrap();
        prop_assert_eq!(&Document::from_json(&document.to_json()).unwrap(), &document);
        let html = document.to_html();
        prop_assert_eq!(complaint(html.as_str()), None);
        prop_assert_eq!(&Document::from_html(html.as_str()).to_html(), &html);
    }

    #[test]
    fn plain_text_keeps_every_visible_character(text in any::<String>()) {
        let rich = Rich::from_text(&text).unwrap();
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
        prop_assert_eq!(visible(&rich.document().to_plain()), visible(&text));
        prop_assert_eq!(complaint(rich.html().as_str()), None);
    }

    #[test]
    fn markdown_never_breaks_out(markdown in html()) {
        let html = Document::from_markdown(&markdown).to_html();
        prop_assert_eq!(complaint(html.as_str()), None);
    }

    #[test]
    fn words_mean_nothing_in_markdown(words in "[a-z0-9 *_`#>.()!\\[\\]<&~|+=-]{1,30}") {
        prop_assume!(!words.trim().is_empty());
        let document = Document::from_json(&json!({ "type": "paragraph", "content": [{ "type": "text", "text": words }] })).unwrap();
        let again = Document::from_markdown(&document.to_markdown());
        let plain = again.to_plain();
        prop_assert_eq!(plain.trim(), words.trim());
    }
}
