//! What attackers send: whatever it was, nothing of it runs, loads or leaves its place.

use hark_content::Document;
use serde_json::json;

use crate::judge::complaint;

/// HTML and what becomes of it.
const TABLE: &[(&str, &str)] = &[
    ("<script>alert(1)</script>a", "<p>a</p>"),
    ("<SCRIPT SRC=//evil.example/x.js></SCRIPT>a", "<p>a</p>"),
    ("<scr<script>ipt>alert(1)</script>", "<p>ipt&gt;alert(1)</p>"),
    ("<style>*{background:url(//evil.example)}</style>a", "<p>a</p>"),
    ("<p style=\"position:fixed\" onclick=alert(1) class=x id=y>a</p>", "<p>a</p>"),
    ("<img src=x onerror=alert(1)>", ""),
    (
        "<img src=\"https://a.example/b.png\" onload=alert(1) style=x>",
        "<p><img src=\"https://a.example/b.png\" alt=\"\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></p>",
    ),
    ("<img src=\"data:image/svg+xml,<svg onload=alert(1)>\" alt=\"a picture\">", "<p>a picture</p>"),
    ("<a href=\"javascript:alert(1)\">a</a>", "<p>a</p>"),
    ("<a href=\" java\tscript\n:alert(1)\">a</a>", "<p>a</p>"),
    ("<a href=\"&#106;avascript&colon;alert(1)\">a</a>", "<p>a</p>"),
    ("<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)\">a</a>", "<p>a</p>"),
    ("<a href=\"\u{1}javascript:alert(1)\">a</a>", "<p>a</p>"),
    ("<a href=\"data:text/html;base64,PHNjcmlwdD4=\">a</a>", "<p>a</p>"),
    ("<a href=\"vbscript:msgbox(1)\">a</a>", "<p>a</p>"),
    (
        "<a href='https://a.example/\"onmouseover=\"alert(1)'>a</a>",
        "<p><a href=\"https://a.example/&quot;onmouseover=&quot;alert(1)\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a></p>",
    ),
    ("<svg><script>alert(1)</script></svg>a", "<p>a</p>"),
    ("<svg onload=alert(1)><g/onload=alert(2)>a</svg>", "<p>a</p>"),
    ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "<p>a</p>"),
    (
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">a",
        "<p>a</p>",
    ),
    ("<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style>a", "<p>a</p>"),
    (
        "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">a",
        "<p>&quot;&gt;a</p>",
    ),
    ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">a", "<p>a</p>"),
    ("<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">a", "<p>&quot;&gt;a</p>"),
    ("<title><a title=\"</title><img src=x onerror=alert(1)>\">a", "<p>&quot;&gt;a</p>"),
    ("<xmp><p title=\"</xmp><svg/onload=alert(1)>\">a", "<p>&quot;&gt;a</p>"),
    ("<template><script>alert(1)</script></template>a", "<p>a</p>"),
    ("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>a", "<p>a</p>"),
    ("<object data=\"javascript:alert(1)\"><embed src=x>a</object>", "<p>a</p>"),
    (
        "<base href=\"https://evil.example/\"><link rel=stylesheet href=x><meta http-equiv=refresh content=0>a",
        "<p>a</p>",
    ),
    (
        "<form action=\"https://evil.example\"><input name=a value=b><button formaction=javascript:x>a</button></form>",
        "<p>a</p>",
    ),
    ("<!--><script>alert(1)</script>-->a", "<p>--&gt;a</p>"),
    ("<!--[if gte mso 9]><xml>x</xml><![endif]-->a", "<p>a</p>"),
    ("<![CDATA[<script>alert(1)</script>]]>a", "<p>alert(1)]]&gt;a</p>"),
    ("<?php echo 1 ?>a", "<p>a</p>"),
    ("<<script>alert(1);//<</script>a", "<p>&lt;a</p>"),
    ("<p/onclick=alert(1)>a", "<p>a</p>"),
    ("<b onmouseover=alert(1)//>a</b>", "<p><strong>a</strong></p>"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    (
        "{{constructor.constructor('alert(1)')()}}",
        "<p>&#123;&#123;constructor.constructor(&#39;alert(1)&#39;)()}}</p>",
    ),
    ("<x-custom onfocus=alert(1) autofocus tabindex=1>a</x-custom>", "<p>a</p>"),
    (
        "<a href=\"https://a.example\" target=_self rel=opener>a</a>",
        "<p><a href=\"https://a.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a></p>",
    ),
    (
        "<a href=https://a.example data-linktype=button data-bgcolor=\"red;position:fixed\">a</a>",
        "<p><a href=\"https://a.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\" data-linktype=\"button\" data-bgcolor=\"#485bff\">a</a></p>",
    ),
    ("<p data-type=youtube data-src=\"javascript:alert(1)\">a</p>", "<p>a</p>"),
    ("<code class=\"language-x&quot; onclick=alert(1)\">a</code>", "<p><code>a</code></p>"),
    // Tags that do not match.
    ("<b>a<p>b</b>c", "<p><strong>a</strong></p><p><strong>b</strong>c</p>"),
    ("a</p></div></b></li></ul>b", "<p>a</p><p>b</p>"),
    (
        "<ul><li>a<li>b<ul><li>c</ul></li></ul>d",
        "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul></li></ul><p>d</p>",
    ),
    ("<li>a</li>b", "<ul><li><p>a</p></li></ul><p>b</p>"),
    ("<ul>a<ul>b</ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
    (
        "<a href=\"https://a.example\">a<a href=\"https://b.example\">b</a>c</a>",
        "<p><a href=\"https://a.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a><a href=\"https://b.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">b</a>c</p>",
    ),
    ("<a href=\"https://a.example", ""),
    ("<!-- never ends", ""),
    ("<table><tr><td>a<td>b</table>c", "<p>a</p><p>b</p><p>c</p>"),
    ("a\0b\u{202e}\u{7}", "<p>ab\u{202e}</p>"),
];

#[test]
fn nothing_of_it_runs() {
    for (hostile, harmless) in TABLE {
        let html = Document::from_html(hostile).to_html();
        assert_eq!(html.as_str(), *harmless, "out of {hostile:?}");
        assert_eq!(complaint(html.as_str()), None, "out of {hostile:?}");
        assert_eq!(Document::from_html(html.as_str()).to_html(), html, "read again, out of {hostile:?}");
    }
}

#[test]
fn markdown_brings_nothing_that_runs_either() {
    for (hostile, harmless) in [
        ("[a](javascript:alert(1))", "<p>a</p>"),
        ("![a](data:image/svg+xml;base64,AAAA)", "<p>a</p>"),
        ("<script>alert(1)</script>", ""),
        ("a <img src=x onerror=alert(1)> b", "<p>a  b</p>"),
        ("<a href=\"javascript:alert(1)\">a</a>", "<p>a</p>"),
        ("```\"onclick=alert(1)\na\n```", "<pre><code>a\n</code></pre>"),
    ] {
        let html = Document::from_markdown(hostile).to_html();
        assert_eq!(html.as_str().replace("&nbsp;", " "), harmless, "out of {hostile:?}");
        assert_eq!(complaint(html.as_str()), None, "out of {hostile:?}");
    }
}

#[test]
fn json_brings_nothing_that_runs_either() {
    let hostile = json!({ "type": "doc", "content": [
        { "type": "script", "content": [{ "type": "text", "text": "<script>alert(1)</script>" }] },
        { "type": "paragraph", "attrs": { "style": "x", "onclick": "alert(1)" }, "content": [
            { "type": "text", "text": "a", "marks": [
                { "type": "link", "attrs": { "href": "javascript:alert(1)", "class": "x" } },
                { "type": "textStyle", "attrs": { "color": "url(javascript:x)" } },
            ] },
            { "type": "mention", "attrs": { "id": "\"><img src=x onerror=alert(1)>", "label": "<b>" } },
        ] },
        { "type": "image", "attrs": { "src": "javascript:alert(1)", "alt": "picture" } },
        { "type": "imageBlock", "attrs": { "src": "https://a.example/\"onerror=\"x", "width": "1;x" } },
        { "type": "youtube", "attrs": { "src": "https://evil.example/embed/dQw4w9WgXcQ" } },
        { "type": "codeBlock", "attrs": { "language": "\"onclick=x" }, "content": [{ "type": "text", "text": "</code>" }] },
        { "type": "helpCenterArticle", "attrs": { "articleUrl": "javascript:x", "articleTitle": "<i>t</i>" } },
    ] });
    let html = Document::from_json(&hostile).unwrap().to_html();
    assert_eq!(
        html.as_str(),
        concat!(
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
            "<p>a<span data-type=\"mention\" data-id=\"&quot;&gt;&lt;img src=x onerror=alert(1)&gt;\" ",
            "data-label=\"&lt;b&gt;\">@&lt;b&gt;</span></p>",
            "<p>picture</p>",
            "<figure><img src=\"https://a.example/&quot;onerror=&quot;x\" alt=\"\" loading=\"lazy\" ",
            "referrerpolicy=\"no-referrer\"></figure>",
            "<pre><code>&lt;/code&gt;\n</code></pre>",
            "<p data-type=\"helpCenterArticle\" data-id=\"\" data-title=\"&lt;i&gt;t&lt;/i&gt;\" ",
            "data-description=\"\">&lt;i&gt;t&lt;/i&gt;</p>",
        )
    );
    assert_eq!(complaint(html.as_str()), None);
}
