-- The day of a withdrawal of consent: data up to it may still be entered and corrected, data after it may not.

-- `recorded_withdrawal`: as somebody recorded it in the step of withdrawal. `withdrawn_on`: the day that counts, worked out from it and
-- from the forms that tell of a withdrawal, like the anchor; it stays when a subject who withdrew dies.
alter table casebook.subject add column recorded_withdrawal date;
alter table casebook.subject add column withdrawn_on date;
grant update (recorded_withdrawal, withdrawn_on) on casebook.subject to casebook_app;

-- Withdrawals from before have the day on which they were recorded; it can be corrected. Written with an actor, so the trail has it.
do $$
begin
  perform set_config('app.actor', 'system', true), set_config('app.command', '', true),
    set_config('app.reason', 'the day of a withdrawal is kept from now on', true);
  with withdrawals as (
    select distinct on (a.study_id, a.subject_id) a.study_id, a.subject_id, (a.at at time zone 'UTC')::date as day,
      coalesce(a.command = 'subject.withdraw', false) as by_step
    from casebook.audit_record a
    where a.entity = 'subject' and a.changes -> 'state' ->> 1 = 'withdrawn'
    order by a.study_id, a.subject_id, a.seq desc)
  update casebook.subject b
    set withdrawn_on = w.day, recorded_withdrawal = case when w.by_step then w.day end
    from withdrawals w
    where b.study_id = w.study_id and b.subject_id = w.subject_id and (b.state = 'withdrawn' or b.state = 'dead' and w.by_step);
  perform set_config('app.actor', '', true), set_config('app.command', '', true), set_config('app.reason', '', true);
end $$;

alter table casebook.subject add constraint subject_withdrawal_dated
  check ((state <> 'withdrawn' or withdrawn_on is not null) and (recorded_withdrawal is null or withdrawn_on is not null));

-- A function that returns other columns than before is another function.
drop function casebook.subject_for_save(uuid, uuid);
create function casebook.subject_for_save(study uuid, subject uuid)
  returns table ("subjectId" uuid, "subjectKey" text, "siteId" uuid, "siteCode" text, "siteName" text, "siteOpen" boolean,
    state text, anchor date, columns jsonb, visits jsonb, "versionNumber" int, "recordedWithdrawal" date, "withdrawnOn" date)
  volatile rows 1 language plpgsql as $$
begin
  return query
    select b.subject_id, b.subject_key, b.site_id, s.code, s.name, s.open, b.state, b.anchor_date, b.columns, b.visits,
      b.version_number, b.recorded_withdrawal, b.withdrawn_on
    from casebook.subject b join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
    where b.study_id = study and b.subject_id = subject for update of b;
end $$;
grant execute on function casebook.subject_for_save(uuid, uuid) to casebook_app;

create or replace function casebook.blinded_subject() returns setof casebook.subject stable language sql as $$
  select b.study_id, b.subject_id, b.site_id, b.subject_key, b.sequence, b.state, b.anchor_date,
    b.columns - (select casebook.concealed('columns')), b.visits - (select casebook.concealed('events')),
    b.screened_at, b.version_number, b.recorded_withdrawal, b.withdrawn_on
  from casebook.subject b $$;

-- Readings of images are concealed from the sites also where arms are not: arms are left out where `arms` of `app.concealed` says so.
create or replace function casebook.blinded_allocation_issued() returns setof casebook.allocation_issued stable language sql as $$
  select a.study_id, a.subject_id, a.site_id, a.stratum, a.list_id, a.position, a.number,
    case when cardinality((select casebook.concealed('arms'))) > 0 then '' else a.arm end, a.issued_at, a.issued_by,
    case when cardinality((select casebook.concealed('arms'))) > 0 then '{}'::jsonb else a.snapshot end
  from casebook.allocation_issued a $$;

create or replace function casebook.blinded_audit_record() returns setof casebook.audit_record stable language sql as $$
  select a.study_id, a.audit_id, a.chain_id, a.seq, a.at, a.actor_id, a.actor_name, a.role, a.action, a.entity, a.entity_id,
    a.subject_id, a.site_id, a.version_number, a.command, a.reason,
    case when a.entity = 'form_record' then
        casebook.without_concealed(r.form_oid, a.changes - 'derived', (select casebook.concealed('items')))
        || case when a.changes ? 'derived' then jsonb_build_object('derived',
          casebook.without_concealed(r.form_oid, a.changes -> 'derived', (select casebook.concealed('items')))) else '{}' end
      else a.changes - '{content_hash,value_hash}'::text[]
        - case when cardinality((select casebook.concealed('arms'))) > 0 then '{arm,snapshot}'::text[] else '{}' end end,
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
