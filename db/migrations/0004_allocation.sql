-- The doors of the allocation lists. The runtime role cannot read the lists; an arm leaves only through `issue`, one at a time,
-- in strict list order under the lock of the list's row (never SKIP LOCKED: a gap would let a later subject take an
-- earlier row), and a row once used is never freed. Messages and audit records hold no arm, seed or block.
-- SQLSTATEs: CB001 exhausted, CB002 not frozen, CB003 randomised before, CB004 unknown stratum, CB005 frozen already,
-- CB006 not the reader's list, CB007 list malformed, CB008 study of the transaction is another, P0002 no such subject.

-- Who may handle lists: the operator (a session as owner), or an acting person who holds the role in this study.
create function allocation.require_statistician(study uuid) returns void language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if pg_has_role(session_user, 'casebook_owner', 'member') then
    return;
  end if;
  if study is distinct from casebook.current_study() then
    raise exception 'Another study than the transaction''s' using errcode = 'CB008';
  end if;
  if not exists (select from casebook.role_grant g
    where g.study_id = study and g.user_id = casebook.current_actor_id() and g.role = 'allocation-statistician'
      and g.revoked_at is null)
  or exists (select from casebook.role_grant g
    where g.study_id = study and g.user_id = casebook.current_actor_id() and g.role <> 'allocation-statistician'
      and g.revoked_at is null)
  then
    raise exception 'Allocation lists are for the allocation statistician alone' using errcode = 'CB006';
  end if;
end $$;

-- Canonical bytes of a list and their hash. The seed is part of them, so the hash of a short list cannot be guessed.
create function allocation.list_sha256(study uuid, list uuid) returns text stable language sql
  return (
    select casebook.sha256_hex(
      l.study_id || E'\t' || l.list_id || E'\t' || l.stratum || E'\t' || l.seed || E'\t' ||
      pg_catalog.array_to_string(l.blocks, ',') || E'\n' ||
      (select coalesce(pg_catalog.string_agg(
        s.position || E'\t' || s.number || E'\t' || s.arm || E'\t' || s.block || E'\n', '' order by s.position), '')
      from allocation.slot s where s.study_id = l.study_id and s.list_id = l.list_id))
    from allocation.list l where l.study_id = study and l.list_id = list
  );

-- Lays down a list that is not frozen yet, or replaces it. Arrays are parallel: row n is position n.
create function allocation.generate(
  study uuid, list uuid, for_stratum text, from_seed text, block_sizes int[],
  numbers text[], arms text[], block_numbers int[]
) returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  earlier allocation.list;
  hash text;
begin
  perform allocation.require_statistician(study);
  if coalesce(cardinality(numbers), 0) = 0 or cardinality(numbers) <> cardinality(arms)
    or cardinality(numbers) <> cardinality(block_numbers)
  then
    raise exception 'Numbers, arms and blocks differ in length' using errcode = 'CB007';
  end if;
  select * into earlier from allocation.list l where l.study_id = study and l.stratum = for_stratum for update;
  if earlier.frozen_at is not null then
    raise exception 'The list of stratum % is frozen', for_stratum using errcode = 'CB005';
  end if;
  if earlier.list_id is not null then
    delete from allocation.slot s where s.study_id = study and s.list_id = earlier.list_id;
    update allocation.list l set seed = from_seed, blocks = block_sizes
      where l.study_id = study and l.list_id = earlier.list_id;
  else
    earlier.list_id := list;
    insert into allocation.list (study_id, list_id, stratum, seed, blocks)
      values (study, list, for_stratum, from_seed, block_sizes);
  end if;
  insert into allocation.slot (study_id, list_id, position, number, arm, block)
    select study, earlier.list_id, n, numbers[n], arms[n], block_numbers[n]
    from generate_subscripts(numbers, 1) n;
  hash := allocation.list_sha256(study, earlier.list_id);
  perform casebook.audit_append(study, study, 'allocation.generated', 'allocation', earlier.list_id::text, null, null, null,
    jsonb_build_object('stratum', for_stratum, 'sha256', hash));
  return hash;
end $$;

create function allocation.freeze(study uuid, list uuid) returns text language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
declare
  held allocation.list;
begin
  perform allocation.require_statistician(study);
  select * into held from allocation.list l where l.study_id = study and l.list_id = list for update;
  if not found then
    raise exception 'No such list' using errcode = 'CB004';
  end if;
  if held.frozen_at is not null then
    raise exception 'The list of stratum % is frozen', held.stratum using errcode = 'CB005';
  end if;
  held.sha256 := allocation.list_sha256(study, list);
  update allocation.list l set frozen_at = casebook.instant(), sha256 = held.sha256
    where l.study_id = study and l.list_id = list;
  perform casebook.audit_append(study, study, 'allocation.frozen', 'allocation', list::text, null, null, null,
    jsonb_build_object('stratum', held.stratum, 'sha256', held.sha256));
  return held.sha256;
end $$;

-- Issues the next row of the stratum's list to a subject. Refused without trace when anything is not as it must be.
create function allocation.issue(
  in study uuid, in subject uuid, in of_stratum text, in snapshot jsonb,
  out number text, out arm text, out issued_at timestamptz, out remaining int
) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  site uuid;
  held allocation.list;
  taken allocation.slot;
