//! Taking tickets out: as JSON, as CSV, and one of them whole for an audit.

use axum::http::Method;
use hark_core::export::Columns;
use hark_core::tickets::activity::{self, ActivityView, activity, actors};
use hark_core::tickets::tracker::{EXPORT_COLUMNS, EXPORT_SECRETS, ExportField, export_fields};
use hark_core::tickets::view::{self, parts};
use hark_core::tickets::{TICKET, TicketView};
use hark_query::{Filter, Query};
use hark_store::{Body as Properties, Doc, Permission, ReadTx, Result, Scope, to_body};
use schemars::JsonSchema;
use serde_json::{Value as Json, json};

use super::{PAGE_BYTES_MAX, READ, asked, ticket_id};
use crate::answer::{Csv, Document, Documents, JsonFile, Reply};
use crate::app::App;
use crate::call::Call;
use crate::documents::{LIMIT_DEFAULT, LIMIT_MAX};
use crate::export::{csv, json as json_file, unpaged};
use crate::operation::{Access, Listed, NoBody, Operation};
use crate::people;
use crate::v3::sessions::extra;

const EXPORT: Access = Access::Project(Permission::TicketsExport);

/// Tickets that an export reads at a time.
const CHUNK: u32 = 200;
const FIELDS: &[(&str, &str)] = &[(
    "fields",
    "The properties with commas between them, nested ones dotted: bugId,session.email,formData.version",
)];

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/v3/tickets/export", "ExportTickets", EXPORT, as_json)
            .summary("Export the tickets that match the filters as one JSON array, oldest first")
            .parameters(FIELDS)
            .listed(Listed::Whole),
        Operation::new(Method::GET, "/v3/tickets/csv-export", "ExportTicketsAsCSV", EXPORT, as_csv)
            .summary("Export the tickets that match the filters as CSV, oldest first")
            .parameters(FIELDS)
            .listed(Listed::Whole),
        Operation::new(Method::GET, "/v3/tickets/export-fields", "GetTicketExportFields", READ, fields)
            .summary("The properties that an export can have")
            .parameters(&[("type", "Only those of tickets of this type")]),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/audit-export",
            "ExportTicketAuditEndpoint",
            EXPORT,
            for_audit,
        )
        .summary("Export a ticket with its messages, notes and timeline"),
        Operation::new(
            Method::GET,
            "/v3/tickets/{ticketId}/activity-logs",
            "GetActivityLogsForTicket",
            READ,
            timeline,
        )
        .summary("What happened to a ticket, the newest first")
        .parameters(&[
            ("limit", "Events at most"),
            ("cursor", "Goes on behind the page whose `X-Next-Cursor` this is"),
        ]),
    ]
}

/// Checks what an export asks for, and notes that it was made.
async fn begin(call: &Call) -> Result<(Query, Option<String>)> {
    let query = asked(call, &["fields"]).await?;
    unpaged(&query)?;
    let fields = extra(&query, "fields").filter(|fields| !fields.trim().is_empty()).map(str::to_owned);
    // Values of filters are personal data, and the log outlives the tickets.
    let noted = json!({"fields": fields, "filtered": query.filter != Filter::everything()});
    call.write(move |tx| tx.audit("tickets.exported", None, noted.clone())).await?;
    Ok((query, fields))
}

async fn as_csv(call: Call, _: NoBody) -> Result<Csv> {
    let columns = |fields: Option<&str>| Columns::parse(fields, EXPORT_COLUMNS, EXPORT_SECRETS);
    columns(extra(&call.query(&["fields"])?, "fields"))?;
    let (query, fields) = begin(&call).await?;
    let chunks = call.app.store.stream(&call.scope, &TICKET, query.filter, CHUNK);
    let (app, scope) = (call.app.clone(), call.scope.clone());
    let fill = move |docs| filled(app.clone(), scope.clone(), docs);
    csv("tickets.csv", columns(fields.as_deref())?, chunks, fill).await
}

