/** Small reads around one form record. */
import type { Transaction } from '#db/client.ts'
import { parseItemPath, type StoredValue } from '#domain/casebook/record.ts'
import type { SaveResult } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { type Accepted, type FormPlace, labelOf, type Sorted } from './apply-changes.ts'

/** Who changed what is in conflict, and when, from the audit trail. */
export async function whoChanged(
  tx: Transaction,
  studyId: string,
  recordId: string,
  conflicts: Sorted['conflicts'],
): Promise<SaveResult['conflicts']> {
  if (conflicts.length === 0) return []
  const rows = await tx.query<{ path: string; by: string; at: string }>(
    `select distinct on (p.path) p.path, a.actor_name as by, a.at
     from unnest($3::text[]) p(path)
     join casebook.audit_record a on a.study_id = $1 and a.chain_id = $2 and a.entity = 'form_record'
       and a.changes ? p.path
     order by p.path, a.seq desc`,
    [studyId, recordId, conflicts.map(({ path }) => path)],
  )
  const found = new Map(rows.map((row) => [row.path, row]))
  return conflicts.map((conflict) => ({
    ...conflict,
    by: found.get(conflict.path)?.by ?? '',
    at: found.get(conflict.path)?.at ?? '',
  }))
}

/** A file item may only name a file that was stored at the same site. */
export async function requireOwnFiles(
  tx: Transaction,
  place: FormPlace,
  siteId: string,
  accepted: readonly Accepted[],
): Promise<void> {
  const files = accepted.filter(({ path, to }) => to !== null && isFile(place, path, to))
  if (files.length === 0) return
  const wanted = files.map(({ to }) => to as string)
  const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
  const rows = await tx.query<{ fileId: string }>(
    `select file_id as "fileId" from casebook.stored_file
     where study_id = $1 and site_id = $2 and file_id = any ($3::uuid[])`,
    [place.study.studyId, siteId, wanted.filter((text) => isId.test(text))],
  )
  const known = new Set(rows.map(({ fileId }) => fileId))
  const lost = files.find(({ to }) => !known.has(to as string))
  if (!lost) return
  const what = 'the file was not uploaded here'
  throw new Problem('wrong-type', { label: labelOf(place, lost.path), what }, lost.path)
}

function isFile(place: FormPlace, path: string, to: StoredValue): boolean {
  const parts = parseItemPath(path)
  const item = parts ? place.study.items.get(place.form)?.get(parts.item)?.item : undefined
  return item?.type === 'file' && typeof to === 'string'
}
