-- Organisations whose people sign in at a provider of their own. The words in braces are explained in src/sql.rs.

-- The provider of an organisation, under the organisation's id.
create table sso (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table sso enable row level security;
{only_postgres} alter table sso force row level security;
{only_postgres} create policy one_project on sso using (project_id = current_setting('hark.project', true));

-- Domains whose addresses sign in there.
create table sso_domain (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote domain text domain},
    {promote organisation text organisation},
    primary key (project_id, id)
);
create index sso_domain_domain on sso_domain (project_id, domain, id);
create index sso_domain_organisation on sso_domain (project_id, organisation, id);
{only_postgres} alter table sso_domain enable row level security;
{only_postgres} alter table sso_domain force row level security;
{only_postgres} create policy one_project on sso_domain using (project_id = current_setting('hark.project', true));

-- Who somebody at a provider is here.
create table sso_link (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote key text key},
    {promote account text user},
    {promote organisation text organisation},
    primary key (project_id, id)
);
create unique index sso_link_key on sso_link (project_id, key);
create index sso_link_account on sso_link (project_id, account, id);
create index sso_link_organisation on sso_link (project_id, organisation, id);
{only_postgres} alter table sso_link enable row level security;
{only_postgres} alter table sso_link force row level security;
{only_postgres} create policy one_project on sso_link using (project_id = current_setting('hark.project', true));
