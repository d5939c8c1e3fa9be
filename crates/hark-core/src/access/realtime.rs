//! Tickets for the agents' socket: signatures by which it knows who may follow which channel,
//! as the Pusher protocol has them.
//!
//! A ticket says with whose token it was asked for, so that the socket can end with the token's
//! rights; clients of the protocol hand `channel_data` on as it is.

use hark_store::credentials::Pass;
use hark_store::{Error, Id, Permission, Position, ReadTx, Result, Tx};
use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::instance_secret;
use crate::presence::{Member, project_place, ticket_place};
use crate::tickets::TICKET;

/// Characters of a channel's name at most, as the protocol has it.
const CHANNEL_MAX: usize = 164;
/// Digits on either side of the dot in a socket's id.
const SOCKET_DIGITS_MAX: usize = 20;

/// Which socket asks.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct SocketInput {
    /// The id that the socket was given when it connected.
    pub socket_id: String,
}

/// Which socket asks for which channel.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ChannelInput {
    /// The id that the socket was given when it connected.
    pub socket_id: String,
    /// The channel.
    pub channel_name: String,
    /// Where the client stopped following the channel, when it goes on there.
    pub resume: Option<Resume>,
}

/// A place in a numbered stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// Tells the stream from a lost one of the same name.
    pub epoch: String,
    /// The number of the last event that the client got.
    pub seq: i64,
}

impl From<Resume> for Position {
    fn from(resume: Resume) -> Position {
        Position { epoch: resume.epoch, seq: resume.seq }
    }
}

/// A signature for a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ticket {
    /// The application's key and the signature, with a colon between them.
    pub auth: String,
    /// Who signed in, as the JSON text that was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    /// Who follows, as the JSON text that was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_data: Option<String>,
}

/// What a channel is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A project's news.
    Project(Id),
    /// Who is in a project at the moment.
    Presence(Id),
    /// One user's news in a project.
    User(Id),
    /// Who looks at a ticket, and who types.
    Ticket(Id),
}

/// Who follows a channel, as a ticket says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follower {
    /// The user.
    #[serde(alias = "id")]
    pub user_id: Id,
    /// What others may know of the user.
    pub user_info: UserInfo,
    /// The token with which the ticket was asked for.
    pub token: Id,
    /// Where the client goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// What others may know of a user who is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// First and last name.
    pub name: String,
}

/// Goes on if whoever acts may follow a channel of this project.
///
/// # Errors
/// [`Error::Forbidden`] when not.
pub fn may_follow(tx: &ReadTx<'_>, channel: Channel) -> Result<()> {
    let scope = tx.scope();
    let fits = match channel {
        Channel::Project(id) | Channel::Presence(id) => scope.project() == Some(id),
        Channel::User(id) => scope.user() == Some(id),
        Channel::Ticket(id) => tx.find(&TICKET, id)?.is_some(),
    };
    if !fits {
        return Err(Error::Forbidden("you may not follow this channel".to_owned()));
    }
    scope.need(channel.needs())
}

impl Follower {
    /// Who is present where this follower is.
    pub fn member(&self) -> Member {
        Member { who: self.user_id.to_string(), info: json!(self.user_info) }
    }

    /// What has to hold on a project for as long as the socket follows.
    pub fn pass(&self, project: Id) -> Pass {
        Pass { user: self.user_id, token: self.token, project }
    }
}

/// The application's key and secret, made when they are asked for the first time.
#[derive(Clone)]
pub struct RealtimeKeys {
    /// The key, which is public.
    pub key: String,
    secret: String,
}

impl Channel {
    /// Reads a channel's name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a channel that nobody may follow.
    pub fn parse(name: &str) -> Result<Channel> {
        let channel = (name.len() <= CHANNEL_MAX).then(|| Channel::named(name)).flatten();
        channel.ok_or_else(|| Error::Forbidden("you may not follow this channel".to_owned()))
    }

    fn named(name: &str) -> Option<Channel> {
        let id = |prefix: &str| {
            name.strip_prefix(prefix).filter(|id| !id.contains(char::is_uppercase)).and_then(Id::parse)
        };
        id("private-project-")
            .map(Channel::Project)
            .or_else(|| id("presence-project-").map(Channel::Presence))
            .or_else(|| id("private-user-").map(Channel::User))
            .or_else(|| id("presence-ticket-").map(Channel::Ticket))
    }

    /// The place whose followers know of each other, if it has one.
    pub fn place(self) -> Option<String> {
        match self {
            Channel::Presence(_) => Some(project_place()),
            Channel::Ticket(ticket) => Some(ticket_place(ticket)),
            Channel::Project(_) | Channel::User(_) => None,
        }
    }

    /// What somebody needs in the project to follow it.
    pub fn needs(self) -> Permission {
        match self {
            Channel::Project(_) | Channel::User(_) | Channel::Ticket(_) => Permission::TicketsRead,
            Channel::Presence(_) => Permission::TeamRead,
        }
    }
}

impl RealtimeKeys {
    /// The keys of this instance.
    pub fn of(tx: &mut Tx<'_>) -> Result<RealtimeKeys> {
        let key = instance_secret(tx, "realtime_key")?[..20].to_owned();
        Ok(RealtimeKeys { key, secret: instance_secret(tx, "realtime_secret")? })
    }

