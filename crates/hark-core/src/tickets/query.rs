//! What the query language of lists means for tickets.

use hark_query::{Filter, Path, Query};

/// A query with its flags as conditions, and with priorities in their order rather than the alphabet's.
pub fn prepared(mut query: Query) -> Query {
    let is = |property, value: bool| Filter::equal(Path::known(property), value);
    let mut conditions = Vec::new();
    if let Some(archived) = query.flags.archived {
        conditions.push(is("archived", archived));
    }
    if query.flags.ignore_archived {
        conditions.push(is("archived", false));
    }
    if let Some(spam) = query.flags.is_spam {
        conditions.push(is("isSpam", spam));
    }
    query.flags = hark_query::Flags::default();
    query.filter = conditions.into_iter().fold(query.filter, Filter::and);
    let priority = Path::known("priority");
    for key in &mut query.sort.keys {
        if key.path == priority {
            key.path = Path::known("priorityOrder");
        }
    }
    query
}
