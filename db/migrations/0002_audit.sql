-- The audit trail. Row triggers write one audit record per changed row with the item or column differences; no code path
-- can skip them and a write without an actor raises. Records form one hash chain per record, subject, user or study: each
-- hash covers the hash before it and a salted digest of the values, so that values redacted lawfully leave the chain
-- verifiable. SQLSTATEs: CB010 reason missing, CB011 no actor, CB012 deletion, CB013 audit rows are append-only.

create table casebook.audit_record (
  study_id uuid not null,
  audit_id uuid not null,
  chain_id uuid not null,
  seq int not null check (seq > 0),
  at timestamptz(3) not null,
  actor_id uuid,
  actor_name text not null,
  role text,
  action text not null,
  entity text not null,
  entity_id text not null,
  subject_id uuid,
  site_id uuid,
  version_number int,
  command text,
  reason text,
  changes jsonb not null,
  salt text not null,
  digest text not null,
  previous_hash text not null,
  hash text not null,
  primary key (study_id, chain_id, seq)
);
create index audit_record_time_index on casebook.audit_record (study_id, at);
create index audit_record_subject_index on casebook.audit_record (study_id, subject_id, at);

-- The newest link of every chain: locked by each append, so that two writers of one chain take turns.
create table casebook.audit_head (
  study_id uuid not null,
  chain_id uuid not null,
  seq int not null,
  hash text not null,
  anchored_seq int not null default 0,
  primary key (study_id, chain_id)
) with (fillfactor = 70);

-- A seal over the heads that moved since the seal before it; its digest covers the digest before it. Copies of the newest
-- digest kept outside prove that no chain, tail or seal was taken away.
create table casebook.audit_anchor (
  study_id uuid not null,
  anchor_id uuid not null,
  number int not null check (number > 0),
  at timestamptz(3) not null default casebook.instant(),
  heads int not null,
  digest text not null,
  primary key (study_id, anchor_id),
  constraint audit_anchor_number_unique unique (study_id, number)
);
create table casebook.audit_anchor_head (
  study_id uuid not null,
  anchor_id uuid not null,
  chain_id uuid not null,
  seq int not null,
  hash text not null,
  primary key (study_id, anchor_id, chain_id),
  foreign key (study_id, anchor_id) references casebook.audit_anchor
);

-- Why, when and by whom values were taken out of audit records.
create table casebook.audit_redaction (
  study_id uuid not null,
  redaction_id uuid not null,
  chain_id uuid not null,
  seq int not null,
  key text not null,
  justification text not null check (length(justification) >= 10),
  digest_after text not null,
  site_id uuid,
  at timestamptz(3) not null default casebook.instant(),
  by uuid,
  primary key (study_id, redaction_id),
  foreign key (study_id, chain_id, seq) references casebook.audit_record
);
create index audit_redaction_row_index on casebook.audit_redaction (study_id, chain_id, seq);

create function casebook.sha256_hex(content text) returns text immutable strict parallel safe language sql
  return pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(content, 'UTF8')), 'hex');

-- jsonb text is canonical (keys sorted, numbers as entered), so equal content has equal bytes on every server.
create function casebook.audit_digest(salt text, changes jsonb, reason text) returns text
  stable parallel safe language sql
  return casebook.sha256_hex(coalesce(salt, '') || ':' || pg_catalog.jsonb_build_array(changes, reason)::text);

create function casebook.audit_hash(entry casebook.audit_record) returns text stable parallel safe language sql
  return casebook.sha256_hex(pg_catalog.jsonb_build_array(
    (entry).study_id, (entry).chain_id, (entry).seq, (entry).audit_id,
    (extract(epoch from (entry).at) * 1000)::bigint, (entry).actor_id, (entry).actor_name, (entry).role,
    (entry).action, (entry).entity, (entry).entity_id, (entry).subject_id, (entry).site_id,
    (entry).version_number, (entry).command, (entry).digest, (entry).previous_hash)::text);

