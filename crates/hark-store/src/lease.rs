//! Leasing jobs: takes what is due across all projects, so that no project delays another.
//!
//! A lane is one project's jobs of one kind, and of one target if they have one. Lanes are read by
//! jumping through the index, one step per lane however long it is; free room is dealt out to the
//! project with the fewest running jobs first, and within it to the lane with the fewest. Projects,
//! kinds and targets have bounds, so that a server that does not answer keeps nothing else waiting.
//!
//! Leases go by the clocks of the nodes, which should agree to within the length of a lease. If
//! they do not, a job may run on two of them, and still only one of them can finish it.

use std::collections::HashMap;

use crate::access::PROJECT;
use crate::clock::Millis;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::jobs::{JobError, LeasedJob};
use crate::permission::{ALL, Permissions};
use crate::scope::{Actor, Scope};
use crate::sql::{Row, Value};
use crate::store::Store;
use crate::tx::{ReadTx, Tx};
use crate::worker::OnDead;

/// Jobs that one call leases at most.
pub(crate) const LEASE_MAX: u32 = 256;

/// One project's jobs of one kind, and of one target if they have one, that wait or run.
#[derive(Clone, Debug)]
struct Lane {
    place: Place,
    /// When its next job may be leased.
    due_at: Millis,
    running: u32,
}

/// Where a job belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) project: Id,
    pub(crate) kind: String,
    pub(crate) target: Option<String>,
}

impl Place {
    /// As the database makes it.
    fn lane(&self) -> String {
        let target = self.target.as_deref().map(|target| format!(":{target}"));
        format!("{}:{}{}", self.project, self.kind, target.unwrap_or_default())
    }

    fn read(lane: &str) -> Option<Place> {
        let (project, rest) = lane.split_once(':')?;
        let (kind, target) = rest.split_once(':').map_or((rest, None), |(kind, to)| (kind, Some(to)));
        Some(Place { project: Id::parse(project)?, kind: kind.to_owned(), target: target.map(str::to_owned) })
    }
}

/// How many jobs may be leased, and of whom.
pub(crate) struct Room {
    /// Jobs in all.
    pub(crate) free: u32,
    /// What the caller may have at most.
    pub(crate) bounds: Bounds,
    /// Jobs that the caller has already.
    pub(crate) held: Held,
}

/// Jobs that a worker has at a time at most.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// Of one project.
    pub(crate) project: u32,
    /// Of one kind, of all projects together.
    pub(crate) kind: u32,
    /// Of one kind in one project.
    pub(crate) kind_of_project: u32,
    /// For one target.
    pub(crate) target: u32,
}

impl Bounds {
    /// None but the room.
    pub(crate) const NONE: Bounds =
        Bounds { project: u32::MAX, kind: u32::MAX, kind_of_project: u32::MAX, target: u32::MAX };

    /// Those of a worker that runs so many jobs beside each other.
    pub(crate) fn of(concurrency: u32) -> Bounds {
        Bounds {
            project: (concurrency * 3).div_ceil(4),
            kind: concurrency.div_ceil(2),
            kind_of_project: (concurrency * 3).div_ceil(8),
            target: concurrency.div_ceil(8),
        }
    }
}

/// How many jobs a worker has, of whom.
#[derive(Clone, Default)]
pub(crate) struct Held {
    projects: HashMap<Id, u32>,
    kinds: HashMap<String, u32>,
    kinds_of_projects: HashMap<(Id, String), u32>,
    targets: HashMap<Place, u32>,
}

impl Held {
    /// Counts a job in.
    pub(crate) fn count(&mut self, place: &Place) {
        *self.projects.entry(place.project).or_default() += 1;
        *self.kinds.entry(place.kind.clone()).or_default() += 1;
        *self.kinds_of_projects.entry((place.project, place.kind.clone())).or_default() += 1;
        if place.target.is_some() {
            *self.targets.entry(place.clone()).or_default() += 1;
        }
    }

    /// Whether one more is within the bounds.
    fn leaves_room(&self, place: &Place, bounds: &Bounds) -> bool {
        let below = |count: Option<&u32>, bound: u32| count.is_none_or(|count| *count < bound);
        below(self.projects.get(&place.project), bounds.project)
            && below(self.kinds.get(&place.kind), bounds.kind)
            && below(self.kinds_of_projects.get(&(place.project, place.kind.clone())), bounds.kind_of_project)
            && below(self.targets.get(place), bounds.target)
    }
}

