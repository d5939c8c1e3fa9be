-- Ticket types with the lanes of their boards, drafts, and messages that are sent later.
-- The words in braces are explained in src/sql.rs.

create table ticket_type (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote type text type},
    primary key (project_id, id)
);
create unique index ticket_type_type on ticket_type (project_id, type);
{only_postgres} alter table ticket_type enable row level security;
{only_postgres} alter table ticket_type force row level security;
{only_postgres} create policy one_project on ticket_type using (project_id = current_setting('hark.project', true));

-- What a user is about to write in a ticket.
create table message_draft (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote ticket text ticket},
    {promote user_id text user},
    {promote pair text pair},
    primary key (project_id, id)
);
create unique index message_draft_pair on message_draft (project_id, pair);
create index message_draft_ticket on message_draft (project_id, ticket, id);
{only_postgres} alter table message_draft enable row level security;
{only_postgres} alter table message_draft force row level security;
{only_postgres} create policy one_project on message_draft using (project_id = current_setting('hark.project', true));

-- Messages that wait to be sent; rows of this table are deleted when they were.
create table scheduled_message (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote ticket text ticket},
    {promote user_id text user},
    {promote send_at text sendAt},
    primary key (project_id, id)
);
create index scheduled_message_ticket on scheduled_message (project_id, ticket, id);
{only_postgres} alter table scheduled_message enable row level security;
{only_postgres} alter table scheduled_message force row level security;
{only_postgres} create policy one_project on scheduled_message using (project_id = current_setting('hark.project', true));

-- Counts of an inbox are read from this index alone, whatever of it they filter by.
create index ticket_count on ticket (project_id, archived, status, is_spam, type, id);
{only_sqlite} create index ticket_priority on ticket (project_id, priority_order, id);
{only_postgres} create index ticket_priority on ticket (project_id, priority_order desc nulls last, id desc);
