-- Tables of Casebook. study_id leads every key of what belongs to a study, so that a study can be moved or sharded.
-- Files here are never edited after release (the runner refuses); a migration that fills or adds a column of an audited
-- table must write audit rows too, because a value without history is a finding of the verifier.

-- The settings of a transaction, as the rest of the schema reads them. After a transaction a setting reads '' and not null.
create function casebook.current_study() returns uuid stable language sql
  return nullif(pg_catalog.current_setting('app.study', true), '')::uuid;
create function casebook.all_sites() returns boolean stable language sql
  return coalesce(pg_catalog.current_setting('app.sites', true) = '*', false);
create function casebook.some_sites() returns boolean stable language sql
  return coalesce(pg_catalog.current_setting('app.sites', true), '') <> '';
create function casebook.current_sites() returns uuid[] stable language sql
  return pg_catalog.string_to_array(nullif(nullif(pg_catalog.current_setting('app.sites', true), '*'), ''), ',')::uuid[];
-- null for the actors `system` and `anonymous`, which are no persons
create function casebook.current_actor_id() returns uuid stable language sql
  return case when length(pg_catalog.current_setting('app.actor', true)) = 36
    then pg_catalog.current_setting('app.actor', true)::uuid end;
create function casebook.current_actor_or_nobody() returns uuid stable language sql
  return coalesce(casebook.current_actor_id(), '00000000-0000-0000-0000-000000000000');
create function casebook.instant() returns timestamptz stable language sql
  return pg_catalog.date_trunc('milliseconds', pg_catalog.now());

create table casebook.app_user (
  user_id uuid primary key,
  user_name text not null check (user_name = lower(user_name) and user_name <> ''),
  display_name text not null check (display_name <> ''),
  email text,
  password_hash text,
  language text not null default 'en',
  is_system_administrator boolean not null default false,
  is_demo boolean not null default false,
  disabled_at timestamptz(3),
  failed_tries int not null default 0 check (failed_tries >= 0),
  locked_until timestamptz(3),
  must_change_password boolean not null default false,
  totp_secret text,
  totp_last_step int,
  created_at timestamptz(3) not null default casebook.instant(),
  constraint app_user_name_unique unique (user_name)
);