/// What a lease brought.
pub(crate) struct Leased {
    pub(crate) jobs: Vec<LeasedJob>,
    /// When the next job is due that was not leased; in the past if there was no room for it.
    pub(crate) next_due: Option<Millis>,
}

impl Store {
    /// Leases jobs of these kinds that are due, at most `limit` (and never more than 256), until
    /// `lease_ms` from now. A job whose lease ends without being finished is leased again, until its
    /// attempts are used up.
    pub async fn lease(&self, kinds: &[&str], limit: u32, lease_ms: i64) -> Result<Vec<LeasedJob>> {
        let room = Room { free: limit, bounds: Bounds::NONE, held: Held::default() };
        let mut jobs = self.lease_into(kinds, &room, lease_ms).await?.jobs;
        for job in jobs.extract_if(.., |job| job.is_exhausted()) {
            self.fail(&job, &JobError::worker_ended()).await?;
        }
        Ok(jobs)
    }

    /// The same for a worker with limits. Exhausted jobs are among them, for the worker to give up.
    pub(crate) async fn lease_into(&self, kinds: &[&str], room: &Room, lease_ms: i64) -> Result<Leased> {
        let operator = self.operator();
        let lanes = self.read(&operator, lanes).await?;
        let now = self.clock().now();
        let shares = share(&lanes, kinds, now, room);
        let ours = lanes.iter().filter(|lane| kinds.contains(&lane.place.kind.as_str()));
        let next_due = ours.map(|lane| lane.due_at).min();
        if shares.is_empty() {
            return Ok(Leased { jobs: Vec::new(), next_due });
        }
        let claim_all = move |tx: &mut Tx<'_>| claim(tx, &shares, lease_ms);
        Ok(Leased { jobs: self.write(&operator, claim_all).await?, next_due })
    }

    /// Makes the lease of a job end `lease_ms` from now.
    ///
    /// # Errors
    /// [`Error::Stale`] when another worker has the job by now, or it is finished.
    pub async fn renew(&self, job: &LeasedJob, lease_ms: i64) -> Result<()> {
        let held = job.clone();
        self.write(job.scope(), move |tx| tx.renew_job(&held, lease_ms)).await
    }

    /// Finishes a job whose work needed no transaction of its own; see [`Tx::finish_job`].
    ///
    /// # Errors
    /// [`Error::Stale`] when another worker has the job by now, or it is finished.
    pub async fn finish(&self, job: &LeasedJob) -> Result<()> {
        let held = job.clone();
        self.write(job.scope(), move |tx| tx.finish_job(&held)).await
    }

    /// Notes that an attempt failed; see [`Tx::fail_job`].
    ///
    /// # Errors
    /// [`Error::Stale`] when another worker has the job by now.
    pub async fn fail(&self, job: &LeasedJob, error: &JobError) -> Result<()> {
        let held = job.clone();
        let error = error.clone();
        self.write(job.scope(), move |tx| tx.fail_job(&held, &error)).await
    }

    /// The same for a failure that ends the job, together with what `died` makes of that.
    pub(crate) async fn give_up(&self, job: &LeasedJob, error: &JobError, died: OnDead) -> Result<()> {
        let held = job.clone();
        let error = error.clone();
        let note = move |tx: &mut Tx<'_>| {
            tx.fail_job(&held, &error)?;
            died(tx, &held)
        };
        self.write(job.scope(), note).await
    }

    /// Gives a job back untouched.
    pub(crate) async fn release(&self, job: &LeasedJob) -> Result<()> {
        let held = job.clone();
        self.write(job.scope(), move |tx| tx.release_job(&held)).await
    }
}

fn lanes(tx: &ReadTx<'_>) -> Result<Vec<Lane>> {
    let rows = tx.query(
        "with recursive lanes (lane) as (
             select min(lane) from job where due_at is not null
             union all
             select (select min(job.lane) from job where job.due_at is not null and job.lane > lanes.lane)
             from lanes where lanes.lane is not null)
         select lanes.lane,
             (select min(job.due_at) from job where job.lane = lanes.lane and job.due_at is not null),
             (select count(*) from job where job.lane = lanes.lane and job.state = 'running')
         from lanes where lanes.lane is not null",
        &[],
    )?;
    // A lane that emptied between the steps of the statement has no next job.
    rows.into_iter().filter_map(|row| lane(row).transpose()).collect()
}

