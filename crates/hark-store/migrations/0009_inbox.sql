-- What happens by itself in the inbox, and its settings: views, attributes, notes, channels, webhooks,
-- workflows, clocks and assignment. The words in braces are explained in src/sql.rs.

-- Which kinds of events on a stream make its follower look; the names, with spaces between them.
alter table stream_head add column follows {text} not null default '';

-- How far background work has read the project's stream: one document.
create table follower (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table follower enable row level security;
{only_postgres} alter table follower force row level security;
{only_postgres} create policy one_project on follower using (project_id = current_setting('hark.project', true));

-- Saved views of the inbox.
create table ticket_view (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote name text name},
    {promote is_public bool isPublic},
    primary key (project_id, id)
);
{only_postgres} alter table ticket_view enable row level security;
{only_postgres} alter table ticket_view force row level security;
{only_postgres} create policy one_project on ticket_view using (project_id = current_setting('hark.project', true));

-- Attributes that projects give their tickets and contacts.
create table property (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote field_id text fieldId},
    {promote target_source text targetSource},
    primary key (project_id, id)
);
create unique index property_field_id on property (project_id, target_source, field_id);
{only_postgres} alter table property enable row level security;
{only_postgres} alter table property force row level security;
{only_postgres} create policy one_project on property using (project_id = current_setting('hark.project', true));

-- Notes about contacts and tickets.
create table note (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote associated_entity text associatedEntity},
    {promote type text type},
    primary key (project_id, id)
);
create index note_associated_entity on note (project_id, associated_entity, id);
{only_postgres} alter table note enable row level security;
{only_postgres} alter table note force row level security;
{only_postgres} create policy one_project on note using (project_id = current_setting('hark.project', true));

-- Ways on which customers reach the project.
create table channel (
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
{only_postgres} alter table channel enable row level security;
{only_postgres} alter table channel force row level security;
{only_postgres} create policy one_project on channel using (project_id = current_setting('hark.project', true));

-- Servers that are told of what happens.
create table webhook (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote enabled bool enabled},
    primary key (project_id, id)
);
{only_postgres} alter table webhook enable row level security;
{only_postgres} alter table webhook force row level security;
{only_postgres} create policy one_project on webhook using (project_id = current_setting('hark.project', true));

-- What webhooks were or will be sent, with each attempt.
create table webhook_delivery (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote webhook text webhook},
    {promote status text status},
    primary key (project_id, id)
);
create index webhook_delivery_webhook on webhook_delivery (project_id, webhook, id);
create index webhook_delivery_status on webhook_delivery (project_id, status, id);
{only_postgres} alter table webhook_delivery enable row level security;
{only_postgres} alter table webhook_delivery force row level security;
{only_postgres} create policy one_project on webhook_delivery using (project_id = current_setting('hark.project', true));

-- What happens by itself: triggers, conditions, actions.
create table workflow (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote name text name},
    {promote status text status},
    primary key (project_id, id)
);
create index workflow_status on workflow (project_id, status, id);
{only_postgres} alter table workflow enable row level security;
{only_postgres} alter table workflow force row level security;
{only_postgres} create policy one_project on workflow using (project_id = current_setting('hark.project', true));

-- Runs of workflows with each of their steps.
create table workflow_run (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote workflow text workflow},
    {promote ticket text ticket},
    {promote status text status},
    {promote job text job},
    {promote run_key text key},
    primary key (project_id, id)
);
create index workflow_run_workflow on workflow_run (project_id, workflow, id);
create index workflow_run_ticket on workflow_run (project_id, ticket, id);
create index workflow_run_job on workflow_run (project_id, job, id) where job is not null;
create unique index workflow_run_run_key on workflow_run (project_id, run_key);
{only_postgres} alter table workflow_run enable row level security;
{only_postgres} alter table workflow_run force row level security;
{only_postgres} create policy one_project on workflow_run using (project_id = current_setting('hark.project', true));

-- How soon answers and solutions are due.
create table sla_policy (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote name text name},
    primary key (project_id, id)
);
{only_postgres} alter table sla_policy enable row level security;
{only_postgres} alter table sla_policy force row level security;
{only_postgres} create policy one_project on sla_policy using (project_id = current_setting('hark.project', true));

-- The clocks of a ticket; the document has the ticket's id.
create table sla_clock (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table sla_clock enable row level security;
{only_postgres} alter table sla_clock force row level security;
{only_postgres} create policy one_project on sla_clock using (project_id = current_setting('hark.project', true));

-- Who got a team's last ticket; the document has the team's id.
create table assignment_turn (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table assignment_turn enable row level security;
{only_postgres} alter table assignment_turn force row level security;
{only_postgres} create policy one_project on assignment_turn using (project_id = current_setting('hark.project', true));

-- Dry runs of workflows over past tickets, with what would have happened.
create table workflow_trial (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote workflow text workflow},
    primary key (project_id, id)
);
create index workflow_trial_workflow on workflow_trial (project_id, workflow, id);
{only_postgres} alter table workflow_trial enable row level security;
{only_postgres} alter table workflow_trial force row level security;
{only_postgres} create policy one_project on workflow_trial using (project_id = current_setting('hark.project', true));
