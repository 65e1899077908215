-- Amendments: which version a site may work on and from which day, runs that take subjects to a new version, and what such a run
-- may change that nothing else may. Subjects of studies without allocation get a state of their own.

alter table casebook.subject drop constraint subject_state_check;
alter table casebook.subject add constraint subject_state_check check (state in
  ('screening', 'screenFailure', 'enrolled', 'randomised', 'completed', 'discontinued', 'withdrawn', 'dead'));

-- Under which version a form was signed: the signature stays valid when the subject goes to a version that does not touch what was
-- signed. Null: the version the record had when this column came.
alter table casebook.signature add column version_number int;
grant update (version_number) on casebook.signature to casebook_app;

-- A site's own approval of a version. The newest row of a version counts; none is changed or taken back.
create table casebook.site_approval (
  study_id uuid not null,
  approval_id uuid not null,
  site_id uuid not null,
  version_number int not null,
  approved_on date not null,
  go_live_on date not null,
  at timestamptz(3) not null default casebook.instant(),
  by uuid,
  primary key (study_id, approval_id),
  foreign key (study_id, site_id) references casebook.site,
  foreign key (study_id, version_number) references casebook.study_version,
  check (go_live_on >= approved_on)
);
create index site_approval_site_index on casebook.site_approval (study_id, site_id, version_number, at);
create index site_approval_version_index on casebook.site_approval (study_id, version_number);

-- The version that a site works on at a day; null: it never had to choose and takes the newest.
create function casebook.version_in_force(study uuid, site uuid, day date) returns int stable language sql
  return (
    select greatest(s.version_number, (
      select max(a.version_number) from casebook.site_approval a
      where a.study_id = s.study_id and a.site_id = s.site_id and a.go_live_on <= day
        and not exists (select from casebook.site_approval b
          where b.study_id = a.study_id and b.site_id = a.site_id and b.version_number = a.version_number
            and (b.at, b.approval_id) > (a.at, a.approval_id))))
    from casebook.site s where s.study_id = study and s.site_id = site);

-- One migration of subjects to a version, worked off in batches. `last_subject` and the counts are written with each batch, in its
-- transaction, so that a run whose process died goes on where the last batch ended.
create table casebook.amendment_run (
  study_id uuid not null,
  run_id uuid not null,
  version_number int not null,
  site_ids uuid[] not null check (cardinality(site_ids) > 0),
  state text not null default 'running' check (state in ('running', 'paused', 'cancelled', 'done')),
  reason text not null check (btrim(reason) <> ''),
  total int not null check (total >= 0),
  done int not null default 0 check (done >= 0),
  records int not null default 0 check (records >= 0),
  failed uuid[] not null default '{}',
  last_subject uuid,
  started_at timestamptz(3) not null default casebook.instant(),
  started_by uuid not null,
  started_role text not null,
  worked_at timestamptz(3) not null default casebook.instant(),
  ended_at timestamptz(3),
  primary key (study_id, run_id),
  foreign key (study_id, version_number) references casebook.study_version
);
create index amendment_run_version_index on casebook.amendment_run (study_id, version_number);
-- two runs at a time would take subjects to and fro
create unique index amendment_run_alone on casebook.amendment_run (study_id) where state in ('running', 'paused');

do $$
declare
  held record;
  in_study constant text := 'study_id = (select casebook.current_study())';
  condition text;
begin
  for held in
    select * from (values
      ('site_approval', true, 'approval_id', '', 'select, insert'),
      ('amendment_run', false, 'run_id', 'done,records,failed,last_subject,worked_at',
        'select, insert, update (state, done, records, failed, last_subject, worked_at, ended_at)')
    ) as t(name, of_site, id, excluded, privileges)
  loop
    execute format('alter table casebook.%I enable row level security, force row level security', held.name);
    execute format('create policy owner on casebook.%I to casebook_owner using (true) with check (true)', held.name);
    condition := case when held.of_site then in_study || ' and ((select casebook.all_sites())
      or site_id = any ((select casebook.current_sites())::uuid[]))' else in_study end;
    execute format('create policy reading on casebook.%I for select to casebook_app using (%s)', held.name, condition);
    execute format('create policy adding on casebook.%I for insert to casebook_app with check (%s)', held.name, condition);
    if held.privileges like '%update%' then
      execute format('create policy changing on casebook.%I for update to casebook_app using (%s) with check (%s)',
        held.name, condition, condition);
    end if;
    execute format('grant %s on casebook.%I to casebook_app', held.privileges, held.name);
    execute format(
      'create trigger audit after insert or update on casebook.%I for each row execute function casebook.audit_row(%L, %L, %L, %L)',
      held.name, 'study_id', held.id, held.excluded, '');
    execute format(
      'create trigger actor before insert or update on casebook.%I for each statement execute function casebook.require_actor()',
      held.name);
    execute format(
      'create trigger keep before delete or truncate on casebook.%I for each statement execute function casebook.refuse_removal()',
      held.name);
  end loop;
