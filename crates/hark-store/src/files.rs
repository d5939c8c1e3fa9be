//! The file store: objects under keys, in a folder or a bucket, written and read as streams.
//!
//! An object is written once and never changed. What it is, whose it is and when it goes is in the
//! rows that name its key (`hark_core::files`), so nothing here has to list a bucket.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, Stream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};

use crate::credentials::random_secret;
use crate::error::{Error, Result};
use crate::store::blocking;

/// Bytes that are held of an object on its way to the store; S3 takes no smaller parts.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// Bytes that are read of a spooled body at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// The folder of objects and that of bodies that are being read, in the data folder.
const OBJECTS: &str = "files";
const SPOOL: &str = "spool";

/// The bytes of an object or a body, piece by piece.
pub type Bytestream = BoxStream<'static, Result<Bytes>>;

/// Where objects are. Clones share it.
#[derive(Clone)]
pub struct FileStore {
    objects: Arc<dyn ObjectStore>,
    /// The folder of the objects, if they are in one.
    folder: Option<PathBuf>,
    spool: PathBuf,
}

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex digits.
    pub sha256: String,
}

/// A part of an object, or all of it.
pub struct Content {
    /// Bytes of the whole object.
    pub size: u64,
    /// The bytes that were asked for.
    pub bytes: Bytestream,
}

impl FileStore {
    /// Objects in the data folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(data: &Path) -> Result<FileStore> {
        let data = absolute(data)?;
        let folder = objects_folder(&data);
        private_folder(&folder)?;
        let objects = LocalFileSystem::new_with_prefix(&folder).map_err(fault)?.with_fsync(true);
        FileStore { objects: Arc::new(objects), folder: Some(folder), spool: data.join(SPOOL) }.prepared()
    }

    /// Objects in a store of another kind; only bodies that are being read are in the data folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn elsewhere(objects: Arc<dyn ObjectStore>, data: &Path) -> Result<FileStore> {
        FileStore { objects, folder: None, spool: absolute(data)?.join(SPOOL) }.prepared()
    }

    fn prepared(self) -> Result<FileStore> {
        private_folder(&self.spool)?;
        Ok(self)
    }

    /// Writes an object; when this returns, it is durable.
    ///
    /// # Errors
    /// [`Error::TooLarge`] over `bytes_max`, and whatever the content ends with; then there is no object.
    pub async fn put(
        &self,
        key: &str,
        content: impl Stream<Item = Result<Bytes>>,
        bytes_max: u64,
    ) -> Result<Stored> {
        let mut writing =
            Writing { objects: &self.objects, path: path(key)?, upload: None, part: Vec::new(), held: 0 };
        match writing.take(content, bytes_max).await {
            Ok(stored) => Ok(stored),
            Err(error) => {
                if let Some(mut upload) = writing.upload.take()
                    && let Err(error) = upload.abort().await
                {
                    tracing::warn!(%error, "an upload that broke off could not be taken back");
                }
                Err(error)
            }
        }
    }

    /// Reads an object, or the bytes of a range that lies in it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Content> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.objects.get_opts(&path(key)?, options).await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::not_found("file", key),
            error => fault(error),
        })?;
        Ok(Content {
            size: found.meta.size,
            bytes: found.into_stream().map(|piece| piece.map_err(fault)).boxed(),
        })
    }

    /// Deletes an object and what a process that died in the middle left of it. One that is gone
    /// already is what the caller wants.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.objects.delete(&path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(fault(error)),
        }
        if let Some(folder) = &self.folder {
            // The library's name for a file that is being written.
            let staged = folder.join(format!("{key}#1"));
            return blocking(move || match fs::remove_file(&staged) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(fault(error)),
                _ => Ok(()),
            })
            .await;
        }
        Ok(())
    }

    /// A file without a name: it is gone when it is closed, whatever happens to the process.
    /// Blocks, so it is for threads that may.
    pub fn scratch(&self) -> Result<File> {
        scratch_in(&self.spool)
    }

    /// A folder for a program of another maker, which is gone with the value.
    pub async fn scratch_folder(&self) -> Result<ScratchFolder> {
        let folder = self.spool.join(&random_secret()[..24]);
        blocking(move || {
            private_folder(&folder)?;
            Ok(ScratchFolder(folder))
        })
        .await
    }

    /// Writes a body into a [scratch file](FileStore::scratch) and returns it at its start.
    ///
    /// # Errors
    /// [`Error::TooLarge`] over `bytes_max`, and whatever the content ends with.
    pub async fn spool(&self, content: impl Stream<Item = Result<Bytes>>, bytes_max: u64) -> Result<File> {
        use tokio::io::AsyncWriteExt;
        let files = self.clone();
        let mut file = tokio::fs::File::from_std(blocking(move || files.scratch()).await?);
        let mut content = std::pin::pin!(content);
        let mut size = 0;
        while let Some(piece) = content.next().await {
            let piece = piece?;
            size = grown(size, piece.len(), bytes_max)?;
            file.write_all(&piece).await.map_err(fault)?;
        }
        file.flush().await.map_err(fault)?;
        let mut file = file.into_std().await;
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        Ok(file)
    }
}

