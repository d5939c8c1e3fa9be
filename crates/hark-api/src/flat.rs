//! Bodies that are JSON objects with properties of the caller's own: read as they came.

use std::marker::PhantomData;

use axum::body::Bytes;
use hark_core::contacts::without_nul;
use hark_store::{Error, Result, holds_nul, to_body};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value as Json;

use crate::mended::Mended;
use crate::operation::Input;

/// A JSON object that `T` describes and that may have more properties. With `LENIENT`, for
/// SDKs, a body that cannot be read counts as empty: an error would cost a visitor the session.
/// Texts that were cut within a character are mended, so that no name or batch of events is lost for one of them.
pub(crate) struct Flat<T, const LENIENT: bool = false> {
    /// The properties as they came.
    pub(crate) body: hark_store::Body,
    described_by: PhantomData<fn() -> T>,
}

/// A body from an SDK.
pub(crate) type Lenient<T> = Flat<T, true>;

impl<T: JsonSchema + 'static, const LENIENT: bool> Input for Flat<T, LENIENT> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }

    fn read(body: &Bytes) -> Result<(Self, Vec<String>)> {
        // Mending reads on a slower way, so it is for bodies that cannot be read otherwise.
        let read = serde_json::from_slice(body)
            .or_else(|error| serde_json::from_reader(Mended::new(body.as_ref())).map_err(|_| error));
        let body = match read {
            Ok(read) if holds_nul(body) => to_body(without_nul(Json::Object(read))),
            Ok(body) => body,
            Err(_) if LENIENT => hark_store::Body::new(),
            Err(error) => return Err(Error::Invalid(format!("the body is no JSON object: {error}"))),
        };
        Ok((Flat { body, described_by: PhantomData }, Vec::new()))
    }
}