end $$;
create trigger never_changed before update on casebook.site_approval
  for each row execute function casebook.never_changed();

-- Runs that stand still although nobody stopped them: their process died, or never began. Names no study, so it runs as the owner.
create function casebook.waiting_runs(quiet interval) returns table ("studyId" uuid, "runId" uuid)
  stable language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select r.study_id, r.run_id from casebook.amendment_run r
    where r.state = 'running' and r.worked_at < now() - quiet;
end $$;

-- A published version never changes, not even by the words that redaction may put elsewhere.
create function casebook.version_stands() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'A published version never changes' using errcode = 'CB013';
end $$;
create trigger immutable before update on casebook.study_version
  for each row execute function casebook.version_stands();

-- As before, but a record may take another place together with another version: forms and visits can be renamed by an amendment.
-- Subject, site and repeat keys stay in any case.
create or replace function casebook.form_record_changed() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  content jsonb;
  unexplained text;
  moved boolean := (new.event_oid, new.form_oid) is distinct from (old.event_oid, old.form_oid);
begin
  if (new.study_id, new.record_id, new.subject_id, new.site_id, new.event_repeat, new.form_repeat)
    is distinct from
    (old.study_id, old.record_id, old.subject_id, old.site_id, old.event_repeat, old.form_repeat)
    or (moved and new.version_number <= old.version_number)
  then
    raise exception 'A form record keeps its place' using errcode = '23001';
  end if;

  if new.data is distinct from old.data then
    select
      jsonb_object_agg(coalesce(o.key, n.key), jsonb_build_array(o.value, n.value,
        case when o.key is not null then nullif(btrim(new.reason ->> o.key), '') end)),
      min(o.key) filter (where o.key is not null and coalesce(btrim(new.reason ->> o.key), '') = '')
      into content, unexplained
      from jsonb_each(old.data) o full join jsonb_each(new.data) n on n.key = o.key
      where o.value is distinct from n.value;
    if unexplained is not null then
      raise exception 'A change of % needs a reason', unexplained using errcode = 'CB010', detail = unexplained;
    end if;
  end if;
  content := coalesce(content, '{}');
  if new.derived is distinct from old.derived then
    content := content || jsonb_build_object('derived', casebook.jsonb_difference(old.derived, new.derived));
  end if;
  if new.state <> old.state then
    if new.state = 'removed' and coalesce(btrim(current_setting('app.reason', true)), '') = '' then
      raise exception 'Removal of a form needs a reason' using errcode = 'CB010', detail = 'state';
    end if;
    content := content || jsonb_build_object('state', jsonb_build_array(old.state, new.state));
  end if;
  if new.version_number <> old.version_number then
    if coalesce(btrim(current_setting('app.reason', true)), '') = '' then
      raise exception 'Another version needs a reason' using errcode = 'CB010', detail = 'version_number';
    end if;
    content := content || jsonb_build_object('version_number', jsonb_build_array(old.version_number, new.version_number));
  end if;
  if moved then
    content := content || jsonb_build_object('place', jsonb_build_array(
      jsonb_build_array(old.event_oid, old.event_repeat, old.form_oid, old.form_repeat),
      jsonb_build_array(new.event_oid, new.event_repeat, new.form_oid, new.form_repeat)));
  end if;

  new.reason := '{}';
  new.created_at := old.created_at;
  new.created_by := old.created_by;
  new.revision := case when new.data is distinct from old.data or new.state <> old.state
    then old.revision + 1 else old.revision end;
  if content <> '{}' then
    new.updated_at := date_trunc('milliseconds', now());
    new.updated_by := casebook.current_actor_id();
    new.updated_role := nullif(current_setting('app.role', true), '');
    perform casebook.audit_append(new.study_id, new.record_id, 'update', 'form_record', new.record_id::text,
      new.subject_id, new.site_id, new.version_number, content);
  else
    new.updated_at := old.updated_at;
    new.updated_by := old.updated_by;
    new.updated_role := old.updated_role;
  end if;
  return new;
end $$;
grant update (event_oid, form_oid) on casebook.form_record to casebook_app;
-- a question goes along with the item it is about
grant update (path) on casebook.query to casebook_app;

grant execute on function casebook.version_in_force(uuid, uuid, date), casebook.waiting_runs(interval) to casebook_app;
