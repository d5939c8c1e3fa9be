-- The schema of the first release: documents, contact events, feed, audit.
-- The words in braces are explained in src/sql.rs.
-- Indexes for lists end with the id, so that one walk gives what a list filters by and its order;
-- without it SQLite walks all documents of the project rather than sort the few that were found.

-- Instance-wide: who owns projects.
create table organisation (
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
{only_postgres} alter table organisation enable row level security;
{only_postgres} alter table organisation force row level security;
{only_postgres} create policy one_project on organisation using (project_id = current_setting('hark.project', true));

-- Instance-wide: projects with their keys.
create table project (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote organisation text organisation},
    {promote name text name},
    {promote sdk_key text sdkKey},
    {promote secret_hash text secretHash},
    primary key (project_id, id)
);
create index project_organisation on project (project_id, organisation, id);
create unique index project_sdk_key on project (project_id, sdk_key);
create unique index project_secret_hash on project (project_id, secret_hash);
{only_postgres} alter table project enable row level security;
{only_postgres} alter table project force row level security;
{only_postgres} create policy one_project on project using (project_id = current_setting('hark.project', true));

-- Instance-wide: users and service accounts.
create table account (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote email text emailKey},
    {promote type text type},
    primary key (project_id, id)
);
create unique index account_email on account (project_id, email);
{only_postgres} alter table account enable row level security;
{only_postgres} alter table account force row level security;
{only_postgres} create policy one_project on account using (project_id = current_setting('hark.project', true));

-- Instance-wide: which user has which role in which project or organisation.
create table member (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote account text user},
    {promote target text target},
    {promote role text role},
    {promote pair text pair},
    primary key (project_id, id)
);
create index member_account on member (project_id, account, id);
create index member_target on member (project_id, target, id);
create unique index member_pair on member (project_id, pair);
{only_postgres} alter table member enable row level security;
{only_postgres} alter table member force row level security;
{only_postgres} create policy one_project on member using (project_id = current_setting('hark.project', true));

-- Instance-wide: roles that an organisation made for itself.
create table role (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote organisation text organisation},
    {promote alias text alias},
    {promote pair text pair},
    primary key (project_id, id)
);
create index role_organisation on role (project_id, organisation, id);
create unique index role_pair on role (project_id, pair);
{only_postgres} alter table role enable row level security;
{only_postgres} alter table role force row level security;
{only_postgres} create policy one_project on role using (project_id = current_setting('hark.project', true));

-- Instance-wide: bearer tokens, as hashes.
create table token (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote hash text hash},
    {promote account text user},
    {promote type text type},
    primary key (project_id, id)
);
create unique index token_hash on token (project_id, hash);
create index token_account on token (project_id, account, id);
{only_postgres} alter table token enable row level security;
{only_postgres} alter table token force row level security;
{only_postgres} create policy one_project on token using (project_id = current_setting('hark.project', true));

-- Instance-wide: invitations that wait for an answer.
create table invitation (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote email text emailKey},
    {promote organisation text organisation},
    {promote target text target},
    {promote hash text hash},
    {promote pair text pair},
    primary key (project_id, id)
);
create index invitation_email on invitation (project_id, email, id);
create index invitation_organisation on invitation (project_id, organisation, id);
create index invitation_target on invitation (project_id, target, id);
create unique index invitation_hash on invitation (project_id, hash);
create unique index invitation_pair on invitation (project_id, pair);
{only_postgres} alter table invitation enable row level security;
{only_postgres} alter table invitation force row level security;
{only_postgres} create policy one_project on invitation using (project_id = current_setting('hark.project', true));

-- Contacts: the sessions of REST v3. `email_key` is the address with ASCII letters in lower
-- case, by which contacts are found.
create table contact (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote gleap_id text gleapId},
    {promote user_id text userId},
    {promote email text email},
{only_sqlite}    email_key text generated always as (lower(case when json_type(doc, '$.email') = 'text' then doc ->> '$.email' end)) stored,
{only_postgres}    email_key text collate "C" generated always as (lower((case when json_typeof(doc -> 'email') = 'string' then doc ->> 'email' end) collate "C")) stored,
    {promote name text name},
    {promote plan text plan},
    {promote company_id text companyId},
    {promote lang text lang},
    {promote value number value},
    {promote last_activity text lastActivity},
    {promote blocked bool blocked},
    {promote unsubscribed bool unsubscribed},
    primary key (project_id, id)
);
create unique index contact_gleap_id on contact (project_id, gleap_id);
create unique index contact_user_id on contact (project_id, user_id) where user_id is not null;
create index contact_email on contact (project_id, email, id) where email is not null;
create index contact_email_key on contact (project_id, email_key, id) where email_key is not null;
create index contact_plan on contact (project_id, plan, id) where plan is not null;
create index contact_company_id on contact (project_id, company_id, id) where company_id is not null;
{only_sqlite} create index contact_last_activity on contact (project_id, last_activity, id);
{only_postgres} create index contact_last_activity on contact (project_id, last_activity desc nulls last, id desc);
{only_postgres} alter table contact enable row level security;
{only_postgres} alter table contact force row level security;
{only_postgres} create policy one_project on contact using (project_id = current_setting('hark.project', true));

