//! Addresses of files in answers: whatever media host they were stored with, they lead to the present one.

use axum::body::{Body, Bytes, HttpBody};
use futures_util::stream::try_unfold;
use futures_util::{StreamExt, TryStreamExt};
use hark_core::access::projects;
use hark_core::files;
use hark_store::credentials::Caller;
use hark_store::{Error, Id, Result, Scope};

use crate::answer::{Answer, DOCUMENT_TYPES};
use crate::app::App;

/// Bytes at the end of a part of an answer that may be the beginning of an address.
const ADDRESS_BYTES_MAX: usize = 400;
/// Bytes of an answer that is in memory; it was made there, so this bounds nothing.
const WHOLE_MAX: usize = usize::MAX;

/// Whose files an answer tells of. Addresses of other files stay as somebody wrote them: they may be those of
/// another server.
pub(crate) enum Whose {
    /// Those of a project.
    Project(Id),
    /// Those of the projects that somebody works in, as where the tickets of several are listed.
    Caller(Caller),
    /// Nobody's.
    None,
}

impl Whose {
    /// Those that the answers to a call tell of.
    pub(crate) fn of(scope: &Scope, caller: Option<&Caller>) -> Whose {
        match (scope.project(), caller) {
            (Some(project), _) => Whose::Project(project),
            (None, Some(caller)) => Whose::Caller(caller.clone()),
            (None, None) => Whose::None,
        }
    }

    /// The projects of files that a text names, as far as they are meant. Where that cannot be found out, the
    /// answer is ready all the same, and names files as they were stored.
    async fn named_in(&self, text: &[u8], app: &App) -> Vec<Id> {
        let caller = match self {
            Whose::Project(project) => return vec![*project],
            Whose::Caller(caller) => caller,
            Whose::None => return Vec::new(),
        };
        let mut named = files::projects_in(std::str::from_utf8(text).unwrap_or_default());
        // Whoever writes can name any number of projects, and each would be looked up.
        let user = caller.user;
        let own = app.store.read(&caller.instance, move |tx| projects::of_user(tx, user)).await;
        let own = own.unwrap_or_default();
        named.retain(|project| own.iter().any(|one| one.id == *project));
        let mut projects = Vec::new();
        for project in named {
            if app.store.enter(caller, project).await.is_ok() {
                projects.push(project);
            }
        }
        projects
    }
}

/// An answer of this content type with the addresses of files as they are today.
pub(crate) async fn told_anew(
    mut answer: Answer,
    content_type: &str,
    app: &App,
    whose: Whose,
) -> Result<Answer> {
    if !DOCUMENT_TYPES.contains(&content_type) {
        return Ok(answer);
    }
    answer.body = if answer.body.size_hint().exact().is_some() {
        let whole = axum::body::to_bytes(answer.body, WHOLE_MAX).await;
        let whole = whole.map_err(|error| Error::Internal(error.into()))?;
        Body::from(match files::may_name_files(&whole) {
            true => tell(&whole, app, &whose.named_in(&whole, app).await).unwrap_or(whole),
            false => whole,
        })
    } else if let Whose::Project(project) = whose {
        let app = app.clone();
        Body::from_stream(
            parts(answer.body).map_ok(move |part| tell(&part, &app, &[project]).unwrap_or(part)),
        )
    } else {
        // Nothing that is written while it is sent is of several projects.
        answer.body
    };
    Ok(answer)
}

/// The bytes with the addresses of files of these projects as they are today; `None` when they are so already.
fn tell(bytes: &[u8], app: &App, projects: &[Id]) -> Option<Bytes> {
    let text = std::str::from_utf8(bytes).ok()?;
    files::told_anew(text, projects, || app.settings.media_url()).map(Bytes::from)
}

/// A body in parts none of which ends within an address.
fn parts(body: Body) -> impl futures_util::Stream<Item = std::result::Result<Bytes, axum::Error>> {
    let arriving = body.into_data_stream();
    try_unfold((arriving, Vec::new()), |(mut arriving, mut kept)| async move {
        loop {
            let Some(chunk) = arriving.next().await.transpose()? else {
                let rest = std::mem::take(&mut kept);
                return Ok((!rest.is_empty()).then(|| (Bytes::from(rest), (arriving, kept))));
            };
            kept.extend_from_slice(&chunk);
            let end = end_of_part(&kept);
            if end > 0 {
                let rest = kept.split_off(end);
                return Ok(Some((Bytes::from(kept), (arriving, rest))));
            }
        }
    })
}

/// How far a text can be looked at before more of it is there: to the last byte that is part of no address, or
/// to the end of a word that is too long to be one.
fn end_of_part(text: &[u8]) -> usize {
    let is_border =
        |byte: &u8| matches!(byte, b'"' | b'\'' | b' ' | b',' | b'\n' | b'\\' | b'<' | b'(' | b')');
    let last = text.len().saturating_sub(ADDRESS_BYTES_MAX);
    match text[last..].iter().rposition(is_border) {
        Some(border) => last + border + 1,
        // A word that is too long for an address ends between two characters.
        None => {
            let is_start = |end: &usize| text.get(*end).is_none_or(|byte| byte & 0xc0 != 0x80);
            (0..=last).rev().take(4).find(is_start).unwrap_or(last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_too_long_is_sent_on_between_two_characters() {
        for word in ["é", "語", "🎈", "x"] {
            let text = word.repeat(5_000);
            let end = end_of_part(text.as_bytes());
            assert!(text.is_char_boundary(end) && end + ADDRESS_BYTES_MAX + 4 > text.len(), "{word}: {end}");
        }
        assert_eq!(end_of_part(b""), 0);
    }

    #[tokio::test]
    async fn parts_end_where_no_address_does() {
        let long = "x".repeat(3 * ADDRESS_BYTES_MAX);
        let text =
            format!("[\"https://media.example/media/abc/a.png\",\"é\",\"{long}\",\"{}\"]", "é".repeat(500));
        for size in [1, 2, 7, 64, 1_000, 10_000] {
            let chunks: Vec<std::result::Result<Bytes, std::io::Error>> =
                text.as_bytes().chunks(size).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
            let body = Body::from_stream(futures_util::stream::iter(chunks));
            let parts: Vec<Bytes> = parts(body).try_collect().await.expect("parts");
            assert_eq!(parts.concat(), text.as_bytes(), "{size}");
            let whole = |part: &Bytes| {
                std::str::from_utf8(part).is_ok_and(|part| part.contains("media.example/media/abc/a.png\""))
            };
            assert!(parts.iter().any(whole), "{size}: {parts:?}");
        }
    }
}
