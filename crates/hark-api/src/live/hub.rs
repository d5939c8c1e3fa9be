//! The hub: every SDK socket of this process, by contact, and the delivery of what is new.
//!
//! A bell says that a contact's stream has news; the hub reads the events after
//! the last one that each of the contact's sockets got and puts them into the
//! sockets' queues, in order. A socket that reads slowly gets the rest when it has
//! caught up: what waits for it waits in storage. A slow poll finds what a lost bell
//! would have told.

mod typing;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use hark_core::{files, presence, updates};
use hark_store::{Bell, Doc, Error, Id, PAGE_MAX, Position, Result, Scope, Store, Tx, contact_stream};
use ipnet::IpNet;
use tokio::sync::{broadcast, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_stream::wrappers::UnboundedReceiverStream;

use super::agents::Desk;
use super::crowd::{Crowd, SocketLimits, too_many};
use super::seat::{Line, News, Parcel, Pulse, QUEUE_MAX, Seat, Stage, news};
use super::trim::keep_trimmed;
use crate::app::Settings;
use crate::people;
use typing::Typists;

/// SDK sockets of this process.
const SOCKETS_MAX: usize = 100_000;
/// Contacts of which one transaction notes what was shown to them.
const CONTACTS_PER_WRITE: usize = 200;
/// Contacts that are looked at at once.
const LOOKS_AT_ONCE: usize = 8;

/// How often the hub does what, in one place so that tests need not wait.
#[derive(Clone, Debug)]
pub struct Timing {
    /// The step of the hub's one clock.
    pub tick: Duration,
    /// After this time a new socket gets its first update, unless its SDK showed earlier that it
    /// has started: an SDK drops what comes before that.
    pub ready_after: Duration,
    /// The pause between two protocol pings.
    pub ping_every: Duration,
    /// A socket from which nothing came for so long is cut.
    pub silence_max: Duration,
    /// The pause between two looks for news that no bell told about.
    pub poll_every: Duration,
    /// The longest that one frame may take to be written.
    pub send_max: Duration,
    /// An agent's socket on which nobody signed in, and no channel is followed, for so long is cut.
    pub authorise_max: Duration,
    /// The pause between two looks whether somebody's rights changed.
    pub rights_every: Duration,
    /// The pause between two signs that an agent is still there.
    pub keep_every: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            tick: Duration::from_millis(500),
            ready_after: Duration::from_millis(1_500),
            ping_every: Duration::from_secs(25),
            silence_max: Duration::from_secs(60),
            poll_every: Duration::from_secs(60),
            send_max: Duration::from_secs(10),
            authorise_max: Duration::from_secs(30),
            rights_every: Duration::from_secs(1),
            keep_every: Duration::from_secs(15),
        }
    }
}

impl Timing {
    /// Without the waits that a test would have to wait through.
    pub fn quick() -> Timing {
        let (tick, ready_after) = (Duration::from_millis(10), Duration::from_millis(50));
        Timing { tick, ready_after, rights_every: tick, keep_every: 10 * tick, ..Timing::default() }
    }
}

/// Every SDK socket of this process. Clones share it.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// What the hub's clones share.
struct Inner {
    store: Store,
    timing: Timing,
    limits: SocketLimits,
    started: Instant,
    state: Mutex<State>,
    due: mpsc::UnboundedSender<Due>,
    agents: Desk,
    /// Shown for senders without a picture of their own.
    picture: String,
    /// Where files are.
    media_url: String,
    /// What was sent to contacts, until that is noted.
    shown: Mutex<HashMap<Key, i64>>,
}

/// A project and a contact.
type Key = (Id, Id);

/// What the hub looks at for a contact.
enum Due {
    /// What is new on its stream.
    News(Key),
    /// Who types to it.
    Typing(Key),
}

struct State {
    followed: HashMap<Key, Followed>,
    crowd: Crowd,
    last_number: u64,
    /// Sockets that wait for their first update, oldest first.
    newcomers: VecDeque<(Instant, Key, u64)>,
    /// The hub's own tasks.
    tasks: Vec<AbortHandle>,
    closed: bool,
}

