//! The mails of this area. A letter travels as a job that names only ids; its secrets are made
//! when it is written, so that nothing but their hashes is ever stored.
//!
//! Whoever types an address or a name into a form must not be able to send words of their own
//! to strangers: letters contain nothing that somebody typed but the confirmed address of an inviter.

use hark_store::access::USER;
use hark_store::{Id, NewJob, Result, Tx};
use serde::{Deserialize, Serialize};

use super::codes::{self, Purpose};
use super::instance_secret;
use super::invitations::{self, INVITATION};
use super::users::is_person;

/// The kind of job that sends a [`Letter`].
pub const MAIL_JOB: &str = "mail.send";
/// Attempts of a letter: with the back-off about half an hour, after which nobody waits for it.
const ATTEMPTS_MAX: u32 = 8;

/// What to write to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "camelCase")]
pub enum Letter {
    /// The code with which a new user confirms the address.
    ConfirmAddress {
        /// The new user.
        user: Id,
    },
    /// Somebody signed up with an address that has an account already.
    KnownAddress {
        /// Whose address it is.
        user: Id,
    },
    /// The code with which a user sets a new password.
    ResetPassword {
        /// The user.
        user: Id,
    },
    /// An invitation to a project or an organisation.
    Invitation {
        /// The invitation.
        invitation: Id,
    },
}

/// A letter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The address.
    pub to: String,
    /// The subject.
    pub subject: &'static str,
    /// The text.
    pub text: String,
}

impl Letter {
    /// Sends the letter when this transaction commits. One that waits already is not sent twice.
    pub(crate) fn post(self, tx: &mut Tx<'_>) -> Result<()> {
        let payload = serde_json::to_value(&self)?;
        let key = format!("mail:{payload}");
        tx.enqueue(NewJob::new(MAIL_JOB, payload).unique(key).attempts(ATTEMPTS_MAX))?;
        Ok(())
    }

    /// Writes the letter with a fresh code or link, in the operator's scope; `None` when there
    /// is no more reason for it.
    pub fn write(&self, tx: &mut Tx<'_>, public_url: &str) -> Result<Option<Written>> {
        match self {
            Letter::ConfirmAddress { user } => code(tx, *user, Purpose::Confirm, public_url),
            Letter::ResetPassword { user } => code(tx, *user, Purpose::Reset, public_url),
            Letter::KnownAddress { user } => known(tx, *user, public_url),
            Letter::Invitation { invitation } => invite(tx, *invitation, public_url),
        }
    }
}

/// The link of an invitation's mail.
pub fn invitation_link(public_url: &str, token: &str) -> String {
    format!("{public_url}/invitations/{token}")
}

fn code(tx: &mut Tx<'_>, user: Id, purpose: Purpose, public_url: &str) -> Result<Option<Written>> {
    let Some(mut user) = tx.find_locked(&USER, user)? else {
        return Ok(None);
    };
    let moot = purpose == Purpose::Confirm && user.is_true("confirmed");
    if moot || !is_person(&user) {
        return Ok(None);
    }
    let key = instance_secret(tx, codes::KEY)?;
    let code = codes::issue(&mut user, purpose, &key, tx.now())?;
    let to = user.text("email").unwrap_or_default().to_owned();
    tx.save(&USER, user)?;
    let (subject, reason) = match purpose {
        Purpose::Confirm => ("Confirm your address", "confirm your address"),
        Purpose::Reset => ("Set a new password", "set a new password"),
    };
    let text = format!(
        "{code} is the code to {reason} at {public_url}\n\nIt is good for {} minutes. If you did not ask for it, \
         somebody typed your address by mistake: you need not do anything.\n",
        purpose.minutes()
    );
    Ok(Some(Written { to, subject, text }))
}

fn known(tx: &mut Tx<'_>, user: Id, public_url: &str) -> Result<Option<Written>> {
    let Some(user) = tx.find(&USER, user)? else {
        return Ok(None);
    };
    let text = format!(
        "Somebody signed up with your address at {public_url}\n\nYou have an account there already. Sign in with \
         it, or set a new password if you have forgotten yours. If it was not you, you need not do anything.\n"
    );
    let to = user.text("email").unwrap_or_default().to_owned();
    Ok(Some(Written { to, subject: "You have an account already", text }))
}

fn invite(tx: &mut Tx<'_>, invitation: Id, public_url: &str) -> Result<Option<Written>> {
    let Some(invitation) = tx.find_locked(&INVITATION, invitation)? else {
        return Ok(None);
    };
    let (invitation, token) = invitations::with_secret(tx, invitation)?;
    let inviter = invitation.reference("invitedBy").map(|user| tx.find(&USER, user)).transpose()?.flatten();
    let inviter = inviter.as_ref().filter(|user| user.text("type") != Some("service_account"));
    let inviter = inviter.and_then(|user| user.text("email")).unwrap_or("Somebody");
    let text = format!(
        "{inviter} invites you to work together at {public_url}\n\nAccept or decline here: {}\n\nThe invitation is \
         good for 7 days. If you do not know what it is about, you need not do anything.\n",
        invitation_link(public_url, &token)
    );
    let to = invitation.text("email").unwrap_or_default().to_owned();
    Ok(Some(Written { to, subject: "An invitation", text }))
}
