/**
 * The checks of the verifier as SQL. Parameters: $1 the study, $2 the most findings. Columns: those of AuditFinding. Hashes
 * are spelled out with functions of pg_catalog alone; `0002_audit.sql` has the same formulas and a test holds them together.
 */
import type { AuditedTable } from './audited-tables.ts'

const hex = (text: string) =>
  `pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(${text}, 'UTF8')), 'hex')`

const recordHash = hex(`pg_catalog.jsonb_build_array(r.study_id, r.chain_id, r.seq, r.audit_id,
  (extract(epoch from r.at) * 1000)::bigint, r.actor_id, r.actor_name, r.role, r.action, r.entity, r.entity_id,
  r.subject_id, r.site_id, r.version_number, r.command, r.digest, r.previous_hash)::text`)

const contentDigest = hex(
  `r.salt || ':' || pg_catalog.jsonb_build_array(r.changes, r.reason)::text`,
)

/** Links that do not follow the one before, lost a predecessor, or hold other content than was hashed: the first per chain. */
export const brokenLinks = `
with links as (
  select r.study_id, r.chain_id, r.seq, r.entity, r.entity_id, r.salt, r.digest, r.previous_hash, r.hash,
    lag(r.hash, 1, '') over w as hash_before, row_number() over w as place,
    ${recordHash} as true_hash, ${contentDigest} as true_digest
  from casebook.audit_record r where r.study_id = $1
  window w as (partition by r.chain_id order by r.seq)
), judged as (
  select l.*, case
    when l.seq <> l.place then 'Audit record ' || l.place || ' of this chain is missing.'
    when l.previous_hash <> l.hash_before then 'It does not follow the record before it.'
    when l.hash <> l.true_hash then 'It was changed: its hash is another.'
    when l.salt <> '' and l.digest <> l.true_digest then 'Its values or its reason were changed.'
    when l.salt = '' and not exists (
      select from casebook.audit_redaction x where x.study_id = l.study_id and x.chain_id = l.chain_id
        and x.seq = l.seq and x.digest_after = l.true_digest)
      then 'Its values were taken out without a redaction on record.'
    end as message
  from links l
)
select * from (
  select distinct on (chain_id) study_id as "studyId", entity, entity_id as "entityId",
    chain_id as "chainId", seq, message
  from judged where message is not null order by chain_id, seq) first
order by "chainId" limit $2`

/** Chains whose newest record is not their head: records at the end, or the whole chain, are gone. */
export const movedHeads = `
with newest as (
  select distinct on (r.chain_id) r.chain_id, r.seq, r.hash, r.entity, r.entity_id
  from casebook.audit_record r where r.study_id = $1 order by r.chain_id, r.seq desc
), heads as (select h.chain_id, h.seq, h.hash from casebook.audit_head h where h.study_id = $1)
select $1::uuid as "studyId", coalesce(n.entity, 'audit_record') as entity, coalesce(n.entity_id, h.chain_id::text) as "entityId",
  coalesce(n.chain_id, h.chain_id) as "chainId", coalesce(n.seq, 0) + 1 as seq, case
    when n.chain_id is null then 'The whole chain of ' || h.seq || ' audit records is missing.'
    when h.chain_id is null then 'The head of this chain is missing.'
    when n.seq < h.seq then 'Audit records ' || n.seq + 1 || ' to ' || h.seq || ' at the end of this chain are missing.'
    else 'The head of this chain is not its newest record.' end as message
from newest n full join heads h on h.chain_id = n.chain_id
where n.chain_id is null or h.chain_id is null or n.seq <> h.seq or n.hash <> h.hash
order by 4 limit $2`

/** Seals that do not follow the seal before them or whose heads were changed. */
export const anchorSeals = `
with seals as (
  select a.*, lag(a.digest) over (order by a.number) as digest_before, row_number() over (order by a.number) as place,
    (select array_agg(h.chain_id || ':' || h.seq || ':' || h.hash order by h.chain_id)
     from casebook.audit_anchor_head h where h.study_id = a.study_id and h.anchor_id = a.anchor_id) as sealed
  from casebook.audit_anchor a where a.study_id = $1
)
select study_id as "studyId", 'audit_anchor' as entity, anchor_id::text as "entityId", null as "chainId", number as seq,
  case when number <> place then 'Seal ' || place || ' of this study is missing.'
    else 'Seal ' || number || ' was changed: its digest is another.' end as message
from seals where number <> place or heads is distinct from cardinality(sealed) or digest is distinct from
  ${hex(`study_id::text || '/' || number::text || '/' ||
    (extract(epoch from at) * 1000)::bigint::text || '/' || coalesce(digest_before, '') || '/' || array_to_string(sealed, ',')`)}
order by number limit least($2, 1)`

