//! The five operations of a kind of document about which nothing is special.

use axum::http::Method;
use futures_util::future::BoxFuture;
use hark_core::resource::Resource;
use hark_store::{Body, Id, Permission, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::{Document, Documents};
use crate::call::Call;
use crate::documents;
use crate::operation::{Access, IF_MATCH, NoBody, Operation, Patch};

/// What a kind's own rules cannot look at, because it is outside of the project's documents.
pub(crate) type Guard = for<'a> fn(&'a Call, &'a Body) -> BoxFuture<'a, Result<()>>;

/// Where a kind is served, and to whom.
pub(crate) struct Routes {
    /// The kind and its rules.
    pub(crate) resource: &'static Resource,
    /// The path of all.
    pub(crate) all: &'static str,
    /// The path of one.
    pub(crate) one: &'static str,
    /// The path's parameter.
    pub(crate) parameter: &'static str,
    /// The names of the operations that list, create, get, change and delete, each with its sentence.
    pub(crate) list: (&'static str, &'static str),
    pub(crate) create: (&'static str, &'static str),
    pub(crate) get: (&'static str, &'static str),
    pub(crate) update: (&'static str, &'static str),
    pub(crate) delete: (&'static str, &'static str),
    /// Who sees them.
    pub(crate) read: Permission,
    /// Who changes them.
    pub(crate) write: Permission,
}

/// A document as it is answered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct View<T> {
    /// The document's id.
    pub id: Id,
    /// The document's id, as older clients read it.
    #[serde(rename = "_id")]
    pub legacy_id: Id,
    /// The project's id.
    pub project: Id,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was created, ISO 8601.
    pub created_at: String,
    /// When it was last changed, ISO 8601.
    pub updated_at: String,
    /// What a caller set.
    #[serde(flatten)]
    pub set: T,
}

/// A type that says what a caller may set, and what is answered of it.
pub(crate) trait Settable: DeserializeOwned + Serialize + JsonSchema + Send + 'static {}
impl<T: DeserializeOwned + Serialize + JsonSchema + Send + 'static> Settable for T {}

impl Routes {
    /// The operations; `T` is what a caller may set.
    pub(crate) fn operations<T: Settable>(&'static self) -> Vec<Operation> {
        self.guarded_operations::<T>(|_, _| Box::pin(async { Ok(()) }))
    }

    /// The same, where a guard looks at what a caller sets before it is written.
    pub(crate) fn guarded_operations<T: Settable>(&'static self, guard: Guard) -> Vec<Operation> {
        let (read, write) = (Access::Project(self.read), Access::Project(self.write));
        let row =
            |method, path, name: (&'static str, &'static str), access| (method, path, name.0, access, name.1);
        let list = row(Method::GET, self.all, self.list, read);
        let create = row(Method::POST, self.all, self.create, write);
        let get = row(Method::GET, self.one, self.get, read);
        let update = row(Method::PUT, self.one, self.update, write);
        let delete = row(Method::DELETE, self.one, self.delete, write);
        vec![
            Operation::new(list.0, list.1, list.2, list.3, move |call, _: NoBody| self.list_all::<T>(call))
                .summary(list.4)
                .list(),
            Operation::new(create.0, create.1, create.2, create.3, move |call, input: Patch<T>| {
                self.create_one(call, input, guard)
            })
            .summary(create.4),
            Operation::new(get.0, get.1, get.2, get.3, move |call, _: NoBody| self.get_one::<T>(call))
                .summary(get.4),
            Operation::new(update.0, update.1, update.2, update.3, move |call, input: Patch<T>| {
                self.update_one(call, input, guard)
            })
            .summary(update.4)
            .headers(IF_MATCH),
            Operation::new(delete.0, delete.1, delete.2, delete.3, move |call, _: NoBody| {
                self.delete_one::<T>(call)
            })
            .summary(delete.4),
        ]
    }

    async fn list_all<T: Settable>(&self, call: Call) -> Result<Documents<View<T>>> {
        let mut query = call.query(&[])?;
        let resource = self.resource;
        let visible = call.peek(move |tx| Ok(resource.visible(tx))).await?;
        query.filter = query.filter.and(visible);
        documents::list_by(&call, resource.kind, query).await
    }

    async fn create_one<T: Settable>(
        &self,
        call: Call,
        input: Patch<T>,
        guard: Guard,
    ) -> Result<Document<View<T>>> {
        guard(&call, &input.changes).await?;
        let resource = self.resource;
        let doc = call.write(move |tx| resource.create(tx, input.changes.clone())).await?;
        Ok(documents::one_for(&call.scope, resource.kind, &doc))
    }

    async fn get_one<T: Settable>(&self, call: Call) -> Result<Document<View<T>>> {
        let (resource, id) = (self.resource, self.id(&call)?);
        let doc = call.peek(move |tx| resource.get(tx, id)).await?;
        Ok(documents::one_for(&call.scope, resource.kind, &doc))
    }

    async fn update_one<T: Settable>(
        &self,
        call: Call,
        input: Patch<T>,
        guard: Guard,
    ) -> Result<Document<View<T>>> {
        guard(&call, &input.changes).await?;
        let (resource, id, expected) = (self.resource, self.id(&call)?, call.if_match()?);
        let doc = call.write(move |tx| resource.update(tx, id, input.changes.clone(), expected)).await?;
        Ok(documents::one_for(&call.scope, resource.kind, &doc))
    }

    async fn delete_one<T: Settable>(&self, call: Call) -> Result<Document<View<T>>> {
        let (resource, id) = (self.resource, self.id(&call)?);
        let doc = call.write(move |tx| resource.delete(tx, id)).await?;
        Ok(documents::one_for(&call.scope, resource.kind, &doc))
    }

    /// The id of the document that a call is about.
    pub(crate) fn id(&self, call: &Call) -> Result<Id> {
        call.path_id(self.parameter, self.resource.kind.name)
    }
}
