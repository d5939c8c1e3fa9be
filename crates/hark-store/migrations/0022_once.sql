-- Words that lost a document, until it is known whether another one has them; and calls that are carried
-- out once. The words in braces are explained in src/sql.rs.

create table search_gone (
    project_id {text} not null,
    space      bigint not null,
    term       {text} not null,
    primary key (project_id, space, term)
{only_sqlite} ) without rowid;
{only_postgres} );
{only_postgres} alter table search_gone enable row level security;
{only_postgres} alter table search_gone force row level security;
{only_postgres} create policy one_project on search_gone using (project_id = current_setting('hark.project', true));

-- A call that came with a key: `hash` is of the call, `run` tells the one that carries it out, `answer` is sealed.
create table once_call (
    project_id {text} not null,
    actor      {text} not null,
    call_key   {text} not null,
    hash       {text} not null,
    run        {text} not null,
    answer     {text},
    ends_at    bigint not null,
    primary key (project_id, actor, call_key)
);
create index once_call_ends on once_call (project_id, ends_at);
{only_postgres} alter table once_call enable row level security;
{only_postgres} alter table once_call force row level security;
{only_postgres} create policy one_project on once_call using (project_id = current_setting('hark.project', true));
