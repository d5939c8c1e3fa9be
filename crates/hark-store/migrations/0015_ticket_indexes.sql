-- Totals of inboxes by type, status, priority and agent are read from these indexes alone.

drop index ticket_inbox;
create index ticket_inbox on ticket (project_id, type, status, archived, is_spam, id, priority, processing_user);
drop index ticket_count;
create index ticket_count on ticket (project_id, archived, status, is_spam, type, id, priority, processing_user);
drop index ticket_priority;
{only_sqlite} create index ticket_priority_order on ticket (project_id, priority_order, id);
{only_postgres} create index ticket_priority_order on ticket (project_id, priority_order desc nulls last, id desc);
