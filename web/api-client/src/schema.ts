// The types of our own API. Written by `npm run generate`, never by hand.
export interface paths {
    "/admin/auth": {
        /** Check the secret token */
        get: operations["AdminAuth"];
    };
    "/admin/contacts/{userId}": {
        /** Delete the contact of a user with all its data */
        delete: operations["AdminDeleteContact"];
    };
    "/admin/identify": {
        /** Create or change the contact of a user; properties that are not known are custom ones */
        post: operations["AdminIdentify"];
    };
    "/admin/track": {
        /** Record what users did */
        post: operations["AdminTrack"];
    };
    "/auth": {
        /** Sign in with HTTP Basic */
        post: operations["Auth"];
    };
    "/bugs/v2": {
        /** Report a bug, a crash or something else, with what was captured */
        post: operations["CreateBugReport"];
    };
    "/config/{sdkKey}": {
        /** What the project tells its SDKs */
        get: operations["SdkConfig"];
    };
    "/config/{sdkKey}/tooltips": {
        /** The tooltips of the contact */
        get: operations["SdkTooltips"];
    };
    "/conversations": {
        /** The contact's conversations, those with the latest news first */
        get: operations["GetConversations"];
        /** Begin a conversation with a first message */
        post: operations["OpenConversation"];
    };
    "/conversations/{shareToken}": {
        /** A conversation with its last messages, the oldest first */
        get: operations["GetConversation"];
    };
    "/conversations/{shareToken}/captures": {
        /** An id under which the SDK may send a film of the app into a conversation */
        post: operations["BeginCapture"];
    };
    "/conversations/{shareToken}/messages": {
        /** Write in a conversation */
        post: operations["SendMessage"];
    };
    "/conversations/{shareToken}/rating": {
        /** Rate a conversation */
        post: operations["RateConversation"];
    };
    "/conversations/{shareToken}/read": {
        /** Note that everything in a conversation was read, on all devices */
        post: operations["ReadConversation"];
    };
    "/conversations/{shareToken}/typing": {
        /** Tell agents who look at a conversation that the contact types, or stopped to */
        post: operations["TypeInConversation"];
    };
    "/files/session/revoke": {
        /** End the file session whose token is in the header `X-File-Session` */
        post: operations["RevokeFileSession"];
    };
    "/files/{fileId}/location": {
        /** The conversation in which a file is, for the contact of a file session */
        get: operations["LocateFile"];
    };
    "/media/{fileToken}/{fileName}": {
        /** Read a file under the address that an upload or a ticket named */
        get: operations["ReadFile"];
    };
    "/sessions": {
        /** Resume the device's session, or start a guest's */
        post: operations["StartSession"];
    };
    "/sessions/events": {
        /** Record what the user did */
        post: operations["TrackSessionEvents"];
    };
    "/sessions/identify": {
        /** Say who the user is; properties that are not known are custom ones */
        post: operations["IdentifySession"];
    };
    "/sessions/partialupdate": {
        /** Change what is known about the user */
        post: operations["PartialUpdateSession"];
    };
    "/sessions/ping": {
        /** Record what the user did, and learn what is new */
        post: operations["PingSession"];
    };
    "/sessions/stream": {
        /** Record what the user did, in the way of very old SDKs */
        post: operations["StreamSession"];
    };
    "/shared/avatar.png": {
        /** The picture of agents and bots that have none of their own */
        get: operations["GetDefaultAvatar"];
    };
    "/shared/tickets/{token}": {
        /** The ticket that a link leads to, with what was last written in it */
        get: operations["GetSharedTicket"];
    };
    "/shared/tickets/{token}/comments": {
        /** Write in a ticket as its contact, with the secret link that the contact got */
        post: operations["CommentSharedTicket"];
    };
    "/uploads": {
        /** Upload a file of the project, such as an attachment of an answer */
        post: operations["UploadProjectFile"];
    };
    "/uploads/attachments": {
        /** Upload attachments */
        post: operations["UploadAttachments"];
    };
    "/uploads/sdk": {
        /** Upload a screenshot or a recording */
        post: operations["UploadFile"];
    };
    "/uploads/sdksteps": {
        /** Upload the frames of a replay */
        post: operations["UploadReplayFrames"];
    };
    "/v3/audit-log": {
        /** The project's audit log */
        get: operations["GetAuditLog"];
    };
    "/v3/audit-log/export": {
        /** The project's whole audit log as lines of JSON, each with its hash */
        get: operations["ExportAuditLog"];
    };
    "/v3/audit-log/verify": {
        /** Check the hashes of the project's audit log */
        get: operations["VerifyAuditLog"];
    };
    "/v3/changes": {
        /** What changed behind a number: the events that the agents' socket tells, in order */
        get: operations["GetChanges"];
    };
    "/v3/channels": {
        /** List channels */
        get: operations["FindChannels"];
        /** Create a channel */
        post: operations["CreateChannel"];
    };
    "/v3/channels/{channelId}": {
        /** A channel */
        get: operations["FindChannelById"];
        /** Change a channel */
        put: operations["UpdateChannel"];
        /** Delete a channel */
        delete: operations["DeleteChannel"];
    };
    "/v3/files/session": {
        /** Begin a file session of the caller, with which a page shows the project's files */
        post: operations["BeginFileSession"];
    };
    "/v3/imports": {
        /** List imports, without the errors of their rows */
        get: operations["GetImports"];
    };
    "/v3/imports/{importId}": {
        /** Get an import with its progress */
        get: operations["GetImport"];
    };
    "/v3/imports/{importId}/cancel": {
        /** Stop an import for good; contacts that it has brought stay */
        post: operations["CancelImport"];
    };
    "/v3/imports/{importId}/resume": {
        /** Let an import that failed go on where it stopped */
        post: operations["ResumeImport"];
    };
    "/v3/invitations": {
        /** The invitations that wait for the caller */
        get: operations["GetMyInvitations"];
    };
    "/v3/invitations/links/{linkToken}": {
        /** The invitation behind a link */
        get: operations["GetInvitationByLink"];
    };
    "/v3/invitations/organisations/{organisationId}": {
        /** The invitations of an organisation that wait */
        get: operations["GetOrganisationInvitations"];
        /** Invite people to an organisation */
        post: operations["CreateOrganisationInvitation"];
    };
    "/v3/invitations/projects": {
        /** The invitations of the project that wait */
        get: operations["GetProjectInvitations"];
        /** Invite people to the project */
        post: operations["CreateProjectInvitation"];
    };
    "/v3/invitations/{invitationId}": {
        /** Accept or decline an invitation */
        put: operations["UpdateInvitation"];
        /** Take an invitation back */
        delete: operations["DeleteInvitation"];
    };
    "/v3/invitations/{invitationId}/role": {
        /** Change the role that comes with an invitation to the project */
        put: operations["UpdateInvitationRole"];
    };
    "/v3/message-drafts": {
        /** List the user's own drafts; with `ticket`, that in one ticket, if there is one */
        get: operations["GetMessageDrafts"];
    };
    "/v3/message-templates": {
        /** List the message templates that the caller sees */
        get: operations["FindMessageTemplates"];
        /** Create a message template */
        post: operations["CreateMessageTemplate"];
    };
    "/v3/message-templates/{messageTemplateId}": {
        /** A message template */
        get: operations["FindMessageTemplateById"];
        /** Change a message template */
        put: operations["UpdateMessageTemplate"];
        /** Delete a message template */
        delete: operations["DeleteMessageTemplate"];
    };
    "/v3/messages": {
        /** List messages, the oldest first */
        get: operations["GetMessages"];
        /** Post a message or a note in a ticket */
        post: operations["CreateMessage"];
    };
    "/v3/messages/search": {
        /** Search what was written, the best first */
        get: operations["SearchMessages"];
    };
    "/v3/messages/{messageId}": {
        /** Change a message; with If-Match only if it still has this ETag */
        put: operations["UpdateMessage"];
        /** Delete a message */
        delete: operations["DeleteMessage"];
    };
    "/v3/messages/{messageId}/faq": {
        /** Take a message for the answer to a frequent question, or not */
        post: operations["SuggestFaq"];
    };
    "/v3/notes": {
        /** List notes */
        get: operations["FindNotes"];
        /** Create a note */
        post: operations["CreateNote"];
    };
    "/v3/notes/{noteId}": {
        /** A note */
        get: operations["FindNoteById"];
        /** Change a note */
        put: operations["UpdateNote"];
        /** Delete a note */
        delete: operations["DeleteNote"];
    };
    "/v3/notifications": {
        /** The caller's own notifications in the project, the newest first */
        get: operations["FindNotifications"];
    };
    "/v3/notifications/read": {
        /** Mark own notifications as read: some, those of a ticket, or all */
        put: operations["ReadNotifications"];
    };
    "/v3/organisations": {
        /** The organisations in which the caller has a role */
        get: operations["GetOrganisations"];
        /** Create an organisation that the caller owns */
        post: operations["CreateOrganisation"];
    };
    "/v3/organisations/{organisationId}": {
        /** Rename an organisation */
        put: operations["UpdateOrganisation"];
    };
    "/v3/organisations/{organisationId}/audit-log": {
        /** The organisation's audit log */
        get: operations["GetOrganisationAuditLog"];
    };
    "/v3/organisations/{organisationId}/security": {
        /** What the organisation wants of people who sign in */
        get: operations["GetOrganisationSecurity"];
        /** Let in only people with a second factor, or everybody again */
        put: operations["UpdateOrganisationSecurity"];
    };
    "/v3/organisations/{organisationId}/sso": {
        /** The organisation's provider of single sign-on */
        get: operations["GetSso"];
        /** Set the organisation's provider of single sign-on; the secret is never answered */
        put: operations["UpdateSso"];
        /** Remove the provider, and sign out who came through it */
        delete: operations["DeleteSso"];
    };
    "/v3/organisations/{organisationId}/users": {
        /** Who has a role in the organisation */
        get: operations["GetOrganisationUsers"];
    };
    "/v3/organisations/{organisationId}/users/{userId}": {
        /** Give somebody another role in the organisation */
        put: operations["UpdateOrganisationUser"];
        /** Take somebody out of the organisation and all its projects */
        delete: operations["DeleteOrganisationUser"];
    };
    "/v3/projects": {
        /** The projects that the caller can enter */
        get: operations["GetProjects"];
        /** Create a project; its tokens are not shown again */
        post: operations["CreateProject"];
    };
    "/v3/projects/billing": {
        /** Get which billing systems are connected */
        get: operations["GetBilling"];
        /** Connect billing systems; null disconnects one, and no answer shows a key */
        put: operations["UpdateBilling"];
    };
    "/v3/projects/config": {
        /** What SDKs are told, with defaults */
        get: operations["GetProjectConfig"];
        /** Change what SDKs are told; null takes a value back */
        put: operations["UpdateProjectConfig"];
    };
    "/v3/projects/current": {
        /** The project of the `Project` header */
        get: operations["GetProject"];
        /** Rename the project */
        put: operations["UpdateProject"];
    };
    "/v3/projects/current/secrets": {
        /** Replace a secret of the project; it is not shown again */
        post: operations["ReplaceProjectSecret"];
    };
    "/v3/projects/identity-secret": {
        /** The key of identity verification */
        get: operations["GetIdentitySecret"];
    };
    "/v3/projects/limits": {
        /** How many calls a minute the project takes, and what is left of them */
        get: operations["GetProjectLimits"];
        /** Take fewer calls than the server allows; null takes that back */
        put: operations["UpdateProjectLimits"];
    };
    "/v3/projects/sdk": {
        /** From which SDKs the project was seen, and when */
        get: operations["GetProjectSdks"];
    };
    "/v3/projects/users": {
        /** Who works in the project */
        get: operations["GetUsers"];
    };
    "/v3/projects/users/{userId}": {
        /** Give somebody another role in the project */
        put: operations["UpdateUser"];
        /** Take somebody out of the project */
        delete: operations["DeleteUser"];
    };
    "/v3/properties": {
        /** List properties */
        get: operations["FindProperties"];
        /** Create a property */
        post: operations["CreateProperty"];
    };
    "/v3/properties/{propertyId}": {
        /** A property */
        get: operations["FindPropertyById"];
        /** Change a property */
        put: operations["UpdateProperty"];
        /** Delete a property */
        delete: operations["DeleteProperty"];
    };
    "/v3/roles": {
        /** The roles of the project's organisation, built-in ones first */
        get: operations["GetRoles"];
        /** Create a role */
        post: operations["CreateRole"];
    };
    "/v3/roles/{roleId}": {
        /** A role that the organisation made */
        get: operations["GetRole"];
        /** Change a role, for everybody who has it */
        put: operations["UpdateRole"];
        /** Delete a role that nobody has */
        delete: operations["DeleteRole"];
    };
    "/v3/scheduled-messages": {
        /** List the messages that wait to be sent */
        get: operations["GetScheduledMessages"];
        /** Send a message later; until then it can be taken back */
        post: operations["ScheduleMessage"];
    };
    "/v3/scheduled-messages/{scheduledMessageId}": {
        /** A message that waits to be sent */
        get: operations["GetScheduledMessage"];
        /** Take a message back before it is sent */
        delete: operations["CancelScheduledMessage"];
    };
    "/v3/segments": {
        /** List the segments that the caller sees */
        get: operations["FindSegments"];
        /** Create a segment */
        post: operations["CreateSegment"];
    };
    "/v3/segments/{segmentId}": {
        /** A segment */
        get: operations["FindSegmentById"];
        /** Change a segment */
        put: operations["UpdateSegment"];
        /** Delete a segment */
        delete: operations["DeleteSegment"];
    };
    "/v3/server": {
        /** What this server offers, and the addresses that SDKs take */
        get: operations["GetServer"];
    };
    "/v3/sessions": {
        /** List contacts */
        get: operations["GetSessions"];
        /** Find or create the contact with a userId or an email, and set its properties */
        post: operations["CreateSession"];
    };
    "/v3/sessions/by-user-id/{userId}": {
        /** Get the contact with a userId */
        get: operations["FindSessionByUserId"];
    };
    "/v3/sessions/export": {
        /** Export the contacts that match the filters as CSV, oldest first */
        get: operations["ExportSessions"];
    };
    "/v3/sessions/importer": {
        /** Import contacts from JSON, CSV (`text/csv`) or NDJSON (`application/x-ndjson`). Up to 500 in JSON are written at once and answered with their ids; everything else is answered with an import to follow */
        post: operations["ImportSession"];
    };
    "/v3/sessions/importer/hubspot": {
        /** Import contacts from HubSpot */
        post: operations["ImportSessionHubspot"];
    };
    "/v3/sessions/importer/intercom": {
        /** Import contacts from Intercom */
        post: operations["ImportSessionIntercom"];
    };
    "/v3/sessions/importer/zendesk": {
        /** Import contacts from Zendesk */
        post: operations["ImportSessionZendesk"];
    };
    "/v3/sessions/merge": {
        /** Merge a guest into another contact */
        post: operations["MergeSessions"];
    };
    "/v3/sessions/search": {
        /** Search contacts by name, address, user id, company or telephone number */
        get: operations["SearchSessions"];
    };
    "/v3/sessions/unsubscribe": {
        /** Unsubscribe contacts from outbound messages */
        post: operations["UnsubscribeSessions"];
    };
    "/v3/sessions/warmup": {
        /** Read the newest contacts into memory; lists need no warming to be complete */
        post: operations["WarmupSessions"];
    };
    "/v3/sessions/{sessionId}": {
        /** Get a contact */
        get: operations["GetSession"];
        /** Change a contact; with If-Match only if it still has this ETag */
        put: operations["UpdateSession"];
        /** Delete a contact with everything that is stored about it */
        delete: operations["DeleteSession"];
    };
    "/v3/sessions/{sessionId}/activities": {
        /** What happened to a contact: events and identity changes, newest first */
        get: operations["GetSessionActivities"];
    };
    "/v3/sessions/{sessionId}/chargebee": {
        /** Look a contact up in Chargebee: `customers` and `subscriptions` */
        get: operations["FindSessionChargebeeInfo"];
    };
    "/v3/sessions/{sessionId}/checklists": {
        /** The progress of a contact in checklists */
        get: operations["GetChecklistsForSession"];
    };
    "/v3/sessions/{sessionId}/events": {
        /** The tracked events of a contact, newest first */
        get: operations["GetSessionEvents"];
    };
    "/v3/sessions/{sessionId}/identity-history": {
        /** Every change of a contact's email, name or userId, and every merge, newest first */
        get: operations["GetSessionIdentityHistory"];
    };
    "/v3/sessions/{sessionId}/identity-history/{changeId}/undo": {
        /** Undo a merge; answers the contact that is there again */
        post: operations["UndoSessionMerge"];
    };
    "/v3/sessions/{sessionId}/lemonsqueezy": {
        /** Look a contact up in Lemon Squeezy: `customers`, `subscriptions` and `orders` */
        get: operations["FindSessionLemonSqueezyInfo"];
    };
    "/v3/sessions/{sessionId}/memory": {
        /** List the memory entries of a contact, without their content */
        get: operations["ListEntries"];
        /** Write a memory entry, over the one of the same name if there is one */
        post: operations["CreateEntry"];
        /** Delete all memory entries of a contact */
        delete: operations["ClearAll"];
    };
    "/v3/sessions/{sessionId}/memory/{entryName}": {
        /** Get a memory entry */
        get: operations["GetEntry"];
        /** Change a memory entry */
        put: operations["UpdateEntry"];
        /** Delete a memory entry */
        delete: operations["DeleteEntry"];
    };
    "/v3/sessions/{sessionId}/resubscribe": {
        /** Let a contact have outbound messages again */
        put: operations["ResubscribeSession"];
    };
    "/v3/sessions/{sessionId}/shopify": {
        /** Look a contact up in Shopify: `customers` and `orders` */
        get: operations["FindSessionShopifyInfo"];
    };
    "/v3/sessions/{sessionId}/stripe": {
        /** Look a contact up in Stripe: `customers` and `subscriptions` */
        get: operations["FindSessionStripeInfo"];
    };
    "/v3/shared/capture-requests/{captureId}/complete": {
        /** Send a film of the app, which was uploaded before, into the conversation of its id */
        post: operations["CompleteCapture"];
    };
    "/v3/sla-policies": {
        /** List SLA policies */
        get: operations["FindSlaPolicies"];
        /** Create an SLA policy */
        post: operations["CreateSlaPolicy"];
    };
    "/v3/sla-policies/{slaPolicyId}": {
        /** An SLA policy */
        get: operations["FindSlaPolicyById"];
        /** Change an SLA policy; clocks that run go on as they were */
        put: operations["UpdateSlaPolicy"];
        /** Delete an SLA policy; clocks that run go on as they were */
        delete: operations["DeleteSlaPolicy"];
    };
    "/v3/teams": {
        /** List teams */
        get: operations["GetTeams"];
        /** Create a team */
        post: operations["CreateTeam"];
    };
    "/v3/teams/{teamId}": {
        /** A team */
        get: operations["GetTeam"];
        /** Change a team */
        put: operations["UpdateTeam"];
        /** Delete a team */
        delete: operations["DeleteTeam"];
    };
    "/v3/ticket-types": {
        /** List the ticket types that somebody described */
        get: operations["FindTicketTypes"];
        /** Describe a ticket type and the lanes of its board */
        post: operations["CreateTicketType"];
    };
    "/v3/ticket-types/{ticketTypeId}": {
        /** A ticket type */
        get: operations["FindTicketTypeById"];
        /** Change a ticket type */
        put: operations["UpdateTicketType"];
        /** Delete a ticket type; its tickets stay */
        delete: operations["DeleteTicketType"];
    };
    "/v3/ticket-views": {
        /** List the ticket views that the caller sees */
        get: operations["FindTicketViews"];
        /** Create a ticket view */
        post: operations["CreateTicketView"];
    };
    "/v3/ticket-views/{ticketViewId}": {
        /** A ticket view */
        get: operations["FindTicketViewById"];
        /** Change a ticket view */
        put: operations["UpdateTicketView"];
        /** Delete a ticket view */
        delete: operations["DeleteTicketView"];
    };
    "/v3/tickets": {
        /** List tickets with their count; `nextCursor` is there when there are more */
        get: operations["GetTickets"];
        /** Create a ticket */
        post: operations["CreateTicket"];
    };
    "/v3/tickets/archive/all": {
        /** Archive all tickets of a type and a status; many are archived behind the answer */
        put: operations["ArchiveAllTickets"];
    };
    "/v3/tickets/board": {
        /** The board of a ticket type: its lanes with their tickets in the order of their ranks */
        get: operations["GetTicketBoard"];
    };
    "/v3/tickets/by-session-query": {
        /** List the tickets of the contacts that have these properties */
        get: operations["FindTicketsBySessionQuery"];
    };
    "/v3/tickets/compose": {
        /** Create a ticket with a first message to its contact */
        post: operations["CreateTicketWithMessage"];
    };
    "/v3/tickets/csv-export": {
        /** Export the tickets that match the filters as CSV, oldest first */
        get: operations["ExportTicketsAsCSV"];
    };
    "/v3/tickets/deduplicate": {
        /** Find feature requests that say the same */
        post: operations["FindDuplicates"];
    };
    "/v3/tickets/deduplicate/merge": {
        /** Merge feature requests that say the same; each address keeps one vote */
        put: operations["MergeDuplicateGroup"];
    };
    "/v3/tickets/export": {
        /** Export the tickets that match the filters as one JSON array, oldest first */
        get: operations["ExportTickets"];
    };
    "/v3/tickets/export-fields": {
        /** The properties that an export can have */
        get: operations["GetTicketExportFields"];
    };
    "/v3/tickets/extendedsearch": {
        /** Search tickets, their messages and their contacts; `foundIn` says where the words are */
        get: operations["SearchForTicketsExtended"];
    };
    "/v3/tickets/generate-data": {
        /** What a tracker ticket of a ticket could say, taken from what its contact wrote */
        post: operations["GenerateTrackerTicketData"];
    };
    "/v3/tickets/merge": {
        /** Merge tickets into one; answers the one that stays */
        put: operations["MergeTickets"];
    };
    "/v3/tickets/notification/{shareToken}": {
        /** Get the ticket that a notification names by its share token */
        get: operations["GetNotificationTicket"];
    };
    "/v3/tickets/search": {
        /** Search tickets by title, number, description, form and tags, the best first */
        get: operations["SearchForTickets"];
    };
    "/v3/tickets/search-feature-requests": {
        /** Find feature requests that say the same as a text, the most alike first */
        get: operations["SearchFeatureRequests"];
    };
    "/v3/tickets/ticketscount": {
        /** Count the tickets that match the filters */
        get: operations["GetTicketCount"];
    };
    "/v3/tickets/tracker-tickets": {
        /** List tracker tickets, twenty at a time, or search them */
        get: operations["FindTrackerTickets"];
        /** Create a tracker ticket that is linked to others */
        post: operations["CreateTrackerTicket"];
    };
    "/v3/tickets/{ticketId}": {
        /** Get a ticket */
        get: operations["GetTicket"];
        /** Change a ticket; with If-Match only if it still has this ETag */
        put: operations["UpdateTicket"];
        /** Delete a ticket with everything in it */
        delete: operations["DeleteTicket"];
    };
    "/v3/tickets/{ticketId}/activity-logs": {
        /** What happened to a ticket, the newest first */
        get: operations["GetActivityLogsForTicket"];
    };
    "/v3/tickets/{ticketId}/archive": {
        /** Archive a ticket */
        put: operations["ArchiveTicket"];
    };
    "/v3/tickets/{ticketId}/audit-export": {
        /** Export a ticket with its messages, notes and timeline */
        get: operations["ExportTicketAuditEndpoint"];
    };
    "/v3/tickets/{ticketId}/console-logs": {
        /** The lines of the console that were captured with a ticket */
        get: operations["GetConsoleLogsForTicket"];
    };
    "/v3/tickets/{ticketId}/draft": {
        /** The user's own draft in a ticket */
        get: operations["GetMessageDraft"];
        /** Keep the user's draft in a ticket, in place of the one before */
        put: operations["KeepMessageDraft"];
        /** Throw the user's draft in a ticket away */
        delete: operations["DeleteMessageDraft"];
    };
    "/v3/tickets/{ticketId}/draft-reply": {
        /** Let a machine draft a reply */
        post: operations["GenerateDraftReply"];
    };
    "/v3/tickets/{ticketId}/event-logs": {
        /** What the user did before a ticket, as its SDK kept it */
        get: operations["GetEventLogsForTicket"];
    };
    "/v3/tickets/{ticketId}/link": {
        /** Link two tickets, each to the other */
        put: operations["LinkTicket"];
    };
    "/v3/tickets/{ticketId}/merges": {
        /** List the merges into a ticket, the newest first */
        get: operations["GetTicketMerges"];
    };
    "/v3/tickets/{ticketId}/merges/{mergeId}/undo": {
        /** Undo a merge; answers the ticket that the others had become part of */
        post: operations["UndoTicketMerge"];
    };
    "/v3/tickets/{ticketId}/move": {
        /** Move a ticket on its board: to a lane, or to a place between others */
        put: operations["MoveTicket"];
    };
    "/v3/tickets/{ticketId}/network-logs": {
        /** The calls of the network that were captured with a ticket, without secrets */
        get: operations["GetNetworkLogsForTicket"];
    };
    "/v3/tickets/{ticketId}/replay": {
        /** The recording of a page or the frames of an app; an empty object when there is none */
        get: operations["GetReplayForTicket"];
    };
    "/v3/tickets/{ticketId}/send-to-integration": {
        /** Send a ticket to an integration */
        post: operations["SendTicketToIntegration"];
    };
    "/v3/tickets/{ticketId}/send-transcript": {
        /** Send what was said in a ticket by mail, without notes */
        post: operations["SendTicketTranscript"];
    };
    "/v3/tickets/{ticketId}/sla": {
        /** The clocks of a ticket: how soon its answer and its solution are due */
        get: operations["GetTicketSla"];
    };
    "/v3/tickets/{ticketId}/snooze": {
        /** Let a ticket sleep for hours or until a moment; its contact's answer wakes it earlier */
        put: operations["SnoozeTicket"];
    };
    "/v3/tickets/{ticketId}/typing": {
        /** Tell whoever looks at a ticket that the caller types, or stopped to */
        post: operations["IndicateUserTyping"];
    };
    "/v3/tickets/{ticketId}/unarchive": {
        /** Take a ticket out of the archive */
        put: operations["UnarchiveTicket"];
    };
    "/v3/tickets/{ticketId}/unlink": {
        /** Take the link between two tickets away */
        put: operations["UnlinkTicket"];
    };
    "/v3/tickets/{ticketId}/viewing": {
        /** Tell whoever looks at a ticket that the caller does too, for 45 seconds, or stopped to */
        post: operations["IndicateUserViewing"];
    };
    "/v3/tickets/{ticketId}/vote": {
        /** Vote for a ticket, take the vote back, or be told of its news or not */
        post: operations["VoteForTicket"];
    };
    "/v3/tickets/{ticketId}/workflow": {
        /** Run a published workflow on a ticket */
        post: operations["RunWorkflow"];
    };
    "/v3/tickets/{ticketId}/workflow-runs": {
        /** List the runs of workflows on a ticket with their steps */
        get: operations["FindWorkflowRunsOfTicket"];
    };
    "/v3/tokens": {
        /** List API tokens */
        get: operations["GetTokens"];
        /** Create an API token; it is not shown again */
        post: operations["CreateToken"];
    };
    "/v3/tokens/{tokenId}": {
        /** Revoke an API token */
        delete: operations["DeleteToken"];
    };
    "/v3/tokens/{tokenId}/rotate": {
        /** Replace an API token by another one of the same account */
        post: operations["RotateToken"];
    };
    "/v3/users": {
        /** Sign up */
        post: operations["Create"];
    };
    "/v3/users/forgot-password": {
        /** Send a code for a new password to an address */
        post: operations["ForgotPassword"];
    };
    "/v3/users/login": {
        /** Sign in */
        post: operations["Login"];
    };
    "/v3/users/login/passkey": {
        /** Sign in with a passkey alone */
        post: operations["LoginPasskey"];
    };
    "/v3/users/login/passkey/options": {
        /** Begin to sign in with a passkey alone */
        post: operations["LoginPasskeyOptions"];
    };
    "/v3/users/login/second-factor": {
        /** Complete a sign-in with the second factor */
        post: operations["LoginSecondFactor"];
    };
    "/v3/users/login/sso": {
        /** Begin to sign in at an organisation's provider */
        post: operations["LoginSso"];
    };
    "/v3/users/login/sso/complete": {
        /** Sign in with what the browser brought back from the provider */
        post: operations["LoginSsoComplete"];
    };
    "/v3/users/logout": {
        /** End this session */
        post: operations["Logout"];
    };
    "/v3/users/logout-all": {
        /** End every session of the user */
        post: operations["LogoutAll"];
    };
    "/v3/users/me": {
        /** The user who calls */
        get: operations["GetMe"];
    };
    "/v3/users/me/availability": {
        /** Whether the caller takes tickets of the project */
        get: operations["GetMyAvailability"];
        /** Take tickets of the project, or stop to */
        put: operations["UpdateMyAvailability"];
    };
    "/v3/users/me/passkeys": {
        /** Add a passkey */
        post: operations["CreatePasskey"];
    };
    "/v3/users/me/passkeys/options": {
        /** Begin to make a passkey */
        post: operations["CreatePasskeyOptions"];
    };
    "/v3/users/me/passkeys/{passkeyId}": {
        /** Rename a passkey */
        put: operations["UpdatePasskey"];
        /** Remove a passkey */
        delete: operations["DeletePasskey"];
    };
    "/v3/users/me/permissions": {
        /** What the user may do in the project of the `Project` header */
        get: operations["GetMyPermissions"];
    };
    "/v3/users/me/reassign-tickets": {
        /** Hand over the open tickets of the user: they are nobody's until somebody takes them */
        post: operations["ReassignTickets"];
    };
    "/v3/users/me/reauthenticate": {
        /** Prove again who it is, so that this session may change how the user signs in */
        post: operations["Reauthenticate"];
    };
    "/v3/users/me/reauthenticate/options": {
        /** Begin to prove again who it is */
        post: operations["ReauthenticateOptions"];
    };
    "/v3/users/me/recovery-codes": {
        /** Make new recovery codes in place of those before */
        post: operations["CreateRecoveryCodes"];
    };
    "/v3/users/me/session-auth": {
        /** Sign the user in on a socket of the Pusher protocol */
        post: operations["AuthenticateUserPusherSession"];
    };
    "/v3/users/me/session-channel-auth": {
        /** Let a socket of the Pusher protocol follow a channel */
        post: operations["AuthenticateUserPusherChannelSession"];
    };
    "/v3/users/me/sign-in-methods": {
        /** How the user signs in */
        get: operations["GetSignInMethods"];
    };
    "/v3/users/me/sso": {
        /** Begin to connect the own account with an organisation's provider */
        post: operations["ConnectSso"];
    };
    "/v3/users/me/sso/complete": {
        /** Connect the own account with what the browser brought back from the provider */
        post: operations["ConnectSsoComplete"];
    };
    "/v3/users/me/sso/{organisationId}": {
        /** Take the connection with an organisation's provider off the own account */
        delete: operations["DisconnectSso"];
    };
    "/v3/users/me/totp": {
        /** Make a secret for an authenticator app */
        post: operations["CreateTotp"];
        /** Ask for codes of an authenticator app no more */
        delete: operations["DeleteTotp"];
    };
    "/v3/users/me/totp/confirm": {
        /** Ask for codes of the new secret from now on */
        post: operations["ConfirmTotp"];
    };
    "/v3/users/resend": {
        /** Send another code */
        post: operations["Resend"];
    };
    "/v3/users/reset-password": {
        /** Set a new password with the code */
        post: operations["ResetPassword"];
    };
    "/v3/users/unified-inbox": {
        /** Open tickets of all projects that the user works in, the last touched first */
        get: operations["GetUnifiedInboxTickets"];
    };
    "/v3/users/unified-inbox/{ticketId}": {
        /** A ticket of any project that the user works in */
        get: operations["GetUnifiedInboxTicket"];
    };
    "/v3/users/verify": {
        /** Confirm the address with the code and sign in */
        post: operations["Verify"];
    };
    "/v3/users/{userId}": {
        /** Change a user */
        put: operations["Update"];
    };
    "/v3/webhooks": {
        /** List webhooks */
        get: operations["FindWebhooks"];
        /** Create a webhook */
        post: operations["CreateWebhook"];
    };
    "/v3/webhooks/{webhookId}": {
        /** A webhook */
        get: operations["FindWebhookById"];
        /** Change a webhook */
        put: operations["UpdateWebhook"];
        /** Delete a webhook with its ledger */
        delete: operations["DeleteWebhook"];
    };
    "/v3/webhooks/{webhookId}/deliveries": {
        /** List what a webhook was or will be sent in the last 30 days */
        get: operations["FindWebhookDeliveries"];
    };
    "/v3/webhooks/{webhookId}/deliveries/{deliveryId}": {
        /** A delivery with what is sent */
        get: operations["FindWebhookDeliveryById"];
    };
    "/v3/webhooks/{webhookId}/deliveries/{deliveryId}/resend": {
        /** Send a delivery again */
        post: operations["ResendWebhookDelivery"];
    };
    "/v3/webhooks/{webhookId}/secret": {
        /** The secret that signs what a webhook is sent */
        get: operations["GetWebhookSecret"];
        /** Give a webhook another secret */
        post: operations["RotateWebhookSecret"];
    };
    "/v3/webhooks/{webhookId}/test": {
        /** Send a webhook an event to try it out */
        post: operations["TestWebhook"];
    };
    "/v3/workflows": {
        /** List workflows */
        get: operations["FindWorkflows"];
        /** Create a workflow */
        post: operations["CreateWorkflow"];
    };
    "/v3/workflows/{workflowId}": {
        /** A workflow */
        get: operations["FindWorkflowById"];
        /** Change or publish a workflow; runs that began go on as they were */
        put: operations["UpdateWorkflow"];
        /** Delete a workflow with its runs */
        delete: operations["DeleteWorkflow"];
    };
    "/v3/workflows/{workflowId}/dry-runs": {
        /** Find out what a workflow would have done in the past; the answer is filled in as it goes */
        post: operations["StartWorkflowDryRun"];
    };
    "/v3/workflows/{workflowId}/dry-runs/{dryRunId}": {
        /** What a workflow would have done in the past, and why not where it would not */
        get: operations["FindWorkflowDryRunById"];
    };
    "/v3/workflows/{workflowId}/runs": {
        /** List the runs of a workflow with their steps */
        get: operations["FindWorkflowRuns"];
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The body of every answer that is no success. Three spellings of one sentence,
         *     because the official SDKs and the known REST clients each read another one.
         */
        Problem: {
            /** @description The status code, its name and the sentence. */
            error: components["schemas"]["ProblemError"];
            /** @description The sentence again. */
            errors: components["schemas"]["ProblemMessage"][];
            /** @description The sentence again. */
            message: string;
        };
        /** @description The status code, its name and the sentence. */
        ProblemError: {
            /**
             * Format: uint16
             * @description The HTTP status code.
             */
            statusCode: number;
            /** @description The status code's name. */
            title: string;
            /** @description What went wrong and what to change. */
            message: string;
            /** @description `reauthenticate`, `second_factor_required` or `connect_first`: what the caller's own account lacks. */
            code?: string | null;
        };
        /** @description What went wrong and what to change. */
        ProblemMessage: {
            /** @description The sentence. */
            message: string;
        };
        /** @description An entry of the answer to a body of contacts: an id for each contact, or the one import. */
        Imported: components["schemas"]["Id"] | components["schemas"]["ImportView"];
        Id: string;
        /** @description An import as it is answered. */
        ImportView: {
            /** @description The import's id. */
            id: components["schemas"]["Id"];
            /** @description The import's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it last moved on, ISO 8601. */
            updatedAt: string;
            /** @description Where the contacts come from. */
            source: components["schemas"]["Origin"];
            /** @description Where it stands. */
            status: components["schemas"]["Status"];
            /**
             * Format: uint64
             * @description Rows that were read, with those that failed.
             * @default 0
             */
            count?: number;
            /**
             * Format: uint64
             * @description Rows that brought a contact.
             * @default 0
             */
            created?: number;
            /**
             * Format: uint64
             * @description Rows whose contact was there already.
             * @default 0
             */
            updated?: number;
            /**
             * Format: uint64
             * @description Rows that brought no contact.
             * @default 0
             */
            failed?: number;
            /**
             * Format: uint64
             * @description Rows altogether, if that is known.
             */
            total?: number | null;
            /**
             * Format: uint64
             * @description Rows that are left, if the total is known.
             */
            remaining?: number | null;
            /**
             * Format: double
             * @description Rows per second since the start.
             */
            rate?: number | null;
            /** @description Why rows brought no contact, the first 1,000 of them; lists leave them out. */
            errors?: components["schemas"]["RowError"][];
            /** @description Why it was given up, or why it waits. */
            message?: string | null;
            /** @description When its first row was read, ISO 8601. */
            startedAt?: string | null;
            /** @description When it ended, ISO 8601. */
            finishedAt?: string | null;
            /** @description When the pause that the source asked for ends, ISO 8601. */
            retryAt?: string | null;
        };
        /** @description Where contacts come from. */
        Origin: "json" | "ndjson" | "csv" | "intercom" | "hubspot" | "zendesk";
        /** @description Where an import stands. */
        Status: "receiving" | "waiting" | "running" | "finished" | "failed" | "cancelled";
        /** @description Why a row brought no contact. */
        RowError: {
            /**
             * Format: uint64
             * @description The row: a line of a file (the head of a CSV file is row 1), or a record's place in a source
             *     or list, from 1.
             */
            row: number;
            /** @description The record's id in its source. */
            record?: string | null;
            /** @description What is wrong with it. */
            message: string;
        };
        /** @description Where Intercom is, and the right to read it. */
        IntercomInput: {
            /**
             * @description The address of the API for the workspace's region; `https://api.intercom.io` when it is empty.
             * @default
             */
            endpoint?: string;
            /** @description An access token. */
            apiKey: string;
        };
        /** @description The right to read HubSpot. */
        HubspotInput: {
            /** @description The access token of a private app. */
            apiKey: string;
        };
        /** @description Which account of Zendesk, and the right to read it. */
        ZendeskInput: {
            /** @description The account: `acme` for `acme.zendesk.com`. */
            subdomain: string;
            /** @description The address of the agent whose token it is. */
            email: string;
            /** @description An API token. */
            apiToken: string;
        };
        /** @description What a billing system knows about a contact. */
        BillingInfo: {
            /** @description Whether the system has a customer with the contact's address. */
            found: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description Which systems are connected. */
        BillingView: {
            /** @description Stripe. */
            stripe: components["schemas"]["Connection"];
            /** @description Chargebee. */
            chargebee: components["schemas"]["Connection"];
            /** @description Lemon Squeezy. */
            lemonSqueezy: components["schemas"]["Connection"];
            /** @description Shopify. */
            shopify: components["schemas"]["Connection"];
        };
        /** @description Whether a system is connected; secrets are not answered. */
        Connection: {
            /** @description Whether there are credentials. */
            configured: boolean;
            /** @description The name of the site. */
            site?: string | null;
            /** @description The name of the shop. */
            shop?: string | null;
        };
        /** @description Credentials to be set; a system that is null is disconnected, one that is left out stays. */
        BillingInput: {
            /** @description Stripe: `{"apiKey": "rk_live_…"}`. */
            stripe?: components["schemas"]["KeyInput"] | null;
            /** @description Chargebee: `{"site": "acme", "apiKey": "live_…"}`. */
            chargebee?: components["schemas"]["SiteInput"] | null;
            /** @description Lemon Squeezy: `{"apiKey": "…"}`. */
            lemonSqueezy?: components["schemas"]["KeyInput"] | null;
            /** @description Shopify: `{"shop": "acme.myshopify.com", "accessToken": "shpat_…"}`. */
            shopify?: components["schemas"]["ShopInput"] | null;
        };
        /** @description The key of a system. */
        KeyInput: {
            /** @description The key; it is never answered. */
            apiKey: string;
        };
        /** @description A site and its key. */
        SiteInput: {
            /** @description The name of the site. */
            site: string;
            /** @description The key; it is never answered. */
            apiKey: string;
        };
        /** @description A shop and its token. */
        ShopInput: {
            /** @description The name of the shop. */
            shop: string;
            /** @description The token of the Admin API; it is never answered. */
            accessToken: string;
        };
        /** @description A memory entry in a list. */
        ListItem: {
            /** @description Its name. */
            name: string;
            /** @description What it is about. */
            description: string;
            /** @description Who wrote it last: `admin`, `bot` or `unknown`. */
            actor: string;
            /** @description The user who wrote it last. */
            actorUserId?: components["schemas"]["Id"] | null;
            /** @description When it was last written, ISO 8601. */
            updatedAt: string;
        };
        /** @description What came of writing. */
        WriteResult: {
            /** @description Whether it was done. */
            ok: boolean;
            /** @description Why not: `no_userId`, because guests have no memory. */
            reason?: string | null;
            /** @description Whether entries are being condensed in the background; they never are here. */
            consolidationEnqueued: boolean;
            /**
             * Format: uint
             * @description Entries that the contact has now; when all are deleted, how many there were.
             */
            entries?: number | null;
        };
        /** @description A memory entry to be written. */
        EntryBody: {
            /** @description Its name, by which it is found again. */
            name: string;
            /** @description What it is about, in a line. */
            description?: string | null;
            /** @description What it says. */
            content: string;
        };
        /** @description A memory entry. */
        Entry: {
            /** @description Its name. */
            name: string;
            /** @description What it is about. */
            description: string;
            /** @description Who wrote it last: `admin`, `bot` or `unknown`. */
            actor: string;
            /** @description The user who wrote it last. */
            actorUserId?: components["schemas"]["Id"] | null;
            /** @description When it was last written, ISO 8601. */
            updatedAt: string;
            /** @description What it says. */
            content: string;
            /** @description When it was first written, ISO 8601. */
            createdAt: string;
        };
        /** @description What is to change about a memory entry. */
        UpdateBody: {
            /** @description What it is about; stays as it is when it is left out. */
            description?: string | null;
            /** @description What it says. */
            content: string;
        };
        /** @description A contact as it is answered. Properties that nobody has set are left out, except those with a default. */
        SessionView: {
            /** @description The contact's id. */
            id: components["schemas"]["Id"];
            /** @description The contact's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description The organisation's id. */
            organisation?: components["schemas"]["Id"] | null;
            /** @description Since when the customer knows it, or when it was first seen; ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /** @description The id that its devices present. */
            gleapId: string;
            /** @description The secret that its devices present with it. */
            gleapHash: string;
            /** @description The user id in the customer's system; a guest has none. */
            userId?: string | null;
            /** @description Its name. */
            name?: string | null;
            /** @description Its address. */
            email?: string | null;
            /** @description Its telephone number. */
            phone?: string | null;
            /** @description The address of its picture. */
            avatar?: string | null;
            /** @description Its language, as its device says it; `en` by default. */
            lang: string;
            /** @description The id of its company in the customer's system. */
            companyId?: string | null;
            /** @description The name of its company. */
            companyName?: string | null;
            /** @description What it has bought. */
            plan?: string | null;
            /**
             * Format: double
             * @description What it is worth; 0 by default.
             */
            value: number;
            /**
             * Format: double
             * @description Seconds within which it is to be answered.
             */
            sla?: number | null;
            /** @description `mobile`, `tablet` or `desktop`. */
            deviceType?: string | null;
            /** @description `web`, `ios`, `android` or another. */
            platform?: string | null;
            /** @description Where it is. */
            location?: unknown;
            /** @description The page that it last saw: `{page, date}`. */
            lastPageView?: unknown;
            /** @description When it first did something. */
            firstActivity: string;
            /** @description When it last did something, to the minute. */
            lastActivity: string;
            /** @description When it last wrote. */
            lastHeardFrom?: string | null;
            /** @description When it last reported something. */
            lastFeedbackReport?: string | null;
            /**
             * Format: uint64
             * @description Visits; a pause of half an hour ends one.
             */
            sessions: number;
            /**
             * Format: uint64
             * @description What it reported.
             */
            countFeedbackReports: number;
            /**
             * Format: uint64
             * @description What it commented on.
             */
            countFeedbackComments: number;
            /** @description Whether it is only known from mail. */
            emailOnly: boolean;
            /** @description Whether what it writes is turned away. */
            blocked: boolean;
            /** @description Whether it gets no outbound messages. */
            unsubscribed: boolean;
            /** @description Since when it gets none. */
            unsubscribedAt?: string | null;
            /** @description Why it gets none. */
            unsubscribeReason?: string | null;
            /** @description Its id at Facebook. */
            facebookId?: string | null;
            /** @description Its id at Instagram. */
            instagramId?: string | null;
            /** @description Its name at Instagram. */
            instagramUsername?: string | null;
            /** @description Its chat at Telegram. */
            telegramChatId?: string | null;
            /** @description Its name at Telegram. */
            telegramUsername?: string | null;
            /** @description Its tags. */
            tags: string[];
            /** @description Custom properties. */
            customData: {
                [key: string]: unknown;
            };
            /** @description Its events by name, 200 names at most: `{count, first, last}`. */
            eventData: {
                [key: string]: unknown;
            };
            /** @description Its progress in checklists. */
            checklistTasks: unknown;
            /** @description What was sent to it. */
            outboundHistory: unknown;
        };
        /** @description The properties of a contact that a member of the project may set. */
        SessionInput: {
            /** @description The user id in the customer's system, by which a contact is known. It can be changed but not taken away. */
            userId?: components["schemas"]["TextOrNumber"] | null;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Its address.
             * @default null
             */
            email?: string | null;
            /**
             * @description Its telephone number.
             * @default null
             */
            phone?: string | null;
            /**
             * @description The address of its picture.
             * @default null
             */
            avatar?: string | null;
            /**
             * @description Its language.
             * @default null
             */
            lang?: string | null;
            /**
             * @description The id of its company in the customer's system.
             * @default null
             */
            companyId?: string | null;
            /**
             * @description The name of its company.
             * @default null
             */
            companyName?: string | null;
            /**
             * @description What it has bought.
             * @default null
             */
            plan?: string | null;
            /** @description What it is worth. */
            value?: components["schemas"]["TextOrNumber"] | null;
            /** @description Seconds within which it is to be answered. */
            sla?: components["schemas"]["TextOrNumber"] | null;
            /**
             * @description Since when the customer knows it.
             * @default null
             */
            createdAt?: string | null;
            /**
             * @description When it last did something.
             * @default null
             */
            lastActivity?: string | null;
            /**
             * @description The page that it last saw: `{page, date}`.
             * @default null
             */
            lastPageView?: unknown;
            /**
             * @description `mobile`, `tablet` or `desktop`.
             * @default null
             */
            deviceType?: string | null;
            /**
             * @description `web`, `ios`, `android` or another.
             * @default null
             */
            platform?: string | null;
            /**
             * @description Its tags.
             * @default null
             */
            tags?: string[] | null;
            /**
             * @description Where it is.
             * @default null
             */
            location?: unknown;
            /**
             * @description Whether what it writes is turned away.
             * @default null
             */
            blocked?: boolean | null;
            /**
             * @description Whether it is only known from mail.
             * @default null
             */
            emailOnly?: boolean | null;
            /**
             * @description Whether it gets no outbound messages.
             * @default null
             */
            unsubscribed?: boolean | null;
            /**
             * @description Why it gets none.
             * @default null
             */
            unsubscribeReason?: string | null;
            /**
             * @description Its id at Facebook.
             * @default null
             */
            facebookId?: string | null;
            /**
             * @description Its id at Instagram.
             * @default null
             */
            instagramId?: string | null;
            /**
             * @description Its name at Instagram.
             * @default null
             */
            instagramUsername?: string | null;
            /**
             * @description Its chat at Telegram.
             * @default null
             */
            telegramChatId?: string | null;
            /**
             * @description Its name at Telegram.
             * @default null
             */
            telegramUsername?: string | null;
            /**
             * @description Custom properties: texts, numbers and booleans, 35 at most. What is not named stays, null takes away.
             * @default null
             */
            customData?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description A text, or the number that some clients send instead of it. */
        TextOrNumber: string | number;
        /** @description What a warm-up answers. */
        Warmed: {
            /** @description Always true. */
            ok: boolean;
        };
        /** @description What came of an unsubscription. */
        Unsubscribed: {
            /** @description Whether everyone who was named is known. */
            success: boolean;
            /**
             * Format: uint
             * @description Contacts that are unsubscribed now.
             */
            unsubscribed: number;
        };
        /** @description Who is to be unsubscribed. */
        Unsubscription: {
            /** @description Why. */
            reason?: string | null;
            /** @description Who, 500 at most. */
            sessions: components["schemas"]["Named"][];
        };
        /** @description A contact, named by user id, else by address. */
        Named: {
            /** @description The user id in the customer's system. */
            userId?: string | null;
            /** @description The address; all contacts that have it are meant. */
            email?: string | null;
        };
        /** @description Which contacts are to be one. */
        Merge: {
            /** @description The guest that becomes part of the other contact. */
            sourceId: components["schemas"]["Id"];
            /** @description The contact that stays. */
            targetId: components["schemas"]["Id"];
        };
        /** @description Something in the life of a contact. */
        Activity: {
            /** @description `event` (tracked), `identity` (an identity change) or `created`. */
            type: string;
            /** @description The event's name, or what kind of change it was: `identify`, `update`, `merge`. */
            name: string;
            /** @description When, ISO 8601. */
            date: string;
            /** @description The event's data, or the identity change. */
            data?: unknown;
        };
        /** @description A tracked event as it is answered. */
        EventView: {
            /** @description What the contact did. */
            name: string;
            /** @description When, ISO 8601. */
            date: string;
            /** @description What belongs to it. */
            data?: unknown;
        };
        /** @description The progress of a contact in a checklist. */
        Checklist: {
            [key: string]: unknown;
        };
        /** @description The identity history of a contact. */
        History: {
            /** @description The changes, newest first. */
            history: components["schemas"]["Change"][];
        };
        /** @description A change of who a contact is. */
        Change: {
            /** @description The change's id, with which a merge is undone. */
            id: components["schemas"]["Id"];
            /** @description The contact's id. */
            contact: components["schemas"]["Id"];
            /** @description When it was made, ISO 8601. */
            at: string;
            /** @description What changed: `email`, `name` and `userId`, each with what it was and became. */
            changes: {
                [key: string]: components["schemas"]["FromTo"];
            };
            /** @description Who made it, and how. */
            by: components["schemas"]["ChangedBy"];
            /** @description The contact that became part of this one. */
            merged?: components["schemas"]["Merged"] | null;
            /** @description When the merge was undone, ISO 8601. */
            undoneAt?: string | null;
        };
        /** @description What a property was and became; one that was not there has no such value. */
        FromTo: {
            /** @description What it was. */
            from?: string | null;
            /** @description What it became. */
            to?: string | null;
        };
        /** @description Who made a change, and how. */
        ChangedBy: {
            /** @description `api`, `sdk`, `admin`, `job` or `system`. */
            source: string;
            /** @description `identify`, `partialupdate`, `update` or `merge`. */
            method: string;
            /** @description The user. */
            userId?: components["schemas"]["Id"] | null;
            /** @description Whether it was a service account or a customer's server. */
            hasApiKey?: boolean | null;
            /** @description For identify: whether the user id was proven. */
            verified?: boolean | null;
        };
        /** @description A contact that became part of another one. */
        Merged: {
            /** @description The id that it had. */
            contact: components["schemas"]["Id"];
            /** @description The name that it had. */
            name?: string | null;
            /** @description The address that it had. */
            email?: string | null;
        };
        /** @description A ticket as it is answered. Properties that nobody has set are left out, except those with a default. */
        TicketView: {
            /** @description The ticket's id. */
            id: components["schemas"]["Id"];
            /** @description The ticket's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * Format: int64
             * @description Its number in the project, from 1, without gaps.
             */
            bugId: number;
            /** @description What it is about. */
            title: string;
            /** @description Its type. */
            type: string;
            /** @description Its status. */
            status: string;
            /** @description Its priority. */
            priority: string;
            /**
             * Format: int64
             * @description The place of its priority: 1 for LOW, 2 for MEDIUM, 3 for HIGH.
             */
            priorityOrder: number;
            /** @description The contact whose ticket it is. */
            session?: components["schemas"]["ReporterView"] | null;
            /** @description The user who works on it. */
            processingUser?: components["schemas"]["PersonView"] | null;
            /** @description The team that works on it: `{id, name}`. */
            processingTeam?: {
                [key: string]: unknown;
            } | null;
            /** @description The name by which those who have it see the ticket. */
            shareToken: string;
            /** @description The name by which those who have it read and write in the ticket. */
            secretShareToken?: string | null;
            /** @description Its place on its board. */
            lexorank: string;
            /** @description The values of its form. */
            formData: {
                [key: string]: unknown;
            };
            /** @description The last message or note. */
            latestComment?: {
                [key: string]: unknown;
            } | null;
            /** @description The last message that its contact sees. */
            latestPublicComment?: {
                [key: string]: unknown;
            } | null;
            /** @description Tickets that it is linked to: ids in lists, `{id, title, bugId, …}` where there is one ticket. */
            linkedTickets: components["schemas"]["Reference"][];
        } & {
            [key: string]: unknown;
        };
        /** @description A contact as tickets and messages show it. */
        ReporterView: {
            /** @description The id. */
            id: components["schemas"]["Id"];
            /** @description The id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The id that its devices present. */
            gleapId?: string | null;
            /** @description The user id in the customer's system. */
            userId?: string | null;
            /** @description Its name. */
            name?: string | null;
            /** @description Its address. */
            email?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A user as tickets and messages show them; of somebody who left the project only the ids. */
        PersonView: {
            /** @description The id. */
            id: components["schemas"]["Id"];
            /** @description The id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The address. */
            email?: string | null;
            /** @description First name. */
            firstName?: string | null;
            /** @description Last name. */
            lastName?: string | null;
            /** @description The web address of a picture. */
            profileImageUrl?: string | null;
        };
        /** @description An id, or the object in which answers have it. */
        Reference: string | {
            [key: string]: unknown;
        };
        /** @description The properties of a ticket that a caller may set; null takes one away. */
        TicketInput: {
            /**
             * @description What it is about, in a line.
             * @default null
             */
            title?: string | null;
            /**
             * @description What it is about.
             * @default null
             */
            description?: string | null;
            /**
             * @description The same as plain text.
             * @default null
             */
            plainContent?: string | null;
            /**
             * @description The same as a TipTap document.
             * @default null
             */
            content?: unknown;
            /**
             * @description A summary.
             * @default null
             */
            summary?: string | null;
            /**
             * @description `BUG`, `FEATURE_REQUEST`, `INQUIRY`, `CRASH`, `BOT` or a type of the project's own.
             * @default null
             */
            type?: string | null;
            /**
             * @description `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
             * @default null
             */
            status?: string | null;
            /**
             * @description `LOW`, `MEDIUM` or `HIGH`.
             * @default null
             */
            priority?: string | null;
            /**
             * @description The contact whose ticket it is.
             * @default null
             */
            session?: components["schemas"]["Reference"] | null;
            /**
             * @description The user who works on it.
             * @default null
             */
            processingUser?: components["schemas"]["Reference"] | null;
            /**
             * @description The team that works on it.
             * @default null
             */
            processingTeam?: components["schemas"]["Reference"] | null;
            /**
             * @description Its tags.
             * @default null
             */
            tags?: string[] | null;
            /**
             * @description The users who are mentioned in it.
             * @default null
             */
            mentions?: components["schemas"]["Reference"][] | null;
            /**
             * @description The values of its form; replaced as a whole.
             * @default null
             */
            formData?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Values that are set among those of the form; null takes one away.
             * @default null
             */
            attributes?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Its form: fields with their titles and types.
             * @default null
             */
            form?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Custom data.
             * @default null
             */
            customData?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The device and program it comes from.
             * @default null
             */
            metaData?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
            /**
             * @description Tickets that it is linked to; they are then linked to it.
             * @default null
             */
            linkedTickets?: components["schemas"]["Reference"][] | null;
            /**
             * @description The ticket that this one repeats.
             * @default null
             */
            duplicateOf?: components["schemas"]["Reference"] | null;
            /**
             * Format: double
             * @description How many tickets are one with it.
             * @default null
             */
            duplicatesCount?: number | null;
            /**
             * @description Whether it is archived.
             * @default null
             */
            archived?: boolean | null;
            /**
             * @description Whether it is spam.
             * @default null
             */
            isSpam?: boolean | null;
            /**
             * @description Whether boards hide it.
             * @default null
             */
            hidden?: boolean | null;
            /**
             * @description Whether it is switched off.
             * @default null
             */
            disabled?: boolean | null;
            /**
             * @description Whether it was reported without anybody noticing.
             * @default null
             */
            isSilent?: boolean | null;
            /**
             * @description Whether others do not see what it says.
             * @default null
             */
            hideContent?: boolean | null;
            /**
             * @description Whether it tracks the tickets that are linked to it.
             * @default null
             */
            trackerTicket?: boolean | null;
            /**
             * @description Whether its contact can still write.
             * @default null
             */
            conversationClosed?: boolean | null;
            /**
             * @description Whether no human took part.
             * @default null
             */
            noHumanInteraction?: boolean | null;
            /**
             * @description Whether nothing answers by itself.
             * @default null
             */
            preventAutoReply?: boolean | null;
            /**
             * @description Whether it was added by hand.
             * @default null
             */
            manuallyAdded?: boolean | null;
            /**
             * @description Whether a first notification is still to be sent.
             * @default null
             */
            needInitialPush?: boolean | null;
            /**
             * @description Whether a frequent question was suggested.
             * @default null
             */
            faqSuggested?: boolean | null;
            /**
             * @description Whether agents have not read everything.
             * @default null
             */
            notificationsUnread?: boolean | null;
            /**
             * @description Whether its contact has not read everything.
             * @default null
             */
            sessionNotificationsUnread?: boolean | null;
            /**
             * @description Whether an answer came too late.
             * @default null
             */
            slaBreached?: boolean | null;
            /**
             * @description Whether it sleeps.
             * @default null
             */
            snoozed?: boolean | null;
            /**
             * @description Until when it sleeps, ISO 8601.
             * @default null
             */
            snoozedUntil?: string | null;
            /**
             * @description Whether it waits for a free member of its team.
             * @default null
             */
            queued?: boolean | null;
            /**
             * @description Since when it waits.
             * @default null
             */
            queuedAt?: string | null;
            /**
             * @description When it is due, ISO 8601.
             * @default null
             */
            dueDate?: string | null;
            /**
             * @description Its place on its board.
             * @default null
             */
            lexorank?: string | null;
            /**
             * @description `positive`, `negative` or `neutral`.
             * @default null
             */
            sentiment?: string | null;
            /**
             * @description A summary by a machine.
             * @default null
             */
            aiSummary?: string | null;
            /**
             * @description A summary for agents by a machine.
             * @default null
             */
            aiSupportSummary?: string | null;
            /**
             * Format: double
             * @description How its contact rated it.
             * @default null
             */
            conversationRating?: number | null;
            /**
             * Format: double
             * @description Its score.
             * @default null
             */
            score?: number | null;
            /**
             * @description The outbound message that it answers.
             * @default null
             */
            outbound?: string | null;
            /**
             * @description A picture.
             * @default null
             */
            imageUrl?: string | null;
            /**
             * @description Where it came from.
             * @default null
             */
            channel?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The bot that talks in it.
             * @default null
             */
            bot?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Closes it although something speaks against that; nothing does here.
             * @default null
             */
            forceCloseOverride?: boolean | null;
        };
        /** @description A file that goes with a ticket or a message. */
        Attachment: {
            /** @description Its name. */
            name: string;
            /** @description Where it is. */
            url: string;
            /** @description Its content type. */
            type?: string | null;
        };
        /** @description A page of tickets. */
        TicketList: {
            /** @description The tickets. */
            tickets: components["schemas"]["TicketView"][];
            /**
             * Format: uint
             * @description How many these are.
             */
            count: number;
            /**
             * Format: uint64
             * @description How many match.
             */
            totalCount: number;
        };
        /** @description A ticket with its first message. */
        ComposeInput: {
            /**
             * @description `BUG`, `FEATURE_REQUEST`, `INQUIRY` or another type.
             * @default null
             */
            type?: string | null;
            /**
             * @description What it is about.
             * @default null
             */
            title?: string | null;
            /**
             * @description The first message: a text, or a TipTap document as a JSON object.
             * @default null
             */
            message?: unknown;
            /**
             * @description `LOW`, `MEDIUM` or `HIGH`.
             * @default null
             */
            priority?: string | null;
            /**
             * @description `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board.
             * @default null
             */
            status?: string | null;
            /**
             * @description The user who works on it.
             * @default null
             */
            processingUser?: components["schemas"]["Reference"] | null;
            /**
             * @description The team that works on it.
             * @default null
             */
            processingTeam?: components["schemas"]["Reference"] | null;
            /**
             * @description Its tags.
             * @default null
             */
            tags?: string[] | null;
            /**
             * @description The contact.
             * @default null
             */
            session?: components["schemas"]["Reference"] | null;
            /**
             * @description The address of the contact, which is created when there is none with it.
             * @default null
             */
            email?: string | null;
            /**
             * @description The values of its form.
             * @default null
             */
            formData?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Whether nothing answers by itself.
             * @default null
             */
            preventAutoReply?: boolean | null;
        };
        /** @description How many tickets there are. */
        TicketCount: {
            /**
             * Format: uint64
             * @description How many match.
             */
            count: number;
        };
        /** @description A property of tickets that an export can have. */
        ExportField: {
            /** @description The name for `fields`. */
            key: string;
            /** @description The name for people. */
            label: string;
        };
        /** @description Everything that is kept of a ticket. */
        AuditView: {
            /** @description The ticket. */
            ticket: components["schemas"]["TicketView"];
            /** @description Its messages and notes, the oldest first. */
            messages: components["schemas"]["MessageView"][];
            /** @description Its timeline, the oldest first. */
            activities: components["schemas"]["ActivityView"][];
            /** @description Whether there is more than fits into one answer. */
            isCut: boolean;
            /** @description When it was exported, ISO 8601. */
            exportedAt: string;
        };
        /** @description A message as it is answered. */
        MessageView: {
            /** @description The message's id. */
            id: components["schemas"]["Id"];
            /** @description The message's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description When it was written, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /** @description When its words or files were last changed by somebody, ISO 8601. */
            editedAt?: string | null;
            /** @description The ticket's id. */
            ticket: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description Its place in the ticket, from 0.
             */
            index: number;
            /** @description `TEXT`, `NOTE`, `USER_TEXT`, `BOT` or another. */
            type: string;
            /** @description `user`, `agent`, `bot` or `system`. */
            senderType: string;
            /** @description Whether a bot wrote it. */
            bot: boolean;
            /** @description What it says. */
            data: components["schemas"]["MessageData"];
            /** @description The same as plain text. */
            text: string;
            /** @description The language of these, when it is a translation that was asked for. */
            language?: string | null;
            /** @description The agent who wrote it. */
            user?: components["schemas"]["PersonView"] | null;
            /** @description The contact that wrote it. */
            session?: components["schemas"]["ReporterView"] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description What a message says. */
        MessageData: {
            /** @description A text, or a TipTap document. */
            content: unknown;
        };
        /** @description Something that happened to a ticket. */
        ActivityView: {
            /** @description The event's id. */
            id: components["schemas"]["Id"];
            /** @description What: `CREATE_TICKET`, `TICKET_STATUS_CHANGE`, `ASSIGN_TICKET`, `TICKET_REPLY`, `TICKET_UPDATED` or another. */
            action: string;
            /** @description When, ISO 8601. */
            createdAt: string;
            /** @description `agent`, `user`, `bot` or `system`. */
            actorType: string;
            /** @description The agent who did it: `{id, name, email}`. */
            actionUser?: unknown;
            /** @description The contact that did it. */
            session?: components["schemas"]["Id"] | null;
            /** @description The property that changed. */
            property?: string | null;
            /** @description What it was. */
            before?: unknown;
            /** @description What it is. */
            after?: unknown;
            /** @description What else belongs to it. */
            data?: unknown;
        };
        /** @description A tracker ticket that is to be created. */
        TrackerInput: {
            /**
             * @description What it is about.
             * @default null
             */
            title?: string | null;
            /**
             * @description The same at length.
             * @default null
             */
            description?: string | null;
            /**
             * @description Its type; `BUG` unless said otherwise.
             * @default null
             */
            type?: string | null;
            /**
             * @description The tickets that it tracks.
             * @default []
             */
            linkedTicketIds?: components["schemas"]["Id"][];
            /**
             * @description The customer who asks for it.
             * @default null
             */
            customerName?: string | null;
            /**
             * @description The customer's address.
             * @default null
             */
            customerEmail?: string | null;
        };
        /** @description What a tracker ticket of a ticket could say. */
        TrackerData: {
            /** @description What it is about. */
            title: string;
            /** @description The same at length. */
            description: string;
            /** @description Its type. */
            type: string;
            /** @description The ticket that it would track. */
            linkedTicketIds: components["schemas"]["Id"][];
            /** @description The customer who asks for it. */
            customerName?: string | null;
            /** @description The customer's address. */
            customerEmail?: string | null;
        };
        /** @description The ticket that a tracker ticket would track. */
        Source: {
            /** @description The ticket's id. */
            sourceTicketId: components["schemas"]["Id"];
            /** @description The type of the tracker ticket. */
            type?: string | null;
        };
        /** @description For how long a ticket sleeps. */
        Snooze: {
            /**
             * Format: double
             * @description Hours from now, which need not be whole; 0 wakes the ticket.
             */
            duration?: number | null;
            /** @description Instead of that, until when, ISO 8601. */
            snoozedUntil?: string | null;
        };
        /** @description The other ticket. */
        Target: {
            /** @description Its id. */
            targetTicketId: components["schemas"]["Id"];
        };
        /** @description How many tickets are archived, or will be in a moment. */
        Archived: {
            /** @description True. */
            success: boolean;
            /**
             * Format: uint64
             * @description How many.
             */
            count: number;
        };
        /** @description Which tickets. */
        Lane: {
            /** @description Their type. */
            type: string;
            /** @description Their status. */
            status: string;
        };
        /** @description An integration. */
        Integration: {
            /** @description `github`, `jira` or another. */
            integrationType: string;
            /** @description Which one of them. */
            integrationId: string;
        };
        /** @description A reply that a machine drafted. */
        Draft: {
            /** @description The reply. */
            draftReply: string;
        };
        /** @description Which tickets are to be one, and how. */
        MergeInput: {
            /**
             * @description The tickets that become part of another, 50 at most.
             * @default []
             */
            ticketsToMergeIds?: components["schemas"]["Id"][];
            /**
             * @description The ticket that stays; the first of the others unless said otherwise.
             * @default null
             */
            targetTicketId?: components["schemas"]["Id"] | null;
            /**
             * @description Whether their contacts become one too, of those that are guests.
             * @default false
             */
            shouldMergeContacts?: boolean;
            /**
             * @description Whether the ticket that stays takes over their links, such as those to tracker tickets.
             * @default false
             */
            shouldMergeTasks?: boolean;
            /**
             * @description Whether a new ticket is made of all of them.
             * @default false
             */
            shouldCreateNewTicket?: boolean;
        };
        /** @description A merge of tickets. */
        MergeView: {
            /** @description The merge's id, with which it is undone. */
            id: components["schemas"]["Id"];
            /** @description The ticket that stayed. */
            target: components["schemas"]["Id"];
            /** @description The tickets that became part of it. */
            sources: components["schemas"]["SourceView"][];
            /** @description Whether the ticket was made by the merge. */
            createdNew: boolean;
            /** @description When it was made, ISO 8601. */
            createdAt: string;
            /** @description When it was undone, ISO 8601. */
            undoneAt?: string | null;
        };
        /** @description A ticket that became part of another. */
        SourceView: {
            /** @description Its id. */
            id: components["schemas"]["Id"];
            /**
             * Format: uint64
             * @description Its number.
             */
            bugId?: number | null;
            /** @description Its title; one that was deleted since has none. */
            title?: string | null;
            /** @description What it was, of what the merge changed. */
            before: {
                [key: string]: unknown;
            };
        };
        /** @description Tickets that say the same. */
        Groups: {
            /** @description Each with the ticket that has the most votes, and the others. */
            groups: components["schemas"]["GroupView"][];
        };
        /** @description Tickets that say the same. */
        GroupView: {
            /** @description The one with the most votes. */
            mainTicket: {
                [key: string]: unknown;
            };
            /** @description The others. */
            duplicates: {
                [key: string]: unknown;
            }[];
            /**
             * Format: double
             * @description How alike they are at least, from 0 to 1.
             */
            score: number;
        };
        /** @description What counts as saying the same. */
        Wanted: {
            /**
             * @description The type of the tickets; `FEATURE_REQUEST` unless said otherwise.
             * @default null
             */
            type?: string | null;
            /**
             * Format: double
             * @description How alike titles must be at least, from 0.3 to 1; 0.7 unless said otherwise.
             * @default null
             */
            minScore?: number | null;
        };
        /** @description Tickets that are to be one. */
        GroupInput: {
            /** @description The ticket that stays. */
            mainTicketId: components["schemas"]["Id"];
            /** @description Those that become part of it, 50 at most. */
            duplicateTicketIds: components["schemas"]["Id"][];
        };
        /** @description Somebody's wish. */
        VoteInput: {
            /** @description The mail address. */
            email: string;
            /** @description The name. */
            name?: string | null;
            /** @description What is wanted; `toggle` unless said otherwise. */
            action?: components["schemas"]["VoteAction"];
        };
        /** @description What somebody wants. */
        VoteAction: "toggle" | "subscribe" | "unsubscribe";
        /** @description How many mails are on their way. */
        Sent: {
            /** @description True. */
            success: boolean;
            /**
             * Format: uint
             * @description How many.
             */
            count: number;
        };
        /** @description To whom. */
        Recipients: {
            /** @description The mail addresses, 20 at most. */
            emails: string[];
        };
        /** @description A document as it is answered. */
        View: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name on tickets: `BUG`, `FOR-RELEASE`.
             * @default null
             */
            type?: string | null;
            /**
             * @description Its name for people.
             * @default null
             */
            title?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description The sign before its name.
             * @default null
             */
            icon?: string | null;
            /**
             * @description Its colour.
             * @default null
             */
            color?: string | null;
            /**
             * @description Whether it is offered.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description The lanes of its board, from left to right; new tickets come into the first.
             * @default null
             */
            lanes?: components["schemas"]["Lane2"][] | null;
        };
        /** @description A lane of a board. */
        Lane2: {
            /** @description The status of the tickets in it; made up when it is left out. */
            id?: string | null;
            /** @description Its name for people. */
            title: string;
            /** @description Its colour. */
            color?: string | null;
            /**
             * @description Whether its tickets are dealt with.
             * @default false
             */
            closed?: boolean;
        };
        /** @description The properties of a ticket type that a caller may set. */
        TicketTypeInput: {
            /**
             * @description Its name on tickets: `BUG`, `FOR-RELEASE`.
             * @default null
             */
            type?: string | null;
            /**
             * @description Its name for people.
             * @default null
             */
            title?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description The sign before its name.
             * @default null
             */
            icon?: string | null;
            /**
             * @description Its colour.
             * @default null
             */
            color?: string | null;
            /**
             * @description Whether it is offered.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description The lanes of its board, from left to right; new tickets come into the first.
             * @default null
             */
            lanes?: components["schemas"]["Lane2"][] | null;
        };
        /** @description A board. */
        BoardView: {
            /** @description The ticket type. */
            type: string;
            /** @description Its lanes, from left to right. */
            lanes: components["schemas"]["LaneView"][];
        };
        /** @description A lane of a board. */
        LaneView: {
            /** @description The status of the tickets in it; made up when it is left out. */
            id?: string | null;
            /** @description Its name for people. */
            title: string;
            /** @description Its colour. */
            color?: string | null;
            /**
             * @description Whether its tickets are dealt with.
             * @default false
             */
            closed?: boolean;
            /**
             * Format: uint64
             * @description How many tickets are in it.
             */
            count: number;
            /** @description The first of them. */
            tickets: components["schemas"]["TicketView"][];
        };
        /** @description Where a ticket goes on its board. */
        Move: {
            /**
             * @description The lane; its own unless said otherwise.
             * @default null
             */
            status?: string | null;
            /**
             * @description The ticket behind which it comes.
             * @default null
             */
            afterTicketId?: components["schemas"]["Id"] | null;
            /**
             * @description The ticket before which it comes.
             * @default null
             */
            beforeTicketId?: components["schemas"]["Id"] | null;
        };
        /** @description The properties of a message that a caller may set. */
        MessageInput: {
            /**
             * @description The ticket.
             * @default null
             */
            ticket?: components["schemas"]["Reference"] | null;
            /**
             * @description What it says: a text, or a TipTap document as a JSON object. It is answered in `data.content`.
             * @default null
             */
            comment?: unknown;
            /**
             * @description The same as `{content}`.
             * @default null
             */
            data?: unknown;
            /**
             * @description Whether only agents see it. Notes are answered with the type `NOTE`.
             * @default null
             */
            isNote?: boolean | null;
            /**
             * @description `TEXT` unless said otherwise, `BOT` for bots, `NOTE` for notes.
             * @default null
             */
            type?: string | null;
            /**
             * @description Whether a bot writes.
             * @default null
             */
            bot?: boolean | null;
            /**
             * @description The contact that writes; otherwise it is whoever calls.
             * @default null
             */
            session?: components["schemas"]["Reference"] | null;
            /**
             * @description The agent who writes; otherwise it is whoever calls.
             * @default null
             */
            user?: components["schemas"]["Reference"] | null;
            /**
             * @description Who is shown when no user writes.
             * @default null
             */
            fallbackUser?: components["schemas"]["FallbackUser"] | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
            /**
             * @description What is offered with it.
             * @default null
             */
            actions?: components["schemas"]["MessageAction"][] | null;
            /**
             * @description The channel by which it came or goes.
             * @default null
             */
            channel?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Whether it is sent through the ticket's channel too.
             * @default null
             */
            sendToChannel?: boolean | null;
            /**
             * @description The message that it answers.
             * @default null
             */
            replyTo?: string | null;
            /**
             * @description A name by which the caller knows it.
             * @default null
             */
            messageRef?: string | null;
            /**
             * @description The mail that it came with.
             * @default null
             */
            emailId?: string | null;
            /**
             * @description Whether its contact has not read it.
             * @default null
             */
            sessionNotificationsUnread?: boolean | null;
            /**
             * @description The outbound message that it is about.
             * @default null
             */
            outbound?: string | null;
            /**
             * @description The template of that.
             * @default null
             */
            outboundTemplate?: string | null;
            /**
             * @description The subject of that.
             * @default null
             */
            outboundSubject?: string | null;
            /**
             * @description Whether it belongs to a conversation with a machine.
             * @default null
             */
            kaiChat?: boolean | null;
            /**
             * @description What the machine knows of it.
             * @default null
             */
            aiData?: unknown;
            /**
             * @description What it says in other languages, by language: `{"es": "Hola"}`.
             * @default null
             */
            translatedData?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description How it was rated.
             * @default null
             */
            rating?: string | null;
            /**
             * @description Whether it reached its channel.
             * @default null
             */
            status?: unknown;
            /**
             * @description What that was before.
             * @default null
             */
            statusHistory?: unknown[] | null;
        };
        /** @description Who is shown when no user writes. */
        FallbackUser: {
            /** @description The name. */
            username?: string | null;
            /** @description The address. */
            email?: string | null;
            /** @description The web address of a picture. */
            imageUrl?: string | null;
        };
        /** @description Something that is offered with a message. */
        MessageAction: {
            /** @description What. */
            type: string;
            /**
             * @description With what.
             * @default null
             */
            data?: unknown;
        };
        /** @description A page of a conversation, or the bare list. */
        FoundView: components["schemas"]["MessageView"][] | {
            /** @description The messages, the oldest first. */
            items: components["schemas"]["MessageView"][];
            /** @description Whether there are messages before these. */
            hasMore: boolean;
            /** @description The `before` of the page before this one. */
            nextBefore?: components["schemas"]["Id"] | null;
        };
        /** @description Messages that were found. */
        Hits: {
            /** @description The messages, the best first. */
            hits: components["schemas"]["MessageView"][];
        };
        /** @description Whether a message answers a frequent question. */
        Faq: {
            /** @description Whether it does. */
            accept: boolean;
        };
        /** @description A document as it is answered. */
        View2: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description What it says so far: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Whether it is a note.
             * @default null
             */
            isNote?: boolean | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
        };
        /** @description What a user is about to write. */
        DraftInput: {
            /**
             * @description What it says so far: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Whether it is a note.
             * @default null
             */
            isNote?: boolean | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
        };
        /** @description A message that waits to be sent. */
        ScheduledView: {
            /** @description The user who wrote it, and who can take it back. */
            user: components["schemas"]["Id"];
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description The ticket.
             * @default null
             */
            ticket?: components["schemas"]["Reference"] | null;
            /**
             * @description What it says: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Whether only agents see it.
             * @default null
             */
            isNote?: boolean | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
            /**
             * @description When it is sent, ISO 8601.
             * @default null
             */
            sendAt?: string | null;
            /**
             * Format: double
             * @description Instead of that, seconds from now.
             * @default null
             */
            delay?: number | null;
        };
        /** @description A message that is to be sent later. */
        ScheduledInput: {
            /**
             * @description The ticket.
             * @default null
             */
            ticket?: components["schemas"]["Reference"] | null;
            /**
             * @description What it says: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Whether only agents see it.
             * @default null
             */
            isNote?: boolean | null;
            /**
             * @description Files.
             * @default null
             */
            attachments?: components["schemas"]["Attachment"][] | null;
            /**
             * @description When it is sent, ISO 8601.
             * @default null
             */
            sendAt?: string | null;
            /**
             * Format: double
             * @description Instead of that, seconds from now.
             * @default null
             */
            delay?: number | null;
        };
        /** @description A team as it is answered. */
        TeamView: {
            /** @description The team's id. */
            id: components["schemas"]["Id"];
            /** @description The team's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description How it hands out tickets.
             * @default null
             */
            assignmentMethod?: components["schemas"]["AssignmentMethod"] | null;
            /**
             * @description The ids of its users.
             * @default null
             */
            members?: components["schemas"]["Id"][] | null;
            /**
             * @description Whether only members who are online get tickets.
             * @default null
             */
            selectOnlyOnlineMembers?: boolean | null;
            /**
             * @description Whether the queue has to be looked at again.
             * @default null
             */
            needQueueRerun?: boolean | null;
            /**
             * @description Whether a member gets at most `ticketAmount` tickets.
             * @default null
             */
            limitTicketAmount?: boolean | null;
            /**
             * Format: double
             * @description Open tickets of a member at most.
             * @default null
             */
            ticketAmount?: number | null;
            /**
             * @description When an answer is due.
             * @default null
             */
            slaOptions?: components["schemas"]["SlaOptions"] | null;
            /**
             * @description When the team works.
             * @default null
             */
            operatingHours?: components["schemas"]["OperatingHours"] | null;
        };
        /** @description How a team hands its tickets to its members. */
        AssignmentMethod: "manual" | "random" | "balanced" | "circular";
        /** @description When an answer is due. */
        SlaOptions: {
            /**
             * Format: double
             * @description Seconds until the first answer is due.
             * @default null
             */
            defaultSla?: number | null;
        };
        /** @description When a team works. */
        OperatingHours: {
            /**
             * @description Whether the hours count.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description The name of a time zone: `Europe/Vienna`.
             * @default null
             */
            timezone?: string | null;
            /**
             * @description Whether the team is shown as online outside of its hours too.
             * @default null
             */
            alwaysOnline?: boolean | null;
            /**
             * @description What visitors are told about the time to an answer.
             * @default null
             */
            replyTime?: unknown;
            /**
             * @description The hours of each day.
             * @default null
             */
            openingTimes?: components["schemas"]["OpeningTime"][] | null;
            /**
             * @description Days on which the team does not work, as `2026-12-25`.
             * @default null
             */
            holidays?: string[] | null;
            /**
             * @description Texts by language.
             * @default null
             */
            staticTranslations?: unknown;
        };
        /** @description The hours of a day. */
        OpeningTime: {
            /**
             * @description The day.
             * @default null
             */
            day?: string | null;
            /**
             * @description The start: `09:00`.
             * @default null
             */
            openingTime?: string | null;
            /**
             * @description The end: `17:00`.
             * @default null
             */
            closingTime?: string | null;
            /**
             * @description What visitors are told about the time to an answer.
             * @default null
             */
            replyTime?: unknown;
        };
        /** @description The properties of a team that a caller may set. */
        TeamInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description How it hands out tickets.
             * @default null
             */
            assignmentMethod?: components["schemas"]["AssignmentMethod"] | null;
            /**
             * @description The ids of its users.
             * @default null
             */
            members?: components["schemas"]["Id"][] | null;
            /**
             * @description Whether only members who are online get tickets.
             * @default null
             */
            selectOnlyOnlineMembers?: boolean | null;
            /**
             * @description Whether the queue has to be looked at again.
             * @default null
             */
            needQueueRerun?: boolean | null;
            /**
             * @description Whether a member gets at most `ticketAmount` tickets.
             * @default null
             */
            limitTicketAmount?: boolean | null;
            /**
             * Format: double
             * @description Open tickets of a member at most.
             * @default null
             */
            ticketAmount?: number | null;
            /**
             * @description When an answer is due.
             * @default null
             */
            slaOptions?: components["schemas"]["SlaOptions"] | null;
            /**
             * @description When the team works.
             * @default null
             */
            operatingHours?: components["schemas"]["OperatingHours"] | null;
        };
        /** @description A user as it is answered. */
        UserView: {
            /** @description The user's id. */
            id: components["schemas"]["Id"];
            /** @description The user's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The address. */
            email: string;
            /** @description `default`, `sso` or `service_account`. */
            userType: string;
            /** @description The same. */
            type: string;
            /** @description Whether the address is confirmed. */
            confirmed: boolean;
            /** @description Whether the user can sign in with a password; if not, one is set by mail. */
            hasPassword: boolean;
            /** @description Whether signing in takes a second factor. */
            hasSecondFactor: boolean;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description First name.
             * @default null
             */
            firstName?: string | null;
            /**
             * @description Last name.
             * @default null
             */
            lastName?: string | null;
            /**
             * @description What the user does at work.
             * @default null
             */
            userRole?: string | null;
            /**
             * @description How the user heard of the product.
             * @default null
             */
            knewGleapFrom?: string | null;
            /**
             * @description What the user wants to do with it.
             * @default null
             */
            userUsage?: string | null;
            /**
             * @description The web address of a picture.
             * @default null
             */
            profileImageUrl?: string | null;
            /**
             * @description Whether the first steps are done.
             * @default null
             */
            completedOnboarding?: boolean | null;
            /** @description The password until now, needed for a new one. */
            oldpassword?: string | null;
            /** @description A new password. It ends every session, this one too. */
            password?: string | null;
            /**
             * @description Whether the user takes tickets.
             * @default null
             */
            available?: boolean | null;
            /**
             * @description Projects in which the user takes none.
             * @default null
             */
            unavailableProjects?: components["schemas"]["Id"][] | null;
            /**
             * @description Which news reach the user on which way.
             * @default null
             */
            notificationPreferences?: components["schemas"]["NotificationPreferences"] | null;
            /**
             * @description Which news are left out.
             * @default null
             */
            notificationSettings?: components["schemas"]["NotificationSettings"] | null;
        };
        /**
         * @description Which news reach a user on which way. What a user never decided is as usual: what is meant for the user or
         *     a team is shown, and what is meant for the user alone is mailed as well.
         */
        NotificationPreferences: {
            /** @description Messages of any ticket. */
            "all-ticket-messages"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Tickets that waited too long. */
            "all-sla-breached"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Messages of the user's tickets. */
            "personal-ticket-messages"?: components["schemas"]["NotificationPreference"] | null;
            /** @description New tickets. */
            "all-created-tickets"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Tickets assigned to the user. */
            "personal-assignment"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Messages that name the user. */
            "personal-mention"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Messages of tickets of the user's teams. */
            "team-ticket-messages"?: components["schemas"]["NotificationPreference"] | null;
            /** @description Tickets assigned to the user's teams. */
            "team-ticket-assignment"?: components["schemas"]["NotificationPreference"] | null;
        };
        /** @description On which way news come. */
        NotificationPreference: {
            /**
             * @description To the phone; kept for other clients, nothing is sent on this way yet.
             * @default false
             */
            push?: boolean;
            /**
             * @description In the dashboard.
             * @default false
             */
            inApp?: boolean;
            /**
             * @description By mail.
             * @default false
             */
            email?: boolean;
        };
        /** @description Which news are left out. */
        NotificationSettings: {
            /**
             * @description Nothing about tickets that the user created.
             * @default false
             */
            preventNotificationsWhereICreator?: boolean;
            /**
             * @description Mail at once, without waiting whether the user reads the news in the dashboard.
             * @default false
             */
            directlySendNotifications?: boolean;
            /**
             * @description Mail only while the user is away.
             * @default false
             */
            sendEmailOnlyWhenOffline?: boolean;
        };
        /** @description The properties of a user that a caller may set. */
        UserInput: {
            /**
             * @description First name.
             * @default null
             */
            firstName?: string | null;
            /**
             * @description Last name.
             * @default null
             */
            lastName?: string | null;
            /**
             * @description What the user does at work.
             * @default null
             */
            userRole?: string | null;
            /**
             * @description How the user heard of the product.
             * @default null
             */
            knewGleapFrom?: string | null;
            /**
             * @description What the user wants to do with it.
             * @default null
             */
            userUsage?: string | null;
            /**
             * @description The web address of a picture.
             * @default null
             */
            profileImageUrl?: string | null;
            /**
             * @description Whether the first steps are done.
             * @default null
             */
            completedOnboarding?: boolean | null;
            /** @description The password until now, needed for a new one. */
            oldpassword?: string | null;
            /** @description A new password. It ends every session, this one too. */
            password?: string | null;
            /**
             * @description Whether the user takes tickets.
             * @default null
             */
            available?: boolean | null;
            /**
             * @description Projects in which the user takes none.
             * @default null
             */
            unavailableProjects?: components["schemas"]["Id"][] | null;
            /**
             * @description Which news reach the user on which way.
             * @default null
             */
            notificationPreferences?: components["schemas"]["NotificationPreferences"] | null;
            /**
             * @description Which news are left out.
             * @default null
             */
            notificationSettings?: components["schemas"]["NotificationSettings"] | null;
        };
        /** @description What a user may do in a project. */
        PermissionsView: {
            /** @description The names of the permissions. */
            permissions: string[];
            /** @description The aliases of the roles. */
            roles: string[];
        };
        /** @description A sign-up that waits for the code. */
        SignedUp: {
            /** @description The id for another code. */
            id: components["schemas"]["Id"];
            /** @description The same, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The address to which the code is sent. */
            email: string;
            /** @description False: the code is missing. */
            confirmed: boolean;
        };
        /** @description What a new user tells. */
        SignUp: {
            /**
             * @description First and last name.
             * @default
             */
            name?: string;
            /**
             * @description The address to sign in with.
             * @default
             */
            email?: string;
            /** @description The password to sign in with. */
            password?: string;
            /**
             * @description Who sent the user here.
             * @default null
             */
            referral?: string | null;
            /**
             * @description Which way the user is led through the first steps.
             * @default null
             */
            onboardingFlow?: string | null;
            /**
             * @description The campaign's source.
             * @default null
             */
            utm_source?: string | null;
            /**
             * @description The campaign's medium.
             * @default null
             */
            utm_medium?: string | null;
            /**
             * @description The campaign's term.
             * @default null
             */
            utm_term?: string | null;
            /**
             * @description The campaign's content.
             * @default null
             */
            utm_content?: string | null;
            /**
             * @description The campaign's name.
             * @default null
             */
            utm_campaign?: string | null;
        };
        /** @description What a sign-in came to. */
        SignIn: components["schemas"]["SignedIn"] | components["schemas"]["SecondFactorNeeded"];
        /** @description A new session. */
        SignedIn: {
            /** @description The bearer token of the session. */
            token: string;
            /** @description When it ends, ISO 8601. */
            expiresAt: string;
            /** @description Who signed in. */
            user: components["schemas"]["UserView"];
        };
        /** @description A sign-in that waits for a second factor. */
        SecondFactorNeeded: {
            /** @description What the next step takes. */
            secondFactor: components["schemas"]["Step"];
        };
        /** @description A step to be taken. */
        Step: {
            /** @description Comes back with the proof. */
            challenge: string;
            /** @description Until when it is good, ISO 8601. */
            expiresAt: string;
            /** @description What can be proved with. */
            methods: components["schemas"]["Method"][];
            /** @description The options of `navigator.credentials.get` (`PublicKeyCredentialRequestOptionsJSON`). */
            publicKey?: unknown;
        };
        /** @description A second factor. */
        Method: "totp" | "passkey" | "recoveryCode";
        /** @description The code that was sent to an address. */
        VerifyInput: {
            /** @description The code from the mail. */
            code: string;
            /** @description The address. */
            email: string;
        };
        /** @description Who needs another code. */
        ResendInput: {
            /** @description The id from the answer to the sign-up. */
            id: components["schemas"]["Id"];
        };
        /** @description That something was done. */
        Success: {
            /** @description True. */
            success: boolean;
        };
        /** @description A signature for a socket. */
        Ticket: {
            /** @description The application's key and the signature, with a colon between them. */
            auth: string;
            /** @description Who signed in, as the JSON text that was signed. */
            user_data?: string | null;
            /** @description Who follows, as the JSON text that was signed. */
            channel_data?: string | null;
        };
        /** @description Which socket asks. */
        SocketInput: {
            /** @description The id that the socket was given when it connected. */
            socket_id: string;
        };
        /** @description Which socket asks for which channel. */
        ChannelInput: {
            /** @description The id that the socket was given when it connected. */
            socket_id: string;
            /** @description The channel. */
            channel_name: string;
            /** @description Where the client stopped following the channel, when it goes on there. */
            resume?: components["schemas"]["Resume"] | null;
        };
        /** @description A place in a numbered stream. */
        Resume: {
            /** @description Tells the stream from a lost one of the same name. */
            epoch: string;
            /**
             * Format: int64
             * @description The number of the last event that the client got.
             */
            seq: number;
        };
        /** @description It was told. */
        Told: {
            /** @description Always true. */
            ok: boolean;
        };
        /** @description Whether the caller types. */
        Typing: {
            /** @description Whether the caller types. */
            typing: boolean;
        };
        /** @description Whether the caller looks at the ticket. */
        Viewing: {
            /** @description Whether the caller looks at the ticket. */
            viewing: boolean;
        };
        /** @description A line of the console. */
        ConsoleEntry: {
            /** @description The text. */
            log: string;
            /** @description When it was written. */
            date?: string | null;
            /** @description `INFO`, `WARNING`, `ERROR`, `CLICK` or a level of the site's own. */
            priority?: string | null;
        };
        /** @description A call of the network. */
        NetworkEntry: {
            /** @description The method, or `RESOURCE`. */
            type: string;
            /** @description The address. */
            url: unknown;
            /** @description When it began. */
            date?: string | null;
            /**
             * Format: double
             * @description How long it took, in milliseconds.
             */
            duration?: number | null;
            /** @description Whether it succeeded. */
            success?: boolean | null;
            /** @description What was sent. */
            request?: {
                [key: string]: unknown;
            } | null;
            /** @description What came back. */
            response?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description Something that the user did. */
        ActivityEntry: {
            /** @description Its name. */
            name: string;
            /** @description When it was. */
            date?: string | null;
            /** @description What belongs to it. */
            data?: unknown;
        };
        /** @description A replay. */
        ReplayView: {
            /** @description `rrweb` for the recording of a page, `frames` for the frames of an app. */
            type?: string | null;
            /** @description The events of a recording, unpacked. */
            events?: {
                [key: string]: unknown;
            }[] | null;
            /** @description The frames, the oldest first, with `url`, `screenname`, `date` and `interactions`. */
            frames?: {
                [key: string]: unknown;
            }[] | null;
            /**
             * Format: double
             * @description Milliseconds between frames.
             */
            interval?: number | null;
            /**
             * Format: double
             * @description When it begins, in unix milliseconds.
             */
            startDate?: number | null;
            /** @description The address of the site. */
            baseUrl?: string | null;
            /**
             * Format: double
             * @description The width of the page.
             */
            width?: number | null;
            /**
             * Format: double
             * @description The height of the page.
             */
            height?: number | null;
            /** @description Whether the page was on a mobile device. */
            isMobile?: boolean | null;
            /**
             * Format: uint64
             * @description Events that could not be kept.
             */
            eventsLeftOut?: number | null;
        };
        /** @description What a page adds to addresses of files. */
        FileSessionView: {
            /** @description Where files are: only addresses of this origin get the token. */
            origin: string;
            /** @description Whether the project shows files only to those whom they belong to. If not, there is no token. */
            required: boolean;
            /**
             * @description The query parameter `fileSession` of addresses of the project's files. It ends before an hour is
             *     over, with the caller's bearer token and with the right to read tickets.
             */
            token?: string | null;
            /** @description When the token ends, ISO 8601. */
            expiresAt?: string | null;
        };
        /** @description Some of what changed, and where to go on. */
        Changes: {
            /** @description The stream's epoch: with another one, numbers mean something else. */
            epoch: string;
            /**
             * Format: int64
             * @description The number to go on after. Events that the caller may not see are passed over, so it can be
             *     higher than that of the last event.
             */
            seq: number;
            /** @description Whether there are more already. */
            more: boolean;
            /** @description Whether events behind `after` are not kept any more: read everything anew, and go on after `seq`. */
            reset: boolean;
            /** @description The events, oldest first. */
            changes: components["schemas"]["Change2"][];
        };
        /** @description An event. */
        Change2: {
            /**
             * Format: int64
             * @description Its number in the stream.
             */
            seq: number;
            /** @description When it happened. */
            at: string;
            /** @description What happened: `ticket.updated`. */
            event: string;
            /** @description The id of the document that it happened to. */
            id?: string | null;
            /** @description Who did it: `user:<id>`, `contact:<id>`, `system`. */
            actor: string;
            /** @description What else belongs to it. */
            data: unknown;
        };
        /** @description What a server offers. */
        ServerView: {
            /** @description Whether people sign up without an invitation. */
            openSignUp: boolean;
            /** @description Whether there can be passkeys: they need a host name. */
            passkeys: boolean;
            /** @description Whether mail can be sent. */
            mail: boolean;
            /** @description The addresses that SDKs take. */
            urls: components["schemas"]["Addresses"];
        };
        /** @description The addresses that SDKs take, without a slash at the end. */
        Addresses: {
            /** @description For `setApiUrl`. */
            api: string;
            /** @description For `setWSApiUrl`. */
            socket: string;
            /** @description For `setFrameUrl`. */
            messenger: string;
            /** @description For `setBannerUrl`. */
            banner: string;
            /** @description For `setModalUrl`. */
            modal: string;
        };
        /** @description What somebody types to sign in. */
        Credentials: {
            /** @description The address. */
            email: string;
            /** @description The password. */
            password: string;
        };
        /** @description An address. */
        AddressInput: {
            /** @description The address. */
            email: string;
        };
        /** @description A new password with the code that was sent to the address. */
        ResetInput: {
            /** @description The address. */
            email: string;
            /** @description The code from the mail. */
            code: string;
            /** @description The new password. */
            password: string;
        };
        /** @description The second step of a sign-in. */
        SecondStep: {
            /** @description The challenge of the first step. */
            challenge: string;
            /**
             * @description The code that the authenticator app shows.
             * @default null
             */
            code?: string | null;
            /**
             * @description One of the recovery codes, which is used up.
             * @default null
             */
            recoveryCode?: string | null;
            /** @description The use of a passkey. */
            passkey?: components["schemas"]["UsedPasskey"] | null;
        };
        /** @description The use of a passkey as browsers write it (`AuthenticationResponseJSON`); byte strings are in base64url. */
        UsedPasskey: {
            /** @description The credential's id. */
            rawId: string;
            /** @description What the authenticator answered. */
            response: components["schemas"]["Assertion"];
        };
        /** @description What an authenticator answers that used a passkey. */
        Assertion: {
            /** @description What the browser says about the call. */
            clientDataJSON: string;
            /** @description What the authenticator says about itself. */
            authenticatorData: string;
            /** @description The signature over both. */
            signature: string;
            /** @description Whose passkey it is; only a passkey that signs in by itself says so. */
            userHandle?: string | null;
        };
        /** @description Options for a browser's passkeys. */
        Options: {
            /** @description Comes back with what the browser made of the options. */
            challenge: string;
            /** @description Until when it is good, ISO 8601. */
            expiresAt: string;
            /** @description The options, in the JSON form of Web Authentication. */
            publicKey: unknown;
        };
        /** @description A sign-in with a passkey alone. */
        PasskeyInput: {
            /** @description The challenge from the options. */
            challenge: string;
            /** @description The use of the passkey. */
            passkey: components["schemas"]["UsedPasskey"];
        };
        /** @description A provider as it is answered. */
        SsoView: {
            /** @description Whether there is one. */
            configured: boolean;
            /** @description The provider's address. */
            issuer?: string | null;
            /** @description What the provider calls this server. */
            clientId?: string | null;
            /** @description The domains of the addresses for which the provider speaks. */
            domains: string[];
            /** @description Those of them that wait for the operator, and do not count until then. */
            unconfirmedDomains: string[];
            /** @description Whether an address counts of which the provider does not say that it was confirmed. */
            trustAddresses: boolean;
            /** @description The alias of the role that new people get. */
            defaultRole: string;
            /** @description Whether people sign in there. */
            enabled: boolean;
            /** @description Whether the caller may change this. */
            changeable: boolean;
            /** @description The address that the provider must allow to come back to. */
            redirectUri: string;
        };
        /** @description A provider to be set; what is left out stays. */
        SsoInput: {
            /**
             * @description The provider's address, exactly as it calls itself.
             * @default null
             */
            issuer?: string | null;
            /**
             * @description What the provider calls this server.
             * @default null
             */
            clientId?: string | null;
            /**
             * @description What proves to the provider that it is this server; it is never answered.
             * @default null
             */
            clientSecret?: string | null;
            /**
             * @description The domains of the addresses for which the provider speaks; each counts once the operator confirmed it.
             * @default null
             */
            domains?: string[] | null;
            /**
             * @description Whether an address counts of which the provider does not say that it was confirmed (`email_verified`).
             *     Some say it of none, because only their administrators give addresses.
             * @default null
             */
            trustAddresses?: boolean | null;
            /**
             * @description The alias of the role that new people get, `DEFAULT` unless said otherwise.
             * @default null
             */
            defaultRole?: string | null;
            /**
             * @description Whether people sign in there.
             * @default null
             */
            enabled?: boolean | null;
        };
        /** @description A sign-in that goes on at the provider. */
        GoThere: {
            /** @description Where the browser goes. */
            url: string;
            /** @description What the browser keeps until it is back. */
            handle: string;
            /** @description Until when it is good, ISO 8601. */
            expiresAt: string;
        };
        /** @description Who signs in: an address, or the organisation. */
        WhoInput: {
            /**
             * @description The address; its domain tells the provider.
             * @default null
             */
            email?: string | null;
            /**
             * @description The organisation, where it is known already.
             * @default null
             */
            organisation?: components["schemas"]["Id"] | null;
        };
        /** @description What a browser brings back from the provider. */
        Returned: {
            /** @description The code from the provider. */
            code: string;
            /** @description The state from the provider. */
            state: string;
            /** @description The handle that the browser kept. */
            handle: string;
            /** @description The organisation in the address to which the provider sent the browser back. */
            organisation: components["schemas"]["Id"];
        };
        /** @description The organisation to connect with. */
        OrganisationInput: {
            /** @description The organisation. */
            organisation: components["schemas"]["Id"];
        };
        /** @description How a user signs in. */
        SignInMethods: {
            /** @description Whether there is a password. */
            hasPassword: boolean;
            /** @description Whether there is a second factor. */
            secondFactor: boolean;
            /** @description The authenticator app, if there is one. */
            totp?: components["schemas"]["TotpView"] | null;
            /** @description The passkeys. */
            passkeys: components["schemas"]["PasskeyView"][];
            /**
             * Format: uint
             * @description Recovery codes that were not used yet.
             */
            recoveryCodesLeft: number;
            /** @description The organisations at whose provider the user signs in. */
            sso: components["schemas"]["LinkView"][];
            /** @description The user's organisations at whose provider the user could sign in, too, once it is connected. */
            ssoOffered: components["schemas"]["Named2"][];
            /** @description The user's organisations that want a second factor. */
            requiredBy: components["schemas"]["Named2"][];
            /** @description Whether this session proved itself a short while ago, so that the rest of this may be changed. */
            recent: boolean;
        };
        /** @description An authenticator app. */
        TotpView: {
            /** @description Since when its codes are asked for, ISO 8601. */
            enabledAt: string;
        };
        /** @description A passkey as it is answered. */
        PasskeyView: {
            /** @description The passkey's id. */
            id: components["schemas"]["Id"];
            /** @description What the user calls it. */
            name: string;
            /** @description When it was made, ISO 8601. */
            createdAt: string;
            /** @description When somebody last signed in with it, ISO 8601. */
            lastUsedAt?: string | null;
        };
        /** @description An organisation at whose provider a user signs in. */
        LinkView: {
            /** @description The organisation. */
            organisation: components["schemas"]["Id"];
            /** @description Its name. */
            name: string;
            /** @description The address at the provider. */
            email: string;
        };
        /** @description An id with a name. */
        Named2: {
            /** @description The id. */
            id: components["schemas"]["Id"];
            /** @description The name. */
            name: string;
        };
        /**
         * @description Proof that the session still is with whom it began: the password, with a second factor where there
         *     is one, or a passkey.
         */
        AgainInput: {
            /**
             * @description The challenge from the options; a passkey needs it.
             * @default
             */
            challenge?: string;
            /**
             * @description The password.
             * @default null
             */
            password?: string | null;
            /**
             * @description The code that the authenticator app shows.
             * @default null
             */
            code?: string | null;
            /**
             * @description One of the recovery codes, which is used up.
             * @default null
             */
            recoveryCode?: string | null;
            /** @description The use of a passkey. */
            passkey?: components["schemas"]["UsedPasskey"] | null;
        };
        /** @description A secret for an authenticator app, which is not shown again. */
        NewTotp: {
            /** @description The secret in base32, to type. */
            secret: string;
            /** @description The secret as an address, to show as a QR code. */
            uri: string;
            /** @description Until when it waits for its first code, ISO 8601. */
            expiresAt: string;
        };
        /** @description New recovery codes, which are not shown again. */
        RecoveryCodes: {
            /** @description The codes; absent when there are some already. */
            recoveryCodes?: string[] | null;
        };
        /** @description A code of an authenticator app. */
        CodeInput: {
            /** @description The six digits. */
            code: string;
        };
        /** @description A passkey that was added. */
        AddedPasskey: {
            /** @description The passkey. */
            passkey: components["schemas"]["PasskeyView"];
            /** @description The codes; absent when there are some already. */
            recoveryCodes?: string[] | null;
        };
        /** @description A new passkey. */
        NewPasskeyInput: {
            /** @description The challenge from the options. */
            challenge: string;
            /** @description What the user calls it. */
            name: string;
            /** @description What the browser made. */
            passkey: components["schemas"]["NewPasskey"];
        };
        /** @description A new passkey as browsers write it (`RegistrationResponseJSON`); byte strings are in base64url. */
        NewPasskey: {
            /** @description The credential's id. */
            rawId: string;
            /** @description What the authenticator answered. */
            response: components["schemas"]["Attestation"];
        };
        /** @description What an authenticator answers that made a passkey. */
        Attestation: {
            /** @description What the browser says about the call. */
            clientDataJSON: string;
            /** @description The new key. */
            attestationObject: string;
        };
        /** @description What the user calls a passkey. */
        PasskeyName: {
            /** @description The name. */
            name: string;
        };
        /** @description What an organisation wants. */
        Security: {
            /** @description Whether it lets in only people with a second factor. */
            requireSecondFactor: boolean;
        };
        /** @description An invitation as it is answered. */
        InvitationView: {
            /** @description The invitation's id. */
            id: components["schemas"]["Id"];
            /** @description The invitation's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description Who is invited. */
            email: string;
            /** @description `organisation` or `project`. */
            type: string;
            /** @description The name of the organisation or project. */
            name: string;
            /** @description The role that comes with it. */
            role: string;
            /** @description The organisation. */
            organisation: components["schemas"]["Id"];
            /** @description The project, if it is one. */
            project?: components["schemas"]["Id"] | null;
            /** @description Who invites. */
            invitedBy: components["schemas"]["Id"];
            /** @description Until when it is good, ISO 8601. */
            expiresAt: string;
            /** @description The link to hand on; only in the answer to the call that invites, when no mail can be sent. */
            link?: string | null;
        };
        /** @description The answer to an invitation. */
        AcceptInput: {
            /** @description True to join, false to decline. */
            accept: boolean;
        };
        /** @description The role that a member gets. */
        RoleInput: {
            /** @description The alias of a built-in role or of one of the organisation's. */
            role: string;
        };
        /** @description Whom to invite. */
        InviteInput: {
            /**
             * @description The addresses.
             * @default []
             */
            emails?: string[];
            /**
             * @description The alias of the role that they get, `DEFAULT` unless said otherwise.
             * @default null
             */
            role?: string | null;
        };
        /** @description A member as it is answered. */
        MemberView: {
            /** @description The user's id. */
            id: components["schemas"]["Id"];
            /** @description The user's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The address. */
            email: string;
            /** @description First name. */
            firstName?: string | null;
            /** @description Last name. */
            lastName?: string | null;
            /** @description `default`, `sso` or `service_account`. */
            type: string;
            /** @description The same. */
            userType: string;
            /** @description The web address of a picture. */
            profileImageUrl?: string | null;
            /** @description Whether the user takes tickets. */
            available?: boolean | null;
            /** @description The role here; absent for somebody who is here through the organisation only. */
            role?: string | null;
            /** @description The role in the organisation, if it reaches all its projects. */
            organisationRole?: string | null;
        };
        /** @description A project as it is answered. */
        ProjectView: {
            /** @description The project's id. */
            id: components["schemas"]["Id"];
            /** @description The project's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description Its name. */
            name: string;
            /** @description The organisation that owns it. */
            organisation: components["schemas"]["Id"];
            /** @description The key for SDKs; it is public. */
            sdkKey: string;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
        };
        /** @description A project with its keys; the tokens are not shown again. */
        ProjectKeys: {
            /** @description The project. */
            project: components["schemas"]["Named2"];
            /** @description The bearer token of a service account with all rights on the project. */
            apiToken: string;
            /** @description The key for SDKs; it is public. */
            sdkKey: string;
            /** @description The secret token for server-side tracking. */
            secretApiToken: string;
            /** @description The key of identity verification. */
            identitySecret: string;
        };
        /** @description A new project. */
        ProjectInput: {
            /** @description Its name. */
            name: string;
            /** @description The organisation that owns it. */
            organisation: components["schemas"]["Id"];
        };
        /** @description What a project or an organisation is called. */
        NameInput: {
            /** @description The name. */
            name: string;
        };
        /** @description A replaced secret, which is not shown again. */
        NewSecret: {
            /** @description The secret. */
            secret: string;
        };
        /** @description Which secret to replace. */
        SecretInput: {
            /** @description The secret. */
            which: components["schemas"]["ProjectSecret"];
        };
        /** @description Which secret of a project is replaced. */
        ProjectSecret: "secretApiToken" | "identitySecret";
        /** @description A project's configuration; in a change, what is absent stays. */
        Config: {
            /** @description What SDKs are told about looks and behaviour; in a change, null takes a value back. */
            flowConfig?: components["schemas"]["FlowConfig"] | null;
            /**
             * @description Words of the SDKs by language and key, over the built-in ones; in a change, null for a
             *     language takes its words back.
             */
            translations?: {
                [key: string]: {
                    [key: string]: string;
                } | null;
            } | null;
            /** @description The feedback flows and surveys of the messenger by their ids; in a change, null takes one back. */
            projectActions?: {
                [key: string]: components["schemas"]["Flow"] | null;
            } | null;
            /** @description Whether identifying needs the HMAC-SHA256 of the user id. */
            enforceIdentityVerification?: boolean | null;
            /** @description Domains on which browser SDKs start, `*.example.com` for all below one; none means all. */
            allowedDomains?: string[] | null;
            /** @description Whether browser SDKs take themselves off every page. */
            sdkDisabled?: boolean | null;
            /** @description Whether files of conversations need a file session, which SDKs get by a verified identify. */
            authenticatedFiles?: boolean | null;
        };
        /** @description what SDKs are told about looks and behaviour; keys that are not listed go to the messenger */
        FlowConfig: {
            /** @description primary colour */
            color?: string;
            /** @description colour of the header */
            headerColor?: string;
            /** @description second colour of the header's gradient */
            headerColor2?: string;
            /** @description third colour of the header's gradient */
            headerColor3?: string;
            /** @description colour of the launcher */
            buttonColor?: string;
            /** @description background of the widget */
            backgroundColor?: string;
            /** @description background in light mode */
            lightBackgroundColor?: string;
            /** @description background in dark mode */
            darkBackgroundColor?: string;
            /** @description primary colour in dark mode */
            darkColor?: string;
            /** @description colour of the header in dark mode */
            darkHeaderColor?: string;
            /** @description second colour of the header in dark mode */
            darkHeaderColor2?: string;
            /** @description third colour of the header in dark mode */
            darkHeaderColor3?: string;
            /**
             * @description light or dark
             * @enum {string}
             */
            colorScheme?: "auto" | "light" | "dark" | "default";
            /** @description radius of corners in pixels */
            borderRadius?: number;
            /** @description distance of the launcher from the side */
            buttonX?: number;
            /** @description distance of the launcher from the bottom */
            buttonY?: number;
            /**
             * @description place and style of the launcher
             * @enum {string}
             */
            feedbackButtonPosition?: "BOTTOM_RIGHT" | "BOTTOM_LEFT" | "BUTTON_CLASSIC" | "BUTTON_CLASSIC_LEFT" | "BUTTON_CLASSIC_BOTTOM" | "BUTTON_NONE";
            /** @description icon of the launcher */
            buttonLogo?: string;
            /** @description logo on the home screen */
            logo?: string;
            /** @description logo on the home screen in dark mode */
            darkLogo?: string;
            /** @description text of a classic launcher */
            widgetButtonText?: string;
            /** @description greeting on the home screen */
            welcomeText?: string;
            /** @description no launcher for visitors who are not identified */
            hideForGuests?: boolean;
            /** @description record replays in browsers */
            enableWebReplays?: boolean;
            /** @description record replays in apps */
            enableReplays?: boolean;
            /** @description seconds between two frames of a replay */
            replaysInterval?: number;
            /** @description add the console's log to reports */
            enableConsoleLogs?: boolean;
            /** @description add the log of requests to reports */
            enableNetworkLogs?: boolean;
            /** @description log every resource and not only requests */
            sendNetworkResources?: boolean;
            /** @description names of properties that are taken out of logs */
            networkLogPropsToIgnore?: string[];
            /** @description parts of addresses that are not logged */
            networkLogBlacklist?: string[];
            /** @description Ctrl+U opens a report */
            enableShortcuts?: boolean;
            /** @description shaking opens the app's widget */
            activationMethodShake?: boolean;
            /** @description a screenshot opens the app's widget */
            activationMethodScreenshotGesture?: boolean;
            /** @description apps show the launcher */
            activationMethodFeedbackButton?: boolean;
            /** @description version of the home screen */
            v?: number;
            /**
             * @description background of the header
             * @enum {string}
             */
            bgType?: "image" | "classic" | "gradient";
            /** @description image behind the header */
            bgImage?: string;
            /** @description image behind the header in dark mode */
            darkBgImage?: string;
            /** @description blur behind the header */
            bgBlur?: boolean;
            /** @description fade the header out */
            fadebg?: boolean;
            /** @description move the header's gradient */
            animateBG?: boolean;
            /** @description no fading, in older SDKs */
            disableBGFade?: boolean;
            /** @description no gradient, in older SDKs */
            disableBGGradient?: boolean;
            /** @description no news on the home screen */
            hideNews?: boolean;
            /** @description no feature requests on the home screen */
            hideFeatureRequests?: boolean;
            /** @description no conversations on the home screen */
            hideAllConversations?: boolean;
            /** @description no help center on the home screen */
            hideKnowledgeBase?: boolean;
        } & {
            [key: string]: unknown;
        };
        /** @description A feedback flow or a survey. */
        Flow: {
            /** @description What it is called, 120 characters at most. */
            title: string;
            /** @description What it is for, 500 characters at most. */
            description?: string | null;
            /** @description The ticket type that it makes; `BUG` unless said otherwise. */
            feedbackType?: string | null;
            /** @description `form` unless said otherwise; surveys are not on the home screen. */
            kind?: components["schemas"]["FlowKind"] | null;
            /** @description `page` unless said otherwise. */
            layout?: components["schemas"]["Layout"] | null;
            /** @description Whether it is on the home screen; it is unless said otherwise. */
            home?: boolean | null;
            /** @description The picture on the home screen. */
            icon?: components["schemas"]["Icon"] | null;
            /** @description What SDKs leave out of the report. */
            excludeData?: components["schemas"]["ExcludeData"] | null;
            /** @description The text of the button that sends, 60 characters at most. */
            submitText?: string | null;
            /** @description What is said afterwards, 120 characters at most. */
            thanksTitle?: string | null;
            /** @description The sentence below, 500 characters at most. */
            thanksText?: string | null;
            /** @description The questions, 60 at most. */
            form: components["schemas"]["Question"][];
        };
        /** @description What a flow is. */
        FlowKind: "form" | "survey";
        /** @description How questions are shown. */
        Layout: "steps" | "page";
        /**
         * @description The picture of a flow.
         * @enum {string}
         */
        Icon: "bug" | "idea" | "chat" | "star" | "heart" | "question";
        /** @description What SDKs leave out of a report. */
        ExcludeData: {
            /** @default false */
            customData?: boolean;
            /** @default false */
            metaData?: boolean;
            /** @default false */
            attachments?: boolean;
            /** @default false */
            consoleLog?: boolean;
            /** @default false */
            networkLogs?: boolean;
            /** @default false */
            customEventLog?: boolean;
            /** @default false */
            screenshot?: boolean;
            /** @default false */
            replays?: boolean;
        };
        /** @description A question of a flow. */
        Question: {
            /** @description The name of the answer; `description` becomes the ticket's text, `reportedBy` a guest's address. */
            key: string;
            /** @description What is asked for. */
            type: components["schemas"]["QuestionType"];
            /** @description The question, 300 characters at most. */
            title: string;
            /** @description A sentence below, 500 characters at most. */
            description?: string | null;
            /** @description What stands in an empty field, 200 characters at most. */
            placeholder?: string | null;
            /** @description Whether it must be answered. */
            required?: boolean | null;
            /** @description Whether it is left out when the answer is known. */
            hideIfKnown?: boolean | null;
            /**
             * Format: uint32
             * @description Characters of a text at least.
             */
            minLength?: number | null;
            /**
             * Format: uint32
             * @description Characters of a text at most.
             */
            maxLength?: number | null;
            /**
             * Format: double
             * @description The smallest number, or the first point of a scale.
             */
            min?: number | null;
            /**
             * Format: double
             * @description The largest number, or the last point of a scale.
             */
            max?: number | null;
            /** @description What the first point means, 60 characters at most. */
            lowLabel?: string | null;
            /** @description What the last point means, 60 characters at most. */
            highLabel?: string | null;
            /** @description What can be chosen, 60 at most. */
            options?: components["schemas"]["Choice"][] | null;
            /** @description Whether something else can be chosen. */
            other?: boolean | null;
            /** @description The address of the policy to consent to. */
            link?: string | null;
            /** @description Whether a picture of the page can be taken. */
            screenshot?: boolean | null;
            /** @description Whether the screen can be recorded. */
            recording?: boolean | null;
            /** @description When it is asked; always, without any. */
            conditions?: components["schemas"]["Conditions"] | null;
        };
        /**
         * @description What a question asks for.
         * @enum {string}
         */
        QuestionType: "text" | "textarea" | "email" | "number" | "upload" | "capture" | "select" | "multiselect" | "rating" | "emoji" | "scale" | "consent";
        /** @description Something that can be chosen. */
        Choice: {
            /** @description What is answered, 200 characters at most. */
            value: string;
            /** @description What is shown, 200 characters at most. */
            label: string;
        };
        /** @description When a question is asked. */
        Conditions: {
            /** @description Whether all rules have to hold or one of them; `all` unless said otherwise. */
            match?: components["schemas"]["Match"] | null;
            /** @description The rules, 10 at most. */
            rules: components["schemas"]["Rule"][];
        };
        /** @description How many rules have to hold. */
        Match: "all" | "any";
        /** @description A rule about the answer to an earlier question. */
        Rule: {
            /** @description The earlier question. */
            key: string;
            /** @description How its answer is compared. */
            op: components["schemas"]["Comparison"];
            /** @description With what: a text, a number, true or false. */
            value?: unknown;
        };
        /**
         * @description How an answer is compared.
         * @enum {string}
         */
        Comparison: "is" | "isNot" | "contains" | "greater" | "less" | "answered" | "unanswered";
        /** @description The key of identity verification. */
        IdentitySecret: {
            /** @description The key with which a server makes the HMAC-SHA256 of a user id. */
            identitySecret: string;
        };
        /** @description The SDKs of a project, the last seen first. */
        SdksView: {
            /**
             * @description Whether any was seen.
             * @default false
             */
            seen?: boolean;
            /** @description When one was last seen, ISO 8601. */
            lastSeenAt?: string | null;
            /**
             * @description The SDKs, 50 at most.
             * @default []
             */
            sdks?: components["schemas"]["SeenSdk"][];
        };
        /** @description An SDK that was seen. */
        SeenSdk: {
            /** @description `js`, `ios`, `android` or another. */
            type: string;
            /** @description Its version, empty when it did not say. */
            version: string;
            /** @description The host of the page, empty for apps. */
            host: string;
            /** @description When it was first seen, ISO 8601. */
            firstSeenAt: string;
            /** @description When it was last seen, ISO 8601; up to a minute ago it may have been seen since. */
            lastSeenAt: string;
        };
        /** @description The limits of a project. */
        LimitsView: {
            /** @description REST calls with any token; one token may spend half of them. */
            rest: components["schemas"]["LimitView"];
            /** @description Calls of the project's SDKs. */
            sdk: components["schemas"]["LimitView"];
            /** @description Calls of server-side tracking. */
            tracking: components["schemas"]["LimitView"];
        };
        /** @description A limit, and what is left of it. */
        LimitView: {
            /**
             * Format: uint32
             * @description Calls a minute.
             */
            perMinute: number;
            /**
             * Format: uint32
             * @description The largest limit that can be set, which holds unless a smaller one is.
             */
            max: number;
            /**
             * Format: uint32
             * @description The smallest limit that can be set.
             */
            min: number;
            /** @description Whether the project set it. */
            own: boolean;
            /**
             * Format: uint32
             * @description What is left in this minute, as far as the node that answers knows.
             */
            remaining: number;
            /**
             * Format: uint64
             * @description Seconds until the budget begins anew.
             */
            resetAfterSeconds: number;
        };
        /** @description Limits to be set, in calls a minute; null is the server's limit again. */
        LimitsInput: {
            /**
             * Format: uint32
             * @description REST calls with any token.
             * @default null
             */
            rest?: number | null;
            /**
             * Format: uint32
             * @description Calls of the project's SDKs.
             * @default null
             */
            sdk?: number | null;
            /**
             * Format: uint32
             * @description Calls of server-side tracking.
             * @default null
             */
            tracking?: number | null;
        };
        /** @description An organisation as it is answered. */
        OrganisationView: {
            /** @description The organisation's id. */
            id: components["schemas"]["Id"];
            /** @description The organisation's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description Its name. */
            name: string;
            /** @description The caller's role in it. */
            role: string;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
        };
        /** @description A role as it is answered. */
        RoleView: {
            /** @description The role's id; built-in roles have none. */
            id?: components["schemas"]["Id"] | null;
            /** @description The role's id, as older clients read it. */
            _id?: components["schemas"]["Id"] | null;
            /** @description Whether every organisation has it and nobody can change it. */
            builtIn: boolean;
            /**
             * @description The name for people.
             * @default null
             */
            name?: string | null;
            /**
             * @description The name on the wire, which memberships keep; it cannot be changed.
             * @default null
             */
            alias?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description The names of its permissions.
             * @default null
             */
            permissionGroups?: components["schemas"]["Permission"][] | null;
        };
        /** @description One thing that a role can allow. */
        Permission: "contacts.read" | "contacts.write" | "contacts.delete" | "contacts.export" | "contacts.import" | "billing.read" | "tickets.read" | "tickets.write" | "tickets.delete" | "tickets.export" | "team.read" | "team.manage" | "users.manage" | "settings.read" | "settings.manage" | "tokens.manage" | "audit.read";
        /** @description The properties of a role that a caller may set. */
        RoleInput2: {
            /**
             * @description The name for people.
             * @default null
             */
            name?: string | null;
            /**
             * @description The name on the wire, which memberships keep; it cannot be changed.
             * @default null
             */
            alias?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description The names of its permissions.
             * @default null
             */
            permissionGroups?: components["schemas"]["Permission"][] | null;
        };
        /**
         * @description An entry as it is answered. Its hash is the SHA-256 of the hash before it, a line feed, and the JSON
         *     array `[log, seq, at, actor, action, target, detail]` without spaces.
         */
        EntryView: {
            /**
             * Format: int64
             * @description Its number, from 1, without gaps.
             */
            seq: number;
            /**
             * Format: int64
             * @description When it was written, unix milliseconds.
             */
            at: number;
            /** @description The same, ISO 8601. */
            createdAt: string;
            /** @description Who did it: `user:<id>`, `job:<id>`, `system`. */
            actor: string;
            /** @description What was done: `member.added`. */
            action: string;
            /** @description What it was done to. */
            target?: string | null;
            /** @description What else belongs to it. */
            detail?: unknown;
            /** @description Its hash, lower-case hex. */
            hash: string;
        };
        /** @description What checking the hashes came to. */
        Verification: {
            /** @description Whether every entry is there and as it was written. */
            intact: boolean;
            /**
             * Format: int64
             * @description How many entries there are.
             */
            entries: number;
            /**
             * Format: int64
             * @description The number of the first entry that is missing or was changed.
             */
            brokenAt?: number | null;
        };
        /** @description A token as it is answered. */
        TokenView: {
            /** @description The token's id. */
            id: components["schemas"]["Id"];
            /** @description The token's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description Its name. */
            name: string;
            /** @description The service account it belongs to, a member of the project. */
            user: components["schemas"]["Id"];
            /** @description The project it is good for. */
            project: components["schemas"]["Id"];
            /** @description When it stops working, ISO 8601; absent for never. */
            expiresAt?: string | null;
            /** @description When it was made, ISO 8601. */
            createdAt: string;
            /** @description The bearer token itself, only in the answer to the call that made it. */
            token?: string | null;
        };
        /** @description A token to be made. */
        TokenInput: {
            /**
             * @description A name for people.
             * @default
             */
            name?: string;
            /**
             * @description The alias of the role that it has in the project, `DEFAULT` unless said otherwise.
             * @default null
             */
            role?: string | null;
            /**
             * @description When it stops working, ISO 8601; never unless said.
             * @default null
             */
            expiresAt?: string | null;
        };
        /** @description When a new token in place of an old one stops working. */
        RotateInput: {
            /**
             * @description ISO 8601; when the old one would have, unless said otherwise.
             * @default null
             */
            expiresAt?: string | null;
        };
        /** @description A template as it is answered. */
        TemplateView: {
            /** @description The template's id. */
            id: components["schemas"]["Id"];
            /** @description The template's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            title?: string | null;
            /**
             * @description The answer: TipTap JSON or text.
             * @default null
             */
            content?: unknown;
            /**
             * @description Its place in lists; behind the last one unless said otherwise.
             * @default null
             */
            lexorank?: string | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description The ids of the users who see it otherwise.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
            /**
             * @description Files that go with the answer.
             * @default null
             */
            attachments?: unknown[] | null;
            /**
             * @description What happens when it is used.
             * @default null
             */
            actions?: components["schemas"]["TemplateAction"][] | null;
        };
        /** @description Something that happens when a template is used. */
        TemplateAction: {
            /** @description What. */
            type: string;
            /** @description With what. */
            data?: unknown;
        };
        /** @description The properties of a template that a caller may set. */
        TemplateInput: {
            /**
             * @description Its name.
             * @default null
             */
            title?: string | null;
            /**
             * @description The answer: TipTap JSON or text.
             * @default null
             */
            content?: unknown;
            /**
             * @description Its place in lists; behind the last one unless said otherwise.
             * @default null
             */
            lexorank?: string | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description The ids of the users who see it otherwise.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
            /**
             * @description Files that go with the answer.
             * @default null
             */
            attachments?: unknown[] | null;
            /**
             * @description What happens when it is used.
             * @default null
             */
            actions?: components["schemas"]["TemplateAction"][] | null;
        };
        /** @description A list with its count, or the bare list. */
        FoundView2: components["schemas"]["TemplateView"][] | {
            /** Format: uint64 */
            totalCount: number;
            data: components["schemas"]["TemplateView"][];
        };
        /** @description A document as it is answered. */
        View3: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Which tickets it shows: a condition of the query language.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description In which order: the text of `sort`, or what the dashboard needs to know.
             * @default null
             */
            sortBy?: unknown;
            /**
             * @description The ids of the users who see it besides who made it.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description `list` or `board`.
             * @default null
             */
            viewType?: string | null;
            /**
             * @description The ticket types that it shows.
             * @default null
             */
            dataSources?: string[] | null;
        };
        /** @description The properties of a ticket view that a caller may set. */
        TicketViewInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Which tickets it shows: a condition of the query language.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description In which order: the text of `sort`, or what the dashboard needs to know.
             * @default null
             */
            sortBy?: unknown;
            /**
             * @description The ids of the users who see it besides who made it.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description `list` or `board`.
             * @default null
             */
            viewType?: string | null;
            /**
             * @description The ticket types that it shows.
             * @default null
             */
            dataSources?: string[] | null;
        };
        /** @description A document as it is answered. */
        View4: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Which contacts it shows: a condition of the query language.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description In which order: the text of `sort`.
             * @default null
             */
            sortBy?: string | null;
            /**
             * @description The columns of the list, as paths of properties.
             * @default null
             */
            columns?: string[] | null;
            /**
             * @description The picture beside the name.
             * @default null
             */
            icon?: string | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description The ids of the users who see it besides who made it.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
        };
        /** @description The properties of a segment that a caller may set. */
        SegmentInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Which contacts it shows: a condition of the query language.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description In which order: the text of `sort`.
             * @default null
             */
            sortBy?: string | null;
            /**
             * @description The columns of the list, as paths of properties.
             * @default null
             */
            columns?: string[] | null;
            /**
             * @description The picture beside the name.
             * @default null
             */
            icon?: string | null;
            /**
             * @description Whether everybody in the project sees it.
             * @default null
             */
            isPublic?: boolean | null;
            /**
             * @description The ids of the users who see it besides who made it.
             * @default null
             */
            users?: components["schemas"]["Id"][] | null;
        };
        /** @description A document as it is answered. */
        View5: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description What it holds: `text`, `textarea`, `number`, `select` and others that forms know.
             * @default null
             */
            type?: string | null;
            /**
             * @description Its name for people.
             * @default null
             */
            label?: string | null;
            /**
             * @description The sign before its name.
             * @default null
             */
            labelIcon?: string | null;
            /**
             * @description What an empty field shows; a text, or texts by language.
             * @default null
             */
            placeholder?: unknown;
            /**
             * @description Its name in `formData`.
             * @default null
             */
            fieldId?: string | null;
            /**
             * @description Where in a document it is.
             * @default null
             */
            path?: string | null;
            /**
             * @description What a value must look like.
             * @default null
             */
            validation?: string | null;
            /**
             * @description Who may change it.
             * @default null
             */
            restrictions?: string | null;
            /**
             * @description Whose property it is: a ticket type, or contacts.
             * @default null
             */
            targetSource?: string | null;
            /**
             * @description Whether a form cannot do without it.
             * @default null
             */
            required?: boolean | null;
            /**
             * @description Whether it is only shown.
             * @default null
             */
            readOnly?: boolean | null;
            /**
             * @description Whether it is only shown when it has a value.
             * @default null
             */
            onlyShowWhenDataIsSet?: boolean | null;
            /**
             * @description What it can be.
             * @default null
             */
            options?: components["schemas"]["PropertyOption"][] | null;
            /**
             * @description Where it is shown.
             * @default null
             */
            visability?: components["schemas"]["Visibility"] | null;
        };
        /** @description Something to choose. */
        PropertyOption: {
            /** @description Its name for people; a text, or texts by language. */
            label: unknown;
            /** @description The value. */
            value: string;
            /** @description The sign before its name. */
            icon?: string | null;
        };
        /** @description Where a property is shown. */
        Visibility: {
            /**
             * @description Beside a ticket.
             * @default false
             */
            sidebar?: boolean;
            /**
             * @description In a ticket.
             * @default false
             */
            detail?: boolean;
            /**
             * @description In the form of a new ticket.
             * @default false
             */
            create?: boolean;
            /**
             * @description On a board's card.
             * @default false
             */
            card?: boolean;
            /**
             * @description Beside a shared ticket.
             * @default false
             */
            sharedSidebar?: boolean;
            /**
             * @description In a shared ticket.
             * @default false
             */
            sharedDetail?: boolean;
        };
        /** @description The properties of a property that a caller may set. */
        PropertyInput: {
            /**
             * @description What it holds: `text`, `textarea`, `number`, `select` and others that forms know.
             * @default null
             */
            type?: string | null;
            /**
             * @description Its name for people.
             * @default null
             */
            label?: string | null;
            /**
             * @description The sign before its name.
             * @default null
             */
            labelIcon?: string | null;
            /**
             * @description What an empty field shows; a text, or texts by language.
             * @default null
             */
            placeholder?: unknown;
            /**
             * @description Its name in `formData`.
             * @default null
             */
            fieldId?: string | null;
            /**
             * @description Where in a document it is.
             * @default null
             */
            path?: string | null;
            /**
             * @description What a value must look like.
             * @default null
             */
            validation?: string | null;
            /**
             * @description Who may change it.
             * @default null
             */
            restrictions?: string | null;
            /**
             * @description Whose property it is: a ticket type, or contacts.
             * @default null
             */
            targetSource?: string | null;
            /**
             * @description Whether a form cannot do without it.
             * @default null
             */
            required?: boolean | null;
            /**
             * @description Whether it is only shown.
             * @default null
             */
            readOnly?: boolean | null;
            /**
             * @description Whether it is only shown when it has a value.
             * @default null
             */
            onlyShowWhenDataIsSet?: boolean | null;
            /**
             * @description What it can be.
             * @default null
             */
            options?: components["schemas"]["PropertyOption"][] | null;
            /**
             * @description Where it is shown.
             * @default null
             */
            visability?: components["schemas"]["Visibility"] | null;
        };
        /** @description A document as it is answered. */
        View6: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description `WIDGET`, `EMAIL`, `WHATSAPP`, `FACEBOOK`, `INSTAGRAM`, `TELEGRAM`, `SLACK` or `API`.
             * @default null
             */
            type?: string | null;
            /**
             * @description Whether messages come and go on it.
             * @default null
             */
            isEnabled?: boolean | null;
            /**
             * @description The widget.
             * @default null
             */
            widgetId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            apiKey?: string | null;
            /**
             * @description The phone number at WhatsApp.
             * @default null
             */
            phoneNumberId?: string | null;
            /**
             * @description The business account at Facebook.
             * @default null
             */
            fbBusinessAccountId?: string | null;
            /**
             * @description The business account at WhatsApp.
             * @default null
             */
            waBusinessAccountId?: string | null;
            /**
             * @description The business account at Instagram.
             * @default null
             */
            instagramBusinessId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            accessToken?: string | null;
            /**
             * @description The page at Facebook.
             * @default null
             */
            pageId?: string | null;
            /**
             * @description The channel at Slack.
             * @default null
             */
            slackChannelId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            botToken?: string | null;
            /**
             * @description The bot at Telegram.
             * @default null
             */
            botUsername?: string | null;
            /**
             * @description The credential with which the other side signs.
             * @default null
             */
            webhookSecret?: string | null;
            /**
             * @description When a message opens a new ticket.
             * @default null
             */
            ticketCreationRules?: components["schemas"]["TicketCreationRules"] | null;
            /**
             * @description How messages look.
             * @default null
             */
            messageSettings?: components["schemas"]["MessageSettings"] | null;
        };
        /** @description When a message opens a new ticket rather than go on with the last one. */
        TicketCreationRules: {
            /**
             * @description After some time.
             * @default null
             */
            timeBased?: components["schemas"]["TimeBasedRule"] | null;
            /**
             * @description After the last one was closed.
             * @default null
             */
            replyAfterClosure?: components["schemas"]["ClosureRule"] | null;
        };
        /** @description A new ticket after some time. */
        TimeBasedRule: {
            /**
             * @description Whether the rule holds.
             * @default false
             */
            isActive?: boolean;
            /**
             * Format: double
             * @description The time.
             * @default null
             */
            timeBetweenTickets?: number | null;
        };
        /** @description A new ticket after the last one was closed. */
        ClosureRule: {
            /**
             * @description Whether the rule holds.
             * @default false
             */
            isActive?: boolean;
        };
        /** @description How messages look. */
        MessageSettings: {
            /**
             * @description Whether the name of who wrote goes with them.
             * @default false
             */
            attachSenderName?: boolean;
        };
        /** @description The properties of a channel that a caller may set. */
        ChannelInput2: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description `WIDGET`, `EMAIL`, `WHATSAPP`, `FACEBOOK`, `INSTAGRAM`, `TELEGRAM`, `SLACK` or `API`.
             * @default null
             */
            type?: string | null;
            /**
             * @description Whether messages come and go on it.
             * @default null
             */
            isEnabled?: boolean | null;
            /**
             * @description The widget.
             * @default null
             */
            widgetId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            apiKey?: string | null;
            /**
             * @description The phone number at WhatsApp.
             * @default null
             */
            phoneNumberId?: string | null;
            /**
             * @description The business account at Facebook.
             * @default null
             */
            fbBusinessAccountId?: string | null;
            /**
             * @description The business account at WhatsApp.
             * @default null
             */
            waBusinessAccountId?: string | null;
            /**
             * @description The business account at Instagram.
             * @default null
             */
            instagramBusinessId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            accessToken?: string | null;
            /**
             * @description The page at Facebook.
             * @default null
             */
            pageId?: string | null;
            /**
             * @description The channel at Slack.
             * @default null
             */
            slackChannelId?: string | null;
            /**
             * @description A credential.
             * @default null
             */
            botToken?: string | null;
            /**
             * @description The bot at Telegram.
             * @default null
             */
            botUsername?: string | null;
            /**
             * @description The credential with which the other side signs.
             * @default null
             */
            webhookSecret?: string | null;
            /**
             * @description When a message opens a new ticket.
             * @default null
             */
            ticketCreationRules?: components["schemas"]["TicketCreationRules"] | null;
            /**
             * @description How messages look.
             * @default null
             */
            messageSettings?: components["schemas"]["MessageSettings"] | null;
        };
        /** @description A document as it is answered. */
        View7: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description What it is about, in a line.
             * @default null
             */
            title?: string | null;
            /**
             * @description What it says: a text, or a TipTap document.
             * @default null
             */
            content?: unknown;
            /**
             * @description The contact or ticket that it is about.
             * @default null
             */
            associatedEntity?: components["schemas"]["Id"] | null;
            /**
             * @description What it is about.
             * @default null
             */
            type?: components["schemas"]["NoteType"] | null;
        };
        /** @description What a note is about. */
        NoteType: "default" | "phone_call" | "meeting";
        /** @description The properties of a note that a caller may set. */
        NoteInput: {
            /**
             * @description What it is about, in a line.
             * @default null
             */
            title?: string | null;
            /**
             * @description What it says: a text, or a TipTap document.
             * @default null
             */
            content?: unknown;
            /**
             * @description The contact or ticket that it is about.
             * @default null
             */
            associatedEntity?: components["schemas"]["Id"] | null;
            /**
             * @description What it is about.
             * @default null
             */
            type?: components["schemas"]["NoteType"] | null;
        };
        /** @description A page of a user's notifications. */
        NotificationsView: {
            /** @description Notifications, the newest first. */
            notifications: components["schemas"]["NotificationView"][];
            /**
             * Format: uint64
             * @description How many of all are unread.
             */
            unread: number;
            /**
             * @description Unread news of which the user hears by mail only. They are not in the list, and nobody is mailed what was
             *     marked as read: mark those of a ticket when the user looks at it.
             */
            mailOnly: components["schemas"]["MailOnly"][];
            /** @description The `cursor` of the next page, if there is one. */
            next?: string | null;
        };
        /** @description A notification as its user sees it. */
        NotificationView: {
            /** @description Its id. */
            id: components["schemas"]["Id"];
            /** @description When it was written, ISO 8601. */
            createdAt: string;
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description The ticket's id. */
            ticket: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description The ticket's number.
             */
            bugId?: number | null;
            /** @description The ticket's type. */
            ticketType?: string | null;
            /** @description The ticket's title. */
            title: string;
            /** @description Why the user is told. */
            reason: components["schemas"]["Reason"];
            /** @description The message's id, if it is about one. */
            message?: components["schemas"]["Id"] | null;
            /** @description The beginning of the message as plain text. */
            excerpt?: string | null;
            /** @description The name of who did it, if it has one that the user may see. */
            actor?: string | null;
            /**
             * Format: uint64
             * @description How many pieces of news it stands for; it shows the last.
             */
            count: number;
            /** @description Whether it was read. */
            read: boolean;
        };
        /**
         * @description Why somebody is told of something. Each is a preference of its own; of those that hold at once the
         *     first one counts.
         */
        Reason: "personal-mention" | "personal-assignment" | "personal-ticket-messages" | "team-ticket-assignment" | "team-ticket-messages" | "all-sla-breached" | "all-created-tickets" | "all-ticket-messages";
        /** @description News that are told by mail only. */
        MailOnly: {
            /** @description The notification's id. */
            id: components["schemas"]["Id"];
            /** @description The ticket's id. */
            ticket: components["schemas"]["Id"];
        };
        /** @description What is left. */
        Left: {
            /**
             * Format: uint64
             * @description How many notifications are unread.
             */
            unread: number;
        };
        /** @description Which notifications were read. */
        ReadInput: {
            /**
             * @description Those with these ids.
             * @default []
             */
            ids?: components["schemas"]["Id"][];
            /**
             * @description Those about this ticket.
             * @default null
             */
            ticket?: components["schemas"]["Id"] | null;
            /**
             * @description All.
             * @default false
             */
            all?: boolean;
        };
        /** @description A document as it is answered. */
        View8: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Where it is sent to.
             * @default null
             */
            url?: string | null;
            /**
             * @description Whether it is sent anything. It is switched off when it fails for long.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description What it is told of: `ticket.created`, `ticket.updated`, `ticket.deleted`, and the same of
             *     `message` and `contact`.
             * @default null
             */
            events?: string[] | null;
            /**
             * @description Headers that go with each request; only shown to who may change them.
             * @default null
             */
            headers?: components["schemas"]["Header"][] | null;
            /**
             * @description Which of the events.
             * @default null
             */
            filters?: components["schemas"]["WebhookFilters"] | null;
        };
        /** @description A header. */
        Header: {
            /** @description Its name. */
            key: string;
            /** @description Its value. */
            value: string;
        };
        /** @description Which events a webhook is told of. */
        WebhookFilters: {
            /**
             * @description Only of tickets of these types, and of messages in them; none means all.
             * @default null
             */
            ticketTypes?: string[] | null;
        };
        /** @description The properties of a webhook that a caller may set. */
        WebhookInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Where it is sent to.
             * @default null
             */
            url?: string | null;
            /**
             * @description Whether it is sent anything. It is switched off when it fails for long.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description What it is told of: `ticket.created`, `ticket.updated`, `ticket.deleted`, and the same of
             *     `message` and `contact`.
             * @default null
             */
            events?: string[] | null;
            /**
             * @description Headers that go with each request; only shown to who may change them.
             * @default null
             */
            headers?: components["schemas"]["Header"][] | null;
            /**
             * @description Which of the events.
             * @default null
             */
            filters?: components["schemas"]["WebhookFilters"] | null;
        };
        /** @description The secret with which a webhook's requests are signed. */
        SecretView: {
            /** @description `whsec_` and the key in base64. */
            secret: string;
        };
        /** @description A delivery as it is answered. */
        DeliveryView: {
            /** @description The delivery's id; the same in `webhook-id` of each attempt. */
            id: components["schemas"]["Id"];
            /** @description The webhook. */
            webhook: components["schemas"]["Id"];
            /** @description What happened. */
            event: string;
            /** @description What it happened to. */
            document?: components["schemas"]["Id"] | null;
            /** @description `pending`, `delivered` or `failed`. */
            status: string;
            /** @description The attempts until now. */
            attempts: components["schemas"]["Attempt"][];
            /** @description When the next attempt is due, ISO 8601. */
            nextAttemptAt?: string | null;
            /** @description When it happened, ISO 8601. */
            createdAt: string;
            /** @description What is sent; not in lists. */
            payload?: unknown;
        };
        /** @description An attempt to send. */
        Attempt: {
            /** @description When, ISO 8601. */
            at: string;
            /**
             * Format: uint16
             * @description The status of the answer, if there was one.
             */
            status?: number | null;
            /**
             * Format: uint64
             * @description How long it took.
             */
            durationMs: number;
            /** @description The start of the answer. */
            answer?: string | null;
            /** @description Why there was no answer, or why it does not count. */
            error?: string | null;
        };
        /** @description A document as it is answered. */
        View9: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description `draft` or `published`; only a published one runs.
             * @default null
             */
            status?: string | null;
            /**
             * @description Whether its triggers start it; if not, only people and other workflows do.
             * @default null
             */
            automatic?: boolean | null;
            /**
             * @description Whether it runs only once on a ticket.
             * @default null
             */
            oncePerTicket?: boolean | null;
            /**
             * @description What starts it; any of these.
             * @default null
             */
            triggers?: components["schemas"]["Trigger"][] | null;
            /**
             * @description On which tickets it runs: a condition of the query language on the ticket's properties, with
             *     the contact as `session`.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description What it does, in order.
             * @default null
             */
            actions?: components["schemas"]["Action"][] | null;
        };
        /** @description What starts a workflow. */
        Trigger: {
            /** @description What happens. */
            type: components["schemas"]["TriggerType"];
            /** @description Of `ticket_updated`: only if one of these properties changed; none means any. */
            properties?: string[];
        };
        /** @description Something that happens to a ticket. */
        TriggerType: "ticket_created" | "ticket_updated" | "status_changed" | "message_received" | "message_sent" | "sla_breached" | "snooze_ended" | "manual";
        /** @description Something that a workflow does. */
        Action: {
            /** @constant */
            type: "assign_user";
            data: {
                /** @description The user. */
                user?: components["schemas"]["Id"] | null;
            };
        } | {
            /** @constant */
            type: "assign_team";
            data: {
                /** @description The team. */
                team?: components["schemas"]["Id"] | null;
            };
        } | {
            /** @constant */
            type: "add_tags";
            data: {
                /** @description The tags. */
                tags: string[];
            };
        } | {
            /** @constant */
            type: "remove_tags";
            data: {
                /** @description The tags. */
                tags: string[];
            };
        } | {
            /** @constant */
            type: "set_status";
            data: {
                /** @description The status. */
                status: string;
            };
        } | {
            /** @constant */
            type: "set_priority";
            data: {
                /** @description `LOW`, `MEDIUM` or `HIGH`. */
                priority: string;
            };
        } | {
            /** @constant */
            type: "set_type";
            data: {
                /** @description The type. */
                ticketType: string;
            };
        } | {
            /** @constant */
            type: "reply";
            data: {
                /** @description A text, in which `{{session.name}}` is filled in, or a TipTap document. */
                content: unknown;
            };
        } | {
            /** @constant */
            type: "note";
            data: {
                /** @description A text, in which `{{session.name}}` is filled in, or a TipTap document. */
                content: unknown;
            };
        } | {
            /** @constant */
            type: "snooze";
            data: {
                /**
                 * Format: uint64
                 * @description For so long.
                 */
                seconds: number;
            };
        } | {
            /** @constant */
            type: "close";
        } | {
            /** @constant */
            type: "archive";
        } | {
            /** @constant */
            type: "call_webhook";
            data: {
                /** @description The webhook. */
                webhook: components["schemas"]["Id"];
            };
        } | {
            /** @constant */
            type: "send_email";
            data: {
                /** @description An address; without one, the contact's. */
                to?: string | null;
                /** @description The subject, in which `{{title}}` is filled in. */
                subject: string;
                /** @description A text, in which `{{session.name}}` is filled in, or a TipTap document. */
                content: unknown;
            };
        } | {
            /** @constant */
            type: "start_workflow";
            data: {
                /** @description The workflow. */
                workflow: components["schemas"]["Id"];
            };
        } | {
            /** @constant */
            type: "wait";
            data: {
                /**
                 * Format: uint64
                 * @description After so long.
                 */
                seconds: number;
            };
        };
        /** @description The properties of a workflow that a caller may set. */
        WorkflowInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description What it is for.
             * @default null
             */
            description?: string | null;
            /**
             * @description `draft` or `published`; only a published one runs.
             * @default null
             */
            status?: string | null;
            /**
             * @description Whether its triggers start it; if not, only people and other workflows do.
             * @default null
             */
            automatic?: boolean | null;
            /**
             * @description Whether it runs only once on a ticket.
             * @default null
             */
            oncePerTicket?: boolean | null;
            /**
             * @description What starts it; any of these.
             * @default null
             */
            triggers?: components["schemas"]["Trigger"][] | null;
            /**
             * @description On which tickets it runs: a condition of the query language on the ticket's properties, with
             *     the contact as `session`.
             * @default null
             */
            conditions?: unknown;
            /**
             * @description What it does, in order.
             * @default null
             */
            actions?: components["schemas"]["Action"][] | null;
        };
        /** @description A run as it is answered. */
        RunView: {
            /** @description The run's id. */
            id: components["schemas"]["Id"];
            /** @description The workflow. */
            workflow: components["schemas"]["Id"];
            /** @description The ticket. */
            ticket: components["schemas"]["Id"];
            /** @description What started it. */
            trigger: components["schemas"]["TriggerType"];
            /** @description Who started it, if somebody did: `agent`, `bot` or `user`. */
            startedBy?: string | null;
            /** @description `running`, `waiting`, `finished`, `failed` (a step did), or `skipped`. */
            status: string;
            /** @description Why it was skipped. */
            reason?: string | null;
            /**
             * Format: uint64
             * @description How many runs led to it.
             */
            depth: number;
            /** @description What was done. */
            steps: components["schemas"]["StepView"][];
            /** @description When it goes on, ISO 8601. */
            resumesAt?: string | null;
            /** @description When it began, ISO 8601. */
            createdAt: string;
            /** @description When it ended, ISO 8601. */
            finishedAt?: string | null;
        };
        /** @description A step of a run. */
        StepView: {
            /** @description The action. */
            action: string;
            /** @description `done` or `failed`. */
            outcome: string;
            /** @description Why it failed. */
            reason?: string | null;
            /** @description When, ISO 8601. */
            at: string;
        };
        /** @description A dry run as it is answered. */
        TrialView: {
            /** @description The dry run's id. */
            id: components["schemas"]["Id"];
            /** @description The workflow. */
            workflow: components["schemas"]["Id"];
            /** @description `running`, `finished` or `failed`. */
            status: string;
            /**
             * Format: uint64
             * @description Entries of timelines that were looked at.
             */
            checked: number;
            /**
             * Format: uint64
             * @description Those that would have started the workflow.
             */
            fired: number;
            /**
             * Format: uint64
             * @description Those that have one of its triggers and would not have.
             */
            heldBack: number;
            /** @description The newest 500 of both. */
            results: components["schemas"]["TrialResult"][];
            /** @description When it began, ISO 8601. */
            createdAt: string;
        };
        /** @description What would have happened. */
        TrialResult: {
            /** @description The ticket. */
            ticket: components["schemas"]["Id"];
            /**
             * Format: int64
             * @description Its number.
             */
            bugId?: number | null;
            /** @description Its title. */
            title: string;
            /** @description What happened to it. */
            trigger: components["schemas"]["TriggerType"];
            /** @description The property that changed, if one did. */
            property?: string | null;
            /** @description When, ISO 8601. */
            at: string;
            /** @description Whether the workflow would have run. */
            fires: boolean;
            /** @description Why, or why not; conditions are judged by the ticket as it is now. */
            reason: string;
            /** @description What it would have done. */
            actions?: string[];
        };
        /** @description How far back a dry run looks. */
        TrialInput: {
            /**
             * Format: uint64
             * @description Entries of the tickets' timelines at most, the newest first; 5,000 unless said otherwise.
             * @default null
             */
            limit?: number | null;
        };
        /** @description Which workflow somebody starts. */
        StartInput: {
            /** @description The workflow. */
            workflowId: components["schemas"]["Id"];
        };
        /** @description The clocks of a ticket as they are answered. */
        SlaView: {
            /** @description The ticket's id. */
            id: components["schemas"]["Id"];
            /** @description The policy that they go by, if it is one. */
            policy?: components["schemas"]["Id"] | null;
            /** @description The clock of the first answer. */
            firstResponse?: components["schemas"]["Clock"] | null;
            /** @description The clock of the solution. */
            resolution?: components["schemas"]["Clock"] | null;
        };
        /** @description A clock, as it is stored and answered. */
        Clock: {
            /**
             * Format: int64
             * @description Seconds of working time until it is late.
             * @default 0
             */
            targetSeconds?: number;
            /**
             * Format: int64
             * @description Milliseconds of working time that were counted until `countedTo`, or until it paused.
             * @default 0
             */
            spentMs?: number;
            /**
             * @description When it started, ISO 8601.
             * @default
             */
            startedAt?: string;
            /** @description Until when it has counted, ISO 8601; absent while it pauses or has stopped. */
            countedTo?: string | null;
            /** @description When it will be late, ISO 8601; absent while it pauses or has stopped. */
            dueAt?: string | null;
            /** @description When what it waits for happened, ISO 8601. */
            metAt?: string | null;
            /** @description When it was late, ISO 8601. */
            breachedAt?: string | null;
            /** @description Whether that was told. */
            told?: boolean;
        };
        /** @description A document as it is answered. */
        View10: {
            /** @description The document's id. */
            id: components["schemas"]["Id"];
            /** @description The document's id, as older clients read it. */
            _id: components["schemas"]["Id"];
            /** @description The project's id. */
            project: components["schemas"]["Id"];
            /** @description Who made it. */
            createdBy?: components["schemas"]["Id"] | null;
            /** @description When it was created, ISO 8601. */
            createdAt: string;
            /** @description When it was last changed, ISO 8601. */
            updatedAt: string;
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Whether it counts.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * Format: double
             * @description Its place among the others; the first that fits counts, the lowest first.
             * @default null
             */
            order?: number | null;
            /**
             * @description For which tickets: a condition of the query language on the ticket's properties, with the
             *     contact as `session`.
             * @default null
             */
            conditions?: unknown;
            /**
             * Format: double
             * @description Seconds of working time until the first answer is due.
             * @default null
             */
            firstResponse?: number | null;
            /**
             * Format: double
             * @description Seconds of working time until the ticket has to be closed.
             * @default null
             */
            resolution?: number | null;
            /**
             * @description Whether clocks pause while a ticket sleeps.
             * @default null
             */
            pauseWhileSnoozed?: boolean | null;
            /**
             * @description Statuses in which clocks pause, such as one for waiting on the customer.
             * @default null
             */
            pauseStatuses?: string[] | null;
            /**
             * @description When work is done; otherwise the hours of the ticket's team count.
             * @default null
             */
            operatingHours?: components["schemas"]["OperatingHours"] | null;
        };
        /** @description The properties of a policy that a caller may set. */
        SlaPolicyInput: {
            /**
             * @description Its name.
             * @default null
             */
            name?: string | null;
            /**
             * @description Whether it counts.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * Format: double
             * @description Its place among the others; the first that fits counts, the lowest first.
             * @default null
             */
            order?: number | null;
            /**
             * @description For which tickets: a condition of the query language on the ticket's properties, with the
             *     contact as `session`.
             * @default null
             */
            conditions?: unknown;
            /**
             * Format: double
             * @description Seconds of working time until the first answer is due.
             * @default null
             */
            firstResponse?: number | null;
            /**
             * Format: double
             * @description Seconds of working time until the ticket has to be closed.
             * @default null
             */
            resolution?: number | null;
            /**
             * @description Whether clocks pause while a ticket sleeps.
             * @default null
             */
            pauseWhileSnoozed?: boolean | null;
            /**
             * @description Statuses in which clocks pause, such as one for waiting on the customer.
             * @default null
             */
            pauseStatuses?: string[] | null;
            /**
             * @description When work is done; otherwise the hours of the ticket's team count.
             * @default null
             */
            operatingHours?: components["schemas"]["OperatingHours"] | null;
        };
        /** @description Whether an agent takes tickets, as it is answered. */
        AvailabilityView: {
            /** @description Whether it does, in this project. */
            available: boolean;
            /** @description Whether it has the project open. */
            online: boolean;
        };
        /** @description Whether an agent takes tickets. */
        AvailabilityInput: {
            /** @description Whether it does, in this project. */
            available: boolean;
        };
        /** @description What an SDK keeps of its session; what is not known is left out. */
        Session: {
            /** @description The contact's id for SDKs. */
            gleapId: string;
            /** @description The secret with which the device proves that it is this contact. */
            gleapHash: string;
            /** @description The user's id in the customer's system. */
            userId?: string | null;
            /** @description The language, as it was sent. */
            lang?: string | null;
            /** @description The name. */
            name?: string | null;
            /** @description The address. */
            email?: string | null;
            /** @description The telephone number. */
            phone?: string | null;
            /** @description What the user pays for. */
            plan?: string | null;
            /**
             * Format: double
             * @description What the user is worth.
             */
            value?: number | null;
            /**
             * Format: double
             * @description Seconds within which an answer is due.
             */
            sla?: number | null;
            /** @description Custom properties. */
            customData?: unknown;
            /** @description Whether files need the token that follows. */
            authenticatedFilesRequired?: boolean | null;
            /** @description The token for files. */
            fileAccessToken?: string | null;
            /** @description When the token ends. */
            fileAccessExpiresAt?: string | null;
        };
        /** @description A device that shows itself. */
        Device: {
            /** @description The language of its user. */
            lang?: string | null;
            /** @description `mobile`, `tablet` or `desktop`. */
            deviceType?: string | null;
            /** @description `web`, `android`, `iOS` or another system. */
            platform?: string | null;
        };
        /** @description Who the user is, and who vouches for it. */
        Identification: {
            /** @description The user's id in the customer's system. */
            userId: string;
            /** @description The name. */
            name?: string | null;
            /** @description The address. */
            email?: string | null;
            /** @description The telephone number. */
            phone?: string | null;
            /**
             * Format: double
             * @description What the user is worth.
             */
            value?: number | null;
            /**
             * Format: double
             * @description Seconds within which an answer is due.
             */
            sla?: number | null;
            /** @description What the user pays for. */
            plan?: string | null;
            /** @description The company's id. */
            companyId?: string | null;
            /** @description The company's name. */
            companyName?: string | null;
            /** @description The address of a picture. */
            avatar?: string | null;
            /** @description The HMAC-SHA256 of the user id with the project's identity secret, in hex digits. */
            userHash?: string | null;
        };
        /** @description What changed about the user. */
        Changes2: {
            /** @description Properties as in an identify; custom ones stand in `customData`. */
            data?: unknown;
        };
        /** @description Nothing. */
        Nothing: Record<string, unknown>;
        /** @description What the user did. */
        Batch: {
            /** @description Each with `name`, `date` and `data`; a batch that comes again changes nothing. */
            events?: unknown[] | null;
        };
        /** @description What is new for the contact. */
        News: {
            /** @description What the SDK is to do or to show. */
            a: unknown[];
            /**
             * Format: int64
             * @description Messages that are not read.
             */
            u: number;
        };
        /** @description What SDKs are told. */
        SdkConfig: {
            /** @description Looks, behaviour and words. */
            flowConfig: components["schemas"]["FlowConfig"];
            /** @description What visitors can fill in, by id. */
            projectActions: {
                [key: string]: components["schemas"]["Flow"] | null;
            };
        };
        /** @description A text beside an element of the page. */
        Tooltip: {
            /** @description Which element, as a CSS selector. */
            selector: string;
            /** @description The text, as harmless HTML. */
            html: string;
        };
        /** @description Where a file is. */
        Location: {
            /** @description The token with which the conversation is opened. */
            shareToken: string;
        };
        /** @description Where a file is. */
        Uploaded: {
            /** @description The address of the file, empty when the body had none. */
            fileUrl: string;
        };
        /** @description Where files are. */
        ManyUploaded: {
            /** @description The address of each file of the body, in the same order. */
            fileUrls: string[];
        };
        /** @description The ticket of a report, as far as its sender needs it. */
        ReportView: {
            /** @description The ticket's id; of a crash that is only counted, there is none. */
            id?: string | null;
            /**
             * Format: int64
             * @description The number of the ticket in the project.
             */
            bugId?: number | null;
            /** @description The token with which the conversation is opened. */
            shareToken: string;
            /** @description The type. */
            type?: string | null;
            /** @description The status. */
            status?: string | null;
            /** @description The priority. */
            priority?: string | null;
            /** @description What it is about. */
            title?: string | null;
            /** @description When it was created, ISO 8601. */
            createdAt?: string | null;
        };
        /** @description A report. Whatever is missing or of another type is left out of the ticket. */
        ReportForm: {
            /** @description The ticket's type, such as `BUG`, `CRASH` or one of the project's own. */
            type?: string | null;
            /** @description `LOW`, `MEDIUM` or `HIGH`. */
            priority?: string | null;
            /** @description What the visitor wrote, by field. */
            formData?: unknown;
            /** @description The site's own data. */
            customData?: unknown;
            /** @description The device and program. */
            metaData?: unknown;
            /** @description Whether nobody noticed; also as a text. */
            isSilent?: unknown;
            /** @description Tags. */
            tags?: string[] | null;
            /** @description The outbound message or survey that is answered. */
            outbound?: string | null;
            /** @description Files that were uploaded before, with `url`, `name` and `type`. */
            attachments?: unknown[] | null;
            /** @description A picture that was uploaded before. */
            screenshotUrl?: string | null;
            /** @description A film that was uploaded before. */
            screenRecordingUrl?: string | null;
            /** @description The page as HTML, with its size and scroll position. */
            screenshotData?: unknown;
            /** @description A recording of the page. */
            webReplay?: unknown;
            /** @description Frames of an app. */
            replay?: unknown;
            /** @description Lines of the console. */
            consoleLog?: unknown[] | null;
            /** @description Calls of the network; secrets in them are taken out. */
            networkLogs?: unknown[] | null;
            /** @description What the user did. */
            customEventLog?: unknown[] | null;
            /** @description Passed on by a page; not looked at. */
            spamToken?: string | null;
        };
        /** @description A conversation as its contact sees it. */
        ConversationView: {
            /** @description The name by which the contact's devices know it. */
            shareToken: string;
            /** @description `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another. */
            type: string;
            /** @description What it is about. */
            title: string;
            /** @description What the contact wrote in the report that it was made of; absent in others. */
            description?: string | null;
            /** @description The files that came with that report, where one conversation is asked for. */
            attachments: components["schemas"]["Attachment"][];
            /** @description `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board. */
            status: string;
            /** @description Whether nothing can be written any more. */
            closed: boolean;
            /**
             * Format: int64
             * @description Messages that the contact has not read.
             */
            unread: number;
            /**
             * Format: uint8
             * @description How the contact rated it, from 1 to 5.
             */
            rating?: number | null;
            /** @description The agent who works on it. */
            agent?: components["schemas"]["SenderView"] | null;
            /** @description The last message. */
            latestMessage?: components["schemas"]["MessageView2"] | null;
            /** @description When it began, ISO 8601. */
            createdAt: string;
            /** @description When there was last something new, ISO 8601. */
            lastNotification?: string | null;
        };
        /** @description Who wrote a message. */
        SenderView: {
            /** @description The name, empty when nobody is named. */
            name: string;
            /** @description The web address of a picture. */
            profileImageUrl: string;
            /** @description Whether a bot wrote it. */
            isBot: boolean;
        };
        /** @description A message as a contact sees it. */
        MessageView2: {
            /** @description Its id. */
            id: components["schemas"]["Id"];
            /** @description The id that the contact's client chose for it. */
            ref?: string | null;
            /**
             * Format: int64
             * @description Its place in the conversation.
             */
            index: number;
            /** @description When it was written, ISO 8601. */
            createdAt: string;
            /** @description When its words or files were last changed, ISO 8601. */
            editedAt?: string | null;
            /** @description `user`, `agent`, `bot` or `system`. */
            senderType: string;
            /** @description Who wrote it. */
            sender: components["schemas"]["SenderView"];
            /** @description What it says, as plain text. */
            text: string;
            /** @description The same as HTML that is safe to insert into a page. */
            html: string;
            /** @description Files. */
            attachments: components["schemas"]["Attachment"][];
        };
        /** @description What was written. */
        Written: {
            /** @description The conversation. */
            conversation: components["schemas"]["ConversationView"];
            /** @description The message. */
            message: components["schemas"]["MessageView2"];
        };
        /** @description A conversation that begins. */
        Opening: {
            /**
             * @description An id of the client's choice, of letters, digits, `-` and `_`. A message that is sent again under
             *     the same id is answered and not written again.
             * @default
             */
            id?: string;
            /**
             * @description What it says: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Files that were uploaded before, under the addresses that the uploads answered.
             * @default []
             */
            attachments?: components["schemas"]["Attachment"][];
            /**
             * @description What it is about; otherwise the beginning of the first message.
             * @default null
             */
            title?: string | null;
            /**
             * @description `INQUIRY` unless said otherwise.
             * @default null
             */
            type?: string | null;
            /** @description Where it begins, as the SDK describes it; what does not fit is left out. */
            data?: components["schemas"]["Context"] | null;
        };
        /** @description What an SDK knows of the page or the app in which a conversation begins. */
        Context: {
            /**
             * @description The site's own data.
             * @default null
             */
            customData?: unknown;
            /**
             * @description The device and program.
             * @default null
             */
            metaData?: unknown;
            /**
             * @description Values of the ticket's form.
             * @default null
             */
            formData?: unknown;
            /**
             * @description Tags.
             * @default null
             */
            tags?: unknown;
        };
        /** @description A conversation with messages. */
        Whole: {
            /** @description The conversation. */
            conversation: components["schemas"]["ConversationView"];
            /** @description Messages, the oldest first. */
            messages: components["schemas"]["MessageView2"][];
        };
        /** @description A message of a contact. */
        Input: {
            /**
             * @description An id of the client's choice, of letters, digits, `-` and `_`. A message that is sent again under
             *     the same id is answered and not written again.
             * @default
             */
            id?: string;
            /**
             * @description What it says: a text, or a TipTap document as a JSON object.
             * @default null
             */
            comment?: unknown;
            /**
             * @description Files that were uploaded before, under the addresses that the uploads answered.
             * @default []
             */
            attachments?: components["schemas"]["Attachment"][];
        };
        /** @description What is unread. */
        Unread: {
            /**
             * Format: int64
             * @description Messages that the contact has not read, in all conversations.
             */
            unread: number;
        };
        /** @description It was told. */
        Told2: {
            /** @description Always true. */
            ok: boolean;
        };
        /** @description Whether the contact types. */
        Typing2: {
            /** @description Whether the contact types. */
            typing: boolean;
        };
        /** @description How a conversation was. */
        Rating: {
            /**
             * Format: uint8
             * @description From 1 to 5.
             */
            rating: number;
        };
        /** @description A capture that begins. */
        Begun: {
            /** @description Its id. */
            id: string;
        };
        /** @description What was captured. SDKs say more about it than is kept. */
        Captured: {
            /** @description The files, under the addresses that the uploads answered. */
            files: components["schemas"]["Attachment"][];
        };
        /** @description A ticket as whoever has a link to it sees it. */
        SharedView: {
            /** @description `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another. */
            type: string;
            /** @description What it is about. */
            title: string;
            /** @description `OPEN`, `INPROGRESS`, `DONE` or a lane of the type's board. */
            status: string;
            /** @description Whether nothing can be written any more. */
            closed: boolean;
            /** @description Whether whoever has this link can write. */
            mayComment: boolean;
            /**
             * Format: int64
             * @description How many voted for it.
             */
            upvotesCount: number;
            /** @description When it began, ISO 8601. */
            createdAt: string;
            /** @description What was written, the oldest first; nothing when the content is hidden. */
            messages: components["schemas"]["MessageView2"][];
        };
        /** @description The contact of a user. */
        Identified: {
            /** @description The contact's id. */
            id: components["schemas"]["Id"];
            /** @description The user's id in the customer's system. */
            userId: string;
        };
        /** @description A user as a customer's server knows it. */
        User: {
            /** @description The user's id in the customer's system. */
            userId: string;
            /** @description The name. */
            name?: string | null;
            /** @description The address. */
            email?: string | null;
            /** @description The telephone number. */
            phone?: string | null;
            /**
             * Format: double
             * @description What the user is worth.
             */
            value?: number | null;
            /**
             * Format: double
             * @description Seconds within which an answer is due.
             */
            sla?: number | null;
            /** @description What the user pays for. */
            plan?: string | null;
            /** @description The company's id. */
            companyId?: string | null;
            /** @description The company's name. */
            companyName?: string | null;
            /** @description The address of a picture. */
            avatar?: string | null;
            /** @description The language. */
            lang?: string | null;
            /** @description When the user was created, ISO 8601. */
            createdAt?: string | null;
            /** @description When the user was last active, ISO 8601. */
            lastActivity?: string | null;
            /** @description The page that the user saw last, with `page` and `date`. */
            lastPageView?: unknown;
        };
        /** @description How many events were taken. */
        Tracked: {
            /**
             * Format: uint
             * @description Events with a user and a name.
             */
            accepted: number;
        };
        /** @description What users did. */
        Batch2: {
            /** @description Each with `userId`, `name`, `date` and `data`; a batch that comes again changes nothing. */
            events: unknown[];
        };
        /** @description What the token is good for. */
        Authorised: {
            /** @description The project's id. */
            project: components["schemas"]["Id"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    AdminAuth: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Authorised"];
                };
            };
        };
    };
    AdminDeleteContact: {
        parameters: {
            path: {
                userId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Identified"];
                };
            };
        };
    };
    AdminIdentify: {
        parameters: {
            query?: {
                /** @description `true` leaves the time of the last activity as it is */
                preventLastActivityUpdate?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["User"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Identified"];
                };
            };
        };
    };
    AdminTrack: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Batch2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Tracked"];
                };
            };
        };
    };
    Auth: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    CreateBugReport: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReportForm"];
            };
        };
        responses: {
            /** @description done */
            201: {
                content: {
                    "application/json": components["schemas"]["ReportView"];
                };
            };
        };
    };
    SdkConfig: {
        parameters: {
            query?: {
                /** @description the visitor's language, such as `de-at` */
                lang?: string;
            };
            path: {
                sdkKey: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SdkConfig"];
                };
            };
        };
    };
    SdkTooltips: {
        parameters: {
            path: {
                sdkKey: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Tooltip"][];
                };
            };
        };
    };
    GetConversations: {
        parameters: {
            query?: {
                /** @description only of this type: `INQUIRY`, `BUG`, `FEATURE_REQUEST` or another */
                type?: string;
                /** @description how many, 100 at most */
                limit?: string;
                /** @description the page behind the one whose header `X-Next-Cursor` this is */
                cursor?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ConversationView"][];
                };
            };
        };
    };
    OpenConversation: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Opening"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Written"];
                };
            };
        };
    };
    GetConversation: {
        parameters: {
            query?: {
                /** @description only messages before this place: the `index` of the first that is known */
                before?: string;
                /** @description how many messages, 100 at most */
                limit?: string;
            };
            path: {
                shareToken: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Whole"];
                };
            };
        };
    };
    BeginCapture: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Begun"];
                };
            };
        };
    };
    SendMessage: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Input"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Written"];
                };
            };
        };
    };
    RateConversation: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rating"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ConversationView"];
                };
            };
        };
    };
    ReadConversation: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Unread"];
                };
            };
        };
    };
    TypeInConversation: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Typing2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Told2"];
                };
            };
        };
    };
    RevokeFileSession: {
        responses: {
            /** @description done */
            204: {
                content?: never;
            };
        };
    };
    LocateFile: {
        parameters: {
            path: {
                fileId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Location"];
                };
            };
        };
    };
    ReadFile: {
        parameters: {
            query?: {
                /** @description the same as `X-File-Session`, for pictures in pages */
                fileSession?: string;
                /** @description `true` lets a captured page load pictures and styles from where the page was */
                remote?: string;
            };
            path: {
                fileToken: string;
                fileName: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/octet-stream": string;
                };
            };
        };
    };
    StartSession: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Device"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    TrackSessionEvents: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Batch"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Nothing"];
                };
            };
        };
    };
    IdentifySession: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Identification"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    PartialUpdateSession: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Changes2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    PingSession: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Batch"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["News"];
                };
            };
        };
    };
    StreamSession: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Batch"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Nothing"];
                };
            };
        };
    };
    GetDefaultAvatar: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "image/png": string;
                };
            };
        };
    };
    GetSharedTicket: {
        parameters: {
            query?: {
                /** @description only messages before this place: the `index` of the first that is known */
                before?: string;
                /** @description how many messages, 100 at most */
                limit?: string;
            };
            path: {
                token: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SharedView"];
                };
            };
        };
    };
    CommentSharedTicket: {
        parameters: {
            path: {
                token: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Input"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SharedView"];
                };
            };
        };
    };
    UploadProjectFile: {
        requestBody?: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
        };
    };
    UploadAttachments: {
        requestBody?: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ManyUploaded"];
                };
            };
        };
    };
    UploadFile: {
        requestBody?: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
        };
    };
    UploadReplayFrames: {
        requestBody?: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ManyUploaded"];
                };
            };
        };
    };
    GetAuditLog: {
        parameters: {
            query?: {
                /** @description entries at most */
                limit?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description `newest` or `oldest` first; `oldest` unless said otherwise */
                order?: string;
                /** @description who did it: the id of a user, or as in the entries */
                actor?: string;
                /** @description how the action begins: `role.` or `token.created` */
                action?: string;
                /** @description what it was done to */
                target?: string;
                /** @description entries from this moment on, ISO 8601 */
                from?: string;
                /** @description entries before this moment, ISO 8601 */
                to?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["EntryView"][];
                };
            };
        };
    };
    ExportAuditLog: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    VerifyAuditLog: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
        };
    };
    GetChanges: {
        parameters: {
            query?: {
                /** @description `project` (the default), or `user` for the notifications of the caller */
                stream?: string;
                /** @description the number of the last event that is known; without it, only the present position is answered */
                after?: string;
                /** @description the epoch that came with that number */
                epoch?: string;
                /** @description how many events to look at, 100 unless said, 1,000 at most */
                limit?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Changes"];
                };
            };
        };
    };
    FindChannels: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View6"][];
                };
            };
        };
    };
    CreateChannel: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChannelInput2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View6"];
                };
            };
        };
    };
    FindChannelById: {
        parameters: {
            path: {
                channelId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View6"];
                };
            };
        };
    };
    UpdateChannel: {
        parameters: {
            path: {
                channelId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChannelInput2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View6"];
                };
            };
        };
    };
    DeleteChannel: {
        parameters: {
            path: {
                channelId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View6"];
                };
            };
        };
    };
    BeginFileSession: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["FileSessionView"];
                };
            };
        };
    };
    GetImports: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"][];
                };
            };
        };
    };
    GetImport: {
        parameters: {
            path: {
                importId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
        };
    };
    CancelImport: {
        parameters: {
            path: {
                importId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
        };
    };
    ResumeImport: {
        parameters: {
            path: {
                importId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
        };
    };
    GetMyInvitations: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"][];
                };
            };
        };
    };
    GetInvitationByLink: {
        parameters: {
            path: {
                linkToken: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
        };
    };
    GetOrganisationInvitations: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"][];
                };
            };
        };
    };
    CreateOrganisationInvitation: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["InviteInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"][];
                };
            };
        };
    };
    GetProjectInvitations: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"][];
                };
            };
        };
    };
    CreateProjectInvitation: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["InviteInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"][];
                };
            };
        };
    };
    UpdateInvitation: {
        parameters: {
            path: {
                invitationId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    DeleteInvitation: {
        parameters: {
            path: {
                invitationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    UpdateInvitationRole: {
        parameters: {
            path: {
                invitationId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
        };
    };
    GetMessageDrafts: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View2"][];
                };
            };
        };
    };
    FindMessageTemplates: {
        parameters: {
            query?: {
                /** @description only templates with this text in their title */
                searchTerm?: string;
                /** @description `public`, `private` or `all` */
                visibility?: string;
                /** @description `true` for an object with the count of all that match */
                withCount?: string;
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["FoundView2"];
                };
            };
        };
    };
    CreateMessageTemplate: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TemplateInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
        };
    };
    FindMessageTemplateById: {
        parameters: {
            path: {
                messageTemplateId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
        };
    };
    UpdateMessageTemplate: {
        parameters: {
            path: {
                messageTemplateId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TemplateInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
        };
    };
    DeleteMessageTemplate: {
        parameters: {
            path: {
                messageTemplateId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
        };
    };
    GetMessages: {
        parameters: {
            query?: {
                /** @description `true` for a page of a conversation: `{items, hasMore, nextBefore}` */
                paginated?: string;
                /** @description With `paginated`: only messages before the one with this id, or before a date */
                before?: string;
                /** @description `true` for the messages of earlier tickets of the ticket's contact too */
                showHistory?: string;
                /** @description A language such as `es`: messages that have a translation in `translatedData` are answered in it, with `language` */
                language?: string;
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["FoundView"];
                };
            };
        };
    };
    CreateMessage: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MessageInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["MessageView"];
                };
            };
        };
    };
    SearchMessages: {
        parameters: {
            query?: {
                /** @description What to search for */
                searchTerm?: string;
                /** @description Messages at most, up to 100; 30 unless said otherwise */
                limit?: string;
                /** @description Only messages of this ticket; any other property filters in the same way */
                ticket?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Hits"];
                };
            };
        };
    };
    UpdateMessage: {
        parameters: {
            path: {
                messageId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MessageInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["MessageView"];
                };
            };
        };
    };
    DeleteMessage: {
        parameters: {
            path: {
                messageId: string;
            };
        };
        responses: {
            /** @description done */
            204: {
                content?: never;
            };
        };
    };
    SuggestFaq: {
        parameters: {
            path: {
                messageId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Faq"];
            };
        };
        responses: {
            /** @description done */
            204: {
                content?: never;
            };
        };
    };
    FindNotes: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View7"][];
                };
            };
        };
    };
    CreateNote: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoteInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View7"];
                };
            };
        };
    };
    FindNoteById: {
        parameters: {
            path: {
                noteId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View7"];
                };
            };
        };
    };
    UpdateNote: {
        parameters: {
            path: {
                noteId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NoteInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View7"];
                };
            };
        };
    };
    DeleteNote: {
        parameters: {
            path: {
                noteId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View7"];
                };
            };
        };
    };
    FindNotifications: {
        parameters: {
            query?: {
                /** @description notifications of a page, up to 100 */
                limit?: string;
                /** @description `next` of the page before */
                cursor?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["NotificationsView"];
                };
            };
        };
    };
    ReadNotifications: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReadInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Left"];
                };
            };
        };
    };
    GetOrganisations: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["OrganisationView"][];
                };
            };
        };
    };
    CreateOrganisation: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["OrganisationView"];
                };
            };
        };
    };
    UpdateOrganisation: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["OrganisationView"];
                };
            };
        };
    };
    GetOrganisationAuditLog: {
        parameters: {
            query?: {
                /** @description entries at most */
                limit?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description `newest` or `oldest` first; `oldest` unless said otherwise */
                order?: string;
                /** @description who did it: the id of a user, or as in the entries */
                actor?: string;
                /** @description how the action begins: `role.` or `token.created` */
                action?: string;
                /** @description what it was done to */
                target?: string;
                /** @description entries from this moment on, ISO 8601 */
                from?: string;
                /** @description entries before this moment, ISO 8601 */
                to?: string;
            };
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["EntryView"][];
                };
            };
        };
    };
    GetOrganisationSecurity: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Security"];
                };
            };
        };
    };
    UpdateOrganisationSecurity: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Security"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Security"];
                };
            };
        };
    };
    GetSso: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SsoView"];
                };
            };
        };
    };
    UpdateSso: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SsoInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SsoView"];
                };
            };
        };
    };
    DeleteSso: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    GetOrganisationUsers: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["MemberView"][];
                };
            };
        };
    };
    UpdateOrganisationUser: {
        parameters: {
            path: {
                organisationId: string;
                userId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    DeleteOrganisationUser: {
        parameters: {
            path: {
                organisationId: string;
                userId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    GetProjects: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ProjectView"][];
                };
            };
        };
    };
    CreateProject: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ProjectKeys"];
                };
            };
        };
    };
    GetBilling: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingView"];
                };
            };
        };
    };
    UpdateBilling: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["BillingInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingView"];
                };
            };
        };
    };
    GetProjectConfig: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
        };
    };
    UpdateProjectConfig: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Config"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Config"];
                };
            };
        };
    };
    GetProject: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
        };
    };
    UpdateProject: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["NameInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ProjectView"];
                };
            };
        };
    };
    ReplaceProjectSecret: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["NewSecret"];
                };
            };
        };
    };
    GetIdentitySecret: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["IdentitySecret"];
                };
            };
        };
    };
    GetProjectLimits: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["LimitsView"];
                };
            };
        };
    };
    UpdateProjectLimits: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LimitsInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["LimitsView"];
                };
            };
        };
    };
    GetProjectSdks: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SdksView"];
                };
            };
        };
    };
    GetUsers: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["MemberView"][];
                };
            };
        };
    };
    UpdateUser: {
        parameters: {
            path: {
                userId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    DeleteUser: {
        parameters: {
            path: {
                userId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    FindProperties: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View5"][];
                };
            };
        };
    };
    CreateProperty: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PropertyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View5"];
                };
            };
        };
    };
    FindPropertyById: {
        parameters: {
            path: {
                propertyId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View5"];
                };
            };
        };
    };
    UpdateProperty: {
        parameters: {
            path: {
                propertyId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PropertyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View5"];
                };
            };
        };
    };
    DeleteProperty: {
        parameters: {
            path: {
                propertyId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View5"];
                };
            };
        };
    };
    GetRoles: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RoleView"][];
                };
            };
        };
    };
    CreateRole: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RoleInput2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
        };
    };
    GetRole: {
        parameters: {
            path: {
                roleId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
        };
    };
    UpdateRole: {
        parameters: {
            path: {
                roleId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RoleInput2"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
        };
    };
    DeleteRole: {
        parameters: {
            path: {
                roleId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RoleView"];
                };
            };
        };
    };
    GetScheduledMessages: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ScheduledView"][];
                };
            };
        };
    };
    ScheduleMessage: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ScheduledInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ScheduledView"];
                };
            };
        };
    };
    GetScheduledMessage: {
        parameters: {
            path: {
                scheduledMessageId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ScheduledView"];
                };
            };
        };
    };
    CancelScheduledMessage: {
        parameters: {
            path: {
                scheduledMessageId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ScheduledView"];
                };
            };
        };
    };
    FindSegments: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View4"][];
                };
            };
        };
    };
    CreateSegment: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SegmentInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View4"];
                };
            };
        };
    };
    FindSegmentById: {
        parameters: {
            path: {
                segmentId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View4"];
                };
            };
        };
    };
    UpdateSegment: {
        parameters: {
            path: {
                segmentId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SegmentInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View4"];
                };
            };
        };
    };
    DeleteSegment: {
        parameters: {
            path: {
                segmentId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View4"];
                };
            };
        };
    };
    GetServer: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ServerView"];
                };
            };
        };
    };
    GetSessions: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"][];
                };
            };
        };
    };
    CreateSession: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SessionInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    FindSessionByUserId: {
        parameters: {
            path: {
                userId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    ExportSessions: {
        parameters: {
            query?: {
                /** @description The columns with commas between them, nested ones dotted: name,email,customData.tier */
                fields?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    ImportSession: {
        requestBody: {
            content: {
                "application/json": Record<string, unknown>[] | {
                    sessions?: Record<string, unknown>[];
                };
                "text/csv": string;
                "text/tab-separated-values": string;
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Imported"][];
                };
            };
        };
    };
    ImportSessionHubspot: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["HubspotInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"][];
                };
            };
        };
    };
    ImportSessionIntercom: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["IntercomInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"][];
                };
            };
        };
    };
    ImportSessionZendesk: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ZendeskInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ImportView"][];
                };
            };
        };
    };
    MergeSessions: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Merge"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    SearchSessions: {
        parameters: {
            query?: {
                /** @description What to search for */
                searchTerm?: string;
                /** @description Contacts at most, up to 100 */
                limit?: string;
                /** @description Contacts to pass over */
                skip?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"][];
                };
            };
        };
    };
    UnsubscribeSessions: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unsubscription"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Unsubscribed"];
                };
            };
        };
    };
    WarmupSessions: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Warmed"];
                };
            };
        };
    };
    GetSession: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    UpdateSession: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SessionInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    DeleteSession: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            204: {
                content?: never;
            };
        };
    };
    GetSessionActivities: {
        parameters: {
            query?: {
                /** @description Activities at most */
                limit?: string;
                /** @description Only what happened before this moment */
                before?: string;
            };
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Activity"][];
                };
            };
        };
    };
    FindSessionChargebeeInfo: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingInfo"];
                };
            };
        };
    };
    GetChecklistsForSession: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Checklist"][];
                };
            };
        };
    };
    GetSessionEvents: {
        parameters: {
            query?: {
                /** @description Events at most */
                limit?: string;
                /** @description Goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description Only events before this moment */
                before?: string;
                /** @description Only events of this name */
                name?: string;
            };
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["EventView"][];
                };
            };
        };
    };
    GetSessionIdentityHistory: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    UndoSessionMerge: {
        parameters: {
            path: {
                sessionId: string;
                changeId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
        };
    };
    FindSessionLemonSqueezyInfo: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingInfo"];
                };
            };
        };
    };
    ListEntries: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ListItem"][];
                };
            };
        };
    };
    CreateEntry: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EntryBody"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["WriteResult"];
                };
            };
        };
    };
    ClearAll: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["WriteResult"];
                };
            };
        };
    };
    GetEntry: {
        parameters: {
            path: {
                sessionId: string;
                entryName: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
        };
    };
    UpdateEntry: {
        parameters: {
            path: {
                sessionId: string;
                entryName: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateBody"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["WriteResult"];
                };
            };
        };
    };
    DeleteEntry: {
        parameters: {
            path: {
                sessionId: string;
                entryName: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["WriteResult"];
                };
            };
        };
    };
    ResubscribeSession: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    FindSessionShopifyInfo: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingInfo"];
                };
            };
        };
    };
    FindSessionStripeInfo: {
        parameters: {
            path: {
                sessionId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BillingInfo"];
                };
            };
        };
    };
    CompleteCapture: {
        parameters: {
            path: {
                captureId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Captured"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Written"];
                };
            };
        };
    };
    FindSlaPolicies: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View10"][];
                };
            };
        };
    };
    CreateSlaPolicy: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SlaPolicyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View10"];
                };
            };
        };
    };
    FindSlaPolicyById: {
        parameters: {
            path: {
                slaPolicyId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View10"];
                };
            };
        };
    };
    UpdateSlaPolicy: {
        parameters: {
            path: {
                slaPolicyId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SlaPolicyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View10"];
                };
            };
        };
    };
    DeleteSlaPolicy: {
        parameters: {
            path: {
                slaPolicyId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View10"];
                };
            };
        };
    };
    GetTeams: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TeamView"][];
                };
            };
        };
    };
    CreateTeam: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TeamInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TeamView"];
                };
            };
        };
    };
    GetTeam: {
        parameters: {
            path: {
                teamId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TeamView"];
                };
            };
        };
    };
    UpdateTeam: {
        parameters: {
            path: {
                teamId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TeamInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TeamView"];
                };
            };
        };
    };
    DeleteTeam: {
        parameters: {
            path: {
                teamId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TeamView"];
                };
            };
        };
    };
    FindTicketTypes: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View"][];
                };
            };
        };
    };
    CreateTicketType: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketTypeInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    FindTicketTypeById: {
        parameters: {
            path: {
                ticketTypeId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    UpdateTicketType: {
        parameters: {
            path: {
                ticketTypeId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketTypeInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    DeleteTicketType: {
        parameters: {
            path: {
                ticketTypeId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
        };
    };
    FindTicketViews: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View3"][];
                };
            };
        };
    };
    CreateTicketView: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketViewInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View3"];
                };
            };
        };
    };
    FindTicketViewById: {
        parameters: {
            path: {
                ticketViewId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View3"];
                };
            };
        };
    };
    UpdateTicketView: {
        parameters: {
            path: {
                ticketViewId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketViewInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View3"];
                };
            };
        };
    };
    DeleteTicketView: {
        parameters: {
            path: {
                ticketViewId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View3"];
                };
            };
        };
    };
    GetTickets: {
        parameters: {
            query?: {
                /** @description `true` for archived tickets only, `false` for the others only */
                archived?: string;
                /** @description `true` to leave archived tickets out */
                ignoreArchived?: string;
                /** @description `true` for spam only, `false` for what is none */
                isSpam?: string;
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketList"];
                };
            };
        };
    };
    CreateTicket: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    ArchiveAllTickets: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Lane"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Archived"];
                };
            };
        };
    };
    GetTicketBoard: {
        parameters: {
            query?: {
                /** @description The ticket type */
                type?: string;
                /** @description Tickets of each lane at most, up to 200 */
                limit?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["BoardView"];
                };
            };
        };
    };
    FindTicketsBySessionQuery: {
        parameters: {
            query?: {
                /** @description The address of the contacts */
                email?: string;
                /** @description The user id of the contacts */
                userId?: string;
                /** @description The telephone number of the contacts */
                phone?: string;
                /** @description A custom property of the contacts; any other works in the same way */
                "customData.TIN"?: string;
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketList"];
                };
            };
        };
    };
    CreateTicketWithMessage: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ComposeInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    ExportTicketsAsCSV: {
        parameters: {
            query?: {
                /** @description The properties with commas between them, nested ones dotted: bugId,session.email,formData.version */
                fields?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    FindDuplicates: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Wanted"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Groups"];
                };
            };
        };
    };
    MergeDuplicateGroup: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    ExportTickets: {
        parameters: {
            query?: {
                /** @description The properties with commas between them, nested ones dotted: bugId,session.email,formData.version */
                fields?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
    };
    GetTicketExportFields: {
        parameters: {
            query?: {
                /** @description Only those of tickets of this type */
                type?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ExportField"][];
                };
            };
        };
    };
    SearchForTicketsExtended: {
        parameters: {
            query?: {
                /** @description What to search for */
                searchTerm?: string;
                /** @description Tickets at most, up to 100; 30 unless said otherwise */
                limit?: string;
                /** @description Only tickets of these types; any other property filters in the same way */
                type?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"][];
                };
            };
        };
    };
    GenerateTrackerTicketData: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Source"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TrackerData"];
                };
            };
        };
    };
    MergeTickets: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MergeInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    GetNotificationTicket: {
        parameters: {
            path: {
                shareToken: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    SearchForTickets: {
        parameters: {
            query?: {
                /** @description What to search for */
                searchTerm?: string;
                /** @description Tickets at most, up to 100; 30 unless said otherwise */
                limit?: string;
                /** @description Only tickets of these types; any other property filters in the same way */
                type?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"][];
                };
            };
        };
    };
    SearchFeatureRequests: {
        parameters: {
            query?: {
                /** @description The text */
                query?: string;
                /** @description Tickets at most, up to 100; 30 unless said otherwise */
                limit?: string;
                /** @description How alike they must be at least, from 0 to 1 */
                minScore?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"][];
                };
            };
        };
    };
    GetTicketCount: {
        parameters: {
            query?: {
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketCount"];
                };
            };
        };
    };
    FindTrackerTickets: {
        parameters: {
            query?: {
                /** @description What to search for */
                searchTerm?: string;
                /** @description The page, from 1 */
                page?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketList"];
                };
            };
        };
    };
    CreateTrackerTicket: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrackerInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    GetTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    UpdateTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TicketInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    DeleteTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    GetActivityLogsForTicket: {
        parameters: {
            query?: {
                /** @description Events at most */
                limit?: string;
                /** @description Goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
            };
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ActivityView"][];
                };
            };
        };
    };
    ArchiveTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    ExportTicketAuditEndpoint: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
        };
    };
    GetConsoleLogsForTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ConsoleEntry"][];
                };
            };
        };
    };
    GetMessageDraft: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View2"];
                };
            };
        };
    };
    KeepMessageDraft: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DraftInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View2"];
                };
            };
        };
    };
    DeleteMessageDraft: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View2"];
                };
            };
        };
    };
    GenerateDraftReply: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
        };
    };
    GetEventLogsForTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ActivityEntry"][];
                };
            };
        };
    };
    LinkTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Target"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    GetTicketMerges: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["MergeView"][];
                };
            };
        };
    };
    UndoTicketMerge: {
        parameters: {
            path: {
                ticketId: string;
                mergeId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    MoveTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Move"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    GetNetworkLogsForTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["NetworkEntry"][];
                };
            };
        };
    };
    GetReplayForTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["ReplayView"];
                };
            };
        };
    };
    SendTicketToIntegration: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Integration"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    SendTicketTranscript: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recipients"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Sent"];
                };
            };
        };
    };
    GetTicketSla: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SlaView"];
                };
            };
        };
    };
    SnoozeTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Snooze"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    IndicateUserTyping: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Typing"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Told"];
                };
            };
        };
    };
    UnarchiveTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    UnlinkTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Target"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    IndicateUserViewing: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Viewing"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Told"];
                };
            };
        };
    };
    VoteForTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoteInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    RunWorkflow: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RunView"];
                };
            };
        };
    };
    FindWorkflowRunsOfTicket: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RunView"][];
                };
            };
        };
    };
    GetTokens: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TokenView"][];
                };
            };
        };
    };
    CreateToken: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TokenInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
        };
    };
    DeleteToken: {
        parameters: {
            path: {
                tokenId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
        };
    };
    RotateToken: {
        parameters: {
            path: {
                tokenId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
        };
    };
    Create: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SignUp"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignedUp"];
                };
            };
        };
    };
    ForgotPassword: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddressInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    Login: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    LoginPasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    LoginPasskeyOptions: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Options"];
                };
            };
        };
    };
    LoginSecondFactor: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondStep"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
        };
    };
    LoginSso: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WhoInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["GoThere"];
                };
            };
        };
    };
    LoginSsoComplete: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Returned"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    Logout: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    LogoutAll: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    GetMe: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
        };
    };
    GetMyAvailability: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["AvailabilityView"];
                };
            };
        };
    };
    UpdateMyAvailability: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["AvailabilityInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["AvailabilityView"];
                };
            };
        };
    };
    CreatePasskey: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskeyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["AddedPasskey"];
                };
            };
        };
    };
    CreatePasskeyOptions: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Options"];
                };
            };
        };
    };
    UpdatePasskey: {
        parameters: {
            path: {
                passkeyId: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyName"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
        };
    };
    DeletePasskey: {
        parameters: {
            path: {
                passkeyId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    GetMyPermissions: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["PermissionsView"];
                };
            };
        };
    };
    ReassignTickets: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
        };
    };
    Reauthenticate: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AgainInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    ReauthenticateOptions: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Step"];
                };
            };
        };
    };
    CreateRecoveryCodes: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
        };
    };
    AuthenticateUserPusherSession: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["SocketInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
        };
    };
    AuthenticateUserPusherChannelSession: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
        };
    };
    GetSignInMethods: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignInMethods"];
                };
            };
        };
    };
    ConnectSso: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrganisationInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["GoThere"];
                };
            };
        };
    };
    ConnectSsoComplete: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["Returned"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    DisconnectSso: {
        parameters: {
            path: {
                organisationId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    CreateTotp: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["NewTotp"];
                };
            };
        };
    };
    DeleteTotp: {
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    ConfirmTotp: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
        };
    };
    Resend: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": boolean;
                };
            };
        };
    };
    ResetPassword: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    GetUnifiedInboxTickets: {
        parameters: {
            query?: {
                /** @description only tickets of this type */
                type?: string;
                /** @description only tickets of this project */
                filteredProjectId?: string;
                /** @description the page, from 1 */
                page?: string;
                /** @description tickets of a page, up to 100 */
                limit?: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketList"];
                };
            };
        };
    };
    GetUnifiedInboxTicket: {
        parameters: {
            path: {
                ticketId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TicketView"];
                };
            };
        };
    };
    Verify: {
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    Update: {
        parameters: {
            path: {
                userId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UserInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
        };
    };
    FindWebhooks: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View8"][];
                };
            };
        };
    };
    CreateWebhook: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View8"];
                };
            };
        };
    };
    FindWebhookById: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View8"];
                };
            };
        };
    };
    UpdateWebhook: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View8"];
                };
            };
        };
    };
    DeleteWebhook: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View8"];
                };
            };
        };
    };
    FindWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryView"][];
                };
            };
        };
    };
    FindWebhookDeliveryById: {
        parameters: {
            path: {
                webhookId: string;
                deliveryId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
        };
    };
    ResendWebhookDelivery: {
        parameters: {
            path: {
                webhookId: string;
                deliveryId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
        };
    };
    GetWebhookSecret: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
        };
    };
    RotateWebhookSecret: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
        };
    };
    TestWebhook: {
        parameters: {
            path: {
                webhookId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
        };
    };
    FindWorkflows: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View9"][];
                };
            };
        };
    };
    CreateWorkflow: {
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorkflowInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View9"];
                };
            };
        };
    };
    FindWorkflowById: {
        parameters: {
            path: {
                workflowId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View9"];
                };
            };
        };
    };
    UpdateWorkflow: {
        parameters: {
            path: {
                workflowId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WorkflowInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View9"];
                };
            };
        };
    };
    DeleteWorkflow: {
        parameters: {
            path: {
                workflowId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["View9"];
                };
            };
        };
    };
    StartWorkflowDryRun: {
        parameters: {
            path: {
                workflowId: string;
            };
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TrialInput"];
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
        };
    };
    FindWorkflowDryRunById: {
        parameters: {
            path: {
                workflowId: string;
                dryRunId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
        };
    };
    FindWorkflowRuns: {
        parameters: {
            query?: {
                /** @description documents at most */
                limit?: string;
                /** @description documents to leave out at the start */
                skip?: string;
                /** @description properties, with `-` for descending: `-createdAt,name` */
                sort?: string;
                /** @description goes on behind the page whose `X-Next-Cursor` this is */
                cursor?: string;
                /** @description any property, dotted when nested: `plan=team`, `value>=5`, `createdAt<2026-02-01`, `type=A,B` */
                filters?: {
                    [key: string]: string;
                };
            };
            path: {
                workflowId: string;
            };
        };
        responses: {
            /** @description done */
            200: {
                content: {
                    "application/json": components["schemas"]["RunView"][];
                };
            };
        };
    };
}
