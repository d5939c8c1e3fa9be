//! What is captured with a report: a page of the made-up program as HTML and as a recording that plays, and its logs.
//!
//! The page is a tree of elements in fixed places, so that the pointer of the recording is where it
//! should be. It is written as HTML with the visitor's mark for the picture, and as the nodes
//! of a recording in the format of rrweb.

use std::fmt::Write as _;

use hark_query::dates::format_date;
use hark_store::Millis;
use rand::Rng;
use serde_json::{Value as Json, json};

use super::cast::dice;
use super::story::Capture;

const WIDTH: i64 = 1280;
const HEIGHT: i64 = 720;
const ORIGIN: &str = "https://app.marrowby.example";
const CROPS: &[&str] = &[
    "Tomatoes",
    "Basil",
    "Beans",
    "Kale",
    "Courgettes",
    "Strawberries",
    "Peas",
    "Carrots",
    "Garlic",
    "Lettuce",
];
const STYLE: &str = "*{box-sizing:border-box}body{margin:0;font:15px/1.4 system-ui,sans-serif;color:#1f2d24;background:#f4f1e8}\
    header{position:absolute;inset:0 0 auto 0;height:56px;background:#1f5c3d;color:#fff}\
    header b{position:absolute;left:24px;top:15px;font-size:18px}header i{position:absolute;left:150px;top:18px;font-style:normal;opacity:.8}\
    button{position:absolute;left:1120px;top:12px;width:136px;height:32px;border:0;border-radius:8px;background:#f2b84b;color:#3a2a05;font:600 14px system-ui}\
    nav{position:absolute;left:0;top:56px;bottom:0;width:200px;padding:20px;background:#e7e2d2}nav a{display:block;padding:8px 0;color:#3f5a49}\
    .bed{position:absolute;border-radius:10px;background:#c7dba8;border:2px solid #8fb06a;padding:10px;font-weight:600}\
    .empty{background:#eadfca;border:2px dashed #b9a684;color:#8a7853}\
    .row{position:absolute;left:232px;width:1016px;height:52px;padding:15px 20px;background:#fff;border-radius:8px;border:1px solid #ddd6c3}\
    .alarm{position:absolute;left:400px;top:84px;width:480px;padding:14px 20px;border-radius:8px;background:#b3362b;color:#fff;font-weight:600}";

/// A node of the page.
enum Node {
    Element { tag: &'static str, attributes: Vec<(&'static str, String)>, children: Vec<Node> },
    Text(String),
}

fn element(tag: &'static str, attributes: &[(&'static str, &str)], children: Vec<Node>) -> Node {
    let there = attributes.iter().filter(|(_, value)| !value.is_empty());
    let attributes = there.map(|(name, value)| (*name, (*value).to_owned())).collect();
    Node::Element { tag, attributes, children }
}

fn text(text: &str) -> Vec<Node> {
    vec![Node::Text(text.to_owned())]
}

/// Elements whose numbers the recording needs.
const BODY: &str = "body";
const SAVE: &str = "button";
const MOVED: &str = "moved";

/// A bed in its place.
fn bed(name: &str, class: &str, left: i64, top: i64, id: &str) -> Node {
    let style = format!("left:{left}px;top:{top}px;width:220px;height:130px");
    element("div", &[("class", class), ("id", id), ("style", &style)], text(name))
}

/// The page of a report, without what goes wrong on it.
fn page(capture: &Capture, place: u64) -> Node {
    let mut random = dice(place);
    let title = match capture.page.as_str() {
        "planner" => "Kitchen garden",
        "reminders" => "Reminders",
        "print" => "Print preview",
        "diary" => "Garden diary",
        _ => "Harvest report",
    };
    let mut main = Vec::new();
    let first = random.random_range(0..CROPS.len());
    let crop = |number: usize| CROPS[(first + number) % CROPS.len()];
    if ["planner", "print"].contains(&capture.page.as_str()) {
        for number in 0..11 {
            let (column, line) = ((number % 4) as i64, (number / 4) as i64);
            let id = if number == 5 { MOVED } else { "" };
            main.push(bed(crop(number), "bed", 240 + column * 250, 160 + line * 160, id));
        }
        main.push(bed("Empty bed", "bed empty", 240 + 3 * 250, 480, ""));
    } else {
        for number in 0..9 {
            let style = format!("top:{}px", 160 + number as i64 * 60);
            let words = match capture.page.as_str() {
                "reminders" => format!("07:00 · Water the {}", crop(number).to_lowercase()),
                "diary" => format!("{} of the month · {} look well today", number * 3 + 1, crop(number)),
                _ => format!("{} · {:.1} kg", crop(number), f64::from(random.random_range(4..300)) / 10.0),
            };
            let id = if number == 4 { MOVED } else { "" };
            main.push(element("div", &[("class", "row"), ("id", id), ("style", &style)], text(&words)));
        }
    }
    let links = ["Plans", "Calendar", "Diary", "Harvest", "Seed box", "Account"];
    let mut body = vec![
        element(
            "header",
            &[],
            vec![
                element("b", &[], text("Marrowby")),
                element("i", &[], text(title)),
                element(SAVE, &[], text("Save plan")),
            ],
        ),
        element("nav", &[], links.iter().map(|link| element("a", &[], text(link))).collect()),
    ];
    body.append(&mut main);
    element(
        "html",
        &[("lang", "en")],
        vec![
            element(
                "head",
                &[],
                vec![element("title", &[], text(title)), element("style", &[], text(STYLE))],
            ),
            element(BODY, &[], body),
        ],
    )
}

