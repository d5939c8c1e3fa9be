-- What imports still have to do, and credentials for billing systems.
-- The words in braces are explained in src/sql.rs.

-- Rows of a file that wait to be imported, or the credentials of the product that contacts are
-- imported from. Rows of this table are deleted when their work is done.
create table import_part (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote import text import},
    primary key (project_id, id)
);
create index import_part_import on import_part (project_id, import);
{only_postgres} alter table import_part enable row level security;
{only_postgres} alter table import_part force row level security;
{only_postgres} create policy one_project on import_part using (project_id = current_setting('hark.project', true));

create index import_status on import (project_id, status);

-- A project's credentials for billing systems: one document, under the project's id.
create table billing (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table billing enable row level security;
{only_postgres} alter table billing force row level security;
{only_postgres} create policy one_project on billing using (project_id = current_setting('hark.project', true));
