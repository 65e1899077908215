-- What subjects answered to the rules of endpoints, kept so that the first survival curve of a process does not work out every casebook
-- again. A row holds for one state of its subject (`stamp`, and `changes` of subject_changes) under one version; whoever reads it
-- compares the stamp and works out what no longer holds. It follows from the records and has no audit.
create table casebook.kept_answers (
  study_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  version_number int not null,
  -- of the program that worked them out: another may read a rule otherwise
  engine text not null,
  changes bigint not null,
  stamp text not null,
  day date not null,
  day_matters boolean not null,
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  primary key (study_id, subject_id),
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id)
) with (fillfactor = 70);

alter table casebook.kept_answers enable row level security, force row level security;
create policy owner on casebook.kept_answers to casebook_owner using (true) with check (true);
do $$
declare
  condition constant text := 'study_id = (select casebook.current_study()) and ((select casebook.all_sites())
    or site_id = any ((select casebook.current_sites())::uuid[]))';
begin
  execute format('create policy reading on casebook.kept_answers for select to casebook_app using (%s)', condition);
  execute format('create policy adding on casebook.kept_answers for insert to casebook_app with check (%s)', condition);
  execute format('create policy changing on casebook.kept_answers for update to casebook_app using (%s) with check (%s)',
    condition, condition);
end $$;
grant select, insert, update (version_number, engine, changes, stamp, day, day_matters, answers) on casebook.kept_answers to casebook_app;
create trigger keep before delete or truncate on casebook.kept_answers
  for each statement execute function casebook.refuse_removal();

-- Studies with endpoints of which a subject changed since its answers were kept. Names no study, so it runs as the owner.
create function casebook.studies_to_keep_answers_of(current_engine text) returns table ("studyId" uuid, version int)
  stable language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select v.study_id, v.number from casebook.study_version v
    where v.number = (select max(w.number) from casebook.study_version w where w.study_id = v.study_id)
      and exists (
        select from casebook.subject_changes c
        left join casebook.kept_answers k on k.study_id = c.study_id and k.subject_id = c.subject_id
        where c.study_id = v.study_id
          and (k.changes is distinct from c.changes or k.version_number <> v.number or k.engine <> current_engine
            or (k.day_matters and k.day < current_date)))
      and jsonb_array_length(coalesce(v.definition -> 'endpoints', '[]')) > 0;
end $$;
revoke execute on function casebook.studies_to_keep_answers_of(text) from public;
grant execute on function casebook.studies_to_keep_answers_of(text) to casebook_app;
