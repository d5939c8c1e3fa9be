//! The built front ends: carried in the program, or read from the folder in which they are built.
//!
//! Beside a file may be `<file>.br` and `<file>.gz`, the same packed by whoever built it; they are
//! given to who can unpack them. What is under `assets/` has a name made of its content and
//! never changes.

use std::collections::HashMap;
use std::path::PathBuf;

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// What the program carries: names such as `dashboard/index.html`, and contents.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
/// Characters of a path at most; built files have short names.
const PATH_MAX: usize = 200;
/// Hexadecimal digits of a hash that tell versions of one file apart.
const ETAG_DIGITS: usize = 32;

/// One of the front ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontEnd {
    /// What agents and admins work in.
    Dashboard,
    /// What visitors write in, in a frame that the SDK opens.
    Messenger,
    /// Banners and modals, in frames of their own.
    Media,
    /// Where recordings of pages are played, apart from everything that has rights.
    Replay,
}

impl FrontEnd {
    /// Its folder under `web`.
    pub fn name(self) -> &'static str {
        match self {
            FrontEnd::Dashboard => "dashboard",
            FrontEnd::Messenger => "messenger",
            FrontEnd::Media => "media",
            FrontEnd::Replay => "replay",
        }
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
}

impl Packing {
    /// The strongest first.
    pub const ALL: [Packing; 2] = [Packing::Brotli, Packing::Gzip];

    /// The word in `Accept-Encoding` and `Content-Encoding`.
    pub fn word(self) -> &'static str {
        match self {
            Packing::Brotli => "br",
            Packing::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Packing::Brotli => ".br",
            Packing::Gzip => ".gz",
        }
    }
}

/// A file as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its content, packed when `packing` says so.
    pub bytes: Bytes,
    /// How the content is packed.
    pub packing: Option<Packing>,
    /// The media type of what is unpacked.
    pub content_type: &'static str,
    /// Changes with the bytes that are sent; in quotation marks.
    pub etag: String,
    /// Whether there will never be another content under this name.
    pub is_immutable: bool,
}

/// Where built front ends are found.
#[derive(Debug)]
pub struct WebFiles(Place);

#[derive(Debug)]
enum Place {
    Program(HashMap<&'static str, Kept>),
    Folder(PathBuf),
}

#[derive(Debug)]
struct Kept {
    bytes: &'static [u8],
    etag: String,
}

impl WebFiles {
    /// Front ends in a folder that looks like `web` in the repository. Without one they are those that
    /// the program carries; a debug build carries none and looks into the repository that it was built from.
    pub fn new(folder: Option<PathBuf>) -> WebFiles {
        let repository =
            cfg!(debug_assertions).then(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web")));
        WebFiles(match folder.or(repository) {
            Some(folder) => Place::Folder(folder),
            None => Place::Program(kept(EMBEDDED)),
        })
    }

    /// A file of a front end, packed in the strongest of these ways that there is. `path` is what
    /// stands in an address, without the first slash; it reaches nothing outside of the front end.
    pub async fn file(&self, of: FrontEnd, path: &str, packings: &[Packing]) -> Option<File> {
        if !is_plain(path) {
            return None;
        }
        let wanted = Packing::ALL.into_iter().filter(|packing| packings.contains(packing)).map(Some);
        for packing in wanted.chain([None]) {
            let suffix = packing.map_or("", Packing::suffix);
            if let Some((bytes, etag)) = self.content(of, &format!("{path}{suffix}")).await {
                return Some(File {
                    bytes,
                    packing,
                    content_type: content_type(path),
                    etag,
                    is_immutable: path.starts_with("assets/"),
                });
            }
        }
        None
    }

    async fn content(&self, of: FrontEnd, path: &str) -> Option<(Bytes, String)> {
        match &self.0 {
            Place::Program(files) => {
                let kept = files.get(format!("{}/{path}", of.name()).as_str())?;
                Some((Bytes::from_static(kept.bytes), kept.etag.clone()))
            }
            Place::Folder(folder) => {
                let bytes = tokio::fs::read(folder.join(of.name()).join("dist").join(path)).await.ok()?;
                let etag = etag(&bytes);
                Some((bytes.into(), etag))
            }
        }
    }
}

fn kept(files: &[(&'static str, &'static [u8])]) -> HashMap<&'static str, Kept> {
    files.iter().map(|(name, bytes)| (*name, Kept { bytes, etag: etag(bytes) })).collect()
}

fn etag(bytes: &[u8]) -> String {
    let mut digits = hex::encode(Sha256::digest(bytes));
    digits.truncate(ETAG_DIGITS);
    format!("\"{digits}\"")
}

/// Whether a path is made of plain names only. Nothing hidden is served, and nothing that an address
/// or a file system could read in a second way.
fn is_plain(path: &str) -> bool {
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    path.len() <= PATH_MAX && path.split('/').all(plain)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The same files in the program and in a folder.
    fn places() -> (tempfile::TempDir, [WebFiles; 2]) {
        const FILES: &[(&str, &[u8])] = &[
            ("dashboard/index.html", b"<p>page"),
            ("dashboard/assets/app-1a2b.js", b"script"),
            ("dashboard/assets/app-1a2b.js.br", b"br"),
            ("dashboard/assets/app-1a2b.js.gz", b"gz"),
            ("messenger/only.txt", b"messenger"),
        ];
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes) in FILES {
            let (front_end, path) = name.split_once('/').expect("a front end");
            let file = folder.path().join(front_end).join("dist").join(path);
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(file, bytes).expect("a file");
        }
        fs::write(folder.path().join("secret.txt"), "secret").expect("a file");
        let places = [WebFiles(Place::Program(kept(FILES))), WebFiles::new(Some(folder.path().to_owned()))];
        (folder, places)
    }

