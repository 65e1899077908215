-- Reports that statisticians add to a study beside those of its definition. A row is a revision and never changes; the newest of an
-- OID counts, and one without text has been withdrawn. What a cut or an older run used can always be read again.
create table casebook.added_report (
  study_id uuid not null,
  revision_id uuid not null,
  report_oid text not null check (report_oid ~ '^[A-Z][A-Z0-9_]{0,39}$'),
  revision int not null check (revision > 0),
  -- As written, YAML; null: withdrawn with this revision.
  source text check (length(source) <= 100000),
  -- As it was read under the version below.
  report jsonb,
  version_number int not null,
  reason text check (btrim(reason) <> ''),
  at timestamptz(3) not null default casebook.instant(),
  by uuid not null,
  primary key (study_id, revision_id),
  unique (study_id, report_oid, revision),
  foreign key (study_id, version_number) references casebook.study_version,
  check ((source is null) = (report is null)),
  check (revision = 1 or reason is not null)
);
create index added_report_version_index on casebook.added_report (study_id, version_number);

alter table casebook.added_report enable row level security, force row level security;
create policy owner on casebook.added_report to casebook_owner using (true) with check (true);
create policy reading on casebook.added_report for select to casebook_app
  using (study_id = (select casebook.current_study()));
create policy adding on casebook.added_report for insert to casebook_app
  with check (study_id = (select casebook.current_study()));
grant select, insert on casebook.added_report to casebook_app;
-- The text as written stands in the trail; of what was read from it, its hash.
create trigger audit after insert or update on casebook.added_report
  for each row execute function casebook.audit_row('study_id', 'revision_id', '', 'report');
create trigger actor before insert or update on casebook.added_report
  for each statement execute function casebook.require_actor();
create trigger keep before delete or truncate on casebook.added_report
  for each statement execute function casebook.refuse_removal();
create trigger never_changed before update on casebook.added_report
  for each row execute function casebook.never_changed();
