-- What users are told about tickets, until they have read it and some time after. The words in braces are
-- explained in src/sql.rs.

create table notification (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote reader text user},
    {promote ticket text ticket},
    {promote message text message},
    {promote is_read bool read},
    {promote in_app bool inApp},
    primary key (project_id, id)
);
create index notification_reader on notification (project_id, reader, id);
create index notification_ticket on notification (project_id, ticket, id);
create index notification_message on notification (project_id, message, id) where message is not null;
{only_postgres} alter table notification enable row level security;
{only_postgres} alter table notification force row level security;
{only_postgres} create policy one_project on notification using (project_id = current_setting('hark.project', true));
