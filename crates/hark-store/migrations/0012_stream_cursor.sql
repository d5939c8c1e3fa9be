-- Up to where readers of streams that keep no number of their own have got them.
-- The words in braces are explained in src/sql.rs.
create table stream_cursor (
    project_id {text} not null,
    stream     {text} not null,
    reader     {text} not null,
    seq        bigint not null,
    primary key (project_id, stream, reader)
);
{only_postgres} alter table stream_cursor enable row level security;
{only_postgres} alter table stream_cursor force row level security;
{only_postgres} create policy one_project on stream_cursor using (project_id = current_setting('hark.project', true));
