//! What the instance knows about itself: named values outside of every project.

use crate::error::Result;
use crate::sql::Value;
use crate::tx::{ReadTx, Tx};

impl ReadTx<'_> {
    /// The value of a setting of the instance.
    pub fn instance_setting(&self, name: &str) -> Result<Option<String>> {
        let rows = self.query("select value from instance_setting where name = ?1", &[Value::text(name)])?;
        rows.into_iter().next().map(|mut row| row.text(0)).transpose()
    }
}

/// The setting that says when, in unix milliseconds, and from which address a call came that was forwarded
/// although no proxy is trusted.
pub const FORWARDED_SEEN: &str = "forwarded_seen";

impl Tx<'_> {
    /// Sets a setting of the instance.
    pub fn set_instance_setting(&mut self, name: &str, value: &str) -> Result<()> {
        self.execute(
            "insert into instance_setting (name, value) values (?1, ?2)
             on conflict (name) do update set value = excluded.value",
            &[Value::text(name), Value::text(value)],
        )
        .map(drop)
    }

    /// Sets a setting of the instance unless it has a value; whoever comes first wins.
    pub fn set_instance_setting_once(&mut self, name: &str, value: &str) -> Result<()> {
        self.execute(
            "insert into instance_setting (name, value) values (?1, ?2) on conflict (name) do nothing",
            &[Value::text(name), Value::text(value)],
        )?;
        Ok(())
    }
}
