//! Counters: numbers that a project gives out one after the other, without gaps.

use crate::error::Result;
use crate::sql::Value;
use crate::tx::Tx;

impl Tx<'_> {
    /// The next number of a counter of this project, from 1. The counter stays locked until the
    /// transaction ends, so a number that is not used is given out again: there are no gaps.
    pub fn next_number(&self, counter: &str) -> Result<i64> {
        let write = "insert into counter (project_id, name, value) values (?1, ?2, 1)
             on conflict (project_id, name) do update set value = counter.value + 1";
        let parameters = [self.partition(), Value::text(counter)];
        self.write_back(write, &parameters, "value", "counter where project_id = ?1 and name = ?2", 2)?.int(0)
    }
}
