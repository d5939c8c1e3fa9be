-- PostgreSQL walks back through the entries of a space where words are common. Other spaces would lie
-- in its way: the newest entries are messages where contacts are looked for, or another project's.
-- An entry's words begin with the digits of its space.
{only_postgres} alter table search_words add column space text collate "C" generated always as (left((tsvector_to_array(words))[1], 5)) stored;
{only_postgres} create index search_words_space on search_words (space, rowid);
