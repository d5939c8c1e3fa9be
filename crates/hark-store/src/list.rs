//! Lists of documents: filtered, sorted, counted, page by page.

use hark_query::{Filter, Query, Sort};

use crate::cursor::{Cursor, foreign, list_hash};
use crate::doc::{self, Doc};
use crate::error::{Error, Result};
use crate::feed::{PROJECT_PLACE, project_place};
use crate::filter::condition;
use crate::id::Id;
use crate::kind::Kind;
use crate::order::{Order, SortValue};
use crate::sql::{Dialect, Parameters, Row, Value};
use crate::tx::ReadTx;

/// Which documents of a kind, in which order, and how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// Which.
    pub filter: Filter,
    /// In which order; without keys, the newest first. Ties are ordered by id, in the direction of
    /// the first key.
    pub sort: Sort,
    /// How many at most.
    pub limit: u32,
    /// How many to pass over; not together with a cursor.
    pub skip: u32,
    /// Goes on where an earlier page with the same sort ended: its [`Page::next`].
    pub cursor: Option<String>,
}

impl Listing {
    /// The newest documents that a filter is true of.
    pub fn new(filter: Filter, limit: u32) -> Listing {
        Listing { filter, sort: Sort::default(), limit, skip: 0, cursor: None }
    }

    /// What a caller asked for, with the endpoint's bounds; a larger limit than `max_limit` is cut.
    pub fn from_query(query: Query, default_limit: u32, max_limit: u32) -> Listing {
        Listing {
            filter: query.filter,
            sort: query.sort,
            limit: query.limit.unwrap_or(default_limit).min(max_limit),
            skip: query.skip,
            cursor: query.cursor,
        }
    }
}

/// Some of the documents of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T = Doc> {
    /// The documents, in order.
    pub docs: Vec<T>,
    /// Where to go on; `None` when this page is the last.
    pub next: Option<String>,
}