/// A folder that is gone with the value.
#[derive(Debug)]
pub struct ScratchFolder(PathBuf);

impl ScratchFolder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "a scratch folder could not be removed");
        }
    }
}

/// The folder of the objects in a data folder.
pub(crate) fn objects_folder(data: &Path) -> PathBuf {
    data.join(OBJECTS)
}

/// The content of a file from its start, piece by piece.
pub fn content_of(mut file: File) -> Bytestream {
    let start = async move {
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        Ok::<_, Error>(file)
    };
    let pieces = |file| {
        futures_util::stream::try_unfold(file, |mut file: File| {
            blocking(move || {
                let mut piece = vec![0; CHUNK_BYTES];
                let read = file.read(&mut piece).map_err(fault)?;
                piece.truncate(read);
                Ok((read > 0).then(|| (Bytes::from(piece), file)))
            })
        })
    };
    futures_util::stream::once(start).map(move |file| file.map(pieces)).flat_map(flat).boxed()
}

fn flat<S: Stream<Item = Result<Bytes>> + Send + 'static>(started: Result<S>) -> Bytestream {
    match started {
        Ok(pieces) => pieces.boxed(),
        Err(error) => futures_util::stream::once(async move { Err(error) }).boxed(),
    }
}

/// An object on its way: small ones in one request, others in parts, one of which is in memory.
struct Writing<'s> {
    objects: &'s Arc<dyn ObjectStore>,
    path: object_store::path::Path,
    upload: Option<Box<dyn MultipartUpload>>,
    part: Vec<Bytes>,
    held: usize,
}

impl Writing<'_> {
    async fn take(&mut self, content: impl Stream<Item = Result<Bytes>>, bytes_max: u64) -> Result<Stored> {
        let mut content = std::pin::pin!(content);
        let (mut size, mut hash) = (0, Sha256::new());
        while let Some(piece) = content.next().await {
            let mut piece = piece?;
            size = grown(size, piece.len(), bytes_max)?;
            hash.update(&piece);
            while self.held + piece.len() >= PART_BYTES {
                // All parts but the last have the same length, which some stores insist on.
                let rest = piece.split_off(PART_BYTES - self.held);
                self.hold(piece);
                self.send_part().await?;
                piece = rest;
            }
            self.hold(piece);
        }
        self.complete().await?;
        Ok(Stored { size, sha256: hex::encode(hash.finalize()) })
    }

    fn hold(&mut self, piece: Bytes) {
        self.held += piece.len();
        self.part.push(piece);
    }

    fn payload(&mut self) -> PutPayload {
        self.held = 0;
        std::mem::take(&mut self.part).into_iter().collect()
    }

    async fn send_part(&mut self) -> Result<()> {
        let part = self.payload();
        if self.upload.is_none() {
            self.upload = Some(self.objects.put_multipart(&self.path).await.map_err(fault)?);
        }
        match &mut self.upload {
            Some(upload) => upload.put_part(part).await.map_err(fault),
            None => Err(Error::internal("an upload that was not begun")),
        }
    }

    async fn complete(&mut self) -> Result<()> {
        if self.upload.is_some() && self.held > 0 {
            self.send_part().await?;
        }
        match self.upload.as_mut() {
            Some(upload) => upload.complete().await.map(drop).map_err(fault)?,
            None => {
                let whole = self.payload();
                self.objects.put(&self.path, whole).await.map(drop).map_err(fault)?;
            }
        }
        self.upload = None;
        Ok(())
    }
}

/// The size after another piece.
fn grown(size: u64, more: usize, bytes_max: u64) -> Result<u64> {
    let size = size + more as u64;
    if size > bytes_max {
        return Err(Error::TooLarge(format!("at most {bytes_max} bytes are taken")));
    }
    Ok(size)
}

/// Whether a key is one of ours, which are made of letters, digits, `-`, `_` and `/`.
pub(crate) fn is_usable(key: &str) -> bool {
    let usable = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    key.split('/').all(usable)
}

fn path(key: &str) -> Result<object_store::path::Path> {
    if !is_usable(key) {
        return Err(Error::internal("an unusable key of an object"));
    }
    object_store::path::Path::parse(key).map_err(fault)
}

fn scratch_in(spool: &Path) -> Result<File> {
    let name = spool.join(&random_secret()[..24]);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&name).map_err(fault)?;
    fs::remove_file(&name).map_err(fault)?;
    Ok(file)
}

/// The folder as programs of other makers, which run elsewhere, know it.
fn absolute(folder: &Path) -> Result<PathBuf> {
    std::path::absolute(folder).map_err(fault)
}

/// A folder that only its owner can look into.
fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Error::invalid(format!("{} cannot be made: {error}", folder.display())))
}

fn fault(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Internal(anyhow::Error::new(error).context("the file store"))
}