    /// Signs a user in on a socket.
    pub fn user(&self, socket: &str, who: &Follower) -> Result<Ticket> {
        let user_data =
            json!({"id": who.user_id, "user_info": who.user_info, "token": who.token}).to_string();
        let auth = self.sign(socket, &signed_user(socket, &user_data))?;
        Ok(Ticket { auth, user_data: Some(user_data), channel_data: None })
    }

    /// Lets a socket follow a channel; who may is for the caller to decide.
    pub fn channel(&self, socket: &str, name: &str, who: &Follower) -> Result<Ticket> {
        let channel_data = serde_json::to_string(who)?;
        let auth = self.sign(socket, &signed_channel(socket, name, &channel_data))?;
        Ok(Ticket { auth, user_data: None, channel_data: Some(channel_data) })
    }

    /// Who signed in with this ticket on this socket; `None` when it is not ours.
    pub fn check_user(&self, socket: &str, auth: &str, user_data: &str) -> Option<Follower> {
        self.check(socket, auth, &signed_user(socket, user_data), user_data)
    }

    /// Who may follow a channel by this ticket on this socket; `None` when it is not ours.
    pub fn check_channel(&self, socket: &str, name: &str, auth: &str, data: &str) -> Option<Follower> {
        self.check(socket, auth, &signed_channel(socket, name, data), data)
    }

    fn check(&self, socket: &str, auth: &str, signed: &str, data: &str) -> Option<Follower> {
        let ours = self.sign(socket, signed).ok()?;
        let same: bool = ours.as_bytes().ct_eq(auth.as_bytes()).into();
        same.then(|| serde_json::from_str(data).ok()).flatten()
    }

    fn sign(&self, socket: &str, text: &str) -> Result<String> {
        let digits = |part: &str| {
            (1..=SOCKET_DIGITS_MAX).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        // Anything else could be a text that means something different when it is signed.
        if !socket.split_once('.').is_some_and(|(left, right)| digits(left) && digits(right)) {
            return Err(Error::invalid("`socket_id` is not one: it has two numbers with a dot between them"));
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).map_err(Error::internal)?;
        mac.update(text.as_bytes());
        Ok(format!("{}:{}", self.key, hex::encode(mac.finalize().into_bytes())))
    }
}

fn signed_user(socket: &str, user_data: &str) -> String {
    format!("{socket}::user::{user_data}")
}

fn signed_channel(socket: &str, name: &str, channel_data: &str) -> String {
    format!("{socket}:{name}:{channel_data}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> RealtimeKeys {
        RealtimeKeys { key: "278d425bdf160c739803".into(), secret: "7ad3773142a6692b25b8".into() }
    }

    /// The examples of the protocol's documentation.
    #[test]
    fn signatures_are_those_of_the_protocol() {
        let keys = keys();
        let signature = |text: &str| keys.sign("1234.1234", text).expect("a socket");
        assert_eq!(
            signature("1234.1234:private-foobar"),
            "278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"
        );
        assert_eq!(
            signature("1234.1234:presence-foobar:{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Pusher\"}}"),
            "278d425bdf160c739803:afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c"
        );
        assert_eq!(
            signature("1234.1234::user::{\"id\":\"12345\"}"),
            "278d425bdf160c739803:4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba"
        );
    }

    #[test]
    fn a_ticket_is_good_for_its_socket_its_channel_and_its_text_alone() {
        let id = |n: u8| Id::parse(&format!("{n:024x}")).expect("an id");
        let resume = Some(Resume { epoch: "e".into(), seq: 7 });
        let who =
            Follower { user_id: id(1), user_info: UserInfo { name: "Ada".into() }, token: id(2), resume };
        let keys = keys();
        let ticket = keys.channel("1.2", "presence-x", &who).expect("a ticket");
        let data = ticket.channel_data.expect("data");
        assert_eq!(keys.check_channel("1.2", "presence-x", &ticket.auth, &data), Some(who.clone()));
        assert_eq!(keys.check_channel("1.3", "presence-x", &ticket.auth, &data), None);
        assert_eq!(keys.check_channel("1.2", "presence-y", &ticket.auth, &data), None);
        assert_eq!(keys.check_channel("1.2", "presence-x", &ticket.auth, &data.replace("Ada", "Eve")), None);
        assert_eq!(keys.check_user("1.2", &ticket.auth, &data), None);

        let ticket = keys.user("1.2", &who).expect("a ticket");
        let data = ticket.user_data.expect("data");
        let signed_in = keys.check_user("1.2", &ticket.auth, &data).expect("who signed in");
        assert_eq!((signed_in.user_id, signed_in.token), (who.user_id, who.token));
        assert_eq!(keys.check_channel("1.2", "presence-x", &ticket.auth, &data), None);
    }

    #[test]
    fn only_known_channels_have_a_meaning() {
        let id = "0123456789abcdef01234567";
        assert!(matches!(Channel::parse(&format!("private-project-{id}")), Ok(Channel::Project(_))));
        assert!(matches!(Channel::parse(&format!("presence-project-{id}")), Ok(Channel::Presence(_))));
        assert!(matches!(Channel::parse(&format!("private-user-{id}")), Ok(Channel::User(_))));
        assert!(matches!(Channel::parse(&format!("presence-ticket-{id}")), Ok(Channel::Ticket(_))));
        for name in [
            "",
            "project",
            "private-project-",
            "private-project-0123456789ABCDEF01234567",
            &format!("private-team-{id}"),
            &format!("private-project-{id}:x"),
        ] {
            assert!(matches!(Channel::parse(name), Err(Error::Forbidden(_))), "{name}");
        }
    }
}
