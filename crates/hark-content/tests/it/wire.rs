//! Content as messages carry it.

use hark_content::{Error, Rich};
use serde_json::json;

#[test]
fn a_text_stays_the_text_that_was_sent() {
    let rich = Rich::from_wire(&json!("Hello *world*\n<b>")).unwrap();
    assert_eq!(rich.json(), json!("Hello *world*\n<b>"));
    assert_eq!(rich.plain(), "Hello *world*\n<b>");
    assert_eq!(rich.html().as_str(), "<p>Hello *world*<br>&lt;b&gt;</p>");
}

#[test]
fn any_node_is_a_document() {
    let paragraph = json!({ "type": "paragraph", "content": [{ "type": "text", "text": "a" }] });
    let document = json!({ "type": "doc", "content": [paragraph] });
    for sent in
        [document.clone(), paragraph.clone(), json!([paragraph]), json!([{ "type": "text", "text": "a" }])]
    {
        let rich = Rich::from_wire(&sent).unwrap();
        assert_eq!(rich.json(), document, "out of {sent}");
        assert_eq!(rich.plain(), "a");
        assert!(!rich.is_blank());
    }
}

#[test]
fn what_nobody_would_see_is_blank() {
    for blank in [
        json!(""),
        json!(" \n\t"),
        json!([]),
        json!({}),
        json!({ "type": "doc", "content": [{ "type": "paragraph" }] }),
    ] {
        assert!(Rich::from_wire(&blank).unwrap().is_blank(), "{blank}");
    }
    let image = json!({ "type": "image", "attrs": { "src": "https://a.example/b.png" } });
    assert!(!Rich::from_wire(&image).unwrap().is_blank());
}

#[test]
fn anything_else_is_refused() {
    for other in [json!(null), json!(5), json!(true)] {
        assert!(matches!(Rich::from_wire(&other), Err(Error::Invalid(_))), "{other}");
    }
}