-- Ids that a contact had before it was merged into another.
create table contact_alias (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote gleap_id text gleapId},
    {promote contact text contact},
    primary key (project_id, id)
);
create unique index contact_alias_gleap_id on contact_alias (project_id, gleap_id);
create index contact_alias_contact on contact_alias (project_id, contact, id);
{only_postgres} alter table contact_alias enable row level security;
{only_postgres} alter table contact_alias force row level security;
{only_postgres} create policy one_project on contact_alias using (project_id = current_setting('hark.project', true));

-- Named notes about a contact.
create table contact_memory (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote contact text contact},
    {promote pair text pair},
    primary key (project_id, id)
);
create index contact_memory_contact on contact_memory (project_id, contact, id);
create unique index contact_memory_pair on contact_memory (project_id, pair);
{only_postgres} alter table contact_memory enable row level security;
{only_postgres} alter table contact_memory force row level security;
{only_postgres} create policy one_project on contact_memory using (project_id = current_setting('hark.project', true));

-- What changed in who a contact is, and merges.
create table identity_change (
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
create index identity_change_contact on identity_change (project_id, contact, id);
{only_postgres} alter table identity_change enable row level security;
{only_postgres} alter table identity_change force row level security;
{only_postgres} create policy one_project on identity_change using (project_id = current_setting('hark.project', true));

-- Groups of users that tickets are assigned to.
create table team (
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
{only_postgres} alter table team enable row level security;
{only_postgres} alter table team force row level security;
{only_postgres} create policy one_project on team using (project_id = current_setting('hark.project', true));

-- Prepared answers with actions.
create table message_template (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote title text title},
    {promote lexorank text lexorank},
    {promote is_public bool isPublic},
    primary key (project_id, id)
);
create index message_template_lexorank on message_template (project_id, lexorank, id);
{only_postgres} alter table message_template enable row level security;
{only_postgres} alter table message_template force row level security;
{only_postgres} create policy one_project on message_template using (project_id = current_setting('hark.project', true));

-- Imports of contacts, with their progress.
create table import (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    {promote status text status},
    primary key (project_id, id)
);
{only_postgres} alter table import enable row level security;
{only_postgres} alter table import force row level security;
{only_postgres} create policy one_project on import using (project_id = current_setting('hark.project', true));

-- A project's settings for its SDKs and services, one document per topic.
create table config (
    project_id {text} not null,
    id         {text} not null,
    rev        bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    doc        {json} not null,
    {props}
    primary key (project_id, id)
);
{only_postgres} alter table config enable row level security;
{only_postgres} alter table config force row level security;
{only_postgres} create policy one_project on config using (project_id = current_setting('hark.project', true));

-- Contact events: narrow and append-only. `key` is a hash of name and data, so that a
-- batch that arrives twice changes nothing; `origin_id` is the contact it was recorded
-- for, so that a merge can be undone.
create table contact_event (
    project_id {text} not null,
    contact_id {text} not null,
    at         bigint not null,
    key        bigint not null,
    name       {text} not null,
    data       {json},
    origin_id  {text} not null,
    primary key (project_id, contact_id, at, key)
);
{only_postgres} alter table contact_event enable row level security;
{only_postgres} alter table contact_event force row level security;
{only_postgres} create policy one_project on contact_event using (project_id = current_setting('hark.project', true));

-- Where each numbered stream stands; the row is the lock under which numbers are given.
create table stream_head (
    project_id {text} not null,
    stream     {text} not null,
    seq        bigint not null,
    epoch      {text} not null,
    primary key (project_id, stream)
);
{only_postgres} alter table stream_head enable row level security;
{only_postgres} alter table stream_head force row level security;
{only_postgres} create policy one_project on stream_head using (project_id = current_setting('hark.project', true));

-- The events of the streams.
create table feed (
    project_id  {text} not null,
    stream      {text} not null,
    seq         bigint not null,
    at          bigint not null,
    event       {text} not null,
    document_id {text},
    actor       {text} not null,
    data        {json},
    primary key (project_id, stream, seq)
);
create index feed_at on feed (project_id, at);
{only_postgres} alter table feed enable row level security;
{only_postgres} alter table feed force row level security;
{only_postgres} create policy one_project on feed using (project_id = current_setting('hark.project', true));

-- The audit log: each entry's hash covers the entry and the hash before it.
create table audit (
    project_id {text} not null,
    seq        bigint not null,
    at         bigint not null,
    actor      {text} not null,
    action     {text} not null,
    target     {text},
    detail     {json},
    hash       {text} not null,
    primary key (project_id, seq)
);
{only_postgres} alter table audit enable row level security;
{only_postgres} alter table audit force row level security;
{only_postgres} -- Changes of who may do what are made in the instance's scope and noted where they count.
{only_postgres} create policy one_project on audit using (
{only_postgres}     project_id = current_setting('hark.project', true)
{only_postgres}     or current_setting('hark.project', true) = '000000000000000000000000');

-- What the instance knows about itself, such as the key that signs tokens.
create table instance_setting (
    name  {text} primary key,
    value {text} not null
);
