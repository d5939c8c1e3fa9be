//! Reading compressed objects as streams.

use std::io::Write;

use bytes::Bytes;
use flate2::write::GzDecoder;
use futures_util::StreamExt;
use futures_util::stream;
use hark_store::{Bytestream, Error, Result};

/// Compressed bytes that are unpacked at a time: at most about four megabytes come out of them.
const STEP_BYTES: usize = 4 * 1024;

/// The unpacked bytes of a gzip stream.
pub(crate) fn gunzip(packed: Bytestream) -> Bytestream {
    let state = Unpacking { packed, pending: Bytes::new(), decoder: Some(GzDecoder::new(Vec::new())) };
    stream::try_unfold(state, |mut unpacking| async move {
        Ok(unpacking.next().await?.map(|piece| (piece, unpacking)))
    })
    .boxed()
}

struct Unpacking {
    packed: Bytestream,
    pending: Bytes,
    /// Gone when the stream is over.
    decoder: Option<GzDecoder<Vec<u8>>>,
}

impl Unpacking {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if self.pending.is_empty() {
                match self.packed.next().await {
                    Some(piece) => self.pending = piece?,
                    None => return self.last(),
                }
            }
            let step = self.pending.split_to(self.pending.len().min(STEP_BYTES));
            let Some(decoder) = &mut self.decoder else { return Ok(None) };
            decoder.write_all(&step).map_err(damaged)?;
            let unpacked = std::mem::take(decoder.get_mut());
            if !unpacked.is_empty() {
                return Ok(Some(unpacked.into()));
            }
        }
    }

    fn last(&mut self) -> Result<Option<Bytes>> {
        let Some(decoder) = self.decoder.take() else { return Ok(None) };
        let rest = decoder.finish().map_err(damaged)?;
        Ok((!rest.is_empty()).then(|| rest.into()))
    }
}

fn damaged(error: std::io::Error) -> Error {
    Error::Internal(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn pieces(bytes: &[u8], size: usize) -> Bytestream {
        let pieces: Vec<Result<Bytes>> =
            bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        stream::iter(pieces).boxed()
    }

    async fn unpacked(packed: &[u8], size: usize) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut stream = gunzip(pieces(packed, size));
        while let Some(piece) = stream.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn what_was_packed_comes_out_again_and_damage_is_told() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|n| (n % 251).to_le_bytes()).collect();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&text).expect("memory");
        let packed = encoder.finish().expect("memory");
        for size in [1, 100, 100_000] {
            assert_eq!(unpacked(&packed, size).await.expect("the text"), text, "{size}");
        }
        assert!(unpacked(&packed[..packed.len() - 9], 100).await.is_err());
        assert!(unpacked(b"no gzip at all", 5).await.is_err());
    }
}
