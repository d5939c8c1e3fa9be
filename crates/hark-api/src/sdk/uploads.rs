//! Uploads: recordings, frames of replays and attachments of SDKs, and files of importers and agents.
//!
//! The SDKs differ in how they write multipart bodies and in what they make of answers:
//! - every part called `file` is a file, whether it has a file name or not, and whatever its type says;
//! - the status of success is exactly 200, and there are exactly as many addresses as files;
//! - a body without any part is a success as well;
//! - errors are plain text, because one SDK reads any JSON as a success.

use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use futures_util::stream;
use hark_core::files::{self, NewFile, Purpose};
use hark_store::{Actor, Bytestream, Doc, Error, Permission, Result};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value as Json;

use crate::answer::Reply;
use crate::call::Call;
use crate::incoming;
use crate::multipart::{Multipart, PartHead};
use crate::operation::{Access, Input, Operation, TextErrors};
use crate::storing::{Typed, store};

/// Files of one upload at most. The most that an SDK sends are the frames of a replay, one a second.
const FILES_MAX: usize = 120;
/// The name of the parts that are files.
const FIELD: &str = "file";
/// The name of a file that has none.
const UNNAMED: &str = "upload";

pub(super) fn operations() -> Vec<Operation> {
    let upload = |path, id, sentence| {
        Operation::streaming::<Form, _, _>(Method::POST, path, id, Access::Contact, many)
            .summary(sentence)
            .text_errors(TextErrors::Always)
    };
    let member = Access::Project(Permission::TicketsWrite);
    vec![
        Operation::streaming::<Form, _, _>(Method::POST, "/uploads/sdk", "UploadFile", Access::Contact, one)
            .summary("Upload a screenshot or a recording")
            .text_errors(TextErrors::Always),
        upload("/uploads/sdksteps", "UploadReplayFrames", "Upload the frames of a replay"),
        upload("/uploads/attachments", "UploadAttachments", "Upload attachments"),
        Operation::streaming::<Form, _, _>(Method::POST, "/uploads", "UploadProjectFile", member, one)
            .also("/v3/uploads")
            .summary("Upload a file of the project, such as an attachment of an answer")
            .text_errors(TextErrors::Always),
    ]
}

/// A form with files.
struct Form;

impl Input for Form {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        let file = json_schema!({"type": "string", "format": "binary"});
        Some(json_schema!({"type": "object", "properties": {FIELD: file}}))
    }

    fn read(_: &bytes::Bytes) -> Result<(Form, Vec<String>)> {
        Err(Error::internal("a form is read while it arrives"))
    }
}

/// Where a file is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Uploaded {
    /// The address of the file, empty when the body had none.
    file_url: String,
}

/// Where files are.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ManyUploaded {
    /// The address of each file of the body, in the same order.
    file_urls: Vec<String>,
}

async fn one(call: Call, body: Body) -> Result<Reply<Uploaded>> {
    let mut urls = upload(&call, body, 1).await?;
    Ok(Reply(Uploaded { file_url: urls.pop().unwrap_or_default() }))
}

async fn many(call: Call, body: Body) -> Result<Reply<ManyUploaded>> {
    Ok(Reply(ManyUploaded { file_urls: upload(&call, body, FILES_MAX).await? }))
}

/// Stores the files of a body and returns their addresses. All of them, or none.
async fn upload(call: &Call, body: Body, files_max: usize) -> Result<Vec<String>> {
    let bytes_max = call.app.settings.upload_bytes_max;
    let content_type = call.headers.get(CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
    let pieces: Bytestream = incoming::pieces(&call.headers, body, bytes_max);
    let mut form = Multipart::new(content_type, pieces)?;
    let mut stored = Vec::new();
    match receive(call, &mut form, files_max, &mut stored).await {
        Ok(()) => {
            let media = call.app.settings.media_url();
            Ok(stored.iter().map(|file| format!("{media}{}", files::path_of(file))).collect())
        }
        Err(error) => {
            for id in stored.into_iter().map(|file| file.id) {
                call.write(move |tx| files::drop_file(tx, id)).await?;
            }
            Err(error)
        }
    }
}

async fn receive(call: &Call, form: &mut Multipart, files_max: usize, stored: &mut Vec<Doc>) -> Result<()> {
    while let Some(part) = form.part().await? {
        if part.name != FIELD {
            continue;
        }
        if stored.len() == files_max {
            return Err(Error::Invalid(format!("the body has more than {files_max} files")));
        }
        let content = stream::try_unfold(&mut *form, |form| async move {
            Ok(form.data().await?.map(|piece| (piece, form)))
        });
        let typed = Typed::ByContent(&part.content_type);
        let bytes_max = call.app.settings.upload_bytes_max;
        stored.push(store(&call.app, &call.scope, new_file(call, &part), typed, content, bytes_max).await?);
    }
    Ok(())
}

fn new_file(call: &Call, part: &PartHead) -> NewFile {
    let name = if part.file_name.is_empty() { UNNAMED } else { &part.file_name };
    let contact = match call.scope.actor() {
        Actor::Contact { id } => Some(*id),
        _ => None,
    };
    NewFile {
        name: name.to_owned(),
        purpose: Purpose::Upload,
        contact,
        compressed: false,
        details: Json::Null,
    }
}
