//! Documents that go out and come back.

use hark_content::Document;
use serde_json::{Value as Json, json};

/// One of everything, in normal form.
fn everything() -> Json {
    let text = |text: &str| json!({ "type": "text", "text": text });
    let paragraph = |content: Json| json!({ "type": "paragraph", "content": content });
    json!({ "type": "doc", "content": [
        { "type": "heading", "attrs": { "level": 2 }, "content": [text("Title")] },
        paragraph(json!([
            text("plain "),
            { "type": "text", "marks": [{ "type": "bold" }, { "type": "italic" }], "text": "both" },
            text(" and "),
            { "type": "text", "marks": [{ "type": "link", "attrs": { "href": "https://a.example/b?c=(d)", "target": "_blank", "linktype": "link" } }], "text": "a link" },
            { "type": "hardBreak" },
            { "type": "text", "marks": [{ "type": "link", "attrs": { "href": "https://a.example", "target": "_blank", "linktype": "button", "bgcolor": "#00ff00" } }], "text": "Press" },
            { "type": "mention", "attrs": { "id": "507f1f77bcf86cd799439011", "label": "Ada" } },
            { "type": "text", "marks": [{ "type": "code" }], "text": "let x = 1;" },
            { "type": "image", "attrs": { "src": "https://a.example/small.png", "alt": "small" } },
        ])),
        { "type": "paragraph" },
        { "type": "bulletList", "content": [
            { "type": "listItem", "content": [paragraph(json!([text("one")]))] },
            { "type": "listItem", "content": [
                paragraph(json!([text("two")])),
                { "type": "orderedList", "attrs": { "start": 3 }, "content": [
                    { "type": "listItem", "content": [paragraph(json!([text("three")]))] },
                ] },
            ] },
        ] },
        { "type": "blockquote", "content": [paragraph(json!([text("said")]))] },
        { "type": "codeBlock", "attrs": { "language": "rust" }, "content": [text("fn main() {\n\t\"<x>\";\n}")] },
        { "type": "horizontalRule" },
        { "type": "image", "attrs": { "src": "https://a.example/big.png", "alt": "big", "width": "50%", "align": "center" } },
        { "type": "youtube", "attrs": { "src": "https://www.youtube.com/watch?v=dQw4w9WgXcQ" } },
        { "type": "helpCenterArticle", "attrs": { "articleId": "7", "articleTitle": "How", "articleDescription": "to", "articleUrl": "https://help.example/7" } },
    ] })
}

#[test]
fn json_comes_back_as_it_was() {
    let document = Document::from_json(&everything()).unwrap();
    assert_eq!(document.to_json(), everything());
    assert_eq!(document.mentions(), ["507f1f77bcf86cd799439011"]);
}

#[test]
fn html_comes_back_as_the_same_document() {
    let document = Document::from_json(&everything()).unwrap();
    let again = Document::from_html(document.to_html().as_str());
    assert_eq!(again.to_json(), everything());
}

#[test]
fn plain_text_is_readable() {
    let document = Document::from_json(&everything()).unwrap();
    assert_eq!(
        document.to_plain(),
        "Title\n\nplain both and a link\nPress@Adalet x = 1;small\n\n\n\n- one\n- two\n  3. three\n\n> said\n\n\
         fn main() {\n\t\"<x>\";\n}\n\n---\n\nbig\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nHow\nto"
    );
    let mail = document.to_plain_with_addresses();
    assert!(mail.contains("a link (https://a.example/b?c=(d))\nPress (https://a.example)@Ada"), "{mail}");
}

#[test]
fn markdown_says_the_same() {
    let markdown = Document::from_json(&everything()).unwrap().to_markdown();
    assert_eq!(
        markdown,
        "## Title\n\nplain ***both*** and [a link](<https://a.example/b?c=(d)>)\\\n[Press](<https://a.example>)@Ada\
         `let x = 1;`![small](<https://a.example/small.png>)\n\n\n\n- one\n- two\n\n  3. three\n\n> said\n\n\
         ```rust\nfn main() {\n\t\"<x>\";\n}\n```\n\n---\n\n![big](<https://a.example/big.png>)\n\n\
         <https://www.youtube.com/watch?v=dQw4w9WgXcQ>\n\n[How](<https://help.example/7>)"
    );
    let again = Document::from_markdown(&markdown);
    assert_eq!(
        again.to_markdown().replace("\n\n\n\n", "\n\n"),
        markdown.replace("\n\n\n\n", "\n\n").replace(
            "<https://www.youtube.com/watch?v=dQw4w9WgXcQ>",
            "[https://www.youtube.com/watch?v=dQw4w9WgXcQ](<https://www.youtube.com/watch?v=dQw4w9WgXcQ>)",
        )
    );
}

#[test]
fn mails_become_what_their_readers_saw() {
    let mail = "<html><head><title>Re: x</title><style>p{}</style></head><body>\n<div>Hello <b>Ada</b>,</div>\n\
        <div><br></div>\n<div>it   works.\n  Thanks!</div>\n<blockquote type=cite><p>On Monday<br>you wrote</p></blockquote>\n\
        <table><tr><td>1</td><td>2</td></tr></table><p>&nbsp;</p></body></html>";
    let document = Document::from_html(mail);
    assert_eq!(
        document.to_html().as_str(),
        "<p>Hello <strong>Ada</strong>,</p><p><br></p><p>it works. Thanks!</p>\
         <blockquote><p>On Monday<br>you wrote</p></blockquote><p>1</p><p>2</p><p>&nbsp;</p>"
    );
    assert_eq!(
        document.to_plain(),
        "Hello Ada,\n\n\n\nit works. Thanks!\n\n> On Monday\n> you wrote\n\n1\n\n2\n\n\u{a0}"
    );
}

#[test]
fn addresses_in_plain_text_are_links() {
    let link = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";
    for (text, html) in [
        (
            "see https://a.example/b.",
            format!("<p>see <a href=\"https://a.example/b\" {link}>https://a.example/b</a>.</p>"),
        ),
        (
            "(http://a.example/b_(c))",
            format!("<p>(<a href=\"http://a.example/b_(c)\" {link}>http://a.example/b_(c)</a>)</p>"),
        ),
        ("xhttps://a.example", "<p>xhttps://a.example</p>".to_owned()),
        ("a\nb\n\n\nc  d", "<p>a<br>b</p><p>c &nbsp;d</p>".to_owned()),
        ("<b>&amp;", "<p>&lt;b&gt;&amp;amp;</p>".to_owned()),
    ] {
        assert_eq!(Document::from_plain(text).to_html().as_str(), html, "out of {text:?}");
    }
}