impl ReadTx<'_> {
    /// A page of documents.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor of another list, a filter that is too large, or properties
    /// that never leave the server.
    pub fn list(&self, kind: &Kind, listing: &Listing) -> Result<Page> {
        let (rows, next) = self.page(kind, listing, doc::COLUMNS)?;
        Ok(Page { docs: rows.into_iter().map(doc::doc).collect::<Result<_>>()?, next })
    }

    /// The ids of the documents that a filter is true of, the newest first, at most `limit`.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn list_ids(&self, kind: &Kind, filter: Filter, limit: u32) -> Result<Vec<Id>> {
        let (rows, _) = self.page(kind, &Listing::new(filter, limit), "id")?;
        rows.iter().map(row_id).collect()
    }

    /// The same as [`ReadTx::list`], and how many documents the filter is true of in all.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn list_and_total(&self, kind: &Kind, listing: &Listing) -> Result<(Page, u64)> {
        let (rows, next, total) = self.page_and_total(kind, listing, doc::COLUMNS)?;
        Ok((Page { docs: rows.into_iter().map(doc::doc).collect::<Result<_>>()?, next }, total))
    }

    /// A page of documents as they are stored, which is how they go over the wire, and how many the filter is
    /// true of in all.
    ///
    /// The quick way when the scope sees whole documents.
    ///
    /// # Errors
    /// As [`ReadTx::list`], and when the scope does not see whole documents.
    pub fn list_texts_and_total(&self, kind: &Kind, listing: &Listing) -> Result<(Page<String>, u64)> {
        kind.need_whole(self.scope())?;
        let (rows, next, total) = self.page_and_total(kind, listing, "id, doc")?;
        let docs = rows.into_iter().map(|mut row| row.text(1)).collect::<Result<_>>()?;
        Ok((Page { docs, next }, total))
    }

    /// How many documents a filter is true of.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn count(&self, kind: &Kind, filter: &Filter) -> Result<u64> {
        let mut parameters = Parameters::new(self.partition());
        let condition = condition(filter, kind, self.dialect(), &mut parameters)?;
        let sql = format!("select count(*) from {} where project_id = ?1 and {condition}", kind.table);
        self.counted(&sql, &parameters)
    }

    /// The number that a statement counts.
    pub(crate) fn counted(&self, sql: &str, parameters: &Parameters) -> Result<u64> {
        let mut rows = self.query(sql, parameters.values())?;
        let count = rows.first_mut().ok_or_else(|| Error::internal("a count has one row"))?.int(0)?;
        Ok(count.unsigned_abs())
    }

    /// The first document of a list.
    ///
    /// # Errors
    /// As [`ReadTx::list`].
    pub fn find_first(&self, kind: &Kind, filter: &Filter, sort: &Sort) -> Result<Option<Doc>> {
        let listing = Listing { sort: sort.clone(), ..Listing::new(filter.clone(), 1) };
        Ok(self.list(kind, &listing)?.docs.into_iter().next())
    }

    /// What [`ReadTx::page`] reads, and the total.
    fn page_and_total(
        &self,
        kind: &Kind,
        listing: &Listing,
        columns: &str,
    ) -> Result<(Vec<Row>, Option<String>, u64)> {
        let on_server = self.dialect() == Dialect::Postgres;
        let known = if on_server { self.remembered_total(kind, &listing.filter) } else { None };
        let Some((then, total)) = known else {
            let total = self.total(kind, &listing.filter)?;
            let (rows, next) = self.page(kind, listing, columns)?;
            return Ok((rows, next, total));
        };
        // Whether the total is still good is asked along with the page, which saves a message there and back.
        let (rows, next) = self.page(kind, listing, &format!("{columns}, {}", PROJECT_PLACE))?;
        let place = columns.split(',').count();
        let now = rows.first().and_then(|row| project_place(row.0.get(place)?));
        let total = if now == Some(then) { total } else { self.total(kind, &listing.filter)? };
        Ok((rows, next, total))
    }

    /// The rows of a page, with the columns asked for (the id first), and where to go on.
    fn page(&self, kind: &Kind, listing: &Listing, columns: &str) -> Result<(Vec<Row>, Option<String>)> {
        if listing.limit == 0 {
            return Ok((Vec::new(), None));
        }
        let mut parameters = Parameters::new(self.partition());
        let order = Order::new(kind, &listing.sort, self.dialect(), &mut parameters)?;
        let list = list_hash(self.scope().partition(), kind, &listing.sort);
        let mut conditions = condition(&listing.filter, kind, self.dialect(), &mut parameters)?;
        if let Some(text) = &listing.cursor {
            if listing.skip > 0 {
                return Err(Error::invalid("`skip` and `cursor` are both given, leave one of them out"));
            }
            let (id, values) = self.position(kind, listing, Cursor::read(text, &list)?)?;
            let behind = order.behind(id, &values, &mut parameters).ok_or_else(foreign)?;
            conditions = format!("{conditions} and {behind}");
        }
        let limit = listing.limit as usize;
        // One more than asked for tells whether there is a next page.
        let (limit_name, skip_name) = (
            parameters.bind(Value::Int(i64::from(listing.limit) + 1)),
            parameters.bind(Value::Int(listing.skip.into())),
        );
        let sql = format!(
            "select {columns}{} from {} where project_id = ?1 and {conditions}
             order by {} limit {limit_name} offset {skip_name}",
            order.columns(),
            self.source(kind, listing, &order)?,
            order.order_by()
        );
        let mut rows = self.query(&sql, parameters.values())?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last_mut() {
            Some(last) if more => {
                let values = order.values(last, columns.split(',').count())?;
                Some(Cursor::new(list, row_id(last)?, values).write()?)
            }
            _ => None,
        };
        Ok((rows, next))
    }

    /// The table of a list, with the index to read it by.
    ///
    /// A list that is filtered and sorted is read in one of two ways: everything that matches, which is
    /// then sorted, or everything in order, until a page matches. PostgreSQL chooses by its statistics;
    /// SQLite always takes the first, so we choose for it by how many match.
    fn source(&self, kind: &Kind, listing: &Listing, order: &Order) -> Result<String> {
        let table = kind.table.to_owned();
        let Some(column) = order.first_column().filter(|column| kind.ordered.contains(column)) else {
            return Ok(table);
        };
        if self.dialect() == Dialect::Postgres || self.counts().is_none() {
            return Ok(table);
        }
        let wanted = u64::from(listing.limit) + 1 + u64::from(listing.skip);
        let (all, matching) = (self.size(kind)?, self.total(kind, &listing.filter)?);
        // In order, one in `all / matching` rows matches.
        let in_order = matching.saturating_mul(matching) > wanted.saturating_mul(all);
        Ok(if in_order { format!("{table} indexed by {table}_{column}") } else { table })
    }

    /// The document that a cursor stands at, and what it has, or had, at the sort keys.
    fn position(&self, kind: &Kind, listing: &Listing, cursor: Cursor) -> Result<(Id, Vec<SortValue>)> {
        if let Some(values) = cursor.values {
            return Ok((cursor.id, values));
        }
        let mut parameters = Parameters::new(self.partition());
        let order = Order::new(kind, &listing.sort, self.dialect(), &mut parameters)?;
        let id = parameters.bind(Value::text(cursor.id));
        let sql =
            format!("select id{} from {} where project_id = ?1 and id = {id}", order.columns(), kind.table);
        let row = self.query(&sql, parameters.values())?.into_iter().next();
        let mut row = row.ok_or_else(|| {
            Error::invalid("the document that `cursor` stands at is gone, leave it out to start over")
        })?;
        Ok((cursor.id, order.values(&mut row, 1)?))
    }
}

/// The id of a row, which stays in it.
fn row_id(row: &Row) -> Result<Id> {
    let id = match row.0.first() {
        Some(Value::Text(text)) => Id::parse(text),
        _ => None,
    };
    id.ok_or_else(|| Error::internal(format!("a row does not begin with an id: {row:?}")))
}