begin
  if study is distinct from casebook.current_study() then
    raise exception 'Another study than the transaction''s' using errcode = 'CB008';
  end if;
  -- the subject's row first: two calls for one subject take turns even when they name different strata
  select s.site_id into site from casebook.subject s
    where s.study_id = study and s.subject_id = subject
      and (casebook.all_sites() or s.site_id = any (casebook.current_sites())) for update;
  if not found then
    raise exception 'No such subject' using errcode = 'P0002';
  end if;
  if exists (select from casebook.allocation_issued a where a.study_id = study and a.subject_id = subject) then
    raise exception 'The subject was randomised before' using errcode = 'CB003';
  end if;
  select * into held from allocation.list l where l.study_id = study and l.stratum = of_stratum for update;
  if not found then
    raise exception 'No list for stratum %', of_stratum using errcode = 'CB004';
  end if;
  if held.frozen_at is null then
    raise exception 'The list of stratum % is not frozen', of_stratum using errcode = 'CB002';
  end if;
  select * into taken from allocation.slot s
    where s.study_id = study and s.list_id = held.list_id and s.position = held.next_position;
  if not found then
    raise exception 'The list of stratum % is exhausted', of_stratum using errcode = 'CB001';
  end if;
  if taken.issued_to is not null then
    raise exception 'The next row of stratum % is used already', of_stratum using errcode = 'CB007';
  end if;
  update allocation.slot s set issued_to = subject
    where s.study_id = study and s.list_id = held.list_id and s.position = taken.position;
  update allocation.list l set next_position = held.next_position + 1
    where l.study_id = study and l.list_id = held.list_id;
  number := taken.number;
  arm := taken.arm;
  issued_at := casebook.instant();
  insert into casebook.allocation_issued
    (study_id, subject_id, site_id, stratum, list_id, position, number, arm, issued_at, issued_by, snapshot)
    values (study, subject, site, of_stratum, held.list_id, taken.position, number, arm, issued_at,
      casebook.current_actor_id(), issue.snapshot);
  select count(*) into remaining from allocation.slot s
    where s.study_id = study and s.list_id = held.list_id and s.position > taken.position;
end $$;

-- What may be known without the arms: for the allocation statistician's page.
create function allocation.lists(study uuid)
  returns table (list_id uuid, stratum text, frozen_at timestamptz, sha256 text, size int, issued int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform allocation.require_statistician(study);
  return query
    select l.list_id, l.stratum, l.frozen_at, l.sha256,
      (select count(*)::int from allocation.slot s where s.study_id = l.study_id and s.list_id = l.list_id),
      l.next_position - 1
    from allocation.list l where l.study_id = study order by l.stratum;
end $$;

-- Whether randomisation is open for a stratum; says nothing of arms, sizes or use.
create function allocation.is_open(study uuid, of_stratum text) returns boolean language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if study is distinct from casebook.current_study() then
    return false;
  end if;
  return exists (
    select from allocation.list l
    join allocation.slot s on s.study_id = l.study_id and s.list_id = l.list_id and s.position = l.next_position
    where l.study_id = study and l.stratum = of_stratum and l.frozen_at is not null);
end $$;

-- The whole list, for who keeps it. Every look is an audit record.
create function allocation.reveal(study uuid, list uuid)
  returns table (place int, number text, arm text, block int, issued_to uuid, seed text, blocks int[])
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform allocation.require_statistician(study);
  perform casebook.audit_append(study, study, 'allocation.revealed', 'allocation', list::text, null, null, null, '{}');
  return query
    select s.position, s.number, s.arm, s.block, s.issued_to, l.seed, l.blocks
    from allocation.slot s join allocation.list l on l.study_id = s.study_id and l.list_id = s.list_id
    where s.study_id = study and s.list_id = list order by s.position;
end $$;

-- A frozen list moves its pointer forward by one and nothing else; its rows take a subject once.
create function allocation.guard_list() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if old.frozen_at is not null and not (
    (new.study_id, new.list_id, new.stratum, new.seed, new.blocks, new.frozen_at, new.sha256)
      is not distinct from (old.study_id, old.list_id, old.stratum, old.seed, old.blocks, old.frozen_at, old.sha256)
    and new.next_position = old.next_position + 1)
  then
    raise exception 'A frozen list cannot be changed' using errcode = 'CB005';
  end if;
  return new;
end $$;
create trigger guard before update on allocation.list for each row execute function allocation.guard_list();

create function allocation.guard_slot() returns trigger language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  frozen boolean;
begin
  select l.frozen_at is not null into frozen from allocation.list l
    where l.study_id = coalesce(new.study_id, old.study_id) and l.list_id = coalesce(new.list_id, old.list_id);
  if TG_OP = 'UPDATE' and frozen and old.issued_to is null and new.issued_to is not null
    and (new.study_id, new.list_id, new.position, new.number, new.arm, new.block)
      is not distinct from (old.study_id, old.list_id, old.position, old.number, old.arm, old.block)
  then
    return new;
  end if;
  if frozen then
    raise exception 'A frozen list cannot be changed' using errcode = 'CB005';
  end if;
  return case when TG_OP = 'DELETE' then old else new end;
end $$;
create trigger guard before insert or update or delete on allocation.slot
  for each row execute function allocation.guard_slot();
create trigger keep before truncate on allocation.slot
  for each statement execute function casebook.refuse_removal();

revoke execute on all functions in schema allocation from public;
grant execute on function allocation.issue(uuid, uuid, text, jsonb), allocation.is_open(uuid, text),
  allocation.generate(uuid, uuid, text, text, int[], text[], text[], int[]), allocation.freeze(uuid, uuid),
  allocation.lists(uuid), allocation.reveal(uuid, uuid) to casebook_app;