/// What the page says when it went wrong.
fn alarm() -> Node {
    element("div", &[("class", "alarm"), ("role", "alert")], text("Something went wrong. Please try again."))
}

impl Node {
    fn html(&self, html: &mut String) {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        match self {
            Node::Text(text) => html.push_str(&escaped(text)),
            Node::Element { tag, attributes, children } => {
                let _ = write!(html, "<{tag}");
                for (name, value) in attributes {
                    let _ = write!(html, " {name}=\"{}\"", escaped(value));
                }
                html.push('>');
                children.iter().for_each(|child| child.html(html));
                let _ = write!(html, "</{tag}>");
            }
        }
    }

    /// The node as recordings have it; each gets the next number, and those with a name are noted.
    fn recorded(&self, next: &mut i64, known: &mut Vec<(String, i64)>, in_style: bool) -> Json {
        *next += 1;
        let id = *next;
        match self {
            Node::Text(text) if in_style => {
                json!({"type": 3, "textContent": text, "isStyle": true, "id": id})
            }
            Node::Text(text) => json!({"type": 3, "textContent": text, "id": id}),
            Node::Element { tag, attributes, children } => {
                let name = attributes.iter().find(|(name, _)| *name == "id");
                known.push((name.map_or(*tag, |(_, value)| value).to_owned(), id));
                let attributes: serde_json::Map<String, Json> =
                    attributes.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
                let children: Vec<Json> =
                    children.iter().map(|child| child.recorded(next, known, *tag == "style")).collect();
                json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id})
            }
        }
    }
}

/// The page as its visitor saw it, with a mark around what went wrong.
pub(super) fn snapshot(capture: &Capture, place: u64) -> Json {
    let mut page = page(capture, place);
    if let Node::Element { children, .. } = &mut page
        && let Some(Node::Element { children, .. }) = children.last_mut()
    {
        children.push(alarm());
    }
    let mut html = String::from("<!DOCTYPE html>");
    page.html(&mut html);
    let mark = "<svg class=\"bb-capture-svg\" xmlns=\"http://www.w3.org/2000/svg\" width=\"1280\" height=\"720\" \
         style=\"position:absolute;left:0;top:0\" fill=\"none\" stroke=\"#e0245e\" stroke-width=\"6\" stroke-linecap=\"round\">\
         <path d=\"M380 108C376 70 470 62 640 64S908 72 902 108 800 152 640 150 384 146 380 108\"/>\
         <path d=\"M1010 250C990 200 960 170 922 142M922 142l34 6M922 142l8 32\"/></svg>";
    let html = html.replace("</body>", &format!("{mark}</body>"));
    json!({"html": html, "baseUrl": ORIGIN, "width": WIDTH, "height": HEIGHT, "isMobile": false, "x": 0, "y": 0})
}

