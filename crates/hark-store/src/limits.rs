//! Rate budgets: how many calls something may make per minute, and how many attempts at a secret.
//!
//! Two kinds, because they fail differently:
//!
//! - [`Limits::take`] is for calls. It counts in the process; on PostgreSQL the nodes lease slices
//!   of a window from a table, so that all of them together never go over the limit and the
//!   database is asked about every twentieth time. When the database does not answer, each node
//!   counts the whole limit for itself: never without a limit, and no outage by the limiter.
//! - [`Limits::attempt`] is for guesses at a secret. Every attempt is stored before it is answered,
//!   so that neither a restart nor another node forgets it; when that fails, the answer is an
//!   error and the caller must refuse.
//!
//! Windows are fixed and aligned, so around the border of two windows up to twice the limit fits
//! into the length of one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::sql::Value;
use crate::store::Store;
use crate::tx::Tx;

/// The window of [`Limits::take`].
const MINUTE_MS: i64 = 60_000;
/// A slice is this part of a limit.
const SLICES: u32 = 20;
/// Budgets that a node remembers.
const BUDGETS_MAX: usize = 100_000;
/// Bytes of a budget's name at most; longer ones are told apart by their hashes.
const NAME_MAX: usize = 200;
/// The measure of a budget that is wholly spent.
const SPENT: u64 = 1_000_000;
/// Windows for which a call asks, one after the other.
const WINDOWS_MAX: usize = 3;
/// How long a call waits for its slice before the node counts for itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether a call is within its budget, and what to tell the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whether it may go on.
    pub allowed: bool,
    /// The budget of a window.
    pub limit: u32,
    /// What is left of it, as far as this node knows.
    pub remaining: u32,
    /// Seconds until the window ends, at least 1.
    pub reset_after_s: u64,
}

impl Allowance {
    /// Goes on if the call is within its budget.
    ///
    /// # Errors
    /// [`Error::TooMany`] with `message`.
    pub fn need(&self, message: &str) -> Result<()> {
        if self.allowed {
            return Ok(());
        }
        Err(Error::TooMany { message: message.to_owned(), retry_after_s: self.reset_after_s })
    }
}

/// The budgets of a node. Clones share them.
#[derive(Clone)]
pub struct Limits(Arc<Inner>);

struct Inner {
    store: Store,
    budgets: Mutex<Budgets>,
    /// When ended windows were last deleted from the database.
    cleaned_at: AtomicI64,
}

type Budgets = HashMap<String, Budget>;

/// What a node knows about one budget.
#[derive(Debug, Default)]
struct Budget {
    ends_at: Millis,
    limit: u32,
    /// What may be spent without asking.
    slice: u32,
    /// What the nodes took together when we last asked, our slice included.
    taken: u32,
    /// The smallest amount that there was not left; there never is more in the same window.
    refused: Option<u32>,
    /// Held while a slice is asked for: one call at a time asks, or a burst would take many.
    asking: Arc<AsyncMutex<()>>,
}

impl Limits {
    /// Budgets that are shared through the store.
    pub fn new(store: Store) -> Limits {
        let cleaned_at = AtomicI64::new(store.clock().now());
        Limits(Arc::new(Inner { store, budgets: Mutex::default(), cleaned_at }))
    }

    /// Spends `cost` of a budget of `limit_per_minute`, if that much is left.
    pub async fn take(&self, name: &str, limit_per_minute: u32, cost: u32) -> Allowance {
        if self.0.store.path().is_some() {
            // One process has the file, so everything is ours.
            return self.take_here(name, limit_per_minute, cost);
        }
        let name = short(name);
        let spend = || self.with(&name, limit_per_minute, |budget, now| budget.spend_or_ask(cost, now));
        // Again for a window that began while a slice of the one before was on its way.
        for _ in 0..WINDOWS_MAX {
            let asking = match spend() {
                Ok(allowance) => return allowance,
                Err(asking) => asking,
            };
            let _turn = asking.lock().await;
            // Whoever had the turn before may have brought enough for us.
            if let Ok(allowance) = spend() {
                return allowance;
            }
            self.refill(&name, limit_per_minute, cost).await;
        }
        self.with(&name, limit_per_minute, |budget, now| budget.spend(cost, now))
    }

