//! One agent's socket: what its client asks for, and what it is told.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use hark_core::access::realtime::{self, Channel, Follower, Resume};
use hark_core::presence::{self, Member, TYPING};
use hark_core::updates::{self, Start, user_stream};
use hark_store::credentials::Pass;
use hark_store::{Error, PROJECT_STREAM, Permission, Position, Scope};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::desk::{Desk, Seat};
use super::frame::{self, FromClient, Subscribe};
use super::log::{Batch, Entry, Log, PAGE, page};
use super::mailbox::Farewell;
use super::room::Room;
use super::rooms::Departure;

/// Channels of one socket.
const CHANNELS_MAX: usize = 100;
/// Frames that a client may send in a second.
const FRAMES_PER_SECOND_MAX: u32 = 50;
/// Client events that it may send in a second.
const EVENTS_PER_SECOND_MAX: u32 = 10;
/// Events that a client may be behind and still get one by one.
const BEHIND_MAX: i64 = 10_000;
/// After so many seconds without a frame the client asks whether we are still there.
const ACTIVITY_TIMEOUT_S: u64 = 120;
/// The farewell of a socket that nobody wants.
const REFUSAL_MAX: Duration = Duration::from_secs(5);
/// How long a client has to take leave.
const LINGER_MAX: Duration = Duration::from_secs(2);

/// How a conversation ends.
enum End {
    /// With words.
    Said(Farewell),
    /// The client is gone, or its line is dead.
    Gone,
}

/// A socket and what is known about it.
struct Conversation {
    seat: Seat,
    socket: WebSocket,
    id: String,
    who: Option<Who>,
    channels: Vec<Followed>,
    heard: Instant,
    /// Frames that came.
    frames: PerSecond,
    /// Events among them.
    events: PerSecond,
    /// What others may know of its user.
    user_info: Option<Json>,
}

/// Counts what comes in a second.
struct PerSecond {
    since: Instant,
    count: u32,
}

impl PerSecond {
    fn new() -> PerSecond {
        PerSecond { since: Instant::now(), count: 0 }
    }

    /// Counts one more, and tells whether that is within the limit.
    fn allow(&mut self, max: u32) -> bool {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = PerSecond::new();
        }
        self.count += 1;
        self.count <= max
    }
}

/// Whose socket it is.
struct Who {
    pass: Pass,
    scope: Scope,
}

/// A channel that the client follows.
struct Followed {
    name: String,
    channel: Channel,
    reading: Option<Reading>,
    presence: Option<Presence>,
}

/// A place in a stream; dropping it ends the following.
struct Reading {
    log: Arc<Log>,
    number: u64,
    seen: Position,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.log.unfollow(self.number);
    }
}

/// A presence; dropping it ends it.
struct Presence {
    desk: Desk,
    room: Arc<Room>,
    number: u64,
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.room.unfollow(self.number);
        let (project, place) = (self.room.project, self.room.place.clone());
        self.desk.left(Departure { project, place, seat: self.desk.seat_of(self.number) });
    }
}

/// Why a channel cannot be followed: a status and a sentence.
type Refusal = (u16, String);

/// Tells a client why it gets no connection.
pub(super) async fn refuse(mut socket: WebSocket, farewell: Farewell) {
    let _ = timeout(REFUSAL_MAX, part(&mut socket, farewell)).await;
}

/// Serves the socket until it ends.
pub(super) async fn serve(seat: Seat, frames: mpsc::Receiver<Option<Utf8Bytes>>, socket: WebSocket) {
    let id = format!("{}.{}", rand::random::<u32>(), rand::random::<u64>());
    let mut conversation = Conversation {
        seat,
        socket,
        id,
        who: None,
        channels: Vec::new(),
        heard: Instant::now(),
        frames: PerSecond::new(),
        events: PerSecond::new(),
        user_info: None,
    };
    let Err(end) = conversation.run(frames).await;
    if let End::Said(farewell) = end {
        let patience = conversation.seat.desk.timing().send_max;
        let _ = timeout(patience, part(&mut conversation.socket, farewell)).await;
    }
}

