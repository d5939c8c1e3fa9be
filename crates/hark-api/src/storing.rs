//! How bytes get into the file store: first the row, then the object, then the row says that it is there.

use std::pin::pin;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use hark_core::files::{self, NewFile, Received};
use hark_store::{Doc, Result, Scope};

use crate::app::App;

/// First bytes of a file that tell what it is.
const HEAD_BYTES: usize = 1024;

/// What a file's type is found out by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Typed<'t> {
    /// Its first bytes, and what the sender says where those leave it open.
    ByContent(&'t str),
}

/// Stores a file and returns its row.
///
/// # Errors
/// [`Error::TooLarge`] over `bytes_max`, and those of the content; then nothing stays of it.
pub(crate) async fn store(
    app: &App,
    scope: &Scope,
    new: NewFile,
    typed: Typed<'_>,
    content: impl Stream<Item = Result<Bytes>> + Send,
    bytes_max: u64,
) -> Result<Doc> {
    let mut content = pin!(content);
    let (head, first) = peek(&mut content).await?;
    let content = stream::iter(first.into_iter().map(Ok)).chain(content);
    let content_type = match typed {
        Typed::ByContent(declared) => files::content_kind(&head, declared).media_type,
    };
    let row = app.store.write(scope, move |tx| files::open(tx, &new)).await?;
    let key = row.text("key").unwrap_or_default().to_owned();
    let stored = app.files.put(&key, content, bytes_max).await;
    let kept = match stored {
        Ok(stored) => {
            let received =
                Received { size: stored.size, sha256: stored.sha256, content_type: content_type.to_owned() };
            let id = row.id;
            app.store.write(scope, move |tx| files::keep(tx, id, &received)).await
        }
        Err(error) => Err(error),
    };
    if kept.is_err() {
        give_up(app, scope, &row, &key).await;
    }
    kept
}

/// Deletes what there is of a file; what cannot be deleted now, a job deletes a day later.
async fn give_up(app: &App, scope: &Scope, row: &Doc, key: &str) {
    let id = row.id;
    let given_up = async {
        app.files.delete(key).await?;
        app.store.write(scope, move |tx| files::removed(tx, id)).await
    };
    if let Err(error) = given_up.await {
        tracing::warn!(file = %id, ?error, "a file that broke off is deleted later");
    }
}

/// The first bytes of a content, and the pieces that were read for them.
async fn peek(content: &mut (impl Stream<Item = Result<Bytes>> + Unpin)) -> Result<(Vec<u8>, Vec<Bytes>)> {
    let (mut head, mut pieces) = (Vec::new(), Vec::new());
    while head.len() < HEAD_BYTES {
        let Some(piece) = content.next().await else { break };
        let piece = piece?;
        head.extend_from_slice(&piece[..piece.len().min(HEAD_BYTES - head.len())]);
        pieces.push(piece);
    }
    Ok((head, pieces))
}