    /// Like [`Limits::take`], but counts in this process alone: for budgets of single visitors,
    /// which are so many that sharing them would cost more than it saves.
    pub fn take_here(&self, name: &str, limit_per_minute: u32, cost: u32) -> Allowance {
        self.with(&short(name), limit_per_minute, |budget, now| {
            budget.grant_rest();
            budget.spend(cost, now)
        })
    }

    /// What [`Limits::take_here`] has left, without spending of it; not allowed when that is nothing.
    pub fn look_here(&self, name: &str, limit_per_minute: u32) -> Allowance {
        let now = self.0.store.clock().now();
        let ends_at = window_end(now, MINUTE_MS);
        let budgets = self.budgets();
        let known = budgets.get(&*short(name)).filter(|budget| budget.ends_at == ends_at);
        let remaining = known.map_or(limit_per_minute, |budget| budget.remaining().min(limit_per_minute));
        let reset_after_s = seconds_until(ends_at, now);
        Allowance { allowed: remaining > 0, limit: limit_per_minute, remaining, reset_after_s }
    }

    /// Counts an attempt at a secret, such as a sign-in to one account: at most `max` in windows of
    /// `per_s` seconds.
    ///
    /// # Errors
    /// When it cannot be stored; the caller must then refuse the attempt.
    pub async fn attempt(&self, name: &str, max: u32, per_s: u32) -> Result<Allowance> {
        let now = self.0.store.clock().now();
        let ends_at = window_end(now, i64::from(per_s.max(1)) * 1_000);
        let name = attempt_name(name);
        let count = move |tx: &mut Tx<'_>| add(tx, &name, ends_at, 1, max);
        let used = self.0.store.write(&self.0.store.operator(), count).await?;
        self.clean(now).await;
        Ok(Allowance {
            allowed: used.is_some(),
            limit: max,
            remaining: used.map_or(0, |used| max.saturating_sub(used)),
            reset_after_s: seconds_until(ends_at, now),
        })
    }

    /// Forgets the attempts under a name, after one that succeeded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgive(&self, name: &str) -> Result<()> {
        let name = attempt_name(name);
        let forget = move |tx: &mut Tx<'_>| {
            tx.execute("delete from rate_window where name = ?1", &[Value::text(&name)])
        };
        self.0.store.write(&self.0.store.operator(), forget).await.map(drop)
    }

    fn budgets(&self) -> MutexGuard<'_, Budgets> {
        self.0.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with a budget in its present window.
    fn with<T>(&self, name: &str, limit: u32, act: impl FnOnce(&mut Budget, Millis) -> T) -> T {
        let mut budgets = self.budgets();
        // Read under the lock, or a window that ended could come back.
        let now = self.0.store.clock().now();
        let budget = match budgets.get_mut(name) {
            Some(budget) => budget,
            None => {
                if budgets.len() >= BUDGETS_MAX {
                    make_room(&mut budgets, now);
                }
                budgets.entry(name.to_owned()).or_default()
            }
        };
        budget.turn(window_end(now, MINUTE_MS), limit);
        act(budget, now)
    }

    /// Gets what is missing to spend `cost`, or learns that there is not that much.
    async fn refill(&self, name: &str, limit: u32, cost: u32) {
        let (missing, ends_at) =
            self.with(name, limit, |budget, _| (cost.saturating_sub(budget.slice), budget.ends_at));
        // First a whole slice, then, near the end of the budget, only what is missing.
        for wanted in [missing.max(limit / SLICES), missing] {
            let leased = self.lease_slice(name, ends_at, limit, wanted).await;
            let done = self.with(name, limit, |budget, _| {
                // What was leased for a window that ended meanwhile ended with it.
                if budget.ends_at == ends_at { budget.leased(wanted, &leased) } else { true }
            });
            if let Err(error) = leased {
                tracing::warn!(?error, "a budget cannot be shared, this node counts for itself");
            }
            if done {
                return;
            }
        }
    }

    /// What all nodes took of a window together once this one took `wanted` more; `None` when that is too much.
    async fn lease_slice(&self, name: &str, ends_at: Millis, limit: u32, wanted: u32) -> Result<Option<u32>> {
        let key = name.to_owned();
        let lease = move |tx: &mut Tx<'_>| add(tx, &key, ends_at, wanted, limit);
        let work = async {
            let taken = self.0.store.write(&self.0.store.operator(), lease).await?;
            self.clean(self.0.store.clock().now()).await;
            Ok(taken)
        };
        timeout(PATIENCE, work)
            .await
            .unwrap_or_else(|_| Err(Error::Unavailable("the database did not answer in time".to_owned())))
    }

    /// Deletes what ended, once a minute.
    async fn clean(&self, now: Millis) {
        let last = self.0.cleaned_at.load(Ordering::Relaxed);
        let ours = now - last >= MINUTE_MS
            && self.0.cleaned_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !ours {
            return;
        }
        // A node whose clock is a little behind may still use a window that ended.
        let before = now - MINUTE_MS;
        let delete =
            move |tx: &mut Tx<'_>| tx.execute("delete from rate_window where ends_at < ?1", &[before.into()]);
        if let Err(error) = self.0.store.write(&self.0.store.operator(), delete).await {
            tracing::warn!(?error, "ended budgets could not be deleted");
        }
    }
}

