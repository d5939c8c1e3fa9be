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
    /// It is ours and known.
    Known(&'static str),
}

/// An object that is written and whose row does not say so yet.
#[derive(Debug)]
pub(crate) struct Written {
    /// The row.
    pub(crate) file: Doc,
    /// What was written.
    pub(crate) received: Received,
}

/// Stores a file and returns its row.
///
/// # Errors
/// Like [`write`]; then nothing stays of the file.
pub(crate) async fn store(
    app: &App,
    scope: &Scope,
    new: NewFile,
    typed: Typed<'_>,
    content: impl Stream<Item = Result<Bytes>> + Send,
    bytes_max: u64,
) -> Result<Doc> {
    let written = write(app, scope, new, typed, content, bytes_max).await?;
    let (id, received) = (written.file.id, written.received.clone());
    let kept = app.store.write(scope, move |tx| files::keep(tx, id, &received)).await;
    if kept.is_err() {
        give_up(app, scope, &written.file).await;
    }
    kept
}

/// Writes the object of a new file, to be kept in a transaction with what it belongs to.
///
/// # Errors
/// [`hark_store::Error::TooLarge`] over `bytes_max`, and those of the content; then nothing stays of it.
pub(crate) async fn write(
    app: &App,
    scope: &Scope,
    new: NewFile,
    typed: Typed<'_>,
    content: impl Stream<Item = Result<Bytes>> + Send,
    bytes_max: u64,
) -> Result<Written> {
    let mut content = pin!(content);
    let (head, first) = peek(&mut content).await?;
    let content = stream::iter(first.into_iter().map(Ok)).chain(content);
    let content_type = match typed {
        Typed::ByContent(declared) => files::content_kind(&head, declared).media_type,
        Typed::Known(content_type) => content_type,
    };
    let file = app.store.write(scope, move |tx| files::open(tx, &new)).await?;
    match app.files.put(file.text("key").unwrap_or_default(), content, bytes_max).await {
        Ok(stored) => {
            let content_type = content_type.to_owned();
            Ok(Written {
                file,
                received: Received { size: stored.size, sha256: stored.sha256, content_type },
            })
        }
        Err(error) => {
            give_up(app, scope, &file).await;
            Err(error)
        }
    }
}

/// Deletes what there is of a file that is not kept; what cannot be deleted now, a job deletes a day later.
pub(crate) async fn give_up(app: &App, scope: &Scope, file: &Doc) {
    let id = file.id;
    let given_up = async {
        app.files.delete(file.text("key").unwrap_or_default()).await?;
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
