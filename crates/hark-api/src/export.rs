//! Exports: every document that matches a filter, written while it is sent.

use axum::body::{Body as HttpBody, Bytes};
use futures_util::{Stream, StreamExt};
use hark_core::export::Columns;
use hark_query::Query;
use hark_store::{Body, Doc, Error, Result};
use tokio::sync::mpsc::Receiver;
use tokio_stream::wrappers::ReceiverStream;

use crate::answer::{Csv, JsonFile};

/// Goes on for a query that asks for a part of a list in no way.
///
/// # Errors
/// [`Error::Invalid`] for the others: exports have everything that matches, oldest first.
pub(crate) fn unpaged(query: &Query) -> Result<()> {
    let paged =
        query.limit.is_some() || query.skip > 0 || query.cursor.is_some() || !query.sort.keys.is_empty();
    if paged {
        return Err(Error::invalid(
            "an export has everything that matches, oldest first: leave out `sort`, `limit`, `skip` and `cursor`",
        ));
    }
    Ok(())
}

/// A file of lines. `fill` makes of stored documents what the columns are read from.
///
/// # Errors
/// What is wrong with the filter, which shows with the first chunk, while there can still be an error.
pub(crate) async fn csv<F>(
    file_name: &str,
    columns: Columns,
    chunks: Receiver<Result<Vec<Doc>>>,
    fill: impl Fn(Vec<Doc>) -> F + Send + Clone + 'static,
) -> Result<Csv>
where
    F: Future<Output = Result<Vec<Body>>> + Send + 'static,
{
    let head = columns.head()?;
    let lines = move |bodies: Vec<Body>, _: bool| columns.rows(bodies.iter());
    let body = file(chunks, fill, head, lines, Vec::new()).await?;
    Ok(Csv { file_name: file_name.to_owned(), body })
}

/// A file with one JSON array of objects that have the columns.
///
/// # Errors
/// As [`csv`].
pub(crate) async fn json<F>(
    file_name: &str,
    columns: Option<Columns>,
    chunks: Receiver<Result<Vec<Doc>>>,
    fill: impl Fn(Vec<Doc>) -> F + Send + Clone + 'static,
) -> Result<JsonFile>
where
    F: Future<Output = Result<Vec<Body>>> + Send + 'static,
{
    let objects = move |bodies: Vec<Body>, first: bool| {
        let mut text = String::new();
        for (at, body) in bodies.iter().enumerate() {
            text.push_str(if first && at == 0 { "" } else { "," });
            match &columns {
                Some(columns) => text.push_str(&serde_json::to_string(&columns.pick(body))?),
                None => text.push_str(&serde_json::to_string(body)?),
            }
        }
        Ok(text.into_bytes())
    };
    let body = file(chunks, fill, b"[".to_vec(), objects, b"]".to_vec()).await?;
    Ok(JsonFile { file_name: file_name.to_owned(), body })
}

async fn file<F>(
    mut chunks: Receiver<Result<Vec<Doc>>>,
    fill: impl Fn(Vec<Doc>) -> F + Send + Clone + 'static,
    mut head: Vec<u8>,
    write: impl Fn(Vec<Body>, bool) -> Result<Vec<u8>> + Send + 'static,
    tail: Vec<u8>,
) -> Result<HttpBody>
where
    F: Future<Output = Result<Vec<Body>>> + Send + 'static,
{
    let first = chunks.recv().await.transpose()?.unwrap_or_default();
    head.extend(write(fill(first).await?, true)?);
    let filled = ReceiverStream::new(chunks).then(move |chunk| {
        let fill = fill.clone();
        async move { fill(chunk?).await }
    });
    let rest = filled.map(move |bodies| write(bodies?, false));
    Ok(HttpBody::from_stream(told(once(head).chain(rest).chain(once(tail)))))
}

fn once(bytes: Vec<u8>) -> impl Stream<Item = Result<Vec<u8>>> {
    futures_util::stream::once(async move { Ok(bytes) })
}

/// Whoever downloads sees only that the file breaks off, so the reason goes to the log.
fn told(lines: impl Stream<Item = Result<Vec<u8>>>) -> impl Stream<Item = Result<Bytes>> {
    lines.map(|lines| match lines {
        Ok(lines) => Ok(Bytes::from(lines)),
        Err(error) => {
            tracing::error!(error = format!("{error:#?}"), "an export broke off");
            Err(error)
        }
    })
}
