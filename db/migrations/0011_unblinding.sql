-- Blinding that was lifted: of the whole study (no subject; once, for ever) or of one subject in an emergency, for the person who
-- asked. The arm itself is not kept here: it is where it was. And the role of members of a data safety monitoring board.

alter table casebook.role_grant drop constraint role_grant_role_check;
alter table casebook.role_grant add constraint role_grant_role_check check (role in
  ('investigator', 'coordinator', 'monitor', 'data-manager', 'image-reader', 'medical-monitor', 'statistician',
   'allocation-statistician', 'auditor', 'study-administrator', 'dsmb-member'));

create table casebook.unblinding (
  study_id uuid not null references casebook.study,
  unblinding_id uuid not null,
  subject_id uuid,
  site_id uuid,
  reason text not null check (btrim(reason) <> ''),
  at timestamptz(3) not null default casebook.instant(),
  by uuid not null references casebook.app_user,
  by_name text not null,
  role text not null,
  primary key (study_id, unblinding_id),
  foreign key (study_id, subject_id) references casebook.subject,
  foreign key (study_id, site_id) references casebook.site,
  check ((subject_id is null) = (site_id is null))
);
create index unblinding_subject_index on casebook.unblinding (study_id, subject_id);
create index unblinding_site_index on casebook.unblinding (study_id, site_id);
create index unblinding_person_index on casebook.unblinding (by);
create unique index unblinding_of_study on casebook.unblinding (study_id) where subject_id is null;
create unique index unblinding_of_subject on casebook.unblinding (study_id, subject_id, by) where subject_id is not null;

do $$
declare
  condition constant text := 'study_id = (select casebook.current_study()) and (site_id is null
    or (select casebook.all_sites()) or site_id = any ((select casebook.current_sites())::uuid[]))';
begin
  alter table casebook.unblinding enable row level security, force row level security;
  create policy owner on casebook.unblinding to casebook_owner using (true) with check (true);
  execute format('create policy reading on casebook.unblinding for select to casebook_app using (%s)', condition);
  execute format('create policy adding on casebook.unblinding for insert to casebook_app with check (%s)', condition);
  grant select, insert on casebook.unblinding to casebook_app;
end $$;
create trigger audit after insert or update on casebook.unblinding
  for each row execute function casebook.audit_row('subject_id,study_id', 'unblinding_id', '', '');
create trigger actor before insert or update on casebook.unblinding
  for each statement execute function casebook.require_actor();
create trigger keep before delete or truncate on casebook.unblinding
  for each statement execute function casebook.refuse_removal();
create trigger never_changed before update on casebook.unblinding
  for each row execute function casebook.never_changed();

-- What a blinded person reads. A transaction that conceals names in `app.concealed` what is left out, and reads these functions in
-- place of the tables of the same names (db/client.ts). They are plain selects, so the planner sees through them, and row security
-- of the tables holds as ever. Columns stand as in the table: with a new column there the function refuses to run until it has it too.

create function casebook.concealed(kind text) returns text[] stable language sql as $$
  select array(select jsonb_array_elements_text(
    coalesce(nullif(current_setting('app.concealed', true), ''), '{}')::jsonb -> kind)) $$;
-- `MG`, `LB[CREAT].LBORRES` and what an amendment set aside (`MG__V2`) name items MG and LBORRES.
create function casebook.item_of(path text) returns text immutable language sql as $$
  select regexp_replace(regexp_replace(path, '^.*[.]', ''), '__V[0-9]+$', '') $$;
create function casebook.without_concealed(form text, item_values jsonb, items text[]) returns jsonb immutable language sql as $$
  select case when jsonb_typeof(item_values) <> 'object' then item_values else coalesce(
    (select jsonb_object_agg(e.key, e.value) from jsonb_each(item_values) e
     where form || '.' || casebook.item_of(e.key) <> all (items)), '{}') end $$;

