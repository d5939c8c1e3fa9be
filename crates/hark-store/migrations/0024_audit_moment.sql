-- The audit log is read in the order of moments, which is not that of its numbers where a clock was set back.
create index audit_moment on audit (project_id, at, seq);
