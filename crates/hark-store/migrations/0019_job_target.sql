-- What a job depends on outside of the house; a lane is one project's jobs of one kind for one target.
-- The words in braces are explained in src/sql.rs.
drop index job_due;
drop index job_running;
alter table job drop column lane;
alter table job add column target {text};
{only_sqlite} alter table job add column lane text
{only_sqlite}     generated always as (project_id || ':' || kind || coalesce(':' || target, '')) virtual;
{only_postgres} alter table job add column lane {text}
{only_postgres}     generated always as (project_id || ':' || kind || coalesce(':' || target, '')) stored;
create index job_due on job (lane, due_at, id) where due_at is not null;
create index job_running on job (lane) where state = 'running';
