//! Counters: numbers that a project gives out one after the other, without gaps.

use crate::error::{Error, Result};
use crate::sql::Value;
use crate::tx::Tx;

impl Tx<'_> {
    /// The next number of a counter of this project, from 1. The counter stays locked until the
    /// transaction ends, so a number that is not used is given out again: there are no gaps.
    pub fn next_number(&self, counter: &str) -> Result<i64> {
        let sql = "insert into counter (project_id, name, value) values (?1, ?2, 1)
             on conflict (project_id, name) do update set value = counter.value + 1 returning value";
        let mut rows = self.query(sql, &[self.partition(), Value::text(counter)])?;
        rows.first_mut().ok_or_else(|| Error::internal("a counter did not count"))?.int(0)
    }
}
