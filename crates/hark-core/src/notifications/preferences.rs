//! Of which news a user wants to hear, and on which way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why somebody is told of something. Each is a preference of its own; of those that hold at once the
/// first one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A message names the user.
    PersonalMention,
    /// A ticket was assigned to the user.
    PersonalAssignment,
    /// A message in one of the user's tickets.
    PersonalTicketMessages,
    /// A ticket was assigned to one of the user's teams.
    TeamTicketAssignment,
    /// A message in a ticket of one of the user's teams.
    TeamTicketMessages,
    /// A ticket waited too long.
    AllSlaBreached,
    /// A new ticket.
    AllCreatedTickets,
    /// A message in any ticket.
    AllTicketMessages,
}

/// Which news reach a user on which way. What a user never decided is as usual: what is meant for the user or
/// a team is shown, and what is meant for the user alone is mailed as well.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct NotificationPreferences {
    /// Messages of any ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_ticket_messages: Option<NotificationPreference>,
    /// Tickets that waited too long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_sla_breached: Option<NotificationPreference>,
    /// Messages of the user's tickets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_ticket_messages: Option<NotificationPreference>,
    /// New tickets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all_created_tickets: Option<NotificationPreference>,
    /// Tickets assigned to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_assignment: Option<NotificationPreference>,
    /// Messages that name the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_mention: Option<NotificationPreference>,
    /// Messages of tickets of the user's teams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_ticket_messages: Option<NotificationPreference>,
    /// Tickets assigned to the user's teams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_ticket_assignment: Option<NotificationPreference>,
}

/// On which way news come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NotificationPreference {
    /// To the phone; kept for other clients, nothing is sent on this way yet.
    pub push: bool,
    /// In the dashboard.
    pub in_app: bool,
    /// By mail.
    pub email: bool,
}

/// Which news are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NotificationSettings {
    /// Nothing about tickets that the user created.
    pub prevent_notifications_where_i_creator: bool,
    /// Mail at once, without waiting whether the user reads the news in the dashboard.
    pub directly_send_notifications: bool,
    /// Mail only while the user is away.
    pub send_email_only_when_offline: bool,
}

impl Reason {
    /// The preference of somebody who decided nothing.
    fn usual(self) -> NotificationPreference {
        let email = matches!(self, Reason::PersonalMention | Reason::PersonalAssignment);
        let in_app = self <= Reason::TeamTicketMessages || self == Reason::AllSlaBreached;
        NotificationPreference { push: false, in_app, email }
    }
}

impl NotificationPreferences {
    /// The preferences with what is usual in place of what was never decided.
    #[must_use]
    pub fn whole(mut self) -> NotificationPreferences {
        for reason in REASONS {
            self.place(reason).get_or_insert(reason.usual());
        }
        self
    }

    /// What the user wants for a reason.
    pub(super) fn of(&self, reason: Reason) -> NotificationPreference {
        self.clone().place(reason).unwrap_or(reason.usual())
    }

    fn place(&mut self, reason: Reason) -> &mut Option<NotificationPreference> {
        match reason {
            Reason::PersonalMention => &mut self.personal_mention,
            Reason::PersonalAssignment => &mut self.personal_assignment,
            Reason::PersonalTicketMessages => &mut self.personal_ticket_messages,
            Reason::TeamTicketAssignment => &mut self.team_ticket_assignment,
            Reason::TeamTicketMessages => &mut self.team_ticket_messages,
            Reason::AllSlaBreached => &mut self.all_sla_breached,
            Reason::AllCreatedTickets => &mut self.all_created_tickets,
            Reason::AllTicketMessages => &mut self.all_ticket_messages,
        }
    }
}

/// Every reason.
pub(super) const REASONS: [Reason; 8] = [
    Reason::PersonalMention,
    Reason::PersonalAssignment,
    Reason::PersonalTicketMessages,
    Reason::TeamTicketAssignment,
    Reason::TeamTicketMessages,
    Reason::AllSlaBreached,
    Reason::AllCreatedTickets,
    Reason::AllTicketMessages,
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_never_decided_is_as_usual_and_the_rest_is_kept() {
        let none = NotificationPreference::default();
        let decided = NotificationPreferences { personal_mention: Some(none), ..Default::default() };
        assert_eq!(decided.of(Reason::PersonalMention), none);
        assert!(
            decided.of(Reason::PersonalAssignment).in_app && decided.of(Reason::PersonalAssignment).email
        );
        assert!(
            !decided.of(Reason::AllTicketMessages).in_app && decided.of(Reason::TeamTicketMessages).in_app
        );
        let whole = json!(decided.whole());
        assert_eq!(whole.as_object().map(|all| all.len()), Some(REASONS.len()));
        assert_eq!(whole["personal-mention"]["inApp"], json!(false));
        for reason in REASONS {
            assert!(whole.get(json!(reason).as_str().unwrap_or_default()).is_some(), "{reason:?}");
        }
    }
}
