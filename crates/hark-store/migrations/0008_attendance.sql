-- Who is where at the moment, and what was last said there without being kept: rows that expire.
-- The words in braces are explained in src/sql.rs.
create table attendance (
    project_id {text} not null,
    place      {text} not null,
    seat       {text} not null,
    kind       {text} not null,
    who        {text} not null,
    stamp      bigint not null,
    expires_at bigint not null,
    data       {json},
    primary key (project_id, place, seat, kind)
);
create index attendance_expires_at on attendance (project_id, expires_at);
{only_postgres} alter table attendance enable row level security;
{only_postgres} alter table attendance force row level security;
{only_postgres} create policy one_project on attendance using (project_id = current_setting('hark.project', true));
