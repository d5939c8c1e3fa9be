-- When a contact was created, as it says itself: those whom somebody brings along are older than their rows.

{only_sqlite} alter table contact add column created text generated always as (case when json_type(doc, '$.createdAt') = 'text' then doc ->> '$.createdAt' end) virtual;
{only_postgres} alter table contact add column {promote created text createdAt};
{only_sqlite} create index contact_created on contact (project_id, created, id);
{only_postgres} create index contact_created on contact (project_id, created desc nulls last, id desc);