-- How much is open is told only where nothing concealed can be among it.
create function casebook.blinded_form_record() returns setof casebook.form_record stable language sql as $$
  select r.study_id, r.record_id, r.subject_id, r.site_id, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat,
    r.version_number, r.revision, r.state,
    casebook.without_concealed(r.form_oid, r.data, (select casebook.concealed('items'))),
    casebook.without_concealed(r.form_oid, r.derived, (select casebook.concealed('items'))),
    case when exists (select from unnest((select casebook.concealed('items'))) i where starts_with(i, r.form_oid || '.'))
      then 0 else r.open_count end,
    r.created_at, r.created_by, r.updated_at, r.updated_by, r.updated_role, '{}'::jsonb
  from casebook.form_record r
  where r.form_oid <> all ((select casebook.concealed('forms'))::text[])
    and r.event_oid <> all ((select casebook.concealed('events'))::text[]) $$;

create function casebook.blinded_subject() returns setof casebook.subject stable language sql as $$
  select b.study_id, b.subject_id, b.site_id, b.subject_key, b.sequence, b.state, b.anchor_date,
    b.columns - (select casebook.concealed('columns')), b.visits - (select casebook.concealed('events')),
    b.screened_at, b.version_number
  from casebook.subject b $$;

create function casebook.blinded_query() returns setof casebook.query stable language sql as $$
  select q.study_id, q.query_id, q.subject_id, q.site_id, q.record_id, q.path, q.check_id, q.state, q.text, q.value_then,
    q.opened_at, q.opened_by, q.updated_at, q.updated_by
  from casebook.query q
  where (q.check_id is null or q.check_id <> all ((select casebook.concealed('checks'))::text[]))
    and exists (select from casebook.form_record r where r.study_id = q.study_id and r.record_id = q.record_id
      and r.form_oid <> all ((select casebook.concealed('forms'))::text[])
      and r.event_oid <> all ((select casebook.concealed('events'))::text[])
      and r.form_oid || '.' || casebook.item_of(q.path) <> all ((select casebook.concealed('items'))::text[])) $$;

create function casebook.blinded_query_message() returns setof casebook.query_message stable language sql as $$
  select m.study_id, m.message_id, m.query_id, m.site_id, m.step, m.text, m.at, m.by, m.role
  from casebook.query_message m
  where exists (select from casebook.blinded_query() q where q.study_id = m.study_id and q.query_id = m.query_id) $$;

create function casebook.blinded_record_queries(study uuid, record uuid)
  returns table ("queryId" uuid, "recordId" uuid, path text, "check" text, state text, "text" text,
    "openedAt" timestamptz, "openedBy" text, answer text)
  stable language sql as $$
  select f.* from casebook.record_queries(study, record) f
  where exists (select from casebook.blinded_query() q where q.study_id = study and q.query_id = f."queryId") $$;

create function casebook.blinded_allocation_issued() returns setof casebook.allocation_issued stable language sql as $$
  select a.study_id, a.subject_id, a.site_id, a.stratum, a.list_id, a.position, a.number, ''::text, a.issued_at, a.issued_by,
    '{}'::jsonb
  from casebook.allocation_issued a $$;

create function casebook.blinded_signature() returns setof casebook.signature stable language sql as $$
  select g.study_id, g.signature_id, g.record_id, g.site_id, g.subject_id, g.meaning, ''::text, g.signed_at, g.signed_by,
    g.signer_name, g.revoked_at, g.revoked_why, g.version_number
  from casebook.signature g
  where exists (select from casebook.blinded_form_record() r where r.study_id = g.study_id and r.record_id = g.record_id) $$;

create function casebook.blinded_verification() returns setof casebook.verification stable language sql as $$
  select v.study_id, v.record_id, v.path, v.site_id, v.verified_at, v.verified_by, ''::text, v.dropped_at
  from casebook.verification v
  where exists (select from casebook.blinded_form_record() r where r.study_id = v.study_id and r.record_id = v.record_id
    and r.form_oid || '.' || casebook.item_of(v.path) <> all ((select casebook.concealed('items'))::text[])) $$;

