//! The file store in a folder, and the files of a backup.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hark_store::{
    Bytestream, Error, Field, FileStore, FilesReport, Kind, Result, backup, backup_files, both, content_of,
    restore_files, to_body,
};
use serde_json::json;

const FILE: Kind = Kind::new("file", "file", &[Field::text("state", "state")]);

fn content(bytes: &[u8]) -> impl stream::Stream<Item = Result<Bytes>> + use<> {
    let pieces: Vec<Bytes> = bytes.chunks(70_000).map(Bytes::copy_from_slice).collect();
    stream::iter(pieces.into_iter().map(Ok))
}

async fn whole(mut bytes: Bytestream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = bytes.next().await {
        all.extend_from_slice(&piece.expect("a piece"));
    }
    all
}

fn files_in(folder: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            names.extend(files_in(&entry.path()));
        } else {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names
}

#[tokio::test]
async fn objects_come_back_as_they_were_written() {
    let data = tempfile::tempdir().expect("a folder");
    let files = FileStore::in_folder(data.path()).expect("a store");
    let bytes: Vec<u8> = (0..11_000_000_u32).map(|n| (n % 253) as u8).collect();
    for size in [0, 1, 5 * 1024 * 1024, 11_000_000] {
        let key = format!("p/aa/{size}");
        let stored = files.put(&key, content(&bytes[..size]), size as u64).await.expect("stored");
        assert_eq!((stored.size, stored.sha256.len()), (size as u64, 64));
        assert!(whole(files.get(&key, None).await.expect("there").bytes).await == bytes[..size]);
    }
    let part = files.get("p/aa/11000000", Some(7..12)).await.expect("there");
    assert_eq!((part.size, whole(part.bytes).await), (11_000_000, bytes[7..12].to_vec()));
    files.delete("p/aa/1").await.expect("deleted");
    files.delete("p/aa/1").await.expect("what is gone is deleted");
    assert!(matches!(files.get("p/aa/1", None).await, Err(Error::NotFound { .. })));
}

#[tokio::test]
async fn what_breaks_off_is_too_large_or_has_a_strange_key_leaves_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let files = FileStore::in_folder(data.path()).expect("a store");
    for size in [10, 6_000_000] {
        let broken = content(&vec![1; size]).chain(stream::iter([Err(Error::invalid("broken off"))]));
        assert!(matches!(files.put("p/a", broken, u64::MAX).await, Err(Error::Invalid(_))));
        let refused = files.put("p/a", content(&vec![1; size]), size as u64 - 1).await;
        assert!(matches!(refused, Err(Error::TooLarge(_))));
    }
    for key in ["", "../a", "p//a", "/a", "p/a.b", "p/a#1", "p/\0"] {
        assert!(files.put(key, content(b"x"), 10).await.is_err(), "{key:?}");
        assert!(files.delete(key).await.is_err(), "{key:?}");
    }
    assert_eq!(files_in(data.path()), Vec::<String>::new());
    // A process that dies leaves a file behind that goes with the object.
    std::fs::create_dir_all(data.path().join("files/p")).expect("a folder");
    std::fs::write(data.path().join("files/p/a#1"), "half").expect("a file");
    files.delete("p/a").await.expect("deleted");
    assert_eq!(files_in(data.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_spooled_body_has_no_name_and_is_read_from_its_start() {
    let data = tempfile::tempdir().expect("a folder");
    let files = FileStore::in_folder(data.path()).expect("a store");
    let bytes = vec![9; 300_000];
    let spooled = files.spool(content(&bytes), 300_000).await.expect("spooled");
    assert_eq!(files_in(data.path()), Vec::<String>::new());
    assert!(whole(content_of(spooled)).await == bytes);
    assert!(matches!(files.spool(content(&bytes), 299_999).await, Err(Error::TooLarge(_))));
}

both! {
    async fn a_backup_has_the_files_that_its_rows_name(scratch: Scratch) {
        let scope = scratch.project().await;
        let files = FileStore::in_folder(scratch.folder()).expect("a store");
        for (key, state) in [("p/kept", "kept"), ("p/other", "kept"), ("p/gone", "gone"), ("p/lost", "kept")] {
            if key != "p/lost" {
                files.put(key, content(key.as_bytes()), 100).await.expect("stored");
            }
            let row = to_body(json!({"key": key, "state": state, "token": key}));
            scratch.store.write(&scope, move |tx| tx.insert(&FILE, row.clone())).await.expect("a row");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("b.backup");
        backup(&scratch.store, &to).await.expect("a backup");
        let saved = backup_files(&to, scratch.folder()).await.expect("its files");
        assert_eq!(saved, FilesReport { files: 2, missing: 1 });
        assert!(backup_files(&to, scratch.folder()).await.is_err(), "files of a backup were overwritten");

        let elsewhere = tempfile::tempdir().expect("a folder");
        for _ in 0..2 {
            let restored = restore_files(&to, elsewhere.path()).await.expect("restored");
            assert_eq!(restored, FilesReport { files: 2, missing: 1 });
        }
        let restored = FileStore::in_folder(elsewhere.path()).expect("a store");
        assert_eq!(whole(restored.get("p/other", None).await.expect("there").bytes).await, b"p/other");
        assert!(restored.get("p/gone", None).await.is_err());
    }
}
