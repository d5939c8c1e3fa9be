//! Addresses of files are stored as they were told, with the media host of that time. Whatever is told is looked
//! through for them, and they begin with the present one: so an operator can move it, or its port.

use std::cell::LazyCell;

use hark_store::Id;
use memchr::memmem;

use super::file::{PATH, places, token_at};
use super::token::project_of;

/// Bytes before the path of an address that are looked at: a scheme, a host and folders.
const ORIGIN_BYTES_MAX: usize = 300;

/// Projects of whose files a text may tell at most.
const PROJECTS_MAX: usize = 100;

/// Whether a text may have addresses of files in it; most have none, and this is much quicker than to tell them anew.
pub fn may_name_files(text: &[u8]) -> bool {
    memmem::find(text, PATH.as_bytes()).is_some()
}

/// A text, such as a JSON document or HTML, with the addresses of the files of these projects below `media_url`.
/// `None` when they are so already. The URL is only asked for where there is an address.
pub fn told_anew(text: &str, projects: &[Id], media_url: impl FnOnce() -> String) -> Option<String> {
    let (mut told, mut done) = (String::new(), 0);
    let media_url = LazyCell::new(media_url);
    for place in places(text) {
        let of = token_at(text, place).and_then(project_of);
        if of.is_none_or(|of| !projects.contains(&of)) {
            continue;
        }
        let Some(start) = origin_before(text, place).filter(|start| *start >= done) else { continue };
        if text[start..place] != **media_url {
            told.push_str(&text[done..start]);
            told.push_str(&media_url);
            done = place;
        }
    }
    (done > 0).then(|| told + &text[done..])
}

/// The projects that addresses in a text name, the first of them. Anybody can write such an address.
pub fn projects_in(text: &str) -> Vec<Id> {
    let mut projects = Vec::new();
    for project in places(text).filter_map(|place| token_at(text, place).and_then(project_of)) {
        if projects.len() < PROJECTS_MAX && !projects.contains(&project) {
            projects.push(project);
        }
    }
    projects
}

/// Where the address begins whose path begins at a place: at the nearest scheme that is not a word apart.
fn origin_before(text: &str, place: usize) -> Option<usize> {
    let from = place.saturating_sub(ORIGIN_BYTES_MAX);
    let before = &text.as_bytes()[from..place];
    let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_~%:/[]".contains(byte);
    let start = from + before.iter().rposition(|byte| !belongs(byte)).map_or(0, |other| other + 1);
    // Before it is a byte that is no part of a longer character, or one of those that belong.
    let address = text.get(start..place)?;
    let scheme = address.rfind("://")?;
    let word = ["https", "http"].into_iter().find(|word| address[..scheme].ends_with(word))?;
    Some(start + scheme - word.len())
}

#[cfg(test)]
mod tests {
    use super::super::token::token;
    use super::*;

    const HOME: &str = "https://media.hark.example";

    fn told(text: &str, projects: &[Id]) -> Option<String> {
        told_anew(text, projects, || HOME.to_owned())
    }

    fn id(digit: char) -> Id {
        Id::parse(&digit.to_string().repeat(24)).expect("an id")
    }

    #[test]
    fn addresses_of_other_hosts_and_ports_become_those_of_the_present_one() {
        let path = format!("/media/{}/a.png", token(id('a')));
        for old in [
            "http://media.localhost:8080",
            "https://[::1]:81",
            "https://files.example/hark",
            "http://10.0.0.1",
        ] {
            for (before, behind) in [
                ("{\"url\":\"", "\"}"),
                ("<img src=\\\"", "\\\">"),
                ("see\\n", ""),
                ("", " é"),
                ("é", "?a=b"),
                ("(", ")"),
            ] {
                let text = format!("{before}{old}{path}{behind}, {HOME}{path} {before}{old}{path}{behind}");
                let home = text.replace(old, HOME);
                assert_eq!(projects_in(&text), [id('a')], "{text}");
                assert_eq!(told(&text, &[id('a')]), Some(home.clone()), "{text}");
                assert_eq!(told(&text, &[id('b'), id('a')]), Some(home.clone()));
                assert_eq!(told(&home, &[id('a')]), None, "{home}");
                assert_eq!(told(&text, &[]), None);
            }
        }
    }

    #[test]
    fn what_is_no_file_of_the_project_stays() {
        let (own, other) = (token(id('a')), token(id('b')));
        for text in [
            format!("https://media.example/media/{other}/a.png"),
            format!("/media/{own}/a.png"),
            format!("ftp://media.example/media/{own}/a.png"),
            format!("https:/ /media/{own}/a.png"),
            format!("https://media.example/media/{}/a.png", &own[1..]),
            format!("https://cdn.example/{}/media/{own}", "x".repeat(ORIGIN_BYTES_MAX)),
            "https://example.com/media/é".to_owned(),
            String::new(),
        ] {
            assert_eq!(told(&text, &[id('a')]), None, "{text}");
        }
    }
}
