//! Files in a bucket, against a store that checks every signature.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hark_deliver::objects::{S3Settings, s3};
use hark_deliver::secret::Secret;
use hark_deliver::testing::{S3Access, S3Sink};
use hark_store::{Bytestream, Error, FileStore, Result};

struct Bucket {
    sink: S3Sink,
    files: FileStore,
    _data: tempfile::TempDir,
}

fn access() -> S3Access {
    S3Access {
        bucket: "files".to_owned(),
        region: "eu-central-1".to_owned(),
        access_key: "KEYID".to_owned(),
        secret_key: "secret/+key".to_owned(),
    }
}

async fn bucket(change: impl FnOnce(&mut S3Settings)) -> Bucket {
    let access = access();
    let sink = S3Sink::start(access.clone()).await.expect("a store");
    let mut settings = S3Settings {
        endpoint: Some(sink.endpoint()),
        bucket: access.bucket,
        region: access.region,
        access_key: access.access_key,
        secret_key: Secret::new(access.secret_key),
    };
    change(&mut settings);
    let data = tempfile::tempdir().expect("a folder");
    let files = FileStore::elsewhere(s3(&settings).expect("settings"), data.path()).expect("a store");
    Bucket { sink, files, _data: data }
}

fn content(bytes: &[u8]) -> impl stream::Stream<Item = Result<Bytes>> + use<> {
    let pieces: Vec<Bytes> = bytes.chunks(100_000).map(Bytes::copy_from_slice).collect();
    stream::iter(pieces.into_iter().map(Ok))
}

async fn whole(mut bytes: Bytestream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(piece) = bytes.next().await {
        all.extend_from_slice(&piece.expect("a piece"));
    }
    all
}

#[tokio::test]
async fn objects_of_any_size_come_back_whole_and_in_parts() {
    let bucket = bucket(|_| ()).await;
    let bytes: Vec<u8> = (0..12_000_000_u32).map(|n| (n % 251) as u8).collect();
    for size in [0, 5, 5 * 1024 * 1024, 12_000_000] {
        let key = format!("p/{size}");
        let stored = bucket.files.put(&key, content(&bytes[..size]), u64::MAX).await.expect("stored");
        assert_eq!(stored.size, size as u64);
        let read = bucket.files.get(&key, None).await.expect("there");
        assert_eq!(read.size, size as u64);
        assert!(whole(read.bytes).await == bytes[..size], "{size}");
    }
    let part = bucket.files.get("p/12000000", Some(5_000_000..5_000_010)).await.expect("there");
    assert_eq!(part.size, 12_000_000);
    assert_eq!(whole(part.bytes).await, bytes[5_000_000..5_000_010]);
    assert!(matches!(bucket.files.get("p/other", None).await, Err(Error::NotFound { .. })));
    bucket.files.delete("p/5").await.expect("deleted");
    bucket.files.delete("p/5").await.expect("gone is deleted");
    assert!(!bucket.sink.objects().iter().any(|(key, _)| key == "p/5"));
    assert_eq!(bucket.sink.open_uploads(), 0);
}

#[tokio::test]
async fn what_breaks_off_or_is_too_large_leaves_nothing() {
    let bucket = bucket(|_| ()).await;
    let broken = content(&vec![7; 6_000_000]).chain(stream::iter([Err(Error::invalid("broken off"))]));
    let refused = bucket.files.put("p/broken", broken, u64::MAX).await.expect_err("a refusal");
    assert_eq!(refused.to_string(), "broken off");
    let refused = bucket.files.put("p/large", content(&vec![7; 6_000_000]), 5_900_000).await;
    assert!(matches!(refused, Err(Error::TooLarge(_))));
    assert_eq!((bucket.sink.objects(), bucket.sink.open_uploads()), (Vec::new(), 0));
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_an_outage_is_a_fault() {
    let wrong = bucket(|settings| settings.secret_key = Secret::new("other")).await;
    assert!(matches!(wrong.files.put("p/a", content(b"x"), 10).await, Err(Error::Internal(_))));
    assert_eq!(wrong.sink.objects(), []);
    let bucket = bucket(|_| ()).await;
    bucket.files.put("p/a", content(b"x"), 10).await.expect("stored");
    bucket.sink.set_down(true);
    assert!(matches!(bucket.files.delete("p/a").await, Err(Error::Internal(_))));
    bucket.sink.set_down(false);
    bucket.files.delete("p/a").await.expect("deleted");
}

#[tokio::test]
async fn the_secret_shows_in_no_request() {
    let bucket = bucket(|_| ()).await;
    bucket.files.put("p/a", content(b"x"), 10).await.expect("stored");
    let requests = bucket.sink.requests();
    assert!(!requests.is_empty());
    assert!(!format!("{requests:?}").contains("secret/+key"));
}