/// What the visitor did until a moment, as a recording that players of rrweb play.
pub(super) fn replay(capture: &Capture, place: u64, until: Millis) -> Json {
    let mut random = dice(place ^ 7);
    let (mut next, mut known) = (2, Vec::new());
    let root = page(capture, place).recorded(&mut next, &mut known, false);
    let id = |name: &str| known.iter().find(|(known, _)| known == name).map_or(0, |(_, id)| *id);
    let (body, save, moved) = (id(BODY), id(SAVE), id(MOVED));
    let start = until - 24_000;
    let mut events = vec![
        json!({"type": 4, "data": {"href": format!("{ORIGIN}/{}", capture.page), "width": WIDTH, "height": HEIGHT}, "timestamp": start}),
        json!({"type": 2, "data": {
            "node": {"type": 0, "id": 1, "childNodes": [
                {"type": 1, "name": "html", "publicId": "", "systemId": "", "id": 2}, root,
            ]},
            "initialOffset": {"left": 0, "top": 0},
        }, "timestamp": start + 20}),
    ];
    let change = |at: Millis, data: Json| json!({"type": 3, "data": data, "timestamp": start + at});
    let click = |at: Millis, id: i64, x: i64, y: i64| {
        let phase = |kind: i64, late: Millis| {
            change(at + late, json!({"source": 2, "type": kind, "id": id, "x": x, "y": y}))
        };
        [phase(1, 0), phase(0, 90), phase(2, 95)]
    };
    let drags = ["planner", "print"].contains(&capture.page.as_str());
    // To the thing that is touched, then away with it or back.
    events.extend(moves(&mut random, start, 1_000, (900, 640), (600, 385), moved));
    events.extend(click(3_200, moved, 600, 385));
    if drags {
        events.extend(moves(&mut random, start, 3_600, (600, 385), (1_096, 545), moved));
        for step in 1..=16 {
            let (left, top) = (490 + step * 31, 320 + step * 10);
            let style = format!("left:{left}px;top:{top}px;width:220px;height:130px");
            let moved = json!([{"id": moved, "attributes": {"style": style}}]);
            events.push(change(
                3_700 + step * 120,
                json!({"source": 0, "texts": [], "attributes": moved, "removes": [], "adds": []}),
            ));
        }
    } else {
        events.push(change(
            4_000,
            json!({"source": 0, "texts": [], "removes": [], "adds": [],
            "attributes": [{"id": moved, "attributes": {"style": "top:400px;background:#fff7df"}}]}),
        ));
    }
    events.extend(moves(&mut random, start, 7_000, (1_096, 545), (1_188, 28), body));
    for press in [9_300, 12_000, 13_100] {
        events.extend(click(press, save, 1_188, 28));
    }
    let added = added(&alarm(), body, &mut next);
    events.push(change(
        13_900,
        json!({"source": 0, "texts": [], "attributes": [], "removes": [], "adds": added}),
    ));
    events.extend(moves(&mut random, start, 15_000, (1_188, 28), (640, 110), body));
    events.extend(moves(&mut random, start, 19_000, (640, 110), (1_230, 680), body));
    events.push(change(23_500, json!({"source": 2, "type": 5, "id": body, "x": 0, "y": 0})));
    events.sort_by_key(|event| event["timestamp"].as_i64());
    json!({"startDate": start, "events": events, "baseUrl": ORIGIN, "width": WIDTH, "height": HEIGHT,
        "isMobile": false, "type": "rrweb", "packed": false})
}

/// A new node as a change of a recording has it: a list in which each node comes without its children, after
/// its parent.
fn added(node: &Node, parent: i64, next: &mut i64) -> Vec<Json> {
    let mut whole = node.recorded(next, &mut Vec::new(), false);
    let children = whole["childNodes"].as_array().cloned().unwrap_or_default();
    let id = whole["id"].clone();
    if whole["childNodes"].is_array() {
        whole["childNodes"] = json!([]);
    }
    let add = |parent: &Json, node: Json| json!({"parentId": parent, "nextId": null, "node": node});
    let mut adds = vec![add(&json!(parent), whole)];
    adds.extend(children.into_iter().map(|child| add(&id, child)));
    adds
}

/// The pointer on its way between two places, in about two seconds and not quite straight.
fn moves(
    random: &mut impl Rng,
    start: Millis,
    at: Millis,
    from: (i64, i64),
    to: (i64, i64),
    id: i64,
) -> Vec<Json> {
    const PARTS: i64 = 40;
    let between = |a: i64, b: i64, part: i64| {
        let far = part as f64 / PARTS as f64;
        // Slow at both ends.
        let eased = far * far * (3.0 - 2.0 * far);
        a + ((b - a) as f64 * eased) as i64
    };
    let positions: Vec<Json> = (0..=PARTS)
        .map(|part| {
            let (x, y) = (between(from.0, to.0, part), between(from.1, to.1, part));
            let waver = || if part == PARTS { 0 } else { 3 };
            let (x, y) =
                (x + random.random_range(-waver()..=waver()), y + random.random_range(-waver()..=waver()));
            json!({"x": x, "y": y, "id": id, "at": part * 50})
        })
        .collect();
    // A recorder tells half a second at a time, with moments before the one at which it tells.
    positions
        .chunks(10)
        .map(|chunk| {
            let told = chunk.last().and_then(|last| last["at"].as_i64()).unwrap_or_default();
            let positions: Vec<Json> = chunk
                .iter()
                .map(|one| {
                    let offset = one["at"].as_i64().unwrap_or_default() - told;
                    json!({"x": one["x"], "y": one["y"], "id": one["id"], "timeOffset": offset})
                })
                .collect();
            json!({"type": 3, "data": {"source": 1, "positions": positions}, "timestamp": start + at + told})
        })
        .collect()
}

