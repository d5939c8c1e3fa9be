-- Sessions in which a verified user may read the files of its conversations.

create table file_session (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote hash text hash},
    {promote contact text contact},
    primary key (project_id, id)
);
create unique index file_session_hash on file_session (project_id, hash);
create index file_session_contact on file_session (project_id, contact);
{only_postgres} alter table file_session enable row level security;
{only_postgres} alter table file_session force row level security;
{only_postgres} create policy one_project on file_session using (project_id = current_setting('hark.project', true));
