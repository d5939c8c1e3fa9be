-- Who somebody trusted means by an address is found by the proof, however many visitors say the same address.

{only_sqlite} alter table contact_trust add column email_key text generated always as (case when json_type(doc, '$.emailKey') = 'text' then doc ->> '$.emailKey' end) virtual;
{only_postgres} alter table contact_trust add column {promote email_key text emailKey};
create index contact_trust_email_key on contact_trust (project_id, email_key, id);