/** Links that were sealed and are gone or other now. */
export const anchorLinks = `
select * from (
  select distinct on (h.chain_id) h.study_id as "studyId", coalesce(r.entity, 'audit_record') as entity,
    coalesce(r.entity_id, h.chain_id::text) as "entityId", h.chain_id as "chainId", h.seq,
    'Seal ' || a.number || ' covers audit record ' || h.seq || ' of this chain, which is '
      || case when r.seq is null then 'missing.' else 'another now.' end as message
  from casebook.audit_anchor_head h
  join casebook.audit_anchor a on a.study_id = h.study_id and a.anchor_id = h.anchor_id
  left join casebook.audit_record r on r.study_id = h.study_id and r.chain_id = h.chain_id and r.seq = h.seq
  where h.study_id = $1 and r.hash is distinct from h.hash
  order by h.chain_id, h.seq) first
order by "chainId" limit $2`

/** Compares `stored` (id, key, value) with `history` (id, key, value, chain_id, seq); the first difference per row. */
const comparison = (table: string) => `
, differences as (
  select coalesce(s.id, h.id) as id, coalesce(s.key, h.key) as key, s.value as now, h.value as then, h.chain_id, h.seq,
    row_number() over (partition by coalesce(s.id, h.id) order by coalesce(s.key, h.key)) as place
  from stored s full join history h on h.id = s.id and h.key = s.key
  where s.value is distinct from h.value
)
select $1::uuid as "studyId", '${table}' as entity, d.id as "entityId", d.chain_id as "chainId", d.seq, case
    when not exists (select from stored s where s.id = d.id) then 'The row is gone; its history is not.'
    when not exists (select from history h where h.id = d.id) then 'The row has no history.'
    else d.key || ' is ' || coalesce(left(d.now::text, 100), 'absent') || '; by its history it is '
      || coalesce(left(d.then::text, 100), 'absent') || '.' end as message
from differences d where d.place = 1 order by d.id limit $2`

/** Form records: items, derived items, state, version and place against the last audit record of each. */
export const replayOfRecords = `
with stored as (
  select f.record_id::text as id, c.key, c.value from casebook.form_record f
  cross join lateral (
    select i.key, i.value from jsonb_each(f.data) i
    union all select 'derived.' || i.key, i.value from jsonb_each(f.derived) i
    union all select 'state', to_jsonb(f.state)
    union all select 'version_number', to_jsonb(f.version_number)
    union all select 'place', jsonb_build_array(f.event_oid, f.event_repeat, f.form_oid, f.form_repeat)
    union all select 'subject_id', to_jsonb(f.subject_id)
    union all select 'site_id', to_jsonb(f.site_id)) c
  where f.study_id = $1
), history as (
  select * from (
    select distinct on (r.entity_id, c.key) r.entity_id as id, c.key, c.value, r.chain_id, r.seq
    from casebook.audit_record r
    cross join lateral (
      select i.key, i.value -> 1 as value from jsonb_each(r.changes) i where i.key <> 'derived'
      union all select 'derived.' || i.key, i.value -> 1 from jsonb_each(r.changes -> 'derived') i
      union all select 'subject_id', to_jsonb(r.subject_id)
      union all select 'site_id', to_jsonb(r.site_id)) c
    where r.study_id = $1 and r.entity = 'form_record' and r.action in ('insert', 'update')
    order by r.entity_id, c.key, r.seq desc) newest
  where value <> 'null'
)${comparison('form_record')}`

