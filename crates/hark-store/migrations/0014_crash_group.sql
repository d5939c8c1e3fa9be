-- Crashes that are the same: the ticket of the first one, and how many others have tickets.

create table crash_group (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote fingerprint text fingerprint},
    {promote ticket text ticket},
    primary key (project_id, id)
);
create unique index crash_group_fingerprint on crash_group (project_id, fingerprint);
create index crash_group_ticket on crash_group (project_id, ticket, id);
{only_postgres} alter table crash_group enable row level security;
{only_postgres} alter table crash_group force row level security;
{only_postgres} create policy one_project on crash_group using (project_id = current_setting('hark.project', true));
