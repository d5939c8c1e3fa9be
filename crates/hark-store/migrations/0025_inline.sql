-- The copy of a document that filters read stays in its row. PostgreSQL moves values out of rows of more than
-- two kilobytes, which most contacts with their copy are: then every row that a filter looks at costs three look-ups
-- more, and every write two rows more.
{only_postgres} alter table contact set (toast_tuple_target = 4080);
{only_postgres} alter table ticket set (toast_tuple_target = 4080);

-- A search looks up two hundred entries by their number, which no two projects share: comparing numbers is
-- quicker than comparing projects and numbers.
{only_postgres} create unique index search_entry_number on search_entry (seq);
{only_postgres} drop index search_entry_seq;

-- How frequent the commonest two hundred words are is enough to choose between the index and a walk, and every search
-- reads all that are known.
{only_postgres} alter table search_words alter column words set statistics 20;
