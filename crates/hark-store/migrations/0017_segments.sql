-- Saved filters of contacts. The words in braces are explained in src/sql.rs.

create table segment (
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
{only_postgres} alter table segment enable row level security;
{only_postgres} alter table segment force row level security;
{only_postgres} create policy one_project on segment using (project_id = current_setting('hark.project', true));
