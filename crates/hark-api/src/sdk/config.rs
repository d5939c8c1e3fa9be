//! `/config`: what an SDK is told before it shows anything.

use axum::http::Method;
use hark_core::config::{FlowConfig, ProjectActions, domain_is_allowed};
use hark_store::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::project::KnownProject;
use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::live::parameter;
use crate::operation::{Access, NoBody, Operation};

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/config/{sdkKey}", "SdkConfig", Access::SdkKey, config)
            .summary("What the project tells its SDKs")
            .also_answers(&[(403, "the project's SDKs are switched off, or not allowed on this site")])
            .parameters(&[("lang", "the visitor's language, such as `de-at`")]),
        Operation::new(Method::GET, "/config/{sdkKey}/tooltips", "SdkTooltips", Access::SdkKey, tooltips)
            .summary("The tooltips of the contact"),
    ]
}

/// What SDKs are told.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SdkConfig {
    /// Looks, behaviour and words.
    flow_config: FlowConfig,
    /// What visitors can fill in, by id.
    project_actions: ProjectActions,
}

/// A text beside an element of the page.
#[derive(Serialize, JsonSchema)]
struct Tooltip {
    /// Which element, as a CSS selector.
    selector: String,
    /// The text, as harmless HTML.
    html: String,
}

async fn config(call: Call, _: NoBody) -> Result<Document<SdkConfig>> {
    let project = KnownProject::of(&call.app, &call.scope).await?;
    if project.config.is_disabled() {
        return Err(Error::Forbidden("this project has switched its SDKs off".to_owned()));
    }
    let allowed = project.config.allowed_domains.as_deref().unwrap_or_default();
    if !domain_is_allowed(allowed, call.header("origin")) {
        return Err(Error::Forbidden(
            "this project does not allow its SDK on this domain, add it to `allowedDomains`".to_owned(),
        ));
    }
    let lang = parameter(call.raw_query(), "lang").unwrap_or_default();
    Ok(Document::of_text(project.answer(&call.app, lang).to_string()))
}

/// There is nothing yet that makes tooltips, so no contact has any.
async fn tooltips(_: Call, _: NoBody) -> Result<Documents<Tooltip>> {
    Ok(Documents::of(Vec::new()))
}
