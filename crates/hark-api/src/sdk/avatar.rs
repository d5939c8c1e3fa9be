//! The picture of whoever has none: iOS shows a notification only after it has loaded one.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, StatusCode, header};
use hark_store::Result;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::answer::{Answer, Output};
use crate::app::Settings;
use crate::call::Call;
use crate::operation::{Access, NoBody, Operation};

/// Where it is.
pub(crate) const PICTURE: &str = "/shared/avatar.png";

static BYTES: &[u8] = include_bytes!("avatar.png");

pub(crate) fn operations() -> Vec<Operation> {
    let avatar = Operation::new(Method::GET, PICTURE, "GetDefaultAvatar", Access::Public, avatar);
    vec![avatar.summary("The picture of agents and bots that have none of their own")]
}

/// Its address.
pub(crate) fn picture(settings: &Settings) -> String {
    format!("{}{PICTURE}", settings.public_url)
}

struct Picture;

impl Output for Picture {
    const CONTENT_TYPE: &'static str = "image/png";

    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(String::json_schema(generator))
    }

    fn answer(self) -> Result<Answer> {
        let headers = vec![
            (header::CONTENT_TYPE, HeaderValue::from_static(Picture::CONTENT_TYPE)),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=604800")),
        ];
        Ok(Answer { status: StatusCode::OK, headers, body: Body::from(Bytes::from_static(BYTES)) })
    }
}

async fn avatar(_: Call, _: NoBody) -> Result<Picture> {
    Ok(Picture)
}