async fn as_json(call: Call, _: NoBody) -> Result<JsonFile> {
    let columns = |fields: Option<&str>| {
        fields.map(|fields| Columns::parse(Some(fields), EXPORT_COLUMNS, EXPORT_SECRETS)).transpose()
    };
    columns(extra(&call.query(&["fields"])?, "fields"))?;
    let (query, fields) = begin(&call).await?;
    let chunks = call.app.store.stream(&call.scope, &TICKET, query.filter, CHUNK);
    let (app, scope) = (call.app.clone(), call.scope.clone());
    let fill = move |docs| filled(app.clone(), scope.clone(), docs);
    json_file("tickets.json", columns(fields.as_deref())?, chunks, fill).await
}

/// Tickets with the contacts, users and teams that they name, and without their secrets.
async fn filled(app: App, scope: Scope, docs: Vec<Doc>) -> Result<Vec<Properties>> {
    let work = move |tx: &ReadTx<'_>| {
        let parts = parts(tx, &docs, false)?;
        Ok((docs, parts))
    };
    let (docs, parts) = app.store.read(&scope, work).await?;
    let people = people::of(&app, &scope, parts.users()).await?;
    let view = |doc: &Doc| {
        let mut body = to_body(view::ticket(doc, &parts, &people, &scope));
        EXPORT_SECRETS.iter().for_each(|secret| drop(body.shift_remove(*secret)));
        body
    };
    Ok(docs.iter().map(view).collect())
}

async fn fields(call: Call, _: NoBody) -> Result<Reply<Vec<ExportField>>> {
    let query = call.query(&["type"])?;
    let ticket_type = extra(&query, "type").filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(Reply(call.read(move |tx| export_fields(tx, ticket_type.as_deref())).await?))
}

/// Everything that is kept of a ticket.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes what is answered")]
struct AuditView {
    /// The ticket.
    ticket: TicketView,
    /// Its messages and notes, the oldest first.
    messages: Vec<hark_core::messages::MessageView>,
    /// Its timeline, the oldest first.
    activities: Vec<ActivityView>,
    /// Whether there is more than fits into one answer.
    is_cut: bool,
    /// When it was exported, ISO 8601.
    exported_at: String,
}

async fn for_audit(call: Call, _: NoBody) -> Result<Document<AuditView>> {
    let id = ticket_id(&call)?;
    let work = move |tx: &mut hark_store::Tx<'_>| {
        let whole = activity::whole(tx, id, PAGE_BYTES_MAX)?;
        let mut docs = vec![whole.ticket.clone()];
        docs.extend(whole.messages.iter().cloned());
        let parts = parts(tx, &docs, true)?;
        tx.audit("ticket.exported", Some(id.to_string()), Json::Null)?;
        Ok((whole, parts, hark_query::dates::format_date(tx.now())))
    };
    let (whole, parts, now) = call.write(work).await?;
    let mut users = parts.users().clone();
    users.extend(actors(&whole.events));
    let people = people::of(&call.app, &call.scope, &users).await?;
    let message = |message: &Doc| view::message(message, &parts, &people, &call.scope);
    let mut ticket = view::ticket(&whole.ticket, &parts, &people, &call.scope);
    EXPORT_SECRETS
        .iter()
        .for_each(|secret| drop(ticket.as_object_mut().and_then(|body| body.shift_remove(*secret))));
    let activities: Vec<ActivityView> = whole.events.iter().map(|event| activity(event, &people)).collect();
    Ok(Document::of(&json!({
        "ticket": ticket,
        "messages": whole.messages.iter().map(message).collect::<Vec<Json>>(),
        "activities": serde_json::to_value(activities)?,
        "isCut": whole.is_cut,
        "exportedAt": now,
    })))
}

async fn timeline(call: Call, _: NoBody) -> Result<Documents<ActivityView>> {
    let id = ticket_id(&call)?;
    let query = call.query(&[])?;
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let page = call.read(move |tx| activity::activities(tx, id, limit, query.cursor)).await?;
    let people = people::of(&call.app, &call.scope, &actors(&page.docs)).await?;
    let views: Result<Vec<Json>> = page
        .docs
        .iter()
        .map(|event| Ok(without_null(serde_json::to_value(activity(event, &people))?)))
        .collect();
    Ok(Documents::of(views?).next(page.next))
}

fn without_null(value: Json) -> Json {
    Json::Object(to_body(value).into_iter().filter(|(_, value)| !value.is_null()).collect())
}