create table casebook.session (
  session_id text primary key check (session_id ~ '^[0-9a-f]{64}$'),
  user_id uuid not null references casebook.app_user,
  created_at timestamptz(3) not null default casebook.instant(),
  last_seen_at timestamptz(3) not null default casebook.instant(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  address text,
  agent text
) with (fillfactor = 80);
create index session_user_index on casebook.session (user_id);

create table casebook.setup_link (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  created_at timestamptz(3) not null default casebook.instant(),
  used_at timestamptz(3)
);

create table casebook.study (
  study_id uuid primary key check (study_id <> '00000000-0000-0000-0000-000000000000'),
  oid text not null check (oid ~ '^[A-Z][A-Z0-9_]{0,39}$'),
  name jsonb not null,
  title jsonb not null,
  state text not null default 'draft' check (state in ('draft', 'open', 'locked', 'archived')),
  is_demo boolean not null default false,
  created_at timestamptz(3) not null default casebook.instant(),
  constraint study_oid_unique unique (oid)
);

create table casebook.study_version (
  study_id uuid not null references casebook.study,
  number int not null check (number > 0),
  label text not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  definition jsonb not null,
  published_at timestamptz(3) not null default casebook.instant(),
  published_by uuid,
  primary key (study_id, number)
);

create table casebook.site (
  study_id uuid not null references casebook.study,
  site_id uuid not null,
  code text not null check (code <> ''),
  name text not null check (name <> ''),
  open boolean not null default true,
  version_number int,
  planned int check (planned >= 0),
  primary key (study_id, site_id),
  constraint site_code_unique unique (study_id, code),
  foreign key (study_id, version_number) references casebook.study_version
);
create index site_version_index on casebook.site (study_id, version_number);

create table casebook.role_grant (
  study_id uuid not null references casebook.study,
  grant_id uuid not null,
  user_id uuid not null references casebook.app_user,
  role text not null check (role in ('investigator', 'coordinator', 'monitor', 'data-manager', 'image-reader',
    'medical-monitor', 'statistician', 'allocation-statistician', 'auditor', 'study-administrator')),
  site_id uuid,
  granted_at timestamptz(3) not null default casebook.instant(),
  granted_by uuid,
  revoked_at timestamptz(3),
  revoked_by uuid,
  primary key (study_id, grant_id),
  foreign key (study_id, site_id) references casebook.site
);
create index role_grant_user_index on casebook.role_grant (user_id);
create index role_grant_site_index on casebook.role_grant (study_id, site_id);
create unique index role_grant_once on casebook.role_grant
  (study_id, user_id, role, coalesce(site_id, '00000000-0000-0000-0000-000000000000')) where revoked_at is null;

create table casebook.subject (
  study_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  subject_key text not null check (subject_key <> ''),
  sequence int not null check (sequence > 0),
  state text not null default 'screening' check (state in
    ('screening', 'screenFailure', 'randomised', 'completed', 'discontinued', 'withdrawn', 'dead')),
  anchor_date date,
  columns jsonb not null default '{}' check (jsonb_typeof(columns) = 'object'),
  visits jsonb not null default '{}' check (jsonb_typeof(visits) = 'object'),
  screened_at timestamptz(3) not null default casebook.instant(),
  version_number int not null,
  primary key (study_id, subject_id),
  foreign key (study_id, site_id) references casebook.site,
  constraint subject_key_unique unique (study_id, subject_key),
  constraint subject_sequence_unique unique (study_id, site_id, sequence),
  unique (study_id, subject_id, site_id)
) with (fillfactor = 80);

create table casebook.form_record (
  study_id uuid not null,
  record_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  event_oid text not null,
  event_repeat int not null default 1 check (event_repeat > 0),
  form_oid text not null,
  form_repeat int not null default 1 check (form_repeat > 0),
  version_number int not null,
  revision int not null default 1 check (revision > 0),
  state text not null default 'inProgress' check (state in
    ('notStarted', 'inProgress', 'complete', 'signed', 'frozen', 'locked', 'removed')),
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  derived jsonb not null default '{}' check (jsonb_typeof(derived) = 'object'),
  open_count int not null default 0 check (open_count >= 0),
  created_at timestamptz(3) not null default casebook.instant(),
  created_by uuid,
  updated_at timestamptz(3) not null default casebook.instant(),
  updated_by uuid,
  updated_role text,
  reason jsonb not null default '{}' check (jsonb_typeof(reason) = 'object'),
  primary key (study_id, record_id),
  -- with the site, so that a record can never lie at another site than its subject
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id),
  constraint form_record_place_unique unique (study_id, subject_id, event_oid, event_repeat, form_oid, form_repeat)
) with (fillfactor = 75);
create index form_record_form_index on casebook.form_record (study_id, form_oid);

create table casebook.save_receipt (
  study_id uuid not null references casebook.study,
  key uuid not null,
  user_id uuid not null default casebook.current_actor_or_nobody(),
  command text,
  result jsonb,
  at timestamptz(3) not null default casebook.instant(),
  primary key (study_id, user_id, key)
);

create table casebook.stored_file (
  study_id uuid not null,
  file_id uuid not null,
  site_id uuid not null,
  record_id uuid,
  name text not null check (name <> ''),
  media_type text not null,
  bytes int not null check (bytes >= 0),
  sha256 text not null,
  content bytea not null,
  at timestamptz(3) not null default casebook.instant(),
  by uuid,
  primary key (study_id, file_id),
  foreign key (study_id, site_id) references casebook.site,
  foreign key (study_id, record_id) references casebook.form_record,
  constraint stored_file_whole check (bytes = length(content) and sha256 = encode(sha256(content), 'hex'))
);
create index stored_file_site_index on casebook.stored_file (study_id, site_id);
create index stored_file_record_index on casebook.stored_file (study_id, record_id);

create table casebook.reference_range (
  study_id uuid not null references casebook.study,
  range_id uuid not null,
  site_id uuid,
  test text not null,
  unit text not null,
  sex text check (sex in ('M', 'F')),
  age_from double precision,
  age_to double precision,
  valid_from date,
  valid_to date,
  low double precision,
  high double precision,
  primary key (study_id, range_id),
  foreign key (study_id, site_id) references casebook.site,
  check (low <= high),
  check (age_from <= age_to),
  check (valid_from <= valid_to)
);
create index reference_range_site_index on casebook.reference_range (study_id, site_id, test);

