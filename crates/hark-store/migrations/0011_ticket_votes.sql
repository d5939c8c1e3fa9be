-- Votes for tickets, and merges of tickets.
-- The words in braces are explained in src/sql.rs.

-- Who voted for a ticket or wants to hear of it: one row for each address.
create table ticket_vote (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote ticket text ticket},
    {promote email_key text emailKey},
    {promote pair text pair},
    {promote merged_from text mergedFrom},
    primary key (project_id, id)
);
create unique index ticket_vote_pair on ticket_vote (project_id, pair);
create index ticket_vote_ticket on ticket_vote (project_id, ticket, id);
create index ticket_vote_email_key on ticket_vote (project_id, email_key, id);
{only_postgres} alter table ticket_vote enable row level security;
{only_postgres} alter table ticket_vote force row level security;
{only_postgres} create policy one_project on ticket_vote using (project_id = current_setting('hark.project', true));

-- Which tickets became part of which, with what is needed to undo it.
create table ticket_merge (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote target text target},
    primary key (project_id, id)
);
create index ticket_merge_target on ticket_merge (project_id, target, id);
{only_postgres} alter table ticket_merge enable row level security;
{only_postgres} alter table ticket_merge force row level security;
{only_postgres} create policy one_project on ticket_merge using (project_id = current_setting('hark.project', true));
