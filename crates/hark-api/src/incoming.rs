//! Bodies that are read while they arrive, within bounds of size and time.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use hark_store::{Bytestream, Error, Result};
use tokio::time::{Instant, timeout_at};

use crate::dispatch::body_time;

/// Bytes beyond the limit that are still read and thrown away: a browser that is answered while it
/// sends often sees a broken connection in place of the answer.
const DRAINED_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(20);

/// The pieces of a body.
///
/// The stream ends with [`Error::TooLarge`] over `bytes_max`, and with [`Error::Invalid`] when the
/// body breaks off or comes too slowly.
pub(crate) fn pieces(headers: &HeaderMap, body: Body, bytes_max: u64) -> Bytestream {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let until = Instant::now() + body_time(bytes_max);
    let state = Arriving {
        body: body.into_data_stream(),
        read: announced.filter(|size| *size > bytes_max).unwrap_or(0),
        bytes_max,
        until,
    };
    stream::try_unfold(state, |mut arriving| async move {
        Ok(arriving.next().await?.map(|piece| (piece, arriving)))
    })
    .boxed()
}

struct Arriving {
    body: BodyDataStream,
    /// Bytes that were read, or that will be too many.
    read: u64,
    bytes_max: u64,
    until: Instant,
}

impl Arriving {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.read <= self.bytes_max {
            let piece = self.piece().await?;
            self.read += piece.as_ref().map_or(0, |piece| piece.len() as u64);
            if self.read <= self.bytes_max {
                return Ok(piece);
            }
        }
        self.drain().await;
        Err(Error::TooLarge(format!("the body is larger than {} bytes", self.bytes_max)))
    }

    async fn piece(&mut self) -> Result<Option<Bytes>> {
        match timeout_at(self.until, self.body.next()).await {
            Ok(Some(Ok(piece))) => Ok(Some(piece)),
            Ok(None) => Ok(None),
            Ok(Some(Err(_))) => Err(Error::invalid("the body broke off before its end")),
            Err(_) => Err(Error::invalid("the body took too long to arrive")),
        }
    }

    async fn drain(&mut self) {
        self.until = self.until.min(Instant::now() + DRAIN_TIME);
        let mut left = DRAINED_BYTES_MAX;
        while let Ok(Some(piece)) = self.piece().await {
            left = left.saturating_sub(piece.len() as u64);
            if left == 0 {
                return;
            }
        }
    }
}