create function casebook.blinded_stored_file() returns setof casebook.stored_file stable language sql as $$
  select f.study_id, f.file_id, f.site_id, f.record_id, f.name, f.media_type, f.bytes, f.sha256, f.content, f.at, f.by
  from casebook.stored_file f
  where not exists (select from casebook.form_record r, jsonb_each_text(r.data) e
    where r.study_id = f.study_id and r.site_id = f.site_id and e.value = f.file_id::text
      and (r.form_oid = any ((select casebook.concealed('forms'))::text[])
        or r.event_oid = any ((select casebook.concealed('events'))::text[])
        or r.form_oid || '.' || casebook.item_of(e.key) = any ((select casebook.concealed('items'))::text[]))) $$;

create function casebook.blinded_notice() returns setof casebook.notice stable language sql as $$
  select n.study_id, n.notice_id, n.site_id, n.kind, n.text, n.subject_id, n.record_id, n.at
  from casebook.notice n where n.record_id is null or exists (select from casebook.blinded_form_record() r
    where r.study_id = n.study_id and r.record_id = n.record_id) $$;

-- The trail keeps every row that may be told of, without the values that may not (a row of nothing else is left out, since a value
-- that changes with the arm would tell it by changing); hashes go, since few guesses find what they hash.
create function casebook.blinded_audit_record() returns setof casebook.audit_record stable language sql as $$
  select a.study_id, a.audit_id, a.chain_id, a.seq, a.at, a.actor_id, a.actor_name, a.role, a.action, a.entity, a.entity_id,
    a.subject_id, a.site_id, a.version_number, a.command, a.reason,
    case when a.entity = 'form_record' then
        casebook.without_concealed(r.form_oid, a.changes - 'derived', (select casebook.concealed('items')))
        || case when a.changes ? 'derived' then jsonb_build_object('derived',
          casebook.without_concealed(r.form_oid, a.changes -> 'derived', (select casebook.concealed('items')))) else '{}' end
      else a.changes - '{arm,snapshot,content_hash,value_hash}'::text[] end,
    ''::text, ''::text, ''::text, ''::text
  from casebook.audit_record a
  left join casebook.form_record r on r.study_id = a.study_id and r.record_id = a.chain_id
  where (a.entity <> 'form_record' or a.action <> 'update' or a.changes = '{}' or a.changes -> 'state' is not null
      or casebook.without_concealed(r.form_oid,
        (a.changes - 'derived') || case jsonb_typeof(a.changes -> 'derived') when 'object' then a.changes -> 'derived' else '{}' end,
        (select casebook.concealed('items'))) <> '{}')
    and (r.record_id is null or (r.form_oid <> all ((select casebook.concealed('forms'))::text[])
      and r.event_oid <> all ((select casebook.concealed('events'))::text[])))
    and case a.entity
      when 'query' then exists (select from casebook.blinded_query() q
        where q.study_id = a.study_id and q.query_id = a.entity_id::uuid)
      when 'query_message' then exists (select from casebook.blinded_query() q
        where q.study_id = a.study_id and q.query_id = a.chain_id)
      when 'verification' then
        r.form_oid || '.' || casebook.item_of(a.entity_id) <> all ((select casebook.concealed('items'))::text[])
      when 'stored_file' then exists (select from casebook.blinded_stored_file() f
        where f.study_id = a.study_id and f.file_id = a.chain_id)
      when 'notice' then exists (select from casebook.blinded_notice() n
        where n.study_id = a.study_id and n.notice_id = a.entity_id::uuid)
      else true end $$;

do $$
declare
  name text;
begin
  foreach name in array array['form_record', 'subject', 'query', 'query_message', 'allocation_issued', 'signature',
    'verification', 'stored_file', 'notice', 'audit_record'] loop
    execute format('grant execute on function casebook.blinded_%s() to casebook_app', name);
  end loop;
end $$;
grant execute on function casebook.concealed(text), casebook.item_of(text), casebook.without_concealed(text, jsonb, text[]),
  casebook.blinded_record_queries(uuid, uuid) to casebook_app;
