-- What is proven about a contact: kept apart from it, because contacts go over the wire as stored.
create table contact_trust (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote contact text contact},
    primary key (project_id, id)
);
create unique index contact_trust_contact on contact_trust (project_id, contact);
{only_postgres} alter table contact_trust enable row level security;
{only_postgres} alter table contact_trust force row level security;
{only_postgres} create policy one_project on contact_trust using (project_id = current_setting('hark.project', true));
