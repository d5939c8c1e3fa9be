-- Tickets with their messages and timelines, and counters without gaps.
-- The words in braces are explained in src/sql.rs.

-- Numbers that a project gives out one after the other; the row is the lock under which they are given.
create table counter (
    project_id {text} not null,
    name       {text} not null,
    value      bigint not null,
    primary key (project_id, name)
);
{only_postgres} alter table counter enable row level security;
{only_postgres} alter table counter force row level security;
{only_postgres} create policy one_project on counter using (project_id = current_setting('hark.project', true));

-- Tickets: conversations, bug reports and feature requests.
create table ticket (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote bug_id number bugId},
    {promote type text type},
    {promote status text status},
    {promote priority text priority},
    {promote priority_order number priorityOrder},
    {promote archived bool archived},
    {promote is_spam bool isSpam},
    {promote hidden bool hidden},
    {promote snoozed bool snoozed},
    {promote queued bool queued},
    {promote tracker_ticket bool trackerTicket},
    {promote conversation_closed bool conversationClosed},
    {promote notifications_unread bool notificationsUnread},
    {promote session text session},
    {promote processing_user text processingUser},
    {promote processing_team text processingTeam},
    {promote duplicate_of text duplicateOf},
    {promote share_token text shareToken},
    {promote secret_share_token text secretShareToken},
    {promote lexorank text lexorank},
    {promote due_date text dueDate},
    {promote last_notification text lastNotification},
    {promote upvotes_count number upvotesCount},
    primary key (project_id, id)
);
create unique index ticket_bug_id on ticket (project_id, bug_id);
create unique index ticket_share_token on ticket (project_id, share_token);
create unique index ticket_secret_share_token on ticket (project_id, secret_share_token);
-- What an inbox filters by, so that its counts are read from the index alone.
create index ticket_inbox on ticket (project_id, type, status, archived, is_spam, id);
create index ticket_status on ticket (project_id, status, id);
create index ticket_board on ticket (project_id, type, status, lexorank, id);
create index ticket_session on ticket (project_id, session, id) where session is not null;
create index ticket_processing_user on ticket (project_id, processing_user, status, id) where processing_user is not null;
create index ticket_processing_team on ticket (project_id, processing_team, status, id) where processing_team is not null;
create index ticket_duplicate_of on ticket (project_id, duplicate_of, id) where duplicate_of is not null;
create index ticket_due_date on ticket (project_id, due_date, id) where due_date is not null;
create index ticket_tracker on ticket (project_id, tracker_ticket, id) where tracker_ticket;
create index ticket_updated_at on ticket (project_id, updated_at, id);
{only_sqlite} create index ticket_last_notification on ticket (project_id, last_notification, id);
{only_postgres} create index ticket_last_notification on ticket (project_id, last_notification desc nulls last, id desc);
{only_postgres} alter table ticket enable row level security;
{only_postgres} alter table ticket force row level security;
{only_postgres} create policy one_project on ticket using (project_id = current_setting('hark.project', true));

-- What was written in tickets. `position` is its place in the ticket, from 0.
create table message (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote ticket text ticket},
    {promote position number index},
    {promote type text type},
    {promote session text session},
    {promote user_id text user},
    {promote bot bool bot},
    {promote merged_from text mergedFrom},
    primary key (project_id, id)
);
create index message_ticket on message (project_id, ticket, position, id);
create index message_type on message (project_id, type, id);
create index message_session on message (project_id, session, id) where session is not null;
create index message_merged_from on message (project_id, merged_from, id) where merged_from is not null;
{only_postgres} alter table message enable row level security;
{only_postgres} alter table message force row level security;
{only_postgres} create policy one_project on message using (project_id = current_setting('hark.project', true));

-- What happened to tickets: who changed which property, from what to what.
create table ticket_event (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote ticket text ticket},
    {promote action text action},
    primary key (project_id, id)
);
create index ticket_event_ticket on ticket_event (project_id, ticket, id);
create index ticket_event_action on ticket_event (project_id, action, id);
{only_postgres} alter table ticket_event enable row level security;
{only_postgres} alter table ticket_event force row level security;
{only_postgres} create policy one_project on ticket_event using (project_id = current_setting('hark.project', true));