/// A contact with its sockets.
struct Followed {
    scope: Scope,
    seats: Vec<Seat>,
    look: Look,
    typists: Typists,
}

/// Whether somebody looks for news of a contact. There is never more than one look at a time,
/// so that events stay in order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Idle,
    Due,
    Looking,
    DueAgain,
}

/// A socket's place in the hub; dropping it gives the place back.
pub(super) struct Place {
    hub: Hub,
    key: Key,
    network: IpNet,
    number: u64,
    pulse: Arc<Pulse>,
}

impl Hub {
    /// A hub over this store, which starts its work on the current tokio runtime.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn new(store: Store, timing: Timing, settings: &Settings) -> Hub {
        let (due, contacts) = mpsc::unbounded_channel();
        let bells = store.bells();
        let limits = settings.sockets;
        let agents = Desk::new(store.clone(), timing.clone(), limits);
        let state = Mutex::new(State {
            followed: HashMap::new(),
            crowd: Crowd::of(SOCKETS_MAX, limits.network),
            last_number: 0,
            newcomers: VecDeque::new(),
            tasks: Vec::new(),
            closed: false,
        });
        let (started, shown) = (Instant::now(), Mutex::default());
        let picture = format!("{}{}", settings.public_url, crate::sdk::PICTURE);
        let media_url = settings.media_url();
        let inner = Inner { store, timing, limits, started, state, due, agents, picture, media_url, shown };
        let hub = Hub(Arc::new(inner));
        let looking = hub.clone();
        let looks = UnboundedReceiverStream::new(contacts).for_each_concurrent(LOOKS_AT_ONCE, move |due| {
            let hub = looking.clone();
            async move {
                match due {
                    Due::News(key) => hub.look(key).await,
                    Due::Typing(key) => hub.tell_typing(key).await,
                }
            }
        });
        let tasks = vec![
            tokio::spawn(looks).abort_handle(),
            tokio::spawn(hub.clone().listen(bells)).abort_handle(),
            tokio::spawn(hub.clone().tick()).abort_handle(),
            tokio::spawn(hub.clone().poll()).abort_handle(),
            tokio::spawn(hub.clone().note_shown()).abort_handle(),
            tokio::spawn(keep_trimmed(hub.0.store.clone())).abort_handle(),
        ];
        hub.state().tasks = tasks;
        hub
    }

    /// Cuts every connection without a WebSocket close frame, and takes no more: an SDK that is
    /// told goodbye may never come back, one whose line breaks connects to the next server.
    pub fn shutdown(&self) {
        self.0.agents.shutdown();
        let mut state = self.state();
        state.closed = true;
        let mut tasks = std::mem::take(&mut state.tasks);
        let seats = state.followed.values_mut().flat_map(|followed| followed.seats.iter_mut());
        tasks.extend(seats.filter_map(|seat| seat.line.take()).map(|line| line.task));
        drop(state);
        tasks.iter().for_each(AbortHandle::abort);
    }

    /// The sockets of agents.
    pub(crate) fn agents(&self) -> &Desk {
        &self.0.agents
    }

    /// Open sockets of agents.
    pub fn agent_sockets(&self) -> usize {
        self.0.agents.sockets()
    }

    /// Open SDK sockets of this process.
    pub fn sockets(&self) -> usize {
        self.state().crowd.len()
    }

    /// The SDK of this contact shows that it has started.
    pub fn started(&self, project: Id, contact: Id) {
        let mut state = self.state();
        let key = (project, contact);
        let Some(followed) = state.followed.get_mut(&key) else { return };
        // Every batch of events calls this, and only the first has something to wake.
        let mut woken = false;
        for seat in followed.seats.iter_mut().filter(|seat| seat.stage == Stage::Waits) {
            seat.stage = Stage::Ready;
            woken = true;
        }
        if woken {
            self.mark(key, followed);
        }
    }

    /// A place for a socket from this network that has seen its stream up to `after`.
    pub(super) fn admit(
        &self,
        scope: &Scope,
        contact: &Doc,
        network: IpNet,
        after: &Position,
    ) -> Result<Place> {
        let project = scope.project().ok_or_else(|| Error::internal("a socket without a project"))?;
        let mut state = self.state();
        if state.closed {
            return Err(too_many("this server is about to stop"));
        }
        let key = (project, contact.id);
        let seats = state.followed.get(&key).map_or(0, |followed| followed.seats.len());
        if seats >= self.0.limits.contact {
            return Err(too_many("this contact has too many sockets open"));
        }
        state.crowd.enter(project, network)?;
        let pulse = Arc::new(Pulse { heard_ms: AtomicU64::new(self.now_ms()), ..Pulse::default() });
        state.last_number += 1;
        let number = state.last_number;
        let gleap_id = contact.text("gleapId").unwrap_or_default().to_owned();
        let (seq, stage) = (after.seq, Stage::Waits);
        let seat = Seat { number, gleap_id, seq, stage, pulse: pulse.clone(), line: None };
        let followed = state.followed.entry(key).or_insert_with(|| Followed {
            scope: scope.clone(),
            seats: Vec::new(),
            look: Look::Idle,
            typists: Typists::default(),
        });
        followed.seats.push(seat);
        state.newcomers.push_back((Instant::now(), key, number));
        metrics::gauge!("hark_sdk_sockets").set(state.crowd.len() as f64);
        Ok(Place { hub: self.clone(), key, network, number, pulse })
    }

    fn now_ms(&self) -> u64 {
        self.0.started.elapsed().as_millis() as u64
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a contact on the list of those to look at.
    fn mark(&self, key: Key, followed: &mut Followed) {
        followed.look = match followed.look {
            Look::Idle => {
                // Nobody receives after a shutdown.
                let _ = self.0.due.send(Due::News(key));
                Look::Due
            }
            Look::Due => Look::Due,
            Look::Looking | Look::DueAgain => Look::DueAgain,
        };
    }

    fn mark_key(&self, key: Key) {
        if let Some(followed) = self.state().followed.get_mut(&key) {
            self.mark(key, followed);
        }
    }

    async fn listen(self, mut bells: broadcast::Receiver<Bell>) {
        loop {
            match bells.recv().await {
                Ok(Bell::Stream { project, stream }) => {
                    if let Some(contact) = stream.strip_prefix("contact:").and_then(Id::parse) {
                        self.mark_key((project, contact));
                    } else if let Some(contact) = presence::contact_of(&stream) {
                        self.hear_typing((project, contact));
                    }
                }
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => self.look_everywhere().await,
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    async fn poll(self) {
        loop {
            tokio::time::sleep(self.0.timing.poll_every).await;
            self.look_everywhere().await;
        }
    }

    /// Finds contacts whose stream is ahead of one of their sockets.
    async fn look_everywhere(&self) {
        let mut projects: HashMap<Id, (Scope, Vec<(Id, i64)>)> = HashMap::new();
        for ((project, contact), followed) in &self.state().followed {
            let known = projects.entry(*project).or_insert_with(|| (followed.scope.clone(), Vec::new()));
            let seen = followed.seats.iter().map(|seat| seat.seq).min().unwrap_or_default();
            known.1.push((*contact, seen));
        }
        for (project, (scope, contacts)) in projects {
            for part in contacts.chunks(PAGE_MAX as usize) {
                let streams: Vec<String> = part.iter().map(|(contact, _)| contact_stream(*contact)).collect();
                let read = self.0.store.read(&scope, move |tx| tx.stream_positions(&streams)).await;
                let positions: HashMap<String, i64> = match read {
                    Ok(positions) => positions.into_iter().collect(),
                    Err(error) => {
                        tracing::warn!(error = format!("{error:?}"), "the poll for news of contacts failed");
                        continue;
                    }
                };
                for (contact, seen) in part {
                    if positions.get(&contact_stream(*contact)).is_some_and(|seq| seq > seen) {
                        self.mark_key((project, *contact));
                    }
                }
            }
        }
    }

    /// The one clock for all sockets: first updates, pings, and the end of dead connections.
    async fn tick(self) {
        let timing = &self.0.timing;
        let rounds = (timing.ping_every.as_millis() / timing.tick.as_millis().max(1)).max(1) as u64;
        let mut ticker = tokio::time::interval(timing.tick);
        ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        for round in 0_u64.. {
            ticker.tick().await;
            self.welcome();
            self.ping(round % rounds, rounds);
        }
    }

    fn welcome(&self) {
        let mut state = self.state();
        while let Some((since, key, number)) = state.newcomers.front().copied() {
            if since.elapsed() < self.0.timing.ready_after {
                return;
            }
            state.newcomers.pop_front();
            let Some(followed) = state.followed.get_mut(&key) else { continue };
            let seat = followed.seats.iter_mut().find(|seat| seat.number == number);
            if let Some(seat) = seat.filter(|seat| seat.stage == Stage::Waits) {
                seat.stage = Stage::Ready;
                self.mark(key, followed);
            }
        }
    }

    /// Pings the sockets whose turn it is, so that each is pinged once in `rounds`.
    fn ping(&self, turn: u64, rounds: u64) {
        let silent_since = self.now_ms().saturating_sub(self.0.timing.silence_max.as_millis() as u64);
        let mut dead = Vec::new();
        for followed in self.state().followed.values_mut() {
            for seat in followed.seats.iter_mut().filter(|seat| seat.number % rounds == turn) {
                let silent = seat.pulse.heard_ms.load(Ordering::Relaxed) < silent_since;
                if silent || !seat.send(Parcel::Ping) {
                    dead.extend(seat.line.take().map(|line| line.task));
                }
            }
        }
        dead.iter().for_each(AbortHandle::abort);
    }

    /// Reads what is new for a contact and puts it into the queues of its sockets.
    async fn look(&self, key: Key) {
        let Some((scope, after)) = self.begin_look(key) else { return };
        match self.read(&scope, key.1, after).await {
            Ok(news) => self.end_look(key, &news).iter().for_each(AbortHandle::abort),
            Err(error) => {
                tracing::warn!(error = format!("{error:?}"), "news of a contact could not be read");
                self.look_later(key);
            }
        }
    }

    async fn read(&self, scope: &Scope, contact: Id, after: i64) -> Result<News> {
        let store = &self.0.store;
        let (news, mut updates) = store.peek(scope, move |tx| news(tx, contact, after)).await?;
        let senders = updates::senders(updates.iter().filter_map(|(_, update)| update.as_ref()));
        let people = people::read(store, scope, &senders).await?;
        for update in updates.iter_mut().filter_map(|(_, update)| update.as_mut()) {
            updates::name_senders(update, &people, &self.0.picture);
        }
        let (project, media_url) = (scope.project(), &self.0.media_url);
        let told =
            |text: String| files::told_anew(&text, project.as_slice(), || media_url.clone()).unwrap_or(text);
        Ok(news.with(updates, told))
    }

    /// Notes what was sent, so that the next page of the same visitor is not sent it again.
    async fn note_shown(self) {
        loop {
            tokio::time::sleep(self.0.timing.tick).await;
            let shown = std::mem::take(&mut *self.shown());
            let mut projects: HashMap<Id, Vec<(Id, i64)>> = HashMap::new();
            for ((project, contact), seq) in shown {
                projects.entry(project).or_default().push((contact, seq));
            }
            for (project, contacts) in projects {
                if let Err(error) = self.note(project, contacts).await {
                    tracing::warn!(
                        error = format!("{error:?}"),
                        "what was shown to contacts could not be noted"
                    );
                }
            }
        }
    }

    async fn note(&self, project: Id, contacts: Vec<(Id, i64)>) -> Result<()> {
        let scope = self.0.store.operator_of(project).await?;
        for part in contacts.chunks(CONTACTS_PER_WRITE) {
            let part = part.to_vec();
            let note = move |tx: &mut Tx<'_>| {
                part.iter().try_for_each(|(contact, seq)| updates::delivered(tx, *contact, *seq))
            };
            self.0.store.write(&scope, note).await?;
        }
        Ok(())
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<Key, i64>> {
        self.0.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From where to read, or `None` when no socket takes news.
    fn begin_look(&self, key: Key) -> Option<(Scope, i64)> {
        let mut state = self.state();
        let followed = state.followed.get_mut(&key)?;
        let after = followed.seats.iter().filter(|seat| seat.takes_news()).map(|seat| seat.seq).min();
        followed.look = if after.is_some() { Look::Looking } else { Look::Idle };
        after.map(|after| (followed.scope.clone(), after))
    }

    /// Delivers, and returns the tasks of sockets that are to be cut.
    fn end_look(&self, key: Key, news: &News) -> Vec<AbortHandle> {
        let mut state = self.state();
        let Some(followed) = state.followed.get_mut(&key) else { return Vec::new() };
        let mut dead = Vec::new();
        // A socket that got ready during the look, and is further behind, has its turn with the next one.
        let served = |seat: &&mut Seat| seat.seq >= news.after && seat.takes_news();
        for seat in followed.seats.iter_mut().filter(served) {
            let is_its_contact = news.gleap_id.as_ref() == Some(&seat.gleap_id);
            if !is_its_contact || !seat.deliver(news) {
                dead.extend(seat.line.take().map(|line| line.task));
            }
        }
        let again = followed.look == Look::DueAgain || news.more;
        followed.look = Look::Idle;
        if again {
            self.mark(key, followed);
        }
        dead
    }

    /// After a failed look: first updates are tried again like those of new sockets, events by the poll.
    fn look_later(&self, key: Key) {
        let mut state = self.state();
        let Some(followed) = state.followed.get_mut(&key) else { return };
        followed.look = Look::Idle;
        let ready = followed.seats.iter_mut().filter(|seat| seat.stage == Stage::Ready);
        let numbers: Vec<u64> = ready
            .map(|seat| {
                seat.stage = Stage::Waits;
                seat.number
            })
            .collect();
        state.newcomers.extend(numbers.into_iter().map(|number| (Instant::now(), key, number)));
    }

    /// Opens the way to a socket that has a place.
    pub(super) fn open(&self, (key, number): (Key, u64), queue: mpsc::Sender<Parcel>, task: AbortHandle) {
        let mut state = self.state();
        if state.closed {
            task.abort();
            return;
        }
        let Some(followed) = state.followed.get_mut(&key) else { return };
        if let Some(seat) = followed.seats.iter_mut().find(|seat| seat.number == number) {
            seat.line = Some(Line { queue, task });
            self.mark(key, followed);
        }
    }

    fn leave(&self, key: Key, network: IpNet, number: u64) {
        let mut state = self.state();
        state.crowd.leave(key.0, network);
        metrics::gauge!("hark_sdk_sockets").set(state.crowd.len() as f64);
        let Some(followed) = state.followed.get_mut(&key) else { return };
        followed.seats.retain(|seat| seat.number != number);
        if followed.seats.is_empty() {
            state.followed.remove(&key);
        }
    }
}

impl Place {
    pub(super) fn hub(&self) -> Hub {
        self.hub.clone()
    }

    pub(super) fn seat(&self) -> (Key, u64) {
        (self.key, self.number)
    }

    /// Something came from the socket.
    pub(super) fn heard(&self) {
        self.pulse.heard_ms.store(self.hub.now_ms(), Ordering::Relaxed);
    }

    /// Something to show was sent.
    pub(super) fn shown(&self, seq: i64) {
        let mut shown = self.hub.shown();
        let known = shown.entry(self.key).or_insert(seq);
        *known = (*known).max(seq);
    }

    /// The queue is empty.
    pub(super) fn caught_up(&self) {
        if self.pulse.behind.swap(false, Ordering::SeqCst) {
            self.hub.mark_key(self.key);
        }
    }

    /// A queue of the size that a reader may be behind.
    pub(super) fn queue() -> (mpsc::Sender<Parcel>, mpsc::Receiver<Parcel>) {
        mpsc::channel(QUEUE_MAX)
    }

    /// The longest that one frame may take to be written.
    pub(super) fn send_max(&self) -> Duration {
        self.hub.0.timing.send_max
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hub.leave(self.key, self.network, self.number);
    }
}
