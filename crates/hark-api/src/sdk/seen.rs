//! Notes which SDKs call, about once a minute for each and not with every call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hark_core::sdk_seen::{self, Sdk};
use hark_store::{Body, Id, Millis};
use serde_json::Value as Json;

use crate::app::host_of;
use crate::call::Call;

/// How long an SDK is not noted again.
const PAUSE_MS: Millis = 60_000;
/// SDKs that a node remembers to have noted; it starts over when it is full.
const NOTED_MAX: usize = 20_000;
/// Notes of one project and node per minute: whoever makes SDKs up gets no further.
const NOTES_PER_MINUTE: u32 = 60;

/// When SDKs of projects were noted by this node.
#[derive(Default)]
pub(crate) struct Noted(Mutex<HashMap<(Id, Sdk), Millis>>);

impl Noted {
    /// Whether it is time to note this one again.
    fn is_due(&self, project: Id, sdk: &Sdk, now: Millis) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (project, sdk.clone());
        if noted.get(&key).is_some_and(|at| (0..PAUSE_MS).contains(&(now - at))) {
            return false;
        }
        if noted.len() >= NOTED_MAX {
            noted.clear();
        }
        noted.insert(key, now);
        true
    }
}

/// Notes the SDK that calls. Nothing depends on it, so the call goes on when it fails.
pub(super) async fn note(call: &Call, body: &Body) {
    let Some(project) = call.scope.project() else { return };
    let text = |name: &str| body.get(name).and_then(Json::as_str);
    let sdk_type = text("type").or_else(|| text("platform")).unwrap_or("unknown");
    // Its first call names a browser `web`, and the others `js`.
    let sdk_type = if sdk_type.eq_ignore_ascii_case("web") { "js" } else { sdk_type };
    let host = call.header("origin").filter(|origin| *origin != "null").map_or("", host_of);
    let sdk = Sdk::new(sdk_type, text("sdkVersion").unwrap_or_default(), host);
    if !call.app.sdks().is_due(project, &sdk, call.app.store.clock().now()) {
        return;
    }
    let budget = format!("sdk seen:{project}");
    if !call.app.limits().take_here(&budget, NOTES_PER_MINUTE, 1).allowed {
        return;
    }
    if let Err(error) = call.write(move |tx| sdk_seen::note(tx, &sdk)).await {
        tracing::warn!(%error, %project, "an SDK that was seen could not be noted");
    }
}