impl Budget {
    /// Starts over when the window or the limit is another.
    fn turn(&mut self, ends_at: Millis, limit: u32) {
        if self.ends_at != ends_at {
            *self = Budget { ends_at, limit, asking: self.asking.clone(), ..Budget::default() };
        } else if self.limit != limit {
            // A smaller one holds for what was handed out already, too.
            let spent = self.taken.saturating_sub(self.slice);
            self.slice = self.slice.min(limit.saturating_sub(spent));
            self.taken = spent.saturating_add(self.slice);
            self.limit = limit;
            self.refused = None;
        }
    }

    /// Spends what may be spent without asking; if that is too little and there may be more, says whose
    /// turn it is to ask.
    fn spend_or_ask(
        &mut self,
        cost: u32,
        now: Millis,
    ) -> std::result::Result<Allowance, Arc<AsyncMutex<()>>> {
        if self.slice < cost && self.may_have(cost - self.slice) {
            return Err(self.asking.clone());
        }
        Ok(self.spend(cost, now))
    }

    /// Notes what came of asking for `wanted`, and tells whether there is nothing more to ask for.
    fn leased(&mut self, wanted: u32, leased: &Result<Option<u32>>) -> bool {
        match leased {
            Ok(Some(taken)) => {
                self.slice = self.slice.saturating_add(wanted);
                self.taken = *taken;
                true
            }
            Ok(None) => {
                self.refused = Some(wanted);
                false
            }
            Err(_) => {
                self.grant_rest();
                true
            }
        }
    }

    /// Spends what may be spent without asking.
    fn spend(&mut self, cost: u32, now: Millis) -> Allowance {
        let allowed = self.slice >= cost;
        if allowed {
            self.slice -= cost;
        }
        Allowance {
            allowed,
            limit: self.limit,
            remaining: self.remaining(),
            reset_after_s: seconds_until(self.ends_at, now),
        }
    }

    /// What nobody has taken, as far as we know; more may be taken, never less.
    fn free(&self) -> u32 {
        self.limit.saturating_sub(self.taken)
    }

    fn may_have(&self, amount: u32) -> bool {
        amount <= self.free() && self.refused.is_none_or(|refused| amount < refused)
    }

    fn grant_rest(&mut self) {
        self.slice = self.slice.saturating_add(self.free());
        self.taken = self.taken.max(self.limit);
    }

    fn remaining(&self) -> u32 {
        let free = self.refused.map_or(self.free(), |refused| self.free().min(refused.saturating_sub(1)));
        free.saturating_add(self.slice)
    }

    /// The part that is spent, of [`SPENT`].
    fn spent(&self) -> u64 {
        let left = u64::from(self.remaining().min(self.limit)) * SPENT;
        left.checked_div(u64::from(self.limit)).map_or(SPENT, |left| SPENT - left)
    }
}

/// Adds to a window unless that goes over the limit; returns what is used then.
fn add(tx: &Tx<'_>, name: &str, ends_at: Millis, amount: u32, limit: u32) -> Result<Option<u32>> {
    if amount > limit {
        return Ok(None);
    }
    let rows = tx.query(
        "insert into rate_window (name, ends_at, used) values (?1, ?2, ?3)
         on conflict (name, ends_at) do update set used = rate_window.used + excluded.used
         where rate_window.used + excluded.used <= ?4
         returning used",
        &[Value::text(name), ends_at.into(), i64::from(amount).into(), i64::from(limit).into()],
    )?;
    rows.into_iter().next().map(|mut row| row.count(0)).transpose()
}