fn lane(mut row: Row) -> Result<Option<Lane>> {
    let name = row.text(0)?;
    let Some(due_at) = row.optional_int(1)? else { return Ok(None) };
    let place = Place::read(&name).ok_or_else(|| Error::internal(format!("stored lane {name}")))?;
    Ok(Some(Lane { place, due_at, running: row.count(2)? }))
}

/// Deals the free room out, one job at a time. A lane may have fewer jobs than it is dealt; what
/// stays free is dealt out by the next call.
fn share(lanes: &[Lane], kinds: &[&str], now: Millis, room: &Room) -> Vec<(Lane, u32)> {
    let mut loads: HashMap<Id, u32> = HashMap::new();
    for lane in lanes {
        *loads.entry(lane.place.project).or_default() += lane.running;
    }
    let mut held = room.held.clone();
    let due = lanes.iter().filter(|lane| lane.due_at <= now && kinds.contains(&lane.place.kind.as_str()));
    let mut shares: Vec<(Lane, u32)> = due.map(|lane| (lane.clone(), 0)).collect();
    for _ in 0..room.free.min(LEASE_MAX) {
        let has_room = |lane: &Lane| held.leaves_room(&lane.place, &room.bounds);
        let next = shares.iter_mut().filter(|(lane, _)| has_room(lane)).min_by_key(|(lane, given)| {
            (loads.get(&lane.place.project).copied(), lane.running + given, lane.due_at)
        });
        let Some((lane, given)) = next else { break };
        *given += 1;
        *loads.entry(lane.place.project).or_default() += 1;
        held.count(&lane.place);
    }
    shares.retain(|(_, given)| *given > 0);
    shares
}

fn claim(tx: &Tx<'_>, shares: &[(Lane, u32)], lease_ms: i64) -> Result<Vec<LeasedJob>> {
    let mut organisations = HashMap::new();
    let mut jobs = Vec::new();
    for (lane, limit) in shares {
        if let std::collections::hash_map::Entry::Vacant(unknown) = organisations.entry(lane.place.project) {
            let Some(organisation) = organisation(tx, lane.place.project)? else {
                tracing::warn!(project.id = %lane.place.project, "dropped the jobs of a project that is gone");
                tx.execute("delete from job where project_id = ?1", &[Value::text(lane.place.project)])?;
                continue;
            };
            unknown.insert(organisation);
        }
        let organisation = organisations.get(&lane.place.project).copied().flatten();
        let mut claimed = claim_lane(tx, lane, *limit, lease_ms, organisation)?;
        claimed.sort_by_key(|job| (job.run_at, job.id));
        jobs.extend(claimed);
    }
    Ok(jobs)
}

/// The organisation that owns the project, `Some(None)` for the instance, `None` for no such project.
fn organisation(tx: &Tx<'_>, project: Id) -> Result<Option<Option<Id>>> {
    if project == Id::INSTANCE {
        return Ok(Some(None));
    }
    Ok(tx.find(&PROJECT, project)?.map(|project| project.reference("organisation")))
}

