-- The copy of a document that filters read stays in its row. PostgreSQL moves values out of rows of more than
-- two kilobytes, which most contacts with their copy are: then every row that a filter looks at costs three look-ups
-- more, and every write two rows more.
{only_postgres} alter table contact set (toast_tuple_target = 4080);
{only_postgres} alter table ticket set (toast_tuple_target = 4080);
