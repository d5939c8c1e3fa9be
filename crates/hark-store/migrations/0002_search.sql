-- Full-text search: what is findable, its words, and the vocabulary for mistyped words.

-- A number for the documents of one kind in one project. It begins every word in the
-- index, so that no list of occurrences mixes two projects or two kinds.
create table search_space (
{only_sqlite}    n integer primary key,
{only_postgres}    n bigint generated always as identity,
    project_id {text} not null,
    kind       {text} not null,
    unique (project_id, kind)
);
{only_postgres} alter table search_space enable row level security;
{only_postgres} alter table search_space force row level security;
{only_postgres} create policy one_project on search_space using (project_id = current_setting('hark.project', true));

-- A findable document: the distinct words of its title, and those that only its body has,
-- in the order in which they appear. `seq` follows the order in which documents became findable.
create table search_entry (
{only_sqlite}    seq integer primary key,
{only_postgres}    seq bigint generated always as identity,
    project_id {text} not null,
    space      bigint not null,
    doc_id     {text} not null,
    title      {text} not null,
    body       {text} not null,
    unique (project_id, space, doc_id)
);
create unique index search_entry_seq on search_entry (project_id, seq);
{only_postgres} alter table search_entry enable row level security;
{only_postgres} alter table search_entry force row level security;
{only_postgres} create policy one_project on search_entry using (project_id = current_setting('hark.project', true));

-- The index over the words of entries; `rowid` is the entry's `seq`. On PostgreSQL it is a
-- table without row-level security, under which `@@` could not use its index because it is not
-- leakproof. Its rows say nothing by themselves: entries are read through their own policy.
-- Prefixes of one and two letters behind the five digits of the space are indexed on SQLite.
{only_sqlite} create virtual table search_words using fts5(words, content='', contentless_delete=1, detail=none, prefix='6 7', tokenize=ascii);
{only_postgres} create table search_words (rowid bigint primary key, words tsvector not null);
{only_postgres} create index search_words_words on search_words using gin (words) with (fastupdate = off);

-- The words of a space, forwards and backwards and by length, to find those that are
-- spelled almost like another. Words stay when the last document with them goes.
create table search_term (
    project_id {text} not null,
    space      bigint not null,
    size       bigint not null,
    term       {text} not null,
    backward   {text} not null,
    primary key (project_id, space, size, term)
{only_sqlite} ) without rowid;
{only_postgres} );
create index search_term_backward on search_term (project_id, space, size, backward);
{only_postgres} alter table search_term enable row level security;
{only_postgres} alter table search_term force row level security;
{only_postgres} create policy one_project on search_term using (project_id = current_setting('hark.project', true));