    #[tokio::test]
    async fn the_strongest_packing_that_is_there_and_wanted_is_given() {
        let (_folder, places) = places();
        for files in &places {
            for (wanted, bytes, packing) in [
                (&Packing::ALL[..], &b"br"[..], Some(Packing::Brotli)),
                (&[Packing::Gzip], b"gz", Some(Packing::Gzip)),
                (&[], b"script", None),
            ] {
                let file =
                    files.file(FrontEnd::Dashboard, "assets/app-1a2b.js", wanted).await.expect("a file");
                assert_eq!((&file.bytes[..], file.packing), (bytes, packing));
                assert_eq!(file.content_type, "text/javascript; charset=utf-8");
                assert!(file.is_immutable);
            }
            let page = files.file(FrontEnd::Dashboard, "index.html", &Packing::ALL).await.expect("a page");
            assert_eq!((&page.bytes[..], page.packing, page.is_immutable), (&b"<p>page"[..], None, false));
        }
        let [one, other] = &places;
        let path = "assets/app-1a2b.js";
        for wanted in [&Packing::ALL[..], &[]] {
            let one = one.file(FrontEnd::Dashboard, path, wanted).await;
            assert_eq!(one, other.file(FrontEnd::Dashboard, path, wanted).await);
        }
    }

    #[tokio::test]
    async fn nothing_outside_of_a_front_end_is_reached() {
        let (folder, places) = places();
        for files in &places {
            assert!(files.file(FrontEnd::Messenger, "only.txt", &[]).await.is_some());
            let absolute = folder.path().join("secret.txt");
            let long = "a".repeat(PATH_MAX + 1);
            for path in [
                "",
                "/",
                "assets",
                "assets/",
                "../../secret.txt",
                "assets/../index.html",
                "..%2f..%2fsecret.txt",
                "..\\..\\secret.txt",
                "./index.html",
                "assets//app-1a2b.js",
                "index.html\0",
                ".hidden",
                "only.txt",
                &long,
                absolute.to_str().expect("a text"),
            ] {
                assert!(files.file(FrontEnd::Dashboard, path, &Packing::ALL).await.is_none(), "{path:?}");
            }
        }
    }

    #[test]
    fn a_release_carries_what_is_built_and_a_debug_build_nothing() {
        let carries = WebFiles::new(None);
        assert_eq!(matches!(carries.0, Place::Program(_)), !cfg!(debug_assertions));
        if cfg!(debug_assertions) {
            assert!(EMBEDDED.is_empty());
        }
        let plain = |(name, _): &(&str, &[u8])| is_plain(name);
        assert!(EMBEDDED.iter().all(plain), "the build made a file that cannot be served");
    }
}
