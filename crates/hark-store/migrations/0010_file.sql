-- Files: a row for every object in the file store.

create table file (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote token text token},
    {promote state text state},
    {promote contact text contact},
    {promote ticket text ticket},
    {promote message text message},
    primary key (project_id, id)
);
create unique index file_token on file (project_id, token);
create index file_state on file (project_id, state, id);
create index file_contact on file (project_id, contact, id);
create index file_ticket on file (project_id, ticket, id);
create index file_message on file (project_id, message, id);
{only_postgres} alter table file enable row level security;
{only_postgres} alter table file force row level security;
{only_postgres} create policy one_project on file using (project_id = current_setting('hark.project', true));
