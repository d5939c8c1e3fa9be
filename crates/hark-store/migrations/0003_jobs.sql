-- Jobs and timers, the heads of the audit chains, and shared rate budgets.
-- The words in braces are explained in src/sql.rs.

-- Work that waits, runs or was given up; what is done is deleted. `lease` counts the leases
-- of a job and fences off workers that lost theirs. `lane` is one project's jobs of one kind,
-- `due_at` the time from which a job may be leased.
create table job (
    project_id   {text} not null,
    id           {text} not null,
    kind         {text} not null,
    payload      {json} not null,
    state        {text} not null check (state in ('waiting', 'running', 'dead')),
    run_at       bigint not null,
    lease        bigint not null,
    lease_until  bigint,
    attempt      bigint not null,
    attempts_max bigint not null,
    unique_key   {text},
    last_error   {text},
    created_at   bigint not null,
    ended_at     bigint,
    lane         {text} generated always as (project_id || ':' || kind) stored,
    due_at       bigint generated always as
                 (case state when 'waiting' then run_at when 'running' then lease_until end) stored,
    primary key (project_id, id)
);
create index job_due on job (lane, due_at, id) where due_at is not null;
create index job_running on job (lane) where state = 'running';
create index job_dead on job (project_id, id) where state = 'dead';
create unique index job_unique_key on job (project_id, unique_key)
    where state = 'waiting' and unique_key is not null;
{only_postgres} alter table job enable row level security;
{only_postgres} alter table job force row level security;
{only_postgres} -- Jobs are leased across projects, so the instance sees all of them.
{only_postgres} create policy one_project on job using (
{only_postgres}     project_id = current_setting('hark.project', true)
{only_postgres}     or current_setting('hark.project', true) = '000000000000000000000000');

-- Where each audit chain ends; the row is the lock under which entries are chained, and
-- shows when the newest entries were cut off.
create table audit_head (
    project_id {text} primary key,
    seq        bigint not null,
    hash       {text} not null
);
{only_postgres} alter table audit_head enable row level security;
{only_postgres} alter table audit_head force row level security;
{only_postgres} -- Changes of who may do what are made in the instance's scope and noted where they count.
{only_postgres} create policy one_project on audit_head using (
{only_postgres}     project_id = current_setting('hark.project', true)
{only_postgres}     or current_setting('hark.project', true) = '000000000000000000000000');

-- What was used of budgets in windows that end at `ends_at` (unix milliseconds).
create table rate_window (
    name    {text} not null,
    ends_at bigint not null,
    used    bigint not null,
    primary key (name, ends_at)
);
create index rate_window_ends_at on rate_window (ends_at);
