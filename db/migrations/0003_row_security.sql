-- Row security and privileges. Every table that holds something of a study has forced row security: the runtime role
-- sees the study and the sites its transaction names, and nothing when it names none. The owner (migrations, the triggers and
-- doors that run in its name, the verifier, backups) passes by an explicit policy, not by being the owner.

create function casebook.own_studies() returns uuid[] language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from casebook.app_user u
    where u.user_id = casebook.current_actor_id() and u.is_system_administrator and u.disabled_at is null)
  then
    return array(select s.study_id from casebook.study s);
  end if;
  return array(select g.study_id from casebook.role_grant g
    where g.user_id = casebook.current_actor_id() and g.revoked_at is null);
end $$;

create function casebook.own_sites() returns uuid[] language sql stable security definer
  set search_path = pg_catalog, pg_temp as $$
  select array(
    select s.site_id from casebook.role_grant g join casebook.site s
      on s.study_id = g.study_id and (g.site_id is null or g.site_id = s.site_id)
    where g.user_id = casebook.current_actor_id() and g.revoked_at is null)
$$;

do $$
declare
  held record;
  in_study constant text := 'study_id = (select casebook.current_study())';
  at_site constant text := '(select casebook.all_sites()) or site_id = any ((select casebook.current_sites())::uuid[])';
  condition text;
begin
  for held in
    select * from (values
      -- name, scope, privileges of the runtime role
      ('study', 'own study', 'select, insert, update (name, title, state, is_demo)'),
      ('study_version', 'study', 'select, insert'),
      ('site', 'own site', 'select, insert, update (code, name, open, version_number, planned)'),
      ('role_grant', 'own grant', 'select, insert, update (revoked_at, revoked_by)'),
      ('subject', 'site', 'select, insert, update (state, anchor_date, columns, visits, screened_at, version_number)'),
      ('form_record', 'site', 'select, insert, update (version_number, revision, state, data, derived, open_count,
        updated_at, updated_by, updated_role, reason)'),
      ('save_receipt', 'own receipt', 'select, insert'),
      ('stored_file', 'site', 'select, insert'),
      ('reference_range', 'site or none', 'select, insert, update (test, unit, sex, age_from, age_to, valid_from, valid_to, low, high)'),
      ('query', 'site', 'select, insert, update (state, text, updated_at, updated_by)'),
      ('query_message', 'site', 'select, insert'),
      ('verification', 'site', 'select, insert, update (verified_at, verified_by, value_hash, dropped_at)'),
      ('signature', 'site', 'select, insert, update (revoked_at, revoked_why)'),
      ('allocation_issued', 'site', 'select'),
      ('export_log', 'study', 'select, insert'),
      ('notice', 'site or none', 'select, insert'),
      ('audit_record', 'site or none', 'select'),
      ('audit_redaction', 'site or none', 'select'),
      ('audit_anchor', 'study', 'select'),
      ('audit_anchor_head', 'none', ''),
      ('audit_head', 'none', '')
    ) as t(name, scope, privileges)
  loop
    execute format('alter table casebook.%I enable row level security, force row level security', held.name);
    execute format('create policy owner on casebook.%I to casebook_owner using (true) with check (true)', held.name);
    condition := case held.scope
      when 'study' then in_study
      when 'site' then format('%s and (%s)', in_study, at_site)
      when 'site or none' then format('%s and (%s or (site_id is null and (select casebook.some_sites())))', in_study, at_site)
      when 'own study' then format('%s or study_id = any ((select casebook.own_studies())::uuid[])', in_study)
      when 'own site' then format('(%s and (%s)) or site_id = any ((select casebook.own_sites())::uuid[])', in_study, at_site)
      when 'own grant' then format('%s or user_id = (select casebook.current_actor_id())', in_study)
      when 'own receipt' then format('%s and user_id = (select casebook.current_actor_or_nobody())', in_study)
    end;
    if condition is not null then
      execute format('create policy reading on casebook.%I for select to casebook_app using (%s)', held.name, condition);
      -- what may be written never reaches beyond the study of the transaction
      condition := case held.scope
        when 'own study' then in_study
        when 'own site' then format('%s and (%s)', in_study, at_site)
        when 'own grant' then in_study
        else condition end;
      if held.privileges like '%insert%' then
        execute format('create policy adding on casebook.%I for insert to casebook_app with check (%s)', held.name, condition);
      end if;
      if held.privileges like '%update%' then
        execute format('create policy changing on casebook.%I for update to casebook_app using (%s) with check (%s)',
          held.name, condition, condition);
      end if;
      execute format('grant %s on casebook.%I to casebook_app', held.privileges, held.name);
    end if;
  end loop;
end $$;

do $$
declare
  name text;
begin
  foreach name in array array['list', 'slot'] loop
    execute format('alter table allocation.%I enable row level security, force row level security', name);
    execute format('create policy owner on allocation.%I to casebook_owner using (true) with check (true)', name);
  end loop;
end $$;

-- Accounts belong to no study and are read to find out who is asking, before any setting can name a study.
grant select, insert, update on casebook.app_user, casebook.session, casebook.setup_link to casebook_app;

-- EXECUTE is by default everybody's; here it is named.
revoke execute on all functions in schema casebook from public;
alter default privileges revoke execute on functions from public;
grant usage on schema casebook, allocation to casebook_app;
grant execute on function casebook.current_study(), casebook.all_sites(), casebook.some_sites(),
  casebook.current_sites(), casebook.current_actor_id(), casebook.current_actor_or_nobody(), casebook.instant(),
  casebook.own_studies(), casebook.own_sites(), casebook.sha256_hex(text),
  casebook.audit_event(text, text, text, jsonb, uuid, uuid, uuid) to casebook_app;
