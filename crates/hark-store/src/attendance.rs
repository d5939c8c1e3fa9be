//! Attendance: who is where at the moment, as rows that expire, so that every node sees those of the
//! others and a node that dies leaves nobody behind for long.
//!
//! News of a place are a bell on the stream of the same name, without an event: what was missed is
//! not told later.

use serde_json::Value as Json;

use crate::clock::Millis;
use crate::error::Result;
use crate::sql::{Row, Value};
use crate::tx::{ReadTx, Tx};

/// Rows of one place that are read at most.
pub const ATTENDANCE_MAX: u32 = 2_000;
/// Expired rows that one call deletes at most.
const FORGET_MAX: u32 = 1_000;

/// One sign that somebody is somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendance {
    /// Where: `project`, `ticket:<id>`.
    pub place: String,
    /// By what: a connection, or a caller over HTTP.
    pub seat: String,
    /// Which sign: being there, typing.
    pub kind: String,
    /// Who.
    pub who: String,
    /// What belongs to it.
    pub data: Json,
}

/// A sign as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Sign {
    /// What it says.
    pub attendance: Attendance,
    /// Grows whenever the same seat gives the same sign again.
    pub stamp: i64,
}

/// The stream whose bell rings when something changes at a place.
pub fn place_stream(place: &str) -> String {
    format!("place:{place}")
}

impl ReadTx<'_> {
    /// The signs at a place that have not expired, at most [`ATTENDANCE_MAX`].
    pub fn attendance(&self, place: &str) -> Result<Vec<Sign>> {
        let sql = format!(
            "select place, seat, kind, who, stamp, data from attendance
             where project_id = ?1 and place = ?2 and expires_at > ?3 order by seat, kind limit {ATTENDANCE_MAX}"
        );
        let rows = self.query(&sql, &[self.partition(), Value::text(place), self.now().into()])?;
        rows.into_iter().map(sign).collect()
    }
}

impl Tx<'_> {
    /// Gives a sign that lasts so long, and tells whoever watches the place.
    pub fn attend(&mut self, sign: &Attendance, for_ms: Millis) -> Result<()> {
        self.keep_attending(sign, for_ms)?;
        self.ring(place_stream(&sign.place));
        Ok(())
    }

    /// Makes a sign last longer, without telling anybody.
    pub fn keep_attending(&mut self, sign: &Attendance, for_ms: Millis) -> Result<()> {
        let data = if sign.data.is_null() { Value::Null } else { Value::Text(sign.data.to_string()) };
        self.execute(
            "insert into attendance (project_id, place, seat, kind, who, stamp, expires_at, data)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             on conflict (project_id, place, seat, kind) do update set
                 who = excluded.who, expires_at = excluded.expires_at, data = excluded.data,
                 stamp = case when excluded.stamp > attendance.stamp then excluded.stamp
                              else attendance.stamp + 1 end",
            &[
                self.partition(),
                Value::text(&sign.place),
                Value::text(&sign.seat),
                Value::text(&sign.kind),
                Value::text(&sign.who),
                self.now().into(),
                (self.now() + for_ms).into(),
                data,
            ],
        )?;
        Ok(())
    }

    /// Takes back every sign of a seat at a place, and tells whoever watches it.
    pub fn leave(&mut self, place: &str, seat: &str) -> Result<()> {
        let sql = "delete from attendance where project_id = ?1 and place = ?2 and seat = ?3";
        if self.execute(sql, &[self.partition(), Value::text(place), Value::text(seat)])? > 0 {
            self.ring(place_stream(place));
        }
        Ok(())
    }

    /// Deletes signs of this project that have expired, some at a time.
    pub fn forget_absent(&mut self) -> Result<u64> {
        let sql = format!(
            "delete from attendance where project_id = ?1 and (place, seat, kind) in (
                 select place, seat, kind from attendance
                 where project_id = ?1 and expires_at <= ?2 order by expires_at limit {FORGET_MAX})"
        );
        self.execute(&sql, &[self.partition(), self.now().into()])
    }
}

fn sign(mut row: Row) -> Result<Sign> {
    let attendance = Attendance {
        place: row.text(0)?,
        seat: row.text(1)?,
        kind: row.text(2)?,
        who: row.text(3)?,
        data: row.optional_text(5)?.map_or(Ok(Json::Null), |text| serde_json::from_str(&text))?,
    };
    Ok(Sign { attendance, stamp: row.int(4)? })
}
