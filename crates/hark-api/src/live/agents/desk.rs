//! The desk: every agent's socket of this process, and the streams that they follow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use hark_core::access::realtime::RealtimeKeys;
use hark_store::credentials::{Pass, Rights};
use hark_store::{Bell, Error, Id, Permissions, Position, Result, Scope, Store};
use ipnet::IpNet;
use tokio::sync::{OnceCell, broadcast, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::log::{Log, PAGE, page};
use super::mailbox::{Farewell, Mailbox};
use super::room::Room;
use super::rooms::Departure;
use crate::live::crowd::{Crowd, SocketLimits, one_less};
use crate::live::hub::Timing;

/// Agents' sockets of this process.
const SOCKETS_MAX: usize = 20_000;
/// Sockets of one user in one project.
const SOCKETS_PER_USER_MAX: usize = 50;
/// Passes that are checked in one read.
const PASSES_PER_READ: usize = 200;
/// Rights are checked this often even when no change was heard of: tokens end with time.
const RECHECK_EVERY: Duration = Duration::from_secs(30);
/// … and this often while changes of other nodes cannot be heard.
const RECHECK_DEAF: Duration = Duration::from_secs(5);
/// The pause after something could not be read.
pub(super) const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Every agent's socket of this process. Clones share it.
#[derive(Clone)]
pub(crate) struct Desk(Arc<Inner>);

struct Inner {
    store: Store,
    timing: Timing,
    keys: OnceCell<RealtimeKeys>,
    /// Tells the sockets of this node from those of others.
    node: String,
    departures: mpsc::UnboundedSender<Departure>,
    state: Mutex<State>,
}

/// A project and one of its streams or places.
type Key = (Id, String);

pub(super) struct State {
    crowd: Crowd,
    connections: HashMap<u64, Connection>,
    /// Sockets by project and user.
    users: HashMap<(Id, Id), usize>,
    logs: HashMap<Key, Arc<Log>>,
    pub(super) rooms: HashMap<Key, Arc<Room>>,
    last_number: u64,
    tasks: Vec<AbortHandle>,
    closed: bool,
}

/// A socket as the desk knows it.
struct Connection {
    mailbox: Arc<Mailbox>,
    /// Whose it is, once that is known, and what its user may do.
    who: Option<(Pass, Permissions)>,
}

/// A socket's place at the desk; dropping it gives the place back.
pub(super) struct Seat {
    pub(super) desk: Desk,
    pub(super) number: u64,
    pub(super) project: Id,
    pub(super) mailbox: Arc<Mailbox>,
    network: IpNet,
}

impl Desk {
    /// A desk over this store, which starts its work on the current tokio runtime.
    pub(crate) fn new(store: Store, timing: Timing, limits: SocketLimits) -> Desk {
        let bells = store.bells();
        let state = State {
            crowd: Crowd::of(SOCKETS_MAX, limits.network),
            connections: HashMap::new(),
            users: HashMap::new(),
            logs: HashMap::new(),
            rooms: HashMap::new(),
            last_number: 0,
            tasks: Vec::new(),
            closed: false,
        };
        let node = hex::encode(rand::random::<[u8; 8]>());
        let (departures, gone) = mpsc::unbounded_channel();
        let keys = OnceCell::new();
        let desk = Desk(Arc::new(Inner { store, timing, keys, node, departures, state: Mutex::new(state) }));
        // Not among those that end with a shutdown: who is cut then leaves too.
        tokio::spawn(desk.clone().see_off(gone));
        let tasks = vec![
            tokio::spawn(desk.clone().listen(bells)).abort_handle(),
            tokio::spawn(desk.clone().watch_rights()).abort_handle(),
            tokio::spawn(desk.clone().keep_signs()).abort_handle(),
        ];
        desk.state().tasks = tasks;
        desk
    }

    /// Says goodbye to all sockets, and takes no more.
    pub(crate) fn shutdown(&self) {
        let mut state = self.state();
        state.closed = true;
        state.tasks.drain(..).for_each(|task| task.abort());
        state.connections.values().for_each(|connection| connection.mailbox.end(Farewell::STOPPING));
    }

    /// Open sockets of this process.
    pub(crate) fn sockets(&self) -> usize {
        self.state().crowd.len()
    }

    pub(super) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn timing(&self) -> &Timing {
        &self.0.timing
    }

    /// The keys that tickets are signed with.
    pub(super) async fn keys(&self) -> Result<&RealtimeKeys> {
        let store = &self.0.store;
        self.0.keys.get_or_try_init(async || store.write(&store.operator(), RealtimeKeys::of).await).await
    }

    /// A place for a socket from this network at a project, and the end of its mailbox.
    pub(super) fn admit(
        &self,
        visitor: &Scope,
        network: IpNet,
    ) -> Result<(Seat, mpsc::Receiver<Option<Utf8Bytes>>)> {
        let project = visitor.project().ok_or_else(|| Error::internal("a socket without a project"))?;
        let mut state = self.state();
        if state.closed {
            return Err(Error::Unavailable("this server is about to stop".to_owned()));
        }
        state.crowd.enter(project, network)?;
        state.last_number += 1;
        let number = state.last_number;
        let (mailbox, frames) = Mailbox::new();
        let mailbox = Arc::new(mailbox);
        state.connections.insert(number, Connection { mailbox: mailbox.clone(), who: None });
        metrics::gauge!("hark_agent_sockets").set(state.crowd.len() as f64);
        Ok((Seat { desk: self.clone(), number, project, mailbox, network }, frames))
    }

    /// The log of a stream, with one more follower.
    pub(super) fn follow(&self, seat: &Seat, stream: &str, channel: &str) -> Arc<Log> {
        let mut state = self.state();
        let key = (seat.project, stream.to_owned());
        if let Some(log) = state.logs.get(&key)
            && log.follow(seat.number, &seat.mailbox)
        {
            return log.clone();
        }
        let log = Arc::new(Log::new(seat.project, stream.to_owned(), channel.to_owned()));
        log.follow(seat.number, &seat.mailbox);
        state.logs.insert(key, log.clone());
        drop(state);
        tokio::spawn(self.clone().read(log.clone()));
        log
    }

    /// The name of a socket's signs of presence.
    pub(super) fn seat_of(&self, number: u64) -> String {
        format!("{}:{number}", self.0.node)
    }

    /// The socket of this node whose signs have this name.
    pub(super) fn number_of(&self, seat: &str) -> Option<u64> {
        seat.strip_prefix(&self.0.node)?.strip_prefix(':')?.parse().ok()
    }

    /// Notes that somebody left.
    pub(super) fn left(&self, departure: Departure) {
        // Nobody listens when the process ends.
        let _ = self.0.departures.send(departure);
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn listen(self, mut bells: broadcast::Receiver<Bell>) {
        loop {
            match bells.recv().await {
                Ok(Bell::Stream { project, stream }) => self.ring(project, stream),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let state = self.state();
                    state.logs.values().for_each(|log| log.wake.notify_one());
                    state.rooms.values().for_each(|room| room.wake.notify_one());
                }
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Wakes whoever reads the stream, or looks at the place of the same name.
    fn ring(&self, project: Id, stream: String) {
        let state = self.state();
        match stream.strip_prefix("place:") {
            Some(place) => {
                let room = state.rooms.get(&(project, place.to_owned()));
                room.into_iter().for_each(|room| room.wake.notify_one());
            }
            None => {
                let log = state.logs.get(&(project, stream));
                log.into_iter().for_each(|log| log.wake.notify_one());
            }
        }
    }

    /// Reads a stream into its log for as long as somebody follows it.
    async fn read(self, log: Arc<Log>) {
        let mut begun = false;
        while !log.close_if_idle() {
            let pause = match self.read_more(&log, &mut begun).await {
                Ok(true) => continue,
                Ok(false) => self.0.timing.poll_every,
                Err(error) => {
                    tracing::warn!(
                        error = format!("{error:?}"),
                        stream = log.stream,
                        "a stream could not be read"
                    );
                    AFTER_FAULT
                }
            };
            // A bell that is lost is made up for by the poll.
            let _ = tokio::time::timeout(pause, log.wake.notified()).await;
        }
        let mut state = self.state();
        let key = (log.project, log.stream.clone());
        if state.logs.get(&key).is_some_and(|known| Arc::ptr_eq(known, &log)) {
            state.logs.remove(&key);
        }
    }

    /// Reads a page and tells whether there may be more.
    async fn read_more(&self, log: &Log, begun: &mut bool) -> Result<bool> {
        let scope = self.0.store.operator_of(log.project).await?;
        let stream = log.stream.clone();
        if *begun {
            let head = log.head();
            let found = self.0.store.peek(&scope, move |tx| page(tx, &stream, &head)).await?;
            if let Some((epoch, events)) = found {
                log.push(&epoch, &events);
                return Ok(events.len() == PAGE as usize);
            }
        }
        let stream = log.stream.clone();
        let now: Position = self.0.store.peek(&scope, move |tx| tx.stream_position(&stream)).await?;
        log.begin(now);
        *begun = true;
        Ok(false)
    }

    /// Ends sockets whose token ended or whose user may not enter the project any more, and tells
    /// the others what their users may do now.
    async fn watch_rights(self) {
        let mut known: Option<Rights> = self.0.store.rights();
        let mut checked = Instant::now();
        loop {
            tokio::time::sleep(self.0.timing.rights_every).await;
            let now = self.0.store.rights();
            let due = match (now, known) {
                (Some(now), Some(known)) => !now.same_as(known) || checked.elapsed() >= RECHECK_EVERY,
                _ => checked.elapsed() >= RECHECK_DEAF,
            };
            if !due {
                continue;
            }
            known = match self.check_rights().await {
                Ok(()) => now,
                Err(error) => {
                    tracing::warn!(
                        error = format!("{error:?}"),
                        "the rights of sockets could not be checked"
                    );
                    None
                }
            };
            checked = Instant::now();
        }
    }

    async fn check_rights(&self) -> Result<()> {
        let mut passes: Vec<Pass> = {
            let state = self.state();
            state.connections.values().filter_map(|connection| connection.who.map(|(pass, _)| pass)).collect()
        };
        passes.sort_unstable_by_key(|pass| (pass.project, pass.user, pass.token));
        passes.dedup();
        for part in passes.chunks(PASSES_PER_READ) {
            let scopes = self.0.store.reenter(part.to_vec()).await?;
            let now: HashMap<Pass, Option<Scope>> = part.iter().copied().zip(scopes).collect();
            for connection in self.state().connections.values_mut() {
                connection.turn(&now);
            }
        }
        Ok(())
    }
}

impl Connection {
    /// Goes on with the rights that its pass has now, or ends.
    fn turn(&mut self, now: &HashMap<Pass, Option<Scope>>) {
        let Some((pass, permissions)) = &mut self.who else { return };
        match now.get(pass) {
            Some(None) => self.mailbox.end(Farewell::NOT_AUTHORISED),
            Some(Some(scope)) if scope.permissions() != permissions => {
                *permissions = *scope.permissions();
                self.mailbox.set_rights(scope.clone());
            }
            _ => {}
        }
    }
}

impl Seat {
    /// Notes whose socket this is, so that it ends with its pass.
    ///
    /// # Errors
    /// When the user has too many sockets.
    pub(super) fn belongs_to(&self, pass: Pass, scope: &Scope) -> Result<(), Farewell> {
        let mut state = self.desk.state();
        let sockets = state.users.entry((self.project, pass.user)).or_default();
        if *sockets >= SOCKETS_PER_USER_MAX {
            return Err(Farewell::TOO_MANY_OF_USER);
        }
        *sockets += 1;
        if let Some(connection) = state.connections.get_mut(&self.number) {
            connection.who = Some((pass, *scope.permissions()));
        }
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.desk.state();
        state.crowd.leave(self.project, self.network);
        metrics::gauge!("hark_agent_sockets").set(state.crowd.len() as f64);
        let connection = state.connections.remove(&self.number);
        if let Some((pass, _)) = connection.and_then(|connection| connection.who) {
            one_less(&mut state.users, (self.project, pass.user));
        }
    }
}
