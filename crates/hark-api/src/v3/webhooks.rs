//! Webhooks: servers that are told of what happens, and the ledger of what they were sent.

use axum::http::Method;
use hark_core::webhooks::{self, DeliveryView, SecretView, WEBHOOK_DELIVERY, WEBHOOKS, WebhookInput};
use hark_query::{Filter, Path};
use hark_store::{Error, Permission, Result};
use serde_json::Value as Json;

use super::resource::Routes;
use crate::answer::{Document, Documents, Reply};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, NoBody, Operation};

static ROUTES: Routes = Routes {
    resource: &WEBHOOKS,
    all: "/v3/webhooks",
    one: "/v3/webhooks/{webhookId}",
    parameter: "webhookId",
    list: ("FindWebhooks", "List webhooks"),
    create: ("CreateWebhook", "Create a webhook"),
    get: ("FindWebhookById", "A webhook"),
    update: ("UpdateWebhook", "Change a webhook"),
    delete: ("DeleteWebhook", "Delete a webhook with its ledger"),
    read: Permission::SettingsRead,
    write: Permission::SettingsManage,
};

const READ: Access = Access::Project(Permission::SettingsRead);
const MANAGE: Access = Access::Project(Permission::SettingsManage);

pub(crate) fn operations() -> Vec<Operation> {
    let secret = "/v3/webhooks/{webhookId}/secret";
    let deliveries = "/v3/webhooks/{webhookId}/deliveries";
    let mut operations = ROUTES.operations::<WebhookInput>();
    operations.extend([
        Operation::new(Method::GET, secret, "GetWebhookSecret", MANAGE, show_secret)
            .summary("The secret that signs what a webhook is sent"),
        Operation::new(Method::POST, secret, "RotateWebhookSecret", MANAGE, rotate_secret)
            .summary("Give a webhook another secret"),
        Operation::new(Method::POST, "/v3/webhooks/{webhookId}/test", "TestWebhook", MANAGE, test)
            .summary("Send a webhook an event to try it out"),
        Operation::new(Method::GET, deliveries, "FindWebhookDeliveries", READ, list)
            .summary("List what a webhook was or will be sent in the last 30 days")
            .list()
            .stored_to_the_letter(),
        Operation::new(
            Method::GET,
            "/v3/webhooks/{webhookId}/deliveries/{deliveryId}",
            "FindWebhookDeliveryById",
            MANAGE,
            get,
        )
        .summary("A delivery with what is sent")
        .stored_to_the_letter(),
        Operation::new(
            Method::POST,
            "/v3/webhooks/{webhookId}/deliveries/{deliveryId}/resend",
            "ResendWebhookDelivery",
            MANAGE,
            resend,
        )
        .summary("Send a delivery again"),
    ]);
    operations
}

async fn show_secret(call: Call, _: NoBody) -> Result<Reply<SecretView>> {
    let id = ROUTES.id(&call)?;
    call.peek(move |tx| webhooks::secret(tx, id)).await.map(Reply)
}

async fn rotate_secret(call: Call, _: NoBody) -> Result<Reply<SecretView>> {
    let id = ROUTES.id(&call)?;
    call.write(move |tx| webhooks::rotate_secret(tx, id)).await.map(Reply)
}

async fn test(call: Call, _: NoBody) -> Result<Document<DeliveryView>> {
    let id = ROUTES.id(&call)?;
    let delivery = call.write(move |tx| webhooks::test(tx, id)).await?;
    Ok(documents::one(&WEBHOOK_DELIVERY, &delivery))
}

async fn list(call: Call, _: NoBody) -> Result<Documents<DeliveryView>> {
    let id = ROUTES.id(&call)?;
    call.peek(move |tx| WEBHOOKS.get(tx, id)).await?;
    let mut query = call.query(&[])?;
    query.filter = query.filter.and(Filter::equal(Path::known("webhook"), id.to_string()));
    documents::list_by(&call, &WEBHOOK_DELIVERY, query).await
}

async fn get(call: Call, _: NoBody) -> Result<Document<DeliveryView>> {
    let (webhook, id) = (ROUTES.id(&call)?, call.path_id("deliveryId", WEBHOOK_DELIVERY.name)?);
    let delivery = call.peek(move |tx| tx.get(&WEBHOOK_DELIVERY, id)).await?;
    if delivery.reference("webhook") != Some(webhook) {
        return Err(Error::not_found(WEBHOOK_DELIVERY.name, id));
    }
    let mut view = delivery.view(&WEBHOOK_DELIVERY);
    if let Some(payload) = delivery.text("payload") {
        view["payload"] = serde_json::from_str::<Json>(payload)?;
    }
    Ok(Document::of(&view))
}

async fn resend(call: Call, _: NoBody) -> Result<Document<DeliveryView>> {
    let (webhook, id) = (ROUTES.id(&call)?, call.path_id("deliveryId", WEBHOOK_DELIVERY.name)?);
    let delivery = call.write(move |tx| webhooks::resend(tx, webhook, id)).await?;
    Ok(documents::one(&WEBHOOK_DELIVERY, &delivery))
}