-- Appends one link. Not callable by the runtime role: triggers and audit_event are its only users.
create function casebook.audit_append(
  study uuid, chain uuid, what text, of_entity text, id text, subject uuid, site uuid, version int, content jsonb
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  actor text := current_setting('app.actor', true);
  entry casebook.audit_record;
begin
  if coalesce(actor, '') = '' then
    raise exception 'A write without app.actor' using errcode = 'CB011';
  end if;
  if actor in ('system', 'anonymous') then
    entry.actor_name := actor;
  else
    entry.actor_id := actor::uuid;
    select u.display_name into entry.actor_name from casebook.app_user u where u.user_id = entry.actor_id;
    if not found then
      raise exception 'The actor % has no account', actor using errcode = 'CB011';
    end if;
  end if;

  select h.seq, h.hash into entry.seq, entry.previous_hash from casebook.audit_head h
    where h.study_id = study and h.chain_id = chain for update;
  if not found then
    insert into casebook.audit_head (study_id, chain_id, seq, hash) values (study, chain, 0, '')
      on conflict (study_id, chain_id) do nothing;
    select h.seq, h.hash into entry.seq, entry.previous_hash from casebook.audit_head h
      where h.study_id = study and h.chain_id = chain for update;
  end if;

  entry.study_id := study;
  entry.chain_id := chain;
  entry.seq := entry.seq + 1;
  entry.audit_id := gen_random_uuid();
  entry.at := date_trunc('milliseconds', now());
  entry.role := nullif(current_setting('app.role', true), '');
  entry.action := what;
  entry.entity := of_entity;
  entry.entity_id := id;
  entry.subject_id := subject;
  entry.site_id := site;
  entry.version_number := coalesce(version, nullif(current_setting('app.version', true), '')::int);
  entry.command := nullif(current_setting('app.command', true), '');
  entry.reason := nullif(current_setting('app.reason', true), '');
  entry.changes := content;
  entry.salt := replace(gen_random_uuid()::text, '-', '');
  entry.digest := casebook.audit_digest(entry.salt, content, entry.reason);
  entry.hash := casebook.audit_hash(entry);
  insert into casebook.audit_record values (entry.*);
  update casebook.audit_head h set seq = entry.seq, hash = entry.hash
    where h.study_id = study and h.chain_id = chain;
end $$;

-- Events that change no table: sign-in, export downloaded, report viewed. The study is the transaction's.
create function casebook.audit_event(
  action text, entity text, entity_id text, details jsonb default '{}', chain uuid default null,
  subject uuid default null, site uuid default null
) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  study uuid := coalesce(nullif(current_setting('app.study', true), '')::uuid,
    '00000000-0000-0000-0000-000000000000');
begin
  -- the names of row changes are the triggers' own
  if action in ('insert', 'update') or action !~ '^[a-z][a-zA-Z-]*\.[a-z][a-zA-Z-]*$' then
    raise exception 'Not the name of an event: %', action using errcode = '22023';
  end if;
  perform casebook.audit_append(study, coalesce(chain, casebook.current_actor_id(), study), action, entity,
    coalesce(entity_id, ''), subject, site, null, coalesce(details, '{}'));
end $$;

-- A row as the audit trail keeps it: without nulls and excluded columns; long or secret columns as their digest.
create function casebook.audit_image(image jsonb, excluded text[], digested text[]) returns jsonb
  stable language sql
  return (
    select coalesce(pg_catalog.jsonb_object_agg(c.key,
      case when c.key = any (digested)
        then pg_catalog.to_jsonb('sha256:' || casebook.sha256_hex(c.value::text)) else c.value end), '{}')
    from pg_catalog.jsonb_each(image) c
    where c.value <> 'null' and c.key <> all (excluded)
  );

-- {key: [old, new]} of what differs; null when nothing does.
create function casebook.jsonb_difference(before jsonb, after jsonb) returns jsonb immutable language sql
  return (
    select pg_catalog.jsonb_object_agg(coalesce(o.key, n.key),
      pg_catalog.jsonb_build_array(o.value, n.value))
    from pg_catalog.jsonb_each(before) o
    full join pg_catalog.jsonb_each(after) n on n.key = o.key
    where o.value is distinct from n.value
  );

-- Audit of any table. Arguments: columns that name the chain (the first that is not null), columns of the entity id,
-- excluded columns, digested columns; comma lists. UTC, so that instants read alike in every session.
create function casebook.audit_row() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  excluded text[] := string_to_array(TG_ARGV[2], ',');
  digested text[] := string_to_array(TG_ARGV[3], ',');
  after jsonb := to_jsonb(new);
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
  chain uuid;
  id text;
  difference jsonb;
begin
  select (after ->> c.name)::uuid into chain
    from unnest(string_to_array(TG_ARGV[0], ',')) with ordinality c(name, place)
    where after ->> c.name is not null order by c.place limit 1;
  select string_agg(after ->> c.name, '/' order by c.place) into id
    from unnest(string_to_array(TG_ARGV[1], ',')) with ordinality c(name, place);
  difference := casebook.jsonb_difference(
    case when TG_OP = 'UPDATE' then casebook.audit_image(to_jsonb(old), excluded, digested) else '{}' end,
    casebook.audit_image(after, excluded, digested));
  if difference is not null then
    perform casebook.audit_append(
      coalesce((after ->> 'study_id')::uuid, nobody), coalesce(chain, nobody),
      lower(TG_OP), TG_TABLE_NAME, id, (after ->> 'subject_id')::uuid, (after ->> 'site_id')::uuid,
      (after ->> 'version_number')::int, difference);
  end if;
  return null;
end $$;

create function casebook.require_actor() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(current_setting('app.actor', true), '') = '' then
    raise exception 'A write to % without app.actor', TG_TABLE_NAME using errcode = 'CB011';
  end if;
  return null;
end $$;

create function casebook.refuse_removal() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'Rows of % are never removed', TG_TABLE_NAME using errcode = 'CB012';
end $$;

create function casebook.form_record_first() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  new.revision := 1;
  new.created_at := date_trunc('milliseconds', now());
  new.created_by := casebook.current_actor_id();
  new.updated_at := new.created_at;
  new.updated_by := new.created_by;
  new.updated_role := nullif(current_setting('app.role', true), '');
  new.reason := '{}';
  return new;
end $$;

create function casebook.form_record_inserted() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  content jsonb;
begin
  select coalesce(jsonb_object_agg(c.key, jsonb_build_array(null, c.value, null)), '{}') into content
    from jsonb_each(new.data) c;
  if new.derived <> '{}' then
    content := content || jsonb_build_object('derived', casebook.jsonb_difference('{}', new.derived));
  end if;
  content := content || jsonb_build_object(
    'state', jsonb_build_array(null, new.state), 'version_number', jsonb_build_array(null, new.version_number),
    'place', jsonb_build_array(null, jsonb_build_array(new.event_oid, new.event_repeat, new.form_oid, new.form_repeat)));
  perform casebook.audit_append(new.study_id, new.record_id, 'insert', 'form_record', new.record_id::text,
    new.subject_id, new.site_id, new.version_number, content);
  return null;
end $$;

-- The audit of an update is written before the row, because `reason` is emptied on the way: a reason left in the row would
-- silently justify the next change of the same item.
create function casebook.form_record_changed() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  content jsonb;
  unexplained text;
begin
  if (new.study_id, new.record_id, new.subject_id, new.site_id, new.event_oid, new.event_repeat, new.form_oid, new.form_repeat)
    is distinct from
    (old.study_id, old.record_id, old.subject_id, old.site_id, old.event_oid, old.event_repeat, old.form_oid, old.form_repeat)
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
    content := content || jsonb_build_object('version_number', jsonb_build_array(old.version_number, new.version_number));
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

create trigger first before insert on casebook.form_record
  for each row execute function casebook.form_record_first();
create trigger audit_insert after insert on casebook.form_record
  for each row execute function casebook.form_record_inserted();
create trigger audit_update before update on casebook.form_record
  for each row execute function casebook.form_record_changed();

-- table, chain columns, id columns, excluded columns, digested columns (db/audited-tables.ts lists the same)
do $$
declare
  audited record;
begin
  for audited in
    select * from (values
      ('app_user', 'user_id', 'user_id', '', 'password_hash,totp_secret'),
      ('session', 'user_id', 'session_id', 'last_seen_at', ''),
      ('setup_link', '', 'token_hash', '', ''),
      ('study', 'study_id', 'study_id', '', ''),
      ('study_version', 'study_id', 'number', '', 'definition'),
      ('site', 'study_id', 'site_id', '', ''),
      ('role_grant', 'study_id', 'grant_id', '', ''),
      ('subject', 'subject_id', 'subject_id', 'columns,visits', ''),
      ('stored_file', 'file_id', 'file_id', 'content', ''),
      ('reference_range', 'study_id', 'range_id', '', ''),
      ('query', 'record_id', 'query_id', '', ''),
      ('query_message', 'query_id', 'message_id', '', ''),
      ('verification', 'record_id', 'record_id,path', '', ''),
      ('signature', 'record_id', 'signature_id', '', ''),
      ('allocation_issued', 'subject_id', 'subject_id', '', ''),
      ('export_log', 'study_id', 'export_id', '', ''),
      ('notice', 'record_id,subject_id,site_id,study_id', 'notice_id', '', ''),
      ('audit_redaction', 'chain_id', 'redaction_id', '', '')
    ) as t(name, chain, id, excluded, digested)
  loop
    execute format(
      'create trigger audit after insert or update on casebook.%I for each row execute function casebook.audit_row(%L, %L, %L, %L)',
      audited.name, audited.chain, audited.id, audited.excluded, audited.digested);
    execute format(
      'create trigger actor before insert or update on casebook.%I for each statement execute function casebook.require_actor()',
      audited.name);
  end loop;
  for audited in
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('casebook', 'allocation') and c.relkind = 'r' and c.relname not in ('migration', 'slot')
  loop
    execute format(
      'create trigger keep before delete or truncate on %I.%I for each statement execute function casebook.refuse_removal()',
      audited.schema, audited.name);
  end loop;
end $$;
create trigger actor before insert or update on casebook.form_record
  for each statement execute function casebook.require_actor();

-- Append-only, for the owner too. The one exception: values taken out together with a justification in this transaction.
create function casebook.audit_append_only() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  expected casebook.audit_record := old;
begin
  expected.changes := new.changes;
  expected.reason := new.reason;
  expected.salt := '';
  if new is distinct from expected or not exists (
    select from casebook.audit_redaction r
    where r.study_id = new.study_id and r.chain_id = new.chain_id and r.seq = new.seq
      and r.at = date_trunc('milliseconds', now())
      and r.digest_after = casebook.audit_digest('', new.changes, new.reason))
  then
    raise exception 'The audit trail is append-only' using errcode = 'CB013';
  end if;
  return new;
end $$;
create trigger append_only before update on casebook.audit_record
  for each row execute function casebook.audit_append_only();

-- Rows that stand as written. The owner may put '[redacted]' in the place of a text, as `redact_column` does.
create function casebook.never_changed() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from jsonb_each(casebook.jsonb_difference(to_jsonb(old), to_jsonb(new))) c
    where c.value -> 1 <> '"[redacted]"')
  then
    raise exception 'Rows of % never change', TG_TABLE_NAME using errcode = 'CB013';
  end if;
  return new;
end $$;
do $$
declare
  name text;
begin
  foreach name in array array['audit_anchor', 'audit_anchor_head', 'audit_redaction', 'allocation_issued', 'export_log',
    'study_version', 'stored_file', 'query_message']
  loop
    execute format(
      'create trigger never_changed before update on casebook.%I for each row execute function casebook.never_changed()', name);
  end loop;
end $$;