/// Lines of the console until a moment.
pub(super) fn console(capture: &Capture, until: Millis) -> Json {
    let line = |before_ms: Millis, priority: &str, log: &str| json!({"log": log, "date": format_date(until - before_ms), "priority": priority});
    json!([
        line(23_800, "INFO", "Marrowby 7.31.2 starts"),
        line(23_610, "INFO", "Signed in, loading the garden"),
        line(22_940, "INFO", "Garden loaded: 12 beds, 43 plants in 96 ms"),
        line(22_900, "WARNING", "The picture of a plant is larger than 2 MB and is shown small"),
        line(20_700, "CLICK", "<div class=\"bed\">"),
        line(16_400, "INFO", "Bed moved by 496, 160"),
        line(14_600, "CLICK", "<button>Save plan</button>"),
        line(14_200, "WARNING", "The last change is 4 s old and not stored yet, trying again"),
        line(12_000, "CLICK", "<button>Save plan</button>"),
        line(10_900, "CLICK", "<button>Save plan</button>"),
        line(10_200, "ERROR", &capture.error),
        line(10_180, "ERROR", &format!("{} was answered with {}", capture.call, capture.status)),
    ])
}

/// Calls of the network until a moment.
pub(super) fn network(capture: &Capture, until: Millis) -> Json {
    let call = |before_ms: Millis,
                method: &str,
                path: &str,
                status: u16,
                took_ms: i64,
                sent: &str,
                answer: &str| {
        let words = if status < 300 {
            "OK"
        } else if status == 404 {
            "Not Found"
        } else {
            "Error"
        };
        json!({
            "type": method, "url": format!("{ORIGIN}{path}"), "date": format_date(until - before_ms), "duration": took_ms,
            "success": status < 400,
            "request": {"payload": sent, "headers": {"Accept": "application/json", "X-Client": "web 7.31.2"}},
            "response": {"status": status, "statusText": words, "responseText": answer},
        })
    };
    let loaded = |before_ms: Millis, path: &str, took_ms: i64, kind: &str| {
        json!({"type": "RESOURCE",
        "url": format!("{ORIGIN}{path}"), "date": format_date(until - before_ms), "duration": took_ms, "initiatorType": kind})
    };
    let (method, path) = capture.call.split_once(' ').unwrap_or(("GET", "/"));
    let (sent, answer) = match capture.status {
        200..=299 => ("", "{\"ok\":true}".to_owned()),
        status => (
            "{\"beds\":[{\"id\":9,\"crop\":null}]}",
            format!(
                "{{\"error\":{{\"code\":{status},\"message\":\"{}\"}}}}",
                capture.error.replace('"', "'")
            ),
        ),
    };
    json!([
        loaded(23_900, "/assets/app.js", 118, "script"),
        loaded(23_880, "/assets/app.css", 64, "link"),
        call(23_600, "GET", "/api/me", 200, 42, "", "{\"name\":\"…\",\"plan\":\"Trellis\"}"),
        call(23_400, "GET", "/api/plans/418", 200, 96, "", "{\"beds\":12,\"plants\":43}"),
        call(
            23_380,
            "GET",
            "/api/weather?station=harrowdale",
            200,
            310,
            "",
            "{\"frost\":false,\"rain\":2.4}"
        ),
        loaded(23_100, "/pictures/plants.webp", 540, "img"),
        call(
            16_300,
            "POST",
            "/api/plans/418/changes",
            202,
            75,
            "{\"bed\":9,\"dx\":496,\"dy\":160}",
            "{\"queued\":1}"
        ),
        call(14_500, method, path, capture.status, 1_204, sent, &answer),
        call(11_900, method, path, capture.status, 998, sent, &answer),
        call(10_950, method, path, capture.status, 731, sent, &answer),
    ])
}

