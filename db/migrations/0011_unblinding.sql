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
-- of the tables holds as ever. Columns stand as in the table: a new column there needs one here, else the function refuses to run.
create schema blinded authorization casebook_owner;
grant usage on schema blinded to casebook_app;

create function casebook.concealed(kind text) returns text[] stable language sql as $$
  select array(select jsonb_array_elements_text(
    coalesce(nullif(current_setting('app.concealed', true), ''), '{}')::jsonb -> kind)) $$;
-- `MG`, `LB[CREAT].LBORRES` and what an amendment set aside (`MG__V2`) name items MG and LBORRES.
create function casebook.item_of(path text) returns text immutable language sql as $$
  select regexp_replace(regexp_replace(path, '^.*\.', ''), '__V[0-9]+$', '') $$;
create function casebook.without_concealed(form text, item_values jsonb, items text[]) returns jsonb immutable language sql as $$
  select case when jsonb_typeof(item_values) <> 'object' then item_values else coalesce(
    (select jsonb_object_agg(e.key, e.value) from jsonb_each(item_values) e
     where form || '.' || casebook.item_of(e.key) <> all (items)), '{}') end $$;

create function blinded.form_record() returns setof casebook.form_record stable language sql as $$
  select r.study_id, r.record_id, r.subject_id, r.site_id, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat,
    r.version_number, r.revision, r.state,
    casebook.without_concealed(r.form_oid, r.data, (select casebook.concealed('items'))),
    casebook.without_concealed(r.form_oid, r.derived, (select casebook.concealed('items'))),
    0, r.created_at, r.created_by, r.updated_at, r.updated_by, r.updated_role, '{}'::jsonb
  from casebook.form_record r
  where r.form_oid <> all ((select casebook.concealed('forms'))::text[])
    and r.event_oid <> all ((select casebook.concealed('events'))::text[]) $$;

create function blinded.subject() returns setof casebook.subject stable language sql as $$
  select b.study_id, b.subject_id, b.site_id, b.subject_key, b.sequence, b.state, b.anchor_date,
    b.columns - (select casebook.concealed('columns')), b.visits - (select casebook.concealed('events')),
    b.screened_at, b.version_number
  from casebook.subject b $$;

create function blinded.query() returns setof casebook.query stable language sql as $$
  select q.* from casebook.query q
  join casebook.form_record r on r.study_id = q.study_id and r.record_id = q.record_id
  where (q.check_id is null or q.check_id <> all ((select casebook.concealed('checks'))::text[]))
    and r.form_oid <> all ((select casebook.concealed('forms'))::text[])
    and r.event_oid <> all ((select casebook.concealed('events'))::text[])
    and r.form_oid || '.' || casebook.item_of(q.path) <> all ((select casebook.concealed('items'))::text[]) $$;

create function blinded.query_message() returns setof casebook.query_message stable language sql as $$
  select m.* from casebook.query_message m
  where exists (select from blinded.query() q where q.study_id = m.study_id and q.query_id = m.query_id) $$;

create function blinded.allocation_issued() returns setof casebook.allocation_issued stable language sql as $$
  select (jsonb_populate_record(a, '{"arm": "", "snapshot": {}}'::jsonb)).* from casebook.allocation_issued a $$;

create function blinded.signature() returns setof casebook.signature stable language sql as $$
  select (jsonb_populate_record(g, '{"content_hash": ""}'::jsonb)).* from casebook.signature g
  where exists (select from blinded.form_record() r where r.study_id = g.study_id and r.record_id = g.record_id) $$;

create function blinded.verification() returns setof casebook.verification stable language sql as $$
  select (jsonb_populate_record(v, '{"value_hash": ""}'::jsonb)).* from casebook.verification v
  join blinded.form_record() r on r.study_id = v.study_id and r.record_id = v.record_id
  where r.form_oid || '.' || casebook.item_of(v.path) <> all ((select casebook.concealed('items'))::text[]) $$;

-- A file belongs to the record it was uploaded for; of a record with concealed files only those are left that it shows.
create function blinded.stored_file() returns setof casebook.stored_file stable language sql as $$
  select f.* from casebook.stored_file f
  where f.record_id is null and not exists (select from casebook.form_record r, jsonb_each_text(r.data) e
      where r.study_id = f.study_id and r.site_id = f.site_id and e.value = f.file_id::text
        and (r.form_oid = any ((select casebook.concealed('forms'))::text[])
          or r.event_oid = any ((select casebook.concealed('events'))::text[])
          or r.form_oid || '.' || casebook.item_of(e.key) = any ((select casebook.concealed('items'))::text[])))
    or exists (select from blinded.form_record() r, jsonb_each_text(r.data) e
      where r.study_id = f.study_id and r.record_id = f.record_id and e.value = f.file_id::text) $$;

create function blinded.notice() returns setof casebook.notice stable language sql as $$
  select n.* from casebook.notice n where n.record_id is null
    or exists (select from blinded.form_record() r where r.study_id = n.study_id and r.record_id = n.record_id) $$;

-- The trail keeps every row that may be told of, without the values that may not; hashes of values go, since few guesses find them.
create function blinded.audit_record() returns setof casebook.audit_record stable language sql as $$
  select (jsonb_populate_record(a, jsonb_build_object('changes', case a.entity
      when 'form_record' then
        casebook.without_concealed(r.form_oid, a.changes - 'derived', (select casebook.concealed('items')))
        || case when a.changes ? 'derived' then jsonb_build_object('derived',
          casebook.without_concealed(r.form_oid, a.changes -> 'derived', (select casebook.concealed('items')))) else '{}' end
      else a.changes - '{arm,snapshot,content_hash,value_hash,columns,visits}'::text[] end))).*
  from casebook.audit_record a
  left join casebook.form_record r on r.study_id = a.study_id and r.record_id = a.chain_id
  where (r.record_id is null or (r.form_oid <> all ((select casebook.concealed('forms'))::text[])
      and r.event_oid <> all ((select casebook.concealed('events'))::text[])))
    and case a.entity
      when 'query' then exists (select from blinded.query() q
        where q.study_id = a.study_id and q.query_id::text = a.entity_id)
      when 'query_message' then exists (select from blinded.query() q
        where q.study_id = a.study_id and q.query_id = a.chain_id)
      when 'verification' then
        r.form_oid || '.' || casebook.item_of(a.entity_id) <> all ((select casebook.concealed('items'))::text[])
      when 'stored_file' then exists (select from blinded.stored_file() f
        where f.study_id = a.study_id and f.file_id = a.chain_id)
      when 'notice' then exists (select from blinded.notice() n
        where n.study_id = a.study_id and n.notice_id::text = a.entity_id)
      else true end $$;

grant execute on function casebook.concealed(text), casebook.item_of(text),
  casebook.without_concealed(text, jsonb, text[]) to casebook_app;
grant execute on all functions in schema blinded to casebook_app;
