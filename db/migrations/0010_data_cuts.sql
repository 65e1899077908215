-- Data cuts: the data of a study as of a moment, the rules that held, and the fingerprints of what they gave. The data themselves
-- are the audit trail up to the moment, which nothing can change afterwards; hence a cut is one row.

-- Up to when the past of a study is closed. A transaction writes its records under the moment it began; one that began before a
-- cut and ended after it would change a past that was read already.
create table casebook.closed_moment (
  study_id uuid primary key references casebook.study,
  moment timestamptz(3) not null
);

create table casebook.data_cut (
  study_id uuid not null references casebook.study,
  cut_id uuid not null,
  number int not null check (number > 0),
  name text not null check (btrim(name) <> ''),
  purpose text not null check (purpose in ('interim', 'dsmb', 'final', 'other')),
  reason text not null check (btrim(reason) <> ''),
  as_of timestamptz(3) not null,
  -- the day that `today` means in expressions: the time zone of an installation may be another one later
  today date not null,
  version_number int not null,
  version_hash text not null check (version_hash ~ '^[0-9a-f]{64}$'),
  engine_version text not null check (engine_version <> ''),
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
  arms text not null check (arms in ('shown', 'masked', 'pooled')),
  -- which arm has which letter follows from it, and it salts the hashes, or they could be used to try out allocations: no reader
  -- ever gets it, the audit trail holds its digest
  mask_seed text not null check (mask_seed ~ '^[0-9a-f]{64}$'),
  subjects int not null check (subjects > 0),
  reports jsonb not null check (jsonb_typeof(reports) = 'array'),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  open_lines jsonb not null check (jsonb_typeof(open_lines) = 'object'),
  taken_at timestamptz(3) not null default casebook.instant(),
  taken_by uuid not null,
  taken_role text not null,
  primary key (study_id, cut_id),
  constraint data_cut_number_unique unique (study_id, number),
  foreign key (study_id, version_number) references casebook.study_version,
  check (as_of <= taken_at)
);
create index data_cut_version_index on casebook.data_cut (study_id, version_number);

-- A cut is over all sites, so nobody who reaches only some of them meets it.
do $$
declare
  held record;
  in_study constant text := 'study_id = (select casebook.current_study())';
begin
  for held in
    select * from (values
      ('closed_moment', in_study, 'select'),
      ('data_cut', in_study || ' and (select casebook.all_sites())', 'select, insert')
    ) as t(name, condition, privileges)
  loop
    execute format('alter table casebook.%I enable row level security, force row level security', held.name);
    execute format('create policy owner on casebook.%I to casebook_owner using (true) with check (true)', held.name);
    execute format('create policy reading on casebook.%I for select to casebook_app using (%s)', held.name, held.condition);
    if held.privileges like '%insert%' then
      execute format('create policy adding on casebook.%I for insert to casebook_app with check (%s)', held.name, held.condition);
    end if;
    execute format('grant %s on casebook.%I to casebook_app', held.privileges, held.name);
    execute format(
      'create trigger keep before delete or truncate on casebook.%I for each statement execute function casebook.refuse_removal()',
      held.name);
  end loop;
end $$;

create trigger audit after insert or update on casebook.data_cut
  for each row execute function casebook.audit_row('study_id', 'cut_id', '', 'mask_seed,open_lines');
create trigger actor before insert or update on casebook.data_cut
  for each statement execute function casebook.require_actor();

create function casebook.cut_stands() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'A data cut never changes' using errcode = 'CB013';
end $$;
create trigger immutable before update on casebook.data_cut
  for each row execute function casebook.cut_stands();

-- Closes the past of the transaction's study and gives the moment up to which it is closed. Waits for whoever is writing; who
-- began earlier and has written nothing yet is refused at the gate below and begins again. To be committed before anything is read.
create function casebook.close_moment() returns timestamptz language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  study uuid := casebook.current_study();
  closed timestamptz;
begin
  if study is null then
    raise exception 'No study' using errcode = 'P0002';
  end if;
  perform pg_advisory_xact_lock(hashtext('casebook.closed_moment'), hashtext(study::text));
  insert into casebook.closed_moment as m (study_id, moment)
    values (study, date_trunc('milliseconds', clock_timestamp()))
    on conflict (study_id) do update set moment = greatest(m.moment, excluded.moment)
    returning m.moment into closed;
  return closed;
end $$;
grant execute on function casebook.close_moment() to casebook_app;

-- 40001: the corridor tries the act again under a later moment.
create function casebook.after_closed_moment() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('casebook.closed_moment'), hashtext(new.study_id::text));
  if exists (select from casebook.closed_moment m where m.study_id = new.study_id and m.moment >= new.at) then
    raise exception 'A data cut closed this moment' using errcode = '40001';
  end if;
  return new;
end $$;
-- Everything of a study but cuts themselves and the record of exports, whose long snapshot is not tried again.
create trigger after_closed_moment before insert on casebook.audit_record
  for each row when (new.study_id <> '00000000-0000-0000-0000-000000000000' and new.entity not in ('export_log', 'data_cut'))
  execute function casebook.after_closed_moment();
