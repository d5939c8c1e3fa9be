//! Tickets for the agents' socket: signatures by which it knows who may follow which channel,
//! as the Pusher protocol has them.

use hark_store::{Error, Id, Result, Tx};
use hmac::{Hmac, KeyInit, Mac};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;

use super::instance_secret;

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
}

/// A signature for a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Ticket {
    /// The application's key and the signature, with a colon between them.
    pub auth: String,
    /// Who signed in, as the JSON text that was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_data: Option<String>,
    /// Who is present, as the JSON text that was signed.
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
    /// One user's news.
    User(Id),
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
    }
}

impl RealtimeKeys {
    /// The keys of this instance.
    pub fn of(tx: &mut Tx<'_>) -> Result<RealtimeKeys> {
        let key = instance_secret(tx, "realtime_key")?[..20].to_owned();
        Ok(RealtimeKeys { key, secret: instance_secret(tx, "realtime_secret")? })
    }

    /// Signs a user in on a socket.
    pub fn user(&self, socket: &str, user: Id, name: &str) -> Result<Ticket> {
        let user_data = json!({"id": user, "user_info": {"name": name}}).to_string();
        let auth = self.sign(socket, &format!("{socket}::user::{user_data}"))?;
        Ok(Ticket { auth, user_data: Some(user_data), channel_data: None })
    }

    /// Lets a socket follow a channel; who may is for the caller to decide.
    pub fn channel(
        &self,
        socket: &str,
        name: &str,
        channel: Channel,
        user: Id,
        user_name: &str,
    ) -> Result<Ticket> {
        let signed = format!("{socket}:{name}");
        if !matches!(channel, Channel::Presence(_)) {
            return Ok(Ticket { auth: self.sign(socket, &signed)?, user_data: None, channel_data: None });
        }
        let channel_data = json!({"user_id": user, "user_info": {"name": user_name}}).to_string();
        let auth = self.sign(socket, &format!("{signed}:{channel_data}"))?;
        Ok(Ticket { auth, user_data: None, channel_data: Some(channel_data) })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the protocol's documentation.
    #[test]
    fn signatures_are_those_of_the_protocol() {
        let keys = RealtimeKeys { key: "278d425bdf160c739803".into(), secret: "7ad3773142a6692b25b8".into() };
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
    fn only_known_channels_have_a_meaning() {
        let id = "0123456789abcdef01234567";
        assert!(matches!(Channel::parse(&format!("private-project-{id}")), Ok(Channel::Project(_))));
        assert!(matches!(Channel::parse(&format!("presence-project-{id}")), Ok(Channel::Presence(_))));
        assert!(matches!(Channel::parse(&format!("private-user-{id}")), Ok(Channel::User(_))));
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