/** Any other audited table, column by column. $3: the columns kept as digests. */
export function replayOfTable(audited: AuditedTable, columns: readonly string[]): string {
  const kept = columns.filter((column) => !audited.excluded.includes(column))
  const id = audited.id.map((column) => `t."${column}"::text`).join(` || '/' || `)
  const study = columns.includes('study_id')
    ? 't.study_id = $1'
    : `$1 = '00000000-0000-0000-0000-000000000000'::uuid`
  return `
with stored as (
  select ${id} as id, c.key, case when c.key = any ($3::text[])
    then to_jsonb('sha256:' || ${hex('c.value::text')}) else c.value end as value
  from casebook."${audited.table}" t
  cross join lateral jsonb_each(
    (select to_jsonb(k) from (select ${kept.map((column) => `t."${column}"`).join(', ')}) k)) c
  where ${study} and c.value <> 'null'
), history as (
  select * from (
    select distinct on (r.entity_id, c.key) r.entity_id as id, c.key, c.value -> 1 as value, r.chain_id, r.seq
    from casebook.audit_record r cross join lateral jsonb_each(r.changes) c
    where r.study_id = $1 and r.entity = '${audited.table}' and r.action in ('insert', 'update')
    order by r.entity_id, c.key, r.seq desc) newest
  where value <> 'null'
)${comparison(audited.table)}`
}

/** Lists that are not what was frozen, or whose counter does not stand behind the issued rows. */
export const allocationLists = `
with lists as (
  select l.*, ${hex(`l.study_id || E'\\t' || l.list_id || E'\\t' || l.stratum || E'\\t' || l.seed || E'\\t' ||
    array_to_string(l.blocks, ',') || E'\\n' || (
      select coalesce(string_agg(s.position || E'\\t' || s.number || E'\\t' || s.arm || E'\\t' || s.block || E'\\n', ''
        order by s.position), '')
      from allocation.slot s where s.study_id = l.study_id and s.list_id = l.list_id)`)} as true_hash,
    (select r.changes ->> 'sha256' from casebook.audit_record r
      where r.study_id = l.study_id and r.chain_id = l.study_id and r.action = 'allocation.frozen'
        and r.entity_id = l.list_id::text order by r.seq limit 1) as frozen_hash,
    (select count(*) from casebook.allocation_issued a
      where a.study_id = l.study_id and a.list_id = l.list_id) as issued
  from allocation.list l where l.study_id = $1
), judged as (
  select l.*, case
    when l.sha256 is distinct from l.frozen_hash then 'Its hash is not the one on record from the day it was frozen.'
    when l.frozen_at is not null and l.sha256 <> l.true_hash then 'Its rows or its seed are not those that were frozen.'
    when l.frozen_at is null and l.issued > 0 then 'Rows were issued although it is not frozen.'
    when l.next_position <> l.issued + 1
      then 'Its counter stands at ' || l.next_position || ', ' || l.issued || ' rows are issued.'
    end as message
  from lists l
)
select study_id as "studyId", 'allocation.list' as entity, list_id::text as "entityId", null as "chainId",
  null::int as seq, message
from judged where message is not null order by list_id limit $2`

/** Rows of lists that disagree with what was issued. */
export const allocationRows = `
select coalesce(s.study_id, a.study_id) as "studyId", 'allocation.slot' as entity,
  coalesce(s.list_id, a.list_id) || '/' || coalesce(s.position, a.position) as "entityId",
  a.subject_id as "chainId", null::int as seq, case
    when a.subject_id is null then 'The row is marked as used, but was never issued.'
    when s.position is null then 'A row was issued that is not in the list.'
    when s.issued_to is distinct from a.subject_id then 'The row was issued to another subject than the list says.'
    when (s.arm, s.number) is distinct from (a.arm, a.number) then 'The row was issued with another arm or number.'
    else 'The row was issued out of order.' end as message
from (select * from allocation.slot where study_id = $1 and issued_to is not null) s
full join (
  select i.*, row_number() over (partition by i.list_id order by i.position) as place
  from casebook.allocation_issued i where i.study_id = $1
) a on a.list_id = s.list_id and a.position = s.position
where a.subject_id is null or s.position is null or s.issued_to is distinct from a.subject_id
  or (s.arm, s.number) is distinct from (a.arm, a.number) or a.place <> a.position
order by 3 limit $2`

/** $1: names as \`table.trigger\`; rows for those that are missing or do not fire. */
export const triggerState = `
select n.name, case when t.oid is null then 'missing' else 'switched off' end as state
from unnest($1::text[]) n(name)
left join pg_catalog.pg_trigger t
  on t.tgname = split_part(n.name, '.', 2)
  and t.tgrelid = to_regclass('casebook.' || quote_ident(split_part(n.name, '.', 1)))
where t.oid is null or t.tgenabled not in ('O', 'A') order by 1`
