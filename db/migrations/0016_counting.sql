-- What dashboards count is found without reading values: progress of forms by visit in one walk through an index, the versions that
-- subjects are on and that they were allocated under at a glance. State and open items stand in the index beside what a visit is
-- found by, so a save that changes them writes it anew; that costs a save a few percent of its own row.

create index form_record_progress_index on casebook.form_record
  (study_id, subject_id, event_oid, event_repeat, version_number, site_id) include (form_oid, state, open_count);
create index subject_version_index on casebook.subject (study_id, version_number);
-- Asked by every request to a blinded study: from which version on is there anything to conceal?
create index allocation_issued_version_index on casebook.allocation_issued
  (study_id, ((snapshot -> 'version' ->> 'number')::int));

-- Forms of which an item is concealed. Values of any other form are handed on as they are, unopened: what is concealed stays the same.
create function casebook.concealing_forms() returns text[] stable language sql as $$
  select array(select distinct split_part(i, '.', 1) from unnest(casebook.concealed('items')) i) $$;
grant execute on function casebook.concealing_forms() to casebook_app;

create or replace function casebook.blinded_form_record() returns setof casebook.form_record stable language sql as $$
  select r.study_id, r.record_id, r.subject_id, r.site_id, r.event_oid, r.event_repeat, r.form_oid, r.form_repeat,
    r.version_number, r.revision, r.state,
    case when r.form_oid = any ((select casebook.concealing_forms())::text[])
      then casebook.without_concealed(r.form_oid, r.data, (select casebook.concealed('items'))) else r.data end,
    case when r.form_oid = any ((select casebook.concealing_forms())::text[])
      then casebook.without_concealed(r.form_oid, r.derived, (select casebook.concealed('items'))) else r.derived end,
    -- How much is open is told only where nothing concealed can be among it.
    case when r.form_oid = any ((select casebook.concealing_forms())::text[]) then 0 else r.open_count end,
    r.created_at, r.created_by, r.updated_at, r.updated_by, r.updated_role, '{}'::jsonb
  from casebook.form_record r
  where r.form_oid <> all ((select casebook.concealed('forms'))::text[])
    and r.event_oid <> all ((select casebook.concealed('events'))::text[]) $$;

create or replace function casebook.blinded_query() returns setof casebook.query stable language sql as $$
  select q.study_id, q.query_id, q.subject_id, q.site_id, q.record_id, q.path, q.check_id, q.state, q.text, q.value_then,
    q.opened_at, q.opened_by, q.updated_at, q.updated_by
  from casebook.query q
  where (q.check_id is null or q.check_id <> all ((select casebook.concealed('checks'))::text[]))
    and exists (select from casebook.form_record r where r.study_id = q.study_id and r.record_id = q.record_id
      and r.form_oid <> all ((select casebook.concealed('forms'))::text[])
      and r.event_oid <> all ((select casebook.concealed('events'))::text[])
      and (r.form_oid <> all ((select casebook.concealing_forms())::text[])
        or r.form_oid || '.' || casebook.item_of(q.path) <> all ((select casebook.concealed('items'))::text[]))) $$;