fn claim_lane(
    tx: &Tx<'_>,
    lane: &Lane,
    limit: u32,
    lease_ms: i64,
    organisation: Option<Id>,
) -> Result<Vec<LeasedJob>> {
    let sql = tx.words(
        "with due as (
             select id from job where lane = ?1 and due_at <= ?2 order by due_at, id limit ?3 {skip_locked})
         update job set state = 'running', lease = lease + 1, attempt = attempt + 1, lease_until = ?4
         where project_id = ?5 and id in (select id from due)
         returning id, kind, payload, attempt, attempts_max, created_at, run_at, lease",
    );
    let until = tx.now().saturating_add(lease_ms);

    let parameters = [
        Value::Text(lane.place.lane()),
        tx.now().into(),
        i64::from(limit).into(),
        until.into(),
        Value::text(lane.place.project),
    ];
    let job = |mut row: Row| {
        let id = row.id(0)?;
        let scope = Scope::grant(lane.place.project, organisation, Actor::Job { id }, Permissions::of(ALL));
        Ok(LeasedJob {
            id,
            kind: row.text(1)?,
            payload: serde_json::from_str(&row.text(2)?)?,
            attempt: row.count(3)?,
            attempts_max: row.count(4)?,
            created_at: row.int(5)?,
            run_at: row.int(6)?,
            lease: row.int(7)?,
            target: lane.place.target.clone(),
            scope,
        })
    };
    tx.query(&sql, &parameters)?.into_iter().map(job).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(number: u8) -> Id {
        Id::parse(&format!("{number:024x}")).expect("an id")
    }

    fn lane(number: u8, kind: &str, running: u32) -> Lane {
        let (kind, target) = kind.split_once(':').map_or((kind, None), |(kind, to)| (kind, Some(to)));
        let place =
            Place { project: project(number), kind: kind.to_owned(), target: target.map(str::to_owned) };
        Lane { place, due_at: 0, running }
    }

    fn shares(lanes: &[Lane], room: &Room) -> Vec<(u8, String, u32)> {
        let number = |lane: &Lane| (1..=9).find(|number| project(*number) == lane.place.project).unwrap_or(0);
        let shares = share(lanes, &["mail", "hook"], 0, room);
        let name =
            |place: Place| place.target.map_or(place.kind.clone(), |to| format!("{}:{to}", place.kind));
        shares.into_iter().map(|(lane, given)| (number(&lane), name(lane.place), given)).collect()
    }

    fn room(free: u32) -> Room {
        Room { free, bounds: Bounds::NONE, held: Held::default() }
    }

    #[test]
    fn a_busy_project_waits_for_an_idle_one() {
        let lanes = [lane(1, "mail", 6), lane(2, "mail", 0)];
        assert_eq!(shares(&lanes, &room(4)), [(2, "mail".to_owned(), 4)]);
        let levelled = [(1, "mail".to_owned(), 2), (2, "mail".to_owned(), 8)];
        assert_eq!(shares(&lanes, &room(10)), levelled);
    }

    #[test]
    fn a_projects_room_is_shared_by_its_kinds() {
        let lanes = [lane(1, "hook", 0), lane(1, "mail", 0), lane(2, "mail", 0)];
        let fair = [(1, "hook".to_owned(), 2), (1, "mail".to_owned(), 2), (2, "mail".to_owned(), 4)];
        assert_eq!(shares(&lanes, &room(8)), fair);
    }

    #[test]
    fn nobody_takes_the_whole_worker() {
        let mut held = Held::default();
        (0..2).for_each(|_| held.count(&lane(1, "mail", 0).place));
        let room = Room { free: 5, bounds: Bounds { project: 3, ..Bounds::NONE }, held };
        assert_eq!(shares(&[lane(1, "mail", 2)], &room), [(1, "mail".to_owned(), 1)]);
    }

    #[test]
    fn neither_a_kind_nor_a_target_takes_the_room_of_others() {
        let room = || Room { free: 32, bounds: Bounds::of(32), held: Held::default() };
        let dead = (1, "hook:dead".to_owned(), 4);
        assert_eq!(shares(&[lane(1, "hook:dead", 0)], &room()), std::slice::from_ref(&dead));
        let both = [lane(1, "hook:dead", 0), lane(1, "hook:well", 0), lane(1, "mail", 0)];
        let fair = [dead, (1, "hook:well".to_owned(), 4), (1, "mail".to_owned(), 12)];
        assert_eq!(shares(&both, &room()), fair);
        let hooks: Vec<Lane> =
            (1..=4).flat_map(|project| ["hook:a", "hook:b"].map(|to| lane(project, to, 0))).collect();
        assert_eq!(shares(&hooks, &room()).iter().map(|share| share.2).sum::<u32>(), 16);
        let many: Vec<Lane> = ["hook:a", "hook:b", "hook:c", "hook:d"].map(|to| lane(1, to, 0)).to_vec();
        assert_eq!(shares(&many, &room()).iter().map(|share| share.2).sum::<u32>(), 12);
    }

    #[test]
    fn lanes_are_read_as_they_are_written() {
        for name in ["mail", "hook:b:c"] {
            let lane = format!("{}:{name}", project(1));
            assert_eq!(Place::read(&lane).map(|place| place.lane()), Some(lane));
        }
    }

    #[test]
    fn what_is_not_due_or_of_another_kind_is_left() {
        let later = Lane { due_at: 1, ..lane(1, "mail", 0) };
        assert!(shares(&[later, lane(2, "export", 0)], &room(5)).is_empty());
    }
}