/// Forgets budgets whose window ended. If those are too few, somebody invents names, and those go
/// too of which the smallest part is spent: a budget that is nearly spent holds back somebody.
fn make_room(budgets: &mut Budgets, now: Millis) {
    budgets.retain(|_, budget| budget.ends_at > now);
    let excess = budgets.len().saturating_sub(BUDGETS_MAX / 2);
    if excess == 0 {
        return;
    }
    let mut order: Vec<(u64, String)> =
        budgets.iter().map(|(name, budget)| (budget.spent(), name.clone())).collect();
    order.select_nth_unstable(excess - 1);
    for (_, name) in &order[..excess] {
        budgets.remove(name);
    }
}

/// The end of the aligned window of this length that `now` is in.
fn window_end(now: Millis, length_ms: i64) -> Millis {
    (now.div_euclid(length_ms) + 1).saturating_mul(length_ms)
}

fn seconds_until(ends_at: Millis, now: Millis) -> u64 {
    u64::try_from((ends_at - now + 999) / 1_000).unwrap_or(0).max(1)
}

fn attempt_name(name: &str) -> String {
    format!("attempt:{}", short(name))
}

/// The name, or its hash if it is long or cannot be stored.
fn short(name: &str) -> Cow<'_, str> {
    if name.len() <= NAME_MAX && !name.contains('\0') {
        return Cow::Borrowed(name);
    }
    Cow::Owned(crate::credentials::hash(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_aligned_and_end_after_now() {
        assert_eq!(window_end(0, 60_000), 60_000);
        assert_eq!(window_end(59_999, 60_000), 60_000);
        assert_eq!(window_end(60_000, 60_000), 120_000);
        assert_eq!((seconds_until(60_000, 59_999), seconds_until(60_000, 0)), (1, 60));
    }

    #[test]
    fn another_limit_holds_at_once() {
        let mut budget = Budget::default();
        let mut spend = |limit: u32, cost: u32| {
            budget.turn(15, limit);
            budget.grant_rest();
            let allowance = budget.spend(cost, 10);
            (allowance.allowed, allowance.remaining)
        };
        assert_eq!(spend(1_000, 10), (true, 990));
        assert_eq!(spend(100, 1), (true, 89));
        assert_eq!(spend(11, 1), (false, 0));
        assert_eq!(spend(5, 1), (false, 0));
        assert_eq!(spend(1_000, 1), (true, 988));
    }

    fn budgets(kinds: impl Fn(usize) -> Budget) -> Budgets {
        (0..BUDGETS_MAX).map(|n| (n.to_string(), kinds(n))).collect()
    }

    #[test]
    fn invented_names_push_out_idle_budgets_and_not_spent_ones() {
        let budget = |ends_at, slice| Budget { ends_at, limit: 10, slice, taken: 10, ..Budget::default() };
        let mut some = budgets(|n| match n % 100 {
            0 => budget(5, 0),
            1 => budget(15, 1),
            _ => budget(15, 9),
        });
        make_room(&mut some, 10);
        assert_eq!(some.len(), BUDGETS_MAX / 2);
        assert!((0..BUDGETS_MAX).step_by(100).all(|n| !some.contains_key(&n.to_string())));
        assert!((1..BUDGETS_MAX).step_by(100).all(|n| some.contains_key(&n.to_string())));
    }

    #[test]
    fn never_are_all_budgets_forgotten() {
        for limit in [0, 10] {
            let mut spent = budgets(|_| Budget { ends_at: 15, limit, taken: limit, ..Budget::default() });
            make_room(&mut spent, 10);
            assert_eq!(spent.len(), BUDGETS_MAX / 2);
        }
        let mut ended = budgets(|n| Budget { ends_at: if n == 7 { 15 } else { 5 }, ..Budget::default() });
        make_room(&mut ended, 10);
        assert_eq!(ended.keys().collect::<Vec<_>>(), ["7"]);
    }
}
