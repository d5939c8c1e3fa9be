//! Everything that can be sent is bounded, and bounded work is done for it.

use std::time::{Duration, Instant};

use hark_content::{Document, Error, Rich, limits};
use serde_json::{Value as Json, json};

fn nested(name: &str, depth: usize) -> Json {
    let text = json!({ "type": "text", "text": "x" });
    (0..depth).fold(text, |inner, _| json!({ "type": name, "content": [inner] }))
}

#[test]
fn json_is_refused_beyond_its_bounds() {
    let deep = nested("blockquote", limits::JSON_DEPTH_MAX + 1);
    assert!(matches!(Document::from_json(&deep), Err(Error::TooLarge(_))));
    let many: Vec<Json> = (0..=limits::NODES_MAX).map(|_| json!({ "type": "hardBreak" })).collect();
    assert!(matches!(Document::from_json(&json!(many)), Err(Error::TooLarge(_))));
    let long = json!({ "type": "text", "text": "x".repeat(limits::TEXT_BYTES_MAX + 1) });
    assert!(matches!(Document::from_json(&long), Err(Error::TooLarge(_))));
    assert!(matches!(Rich::from_text(&"x".repeat(limits::TEXT_BYTES_MAX + 1)), Err(Error::TooLarge(_))));
}

#[test]
fn what_is_nested_too_deeply_dissolves() {
    let document = Document::from_json(&nested("blockquote", limits::JSON_DEPTH_MAX - 1)).unwrap();
    let html = document.to_html().into_string();
    assert_eq!(html.matches("<blockquote>").count(), limits::DEPTH_MAX);
    assert_eq!(document.to_plain().trim_start_matches(['>', ' ']), "x");
    let html = Document::from_html(&"<ul><li>".repeat(10_000)).to_html().into_string();
    assert_eq!(html.matches("<ul>").count(), limits::DEPTH_MAX / 2);
}

/// Inputs that cost more than their size where somebody is careless.
#[test]
fn hostile_sizes_are_read_in_time() {
    let size = limits::INPUT_BYTES_MAX / 4;
    let attributes: String = (0..size / 8).map(|number| format!(" a{number}")).collect();
    let formats: String = (0..size / 24).map(|number| format!("<b id=\"{number}\">")).collect();
    let inputs = [
        ("attributes", format!("<p{attributes}>x")),
        ("formats", format!("{formats}{}", "<p>x".repeat(size / 16))),
        ("opened", "<div><blockquote><ul>".repeat(size / 21)),
        ("closed", "</ul></li></blockquote>".repeat(size / 23)),
        ("unended", "<".repeat(size)),
        ("comments", "<!--".repeat(size / 4)),
        ("entities", "&".repeat(size)),
        ("links", "<a href=https://a.example>x".repeat(size / 27)),
        ("brackets", "[".repeat(size)),
        ("stars", "**a _b ".repeat(size / 7)),
        ("addresses", "https://a ".repeat(size / 10)),
        ("quotes", "> ".repeat(size / 2)),
    ];
    for (name, input) in inputs {
        for read in [Document::from_html, Document::from_markdown, Document::from_plain] {
            let started = Instant::now();
            let document = read(&input);
            let written = document.to_html().as_str().len()
                + document.to_json().to_string().len()
                + document.to_markdown().len()
                + document.to_plain().len();
            // Far more than it takes, far less than what grows with the square.
            assert!(started.elapsed() < Duration::from_secs(30), "{name} took {:?}", started.elapsed());
            assert!(written < 64 * 1024 * 1024, "{name} became {written} bytes");
        }
    }
}

#[test]
fn a_link_that_is_repeated_does_not_multiply() {
    let href = format!("https://a.example/{}", "x".repeat(limits::ADDRESS_BYTES_MAX - 20));
    let html = format!("<a href=\"{href}\">{}", "x<b>y</b>".repeat(10_000));
    let document = Document::from_html(&html);
    assert!(document.is_cut());
    assert!(document.to_json().to_string().len() < 3 * limits::TEXT_BYTES_MAX);
}

#[test]
fn an_image_in_an_address_is_left_out_and_the_rest_is_read() {
    let mail = format!("<p>before <img src=\"data:image/png;base64,{}\"> after</p>", "A".repeat(300_000));
    let document = Document::from_html(&mail);
    assert_eq!(document.to_plain(), "before after");
    assert!(document.is_cut());
}
