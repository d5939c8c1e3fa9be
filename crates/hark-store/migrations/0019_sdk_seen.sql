-- The SDKs from which a project was seen: one document. The words in braces are explained in src/sql.rs.

create table sdk_seen (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table sdk_seen enable row level security;
{only_postgres} alter table sdk_seen force row level security;
{only_postgres} create policy one_project on sdk_seen using (project_id = current_setting('hark.project', true));

-- The audit log is looked through by what something was done to.
create index audit_target on audit (project_id, target, seq);
