-- How often what rules read of a subject was changed: one number a subject, raised with each change of a record's values, state, version or
-- place. Whoever keeps something worked out from a casebook knows by it whether it still holds, without reading a record. Saves hold
-- the subject's row while they write, so the number costs them no waiting. It follows from the records and has no audit.
create table casebook.subject_changes (
  study_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  changes bigint not null check (changes > 0),
  primary key (study_id, subject_id),
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id)
) with (fillfactor = 50);

insert into casebook.subject_changes (study_id, subject_id, site_id, changes)
  select study_id, subject_id, site_id, count(*) from casebook.form_record group by study_id, subject_id, site_id;

create function casebook.subject_changed() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  insert into casebook.subject_changes as c (study_id, subject_id, site_id, changes)
    values (new.study_id, new.subject_id, new.site_id, 1)
    on conflict (study_id, subject_id) do update set changes = c.changes + 1;
  return null;
end $$;
create trigger count_insert after insert on casebook.form_record
  for each row execute function casebook.subject_changed();
create trigger count_update after update on casebook.form_record
  for each row when ((new.data, new.state, new.version_number, new.event_oid, new.form_oid)
    is distinct from (old.data, old.state, old.version_number, old.event_oid, old.form_oid))
  execute function casebook.subject_changed();

alter table casebook.subject_changes enable row level security, force row level security;
create policy owner on casebook.subject_changes to casebook_owner using (true) with check (true);
create policy reading on casebook.subject_changes for select to casebook_app
  using (study_id = (select casebook.current_study()) and ((select casebook.all_sites())
    or site_id = any ((select casebook.current_sites())::uuid[])));
grant select on casebook.subject_changes to casebook_app;
create trigger keep before delete or truncate on casebook.subject_changes
  for each statement execute function casebook.refuse_removal();