create table casebook.query (
  study_id uuid not null,
  query_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  record_id uuid not null,
  path text not null,
  check_id text,
  state text not null default 'open' check (state in ('open', 'answered', 'closed', 'cancelled')),
  text text not null,
  value_then jsonb,
  opened_at timestamptz(3) not null default casebook.instant(),
  opened_by uuid,
  updated_at timestamptz(3) not null default casebook.instant(),
  updated_by uuid,
  primary key (study_id, query_id),
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id),
  foreign key (study_id, record_id) references casebook.form_record
) with (fillfactor = 80);
create index query_record_index on casebook.query (study_id, record_id);
create index query_subject_index on casebook.query (study_id, subject_id);
create index query_state_index on casebook.query (study_id, state, opened_at);
-- a rule asks once: two saves at the same moment cannot open the same query twice
create unique index query_check_once on casebook.query (study_id, record_id, path, check_id)
  where check_id is not null and state in ('open', 'answered');

create table casebook.query_message (
  study_id uuid not null,
  message_id uuid not null,
  query_id uuid not null,
  site_id uuid not null,
  step text not null check (step in ('opened', 'answered', 'closed', 'reopened', 'cancelled')),
  text text not null,
  at timestamptz(3) not null default casebook.instant(),
  by uuid,
  role text not null,
  primary key (study_id, message_id),
  foreign key (study_id, query_id) references casebook.query
);
create index query_message_query_index on casebook.query_message (study_id, query_id, at);

create table casebook.verification (
  study_id uuid not null,
  record_id uuid not null,
  path text not null,
  site_id uuid not null,
  verified_at timestamptz(3) not null default casebook.instant(),
  verified_by uuid not null,
  value_hash text not null,
  dropped_at timestamptz(3),
  primary key (study_id, record_id, path),
  foreign key (study_id, record_id) references casebook.form_record
);

create table casebook.signature (
  study_id uuid not null,
  signature_id uuid not null,
  record_id uuid not null,
  site_id uuid not null,
  subject_id uuid not null,
  meaning text not null check (meaning <> ''),
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  signed_at timestamptz(3) not null default casebook.instant(),
  signed_by uuid not null,
  signer_name text not null check (signer_name <> ''),
  revoked_at timestamptz(3),
  revoked_why text,
  primary key (study_id, signature_id),
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id),
  foreign key (study_id, record_id) references casebook.form_record
);
create index signature_record_index on casebook.signature (study_id, record_id);
create index signature_subject_index on casebook.signature (study_id, subject_id);

create table casebook.export_log (
  study_id uuid not null references casebook.study,
  export_id uuid not null,
  at timestamptz(3) not null default casebook.instant(),
  by uuid,
  kind text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  subjects int not null,
  forms int not null,
  version_number int not null,
  primary key (study_id, export_id)
);
create index export_log_time_index on casebook.export_log (study_id, at);

create table casebook.notice (
  study_id uuid not null references casebook.study,
  notice_id uuid not null,
  site_id uuid,
  kind text not null,
  text jsonb not null,
  subject_id uuid,
  record_id uuid,
  at timestamptz(3) not null default casebook.instant(),
  primary key (study_id, notice_id),
  foreign key (study_id, site_id) references casebook.site
);
create index notice_site_index on casebook.notice (study_id, site_id, at);

-- Allocation lists: no privilege for the runtime role, ever; the functions of 0004 are the only doors.
create table allocation.list (
  study_id uuid not null references casebook.study,
  list_id uuid not null,
  stratum text not null check (stratum <> ''),
  seed text not null check (seed <> ''),
  blocks int[] not null check (cardinality(blocks) > 0),
  frozen_at timestamptz(3),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  next_position int not null default 1 check (next_position > 0),
  primary key (study_id, list_id),
  constraint list_stratum_unique unique (study_id, stratum),
  check ((frozen_at is null) = (sha256 is null))
);

create table allocation.slot (
  study_id uuid not null,
  list_id uuid not null,
  position int not null check (position > 0),
  number text not null check (number <> ''),
  arm text not null check (arm <> ''),
  block int not null check (block > 0),
  issued_to uuid,
  primary key (study_id, list_id, position),
  constraint slot_number_unique unique (study_id, number),
  constraint slot_subject_unique unique (study_id, issued_to),
  foreign key (study_id, list_id) references allocation.list,
  foreign key (study_id, issued_to) references casebook.subject
);

create table casebook.allocation_issued (
  study_id uuid not null,
  subject_id uuid not null,
  site_id uuid not null,
  stratum text not null,
  list_id uuid not null,
  position int not null,
  number text not null,
  arm text not null,
  issued_at timestamptz(3) not null default casebook.instant(),
  issued_by uuid,
  snapshot jsonb not null,
  primary key (study_id, subject_id),
  constraint allocation_issued_once unique (study_id, list_id, position),
  foreign key (study_id, subject_id, site_id) references casebook.subject (study_id, subject_id, site_id),
  foreign key (study_id, list_id, position) references allocation.slot
);
