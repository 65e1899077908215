-- What the owner of an audit trail may do with it: take values out lawfully, and seal it. Redaction is the operator's alone (the
-- runtime role may not execute it); sealing is anybody's.

-- Takes the values of one key (an item path, or `reason` for the row's own reason) out of one audit record.
create function casebook.redact_audit_record(study uuid, chain uuid, link int, path text, justification text)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  entry casebook.audit_record;
  marker jsonb := '"[redacted]"';
  value jsonb;
begin
  select * into entry from casebook.audit_record r
    where r.study_id = study and r.chain_id = chain and r.seq = link for update;
  if not found then
    raise exception 'No such audit record' using errcode = 'P0002';
  end if;
  if path = 'reason' then
    entry.reason := '[redacted]';
  else
    value := entry.changes -> path;
    if value is null then
      return;
    end if;
    entry.changes := jsonb_set(entry.changes, array[path], jsonb_build_array(
      case when value -> 0 = 'null' then value -> 0 else marker end,
      case when value -> 1 = 'null' then value -> 1 else marker end) ||
      case when jsonb_array_length(value) > 2 then jsonb_build_array(value -> 2) else '[]' end);
  end if;
  insert into casebook.audit_redaction (study_id, redaction_id, chain_id, seq, key, justification, digest_after, site_id, by)
    values (study, gen_random_uuid(), chain, link, path, justification,
      casebook.audit_digest('', entry.changes, entry.reason), entry.site_id, casebook.current_actor_id());
  update casebook.audit_record r set changes = entry.changes, reason = entry.reason, salt = ''
    where r.study_id = study and r.chain_id = chain and r.seq = link;
end $$;

-- Lawful redaction of one item of one form record: the value now, and every value it had. Who, when and why stay.
create function casebook.redact(study uuid, record uuid, path text, justification text)
  returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  link int;
  links int := 0;
begin
  update casebook.form_record f
    set data = jsonb_set(f.data, array[path], '"[redacted]"'), reason = jsonb_build_object(path, justification)
    where f.study_id = study and f.record_id = record and f.data ? path;
  for link in
    select r.seq from casebook.audit_record r
    where r.study_id = study and r.chain_id = record and r.entity = 'form_record' and r.changes ? path order by r.seq
  loop
    perform casebook.redact_audit_record(study, record, link, path, justification);
    links := links + 1;
  end loop;
  return links;
end $$;

-- The same for a text column of any audited row (the text of a query, of a message, a reason of a signature).
create function casebook.redact_column(study uuid, of_table text, id_column text, id uuid, text_column text, justification text)
  returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  chain uuid;
  link int;
  links int := 0;
begin
  execute format('update casebook.%I t set %I = %L where t.study_id = $1 and t.%I = $2',
    of_table, text_column, '[redacted]', id_column) using study, id;
  for chain, link in
    select r.chain_id, r.seq from casebook.audit_record r
    where r.study_id = study and r.entity = of_table and r.entity_id = id::text and r.changes ? text_column order by r.seq
  loop
    perform casebook.redact_audit_record(study, chain, link, text_column, justification);
    links := links + 1;
  end loop;
  return links;
end $$;

create function casebook.audit_anchor_digest(study uuid, number int, at timestamptz, previous text, heads text[])
  returns text stable language sql
  return casebook.sha256_hex(study::text || '/' || number::text || '/' ||
    (extract(epoch from at) * 1000)::bigint::text || '/' || coalesce(previous, '') || '/' ||
    pg_catalog.array_to_string(heads, ','));

-- Seals every chain that moved since the last seal, study by study. Chains that a writer holds wait for the next seal.
create function casebook.anchor() returns setof casebook.audit_anchor language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('casebook.anchor', 0));
  return query
    with free as (
      select h.study_id, h.chain_id from casebook.audit_head h where h.seq > h.anchored_seq for update skip locked),
    moved as (
      update casebook.audit_head h set anchored_seq = h.seq from free f
      where h.study_id = f.study_id and h.chain_id = f.chain_id
      returning h.study_id, h.chain_id, h.seq, h.hash),
    newest as (
      select distinct on (a.study_id) a.study_id, a.number, a.digest from casebook.audit_anchor a
      order by a.study_id, a.number desc),
    seal as (
      select m.study_id, gen_random_uuid() as anchor_id, coalesce(n.number, 0) + 1 as number, casebook.instant() as at,
        count(*)::int as heads, casebook.audit_anchor_digest(m.study_id, coalesce(n.number, 0) + 1,
          casebook.instant(), n.digest,
          array_agg(m.chain_id || ':' || m.seq || ':' || m.hash order by m.chain_id)) as digest
      from moved m left join newest n on n.study_id = m.study_id group by m.study_id, n.number, n.digest),
    held as (
      insert into casebook.audit_anchor_head (study_id, anchor_id, chain_id, seq, hash)
      select m.study_id, s.anchor_id, m.chain_id, m.seq, m.hash from moved m join seal s on s.study_id = m.study_id)
    insert into casebook.audit_anchor (study_id, anchor_id, number, at, heads, digest)
      select s.study_id, s.anchor_id, s.number, s.at, s.heads, s.digest from seal s returning *;
end $$;

grant execute on function casebook.anchor() to casebook_app;