/// What the visitor did, as the SDK notes it.
pub(super) fn events(capture: &Capture, until: Millis) -> Json {
    let event = |before_ms: Millis, name: &str, data: Json| json!({"name": name, "date": format_date(until - before_ms), "data": data});
    json!([
        event(62_000, "sessionStarted", json!({})),
        event(61_000, "pageView", json!({"page": format!("{ORIGIN}/plans")})),
        event(24_000, "pageView", json!({"page": format!("{ORIGIN}/{}", capture.page)})),
        event(20_700, "Bed touched", json!({"bed": 9})),
        event(14_600, "Save pressed", json!({"beds": 12})),
        event(10_000, "Alarm shown", json!({"call": capture.call, "status": capture.status})),
    ])
}

/// The device and program of a contact.
pub(super) fn meta(capture: &Capture, number: usize, lang: &str) -> Json {
    let (browser, system) = match number % 4 {
        0 => ("Chrome(156.0.0.0)", "Windows"),
        1 => ("Firefox(149.0)", "Linux"),
        2 => ("Safari(26.1)", "macOS"),
        _ => ("Chrome(156.0.0.0)", "Android"),
    };
    json!({
        "browserName": browser, "systemName": system, "buildVersionNumber": "7312", "releaseVersionNumber": "7.31.2",
        "sessionDuration": 62 + number % 300, "devicePixelRatio": 2, "screenWidth": 1440, "screenHeight": 900,
        "innerWidth": WIDTH, "innerHeight": HEIGHT, "currentUrl": format!("{ORIGIN}/{}", capture.page),
        "language": lang, "mobile": number % 4 == 3, "sdkVersion": "16.4.0", "sdkType": "javascript", "environment": "prod",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capture() -> Capture {
        Capture {
            page: "planner".to_owned(),
            error: "a < b".to_owned(),
            call: "PUT /api/plans/1".to_owned(),
            status: 500,
        }
    }

    #[test]
    fn a_recording_begins_with_the_whole_page_and_names_only_nodes_that_it_has() {
        for page in ["planner", "reminders", "print", "diary", "harvest"] {
            let capture = Capture { page: page.to_owned(), ..capture() };
            let replay = replay(&capture, 1, 1_700_000_000_000);
            assert_eq!(replay, super::replay(&capture, 1, 1_700_000_000_000), "the same in every run");
            let events = replay["events"].as_array().expect("events");
            assert_eq!((&events[0]["type"], &events[1]["type"]), (&json!(4), &json!(2)));
            assert!(events.is_sorted_by_key(|event| event["timestamp"].as_i64()));
            let mut known = Vec::new();
            ids(&events[1]["data"]["node"], &mut known);
            let count = known.len();
            known.sort_unstable();
            known.dedup();
            assert_eq!(known.len(), count, "numbers of nodes are different");
            let adds = events.iter().flat_map(|event| event["data"]["adds"].as_array().into_iter().flatten());
            let adds: Vec<&Json> = adds.collect();
            assert_eq!(adds.len(), 2, "an element and its text");
            // Players leave out children that stand in a node that is added.
            assert!(adds.iter().all(|add| add["node"]["childNodes"].as_array().is_none_or(Vec::is_empty)));
            assert_eq!(adds[0]["node"]["id"], adds[1]["parentId"]);
            for event in &events[2..] {
                let data = &event["data"];
                let named = [&data["id"], &data["attributes"][0]["id"], &data["adds"][0]["parentId"]];
                let placed =
                    data["positions"].as_array().into_iter().flatten().map(|position| &position["id"]);
                for id in named.into_iter().chain(placed).filter_map(Json::as_i64) {
                    assert!(known.contains(&id), "{id} in {event}");
                }
            }
        }
    }

    fn ids(node: &Json, known: &mut Vec<i64>) {
        known.extend(node["id"].as_i64());
        node["childNodes"].as_array().into_iter().flatten().for_each(|child| ids(child, known));
    }

    #[test]
    fn a_snapshot_is_a_page_with_a_mark() {
        let html = snapshot(&capture(), 1)["html"].as_str().expect("a page").to_owned();
        assert!(
            html.starts_with("<!DOCTYPE html><html lang=\"en\"><head>")
                && html.ends_with("</svg></body></html>")
        );
        assert!(html.contains("role=\"alert\"") && html.contains("bb-capture-svg"));
    }
}