/// Says goodbye and listens a moment longer: a connection that is closed with something unread in it
/// breaks, and takes the farewell with it.
async fn part(socket: &mut WebSocket, farewell: Farewell) {
    let Farewell { code, message } = farewell;
    if socket.send(Message::Text(frame::error(Some(code), message))).await.is_err() {
        return;
    }
    let close = CloseFrame { code, reason: Utf8Bytes::from_static(message) };
    if socket.send(Message::Close(Some(close))).await.is_ok() {
        let _ = timeout(LINGER_MAX, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
    }
}

impl Conversation {
    async fn run(
        &mut self,
        mut frames: mpsc::Receiver<Option<Utf8Bytes>>,
    ) -> Result<std::convert::Infallible, End> {
        let timing = self.seat.desk.timing().clone();
        let authorise_by = Instant::now() + timing.authorise_max;
        let mut next_ping = Instant::now() + timing.ping_every;
        self.send(frame::established(&self.id, ACTIVITY_TIMEOUT_S)).await?;
        loop {
            let next_tick = if self.who.is_none() { next_ping.min(authorise_by) } else { next_ping };
            tokio::select! {
                received = self.socket.recv() => self.received(received).await?,
                mail = frames.recv() => {
                    if let Some(frame) = mail.flatten() {
                        self.send(frame).await?;
                    }
                    self.attend().await?;
                }
                () = sleep_until(next_tick) => {
                    if self.who.is_none() && authorise_by <= Instant::now() {
                        return Err(End::Said(Farewell::NEVER_AUTHORISED));
                    }
                    if self.heard.elapsed() > timing.silence_max {
                        return Err(End::Said(Farewell::SILENT));
                    }
                    self.put(Message::Ping(bytes::Bytes::new())).await?;
                    next_ping = Instant::now() + timing.ping_every;
                }
            }
        }
    }

    async fn put(&mut self, message: Message) -> Result<(), End> {
        let sent = timeout(self.seat.desk.timing().send_max, self.socket.send(message)).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(End::Gone) }
    }

    async fn send(&mut self, frame: Utf8Bytes) -> Result<(), End> {
        self.put(Message::Text(frame)).await
    }

    async fn received(&mut self, received: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        let Some(Ok(message)) = received else { return Err(End::Gone) };
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => {
                let patience = self.seat.desk.timing().send_max;
                let _ = timeout(patience, self.socket.flush()).await;
                return Err(End::Gone);
            }
            _ => return Ok(()),
        };
        if !self.frames.allow(FRAMES_PER_SECOND_MAX) {
            return Err(End::Said(Farewell::TOO_FAST));
        }
        match frame::read(&text) {
            Ok(asked) => self.asked(asked).await,
            Err(sentence) => self.send(frame::error(None, &sentence)).await,
        }
    }

    async fn asked(&mut self, asked: FromClient) -> Result<(), End> {
        match asked {
            FromClient::Ping => self.send(frame::pong()).await,
            FromClient::Pong => Ok(()),
            FromClient::SignIn { auth, user_data } => self.sign_in(&auth, &user_data).await,
            FromClient::Subscribe(wish) => {
                let name = wish.channel.clone();
                match self.subscribe(wish).await? {
                    Ok(()) => Ok(()),
                    Err((status, message)) => self.send(frame::not_subscribed(&name, status, &message)).await,
                }
            }
            FromClient::Unsubscribe { channel } => {
                self.channels.retain(|followed| followed.name != channel);
                Ok(())
            }
            FromClient::Event { channel, name, data } => match self.say(&channel, name, data).await? {
                Ok(()) => Ok(()),
                Err(sentence) => self.send(frame::error(Some(4301), sentence)).await,
            },
        }
    }

    async fn sign_in(&mut self, auth: &str, user_data: &str) -> Result<(), End> {
        let keys = self.seat.desk.keys().await.map_err(fault)?;
        let Some(follower) = keys.check_user(&self.id, auth, user_data) else {
            return self.send(frame::error(Some(4009), "the ticket is not one for this socket")).await;
        };
        match self.authorise(&follower).await? {
            Ok(_) => self.send(frame::signed_in(user_data)).await,
            Err((_, message)) => self.send(frame::error(Some(4009), &message)).await,
        }
    }

    async fn subscribe(&mut self, wish: Subscribe) -> Result<Result<(), Refusal>, End> {
        let Subscribe { channel: name, auth, channel_data, resume } = wish;
        if self.channels.iter().any(|followed| followed.name == name) {
            return Ok(Err((400, "this socket follows the channel already".to_owned())));
        }
        if self.channels.len() >= CHANNELS_MAX {
            return Ok(Err((
                429,
                format!("this socket follows {CHANNELS_MAX} channels, leave one of them first"),
            )));
        }
        if let Some(user) = self.who.as_ref().map(|who| who.pass.user)
            && name == format!("#server-to-user-{user}")
        {
            // Where clients look for news of who signed in; ours come on the user's private channel.
            let channel = Channel::User(user);
            self.channels.push(Followed { name: name.clone(), channel, reading: None, presence: None });
            self.send(frame::subscribed(&name, &json!({}))).await?;
            return Ok(Ok(()));
        }
        let keys = self.seat.desk.keys().await.map_err(fault)?;
        let Some(follower) = keys.check_channel(&self.id, &name, &auth, &channel_data) else {
            return Ok(Err((401, "the ticket is not one for this socket and channel".to_owned())));
        };
        let scope = match self.authorise(&follower).await? {
            Ok(scope) => scope,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let allowed = match Channel::parse(&name) {
            Ok(channel) => {
                let may =
                    move |tx: &hark_store::ReadTx<'_>| realtime::may_follow(tx, channel).map(|()| channel);
                self.seat.desk.store().peek(&scope, may).await
            }
            Err(error) => Err(error),
        };
        match allowed {
            Ok(channel) => match channel.place() {
                Some(place) => self.enter(name, channel, &place, follower).await.map(Ok),
                None => self.begin(name, channel, &scope, resume.or(follower.resume)).await.map(Ok),
            },
            Err(Error::Forbidden(message)) => Ok(Err((403, message))),
            Err(error) => Err(fault(error)),
        }
    }

    /// The scope of whoever a ticket names, to whom this socket belongs from now on.
    async fn authorise(&mut self, follower: &Follower) -> Result<Result<Scope, Refusal>, End> {
        let pass = follower.pass(self.seat.project);
        if self.who.as_ref().is_some_and(|who| who.pass != pass) {
            return Ok(Err((403, "this socket belongs to another token, open one of its own".to_owned())));
        }
        let scopes = self.seat.desk.store().reenter(vec![pass]).await.map_err(fault)?;
        let Some(scope) = scopes.into_iter().next().flatten() else {
            return Ok(Err((403, "the token has ended, or may not enter the project".to_owned())));
        };
        if self.who.is_none() {
            self.seat.belongs_to(pass, &scope).map_err(End::Said)?;
        }
        self.who = Some(Who { pass, scope: scope.clone() });
        Ok(Ok(scope))
    }

    /// Follows a channel from where the client was, or from now on.
    async fn begin(
        &mut self,
        name: String,
        channel: Channel,
        scope: &Scope,
        resume: Option<Resume>,
    ) -> Result<(), End> {
        let stream = match channel {
            Channel::User(user) => user_stream(user),
            _ => PROJECT_STREAM.to_owned(),
        };
        let (of, seen) = (stream.clone(), resume.map(Position::from));
        let find = move |tx: &hark_store::ReadTx<'_>| updates::start(tx, &of, seen.as_ref(), BEHIND_MAX);
        let start = self.seat.desk.store().peek(scope, find).await.map_err(fault)?;
        let (Start::After(seen) | Start::Lost(seen)) = &start;
        self.send(frame::subscribed(&name, &json!(seen))).await?;
        if matches!(start, Start::Lost(_)) {
            self.send(reset(&name, seen)).await?;
        }
        let log = self.seat.desk.follow(&self.seat, &stream, &name);
        let reading = Reading { log, number: self.seat.number, seen: seen.clone() };
        self.channels.push(Followed { name, channel, reading: Some(reading), presence: None });
        self.seat.mailbox.wake();
        Ok(())
    }

    /// Follows a presence channel: the client learns who is there, and the others that its user is.
    async fn enter(
        &mut self,
        name: String,
        channel: Channel,
        place: &str,
        follower: Follower,
    ) -> Result<(), End> {
        let desk = self.seat.desk.clone();
        let number = self.seat.number;
        let presence = Presence { room: desk.room(&self.seat, place, &name), number, desk };
        let member = follower.member();
        let seat = presence.desk.seat_of(number);
        let entered = presence.room.enter(presence.desk.store(), number, &seat, &member).await;
        self.send(frame::subscribed(&name, &entered.map_err(fault)?)).await?;
        self.user_info = Some(member.info);
        self.channels.push(Followed { name, channel, reading: None, presence: Some(presence) });
        Ok(())
    }

    /// Tells those who follow a presence channel what the user does, or why not.
    async fn say(
        &mut self,
        channel: &str,
        event: &'static str,
        data: Json,
    ) -> Result<Result<(), &'static str>, End> {
        let followed = self.channels.iter().find(|followed| followed.name == channel);
        let presence = followed.and_then(|followed| followed.presence.as_ref());
        let (Some(presence), Some(who)) = (presence, &self.who) else {
            return Ok(Err(
                "events can be sent on presence channels that this socket follows, and no others",
            ));
        };
        if event == TYPING && who.scope.need(Permission::TicketsWrite).is_err() {
            return Ok(Err("typing needs the permission tickets.write"));
        }
        if !self.events.allow(EVENTS_PER_SECOND_MAX) {
            return Ok(Err("this client sends too many events"));
        }
        let info = self.user_info.clone().unwrap_or_default();
        let member = Member { who: who.pass.user.to_string(), info };
        let (place, seat) = (presence.room.place.clone(), presence.desk.seat_of(self.seat.number));
        let say = move |tx: &mut hark_store::Tx<'_>| match event {
            TYPING => presence::type_at(tx, &place, &seat, &member, data.clone()),
            event => presence::say(tx, &place, &seat, event, &member, data.clone()),
        };
        presence.desk.store().write(&who.scope, say).await.map_err(fault).map(Ok)
    }

    /// Does what other tasks want: ends, goes on with other rights, sends what is new.
    async fn attend(&mut self) -> Result<(), End> {
        let woken = self.seat.mailbox.was_woken();
        let orders = self.seat.mailbox.take_orders();
        if let Some(farewell) = orders.end {
            return Err(End::Said(farewell));
        }
        if let Some(scope) = orders.rights {
            self.go_on_with(scope).await?;
        }
        if !woken {
            return Ok(());
        }
        let mut more = false;
        for at in 0..self.channels.len() {
            more |= self.catch_up(at).await?;
        }
        if more {
            // After a look at what the client says.
            self.seat.mailbox.wake();
        }
        Ok(())
    }

    /// Leaves the channels that the user may not follow any more.
    async fn go_on_with(&mut self, scope: Scope) -> Result<(), End> {
        let (kept, lost) = std::mem::take(&mut self.channels)
            .into_iter()
            .partition(|followed| scope.need(followed.channel.needs()).is_ok());
        self.channels = kept;
        if let Some(who) = &mut self.who {
            who.scope = scope;
        }
        let lost: Vec<Followed> = lost;
        for followed in lost {
            self.send(frame::not_subscribed(&followed.name, 403, "you may not follow this channel any more"))
                .await?;
        }
        Ok(())
    }

    /// Sends what is new on a channel, at most a page, and tells whether there may be more.
    async fn catch_up(&mut self, at: usize) -> Result<bool, End> {
        let Some(who) = &self.who else { return Ok(false) };
        let (scope, permissions) = (who.scope.clone(), *who.scope.permissions());
        let Some(Followed { reading: Some(reading), .. }) = self.channels.get(at) else { return Ok(false) };
        let (log, seen) = (reading.log.clone(), reading.seen.clone());
        let (epoch, entries) = match log.after(&seen) {
            Batch::Entries(epoch, entries) => (epoch, entries),
            Batch::Lost => return self.start_over(at, &scope).await,
            Batch::Older => {
                let stream = log.stream.clone();
                let read = self.seat.desk.store().read(&scope, move |tx| page(tx, &stream, &seen)).await;
                let Some((epoch, events)) = read.map_err(fault)? else {
                    return self.start_over(at, &scope).await;
                };
                let entries = events.iter().map(|event| Entry::of(event, &log.channel, &epoch)).collect();
                (epoch, entries)
            }
        };
        let full = entries.len() == PAGE as usize;
        for entry in entries {
            if entry.is_for(&permissions) {
                self.send(entry.frame).await?;
            }
            self.seen(at, Position { epoch: epoch.clone(), seq: entry.seq });
        }
        // What took long to send is no silence.
        self.heard = Instant::now();
        Ok(full)
    }

    /// Tells a client that it missed events, and goes on from now.
    async fn start_over(&mut self, at: usize, scope: &Scope) -> Result<bool, End> {
        let Some(Followed { name, reading: Some(reading), .. }) = self.channels.get(at) else {
            return Ok(false);
        };
        let (name, stream) = (name.clone(), reading.log.stream.clone());
        let now = self.seat.desk.store().peek(scope, move |tx| tx.stream_position(&stream)).await;
        let now = now.map_err(fault)?;
        self.send(reset(&name, &now)).await?;
        self.seen(at, now);
        Ok(true)
    }

    fn seen(&mut self, at: usize, position: Position) {
        if let Some(Followed { reading: Some(reading), .. }) = self.channels.get_mut(at) {
            reading.seen = position;
        }
    }
}

/// What a client is told that cannot be served from where it was: it has to read everything anew.
fn reset(channel: &str, now: &Position) -> Utf8Bytes {
    frame::event("hark:reset", channel, &json!(now))
}

/// The end of a conversation through a fault of ours.
fn fault(error: Error) -> End {
    tracing::warn!(error = format!("{error:?}"), "an agent's socket could not be served");
    End::Said(Farewell::FAULT)
}
