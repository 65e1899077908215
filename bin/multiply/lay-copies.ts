/**
 * A study as large as one likes, for measuring: the subjects of a demo cohort over and over, their measured numbers varied by a few
 * percent so that no two are alike. Put in by bulk SQL with the triggers off: there is no audit trail of these rows.
 */
import { createHash, randomUUID } from 'node:crypto'
import { filledCohort } from '#bin/commands/report-cohort.ts'
import type { Pool } from '#db/client.ts'
import { aGrant, aSite, aStudy, aUser } from '#db/seed/build.ts'
import type { FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { canonicalJson } from '#domain/definition/hash.ts'
import { demoToday, type FilledSubject } from '#studies/demo/fill-subject.ts'

export type CopiedStudy = { studyId: string; userId: string; today: string }

/** The study with its sites and a statistician, and no subject yet. */
export async function layCopiedStudy(ownerPool: Pool, name: string) {
  const { study, filled } = filledCohort(name)
  const { definition } = study
  const { studyId } = await aStudy(ownerPool, {
    oid: definition.oid,
    name: definition.name,
    title: definition.title,
    definition,
    hash: createHash('sha256').update(canonicalJson(definition)).digest('hex'),
    label: definition.version,
  })
  const sites = new Map<string, string>()
  for (const code of new Set(filled.map(({ plan }) => plan.site))) {
    const { siteId } = await aSite(ownerPool, studyId, { code, name: `Site ${code}` })
    sites.set(code, siteId)
  }
  const { userId } = await aUser(ownerPool, { userName: 'bench', displayName: 'Bench' })
  await aGrant(ownerPool, { studyId, userId, role: 'statistician', siteId: null })
  const copied: CopiedStudy = { studyId, userId, today: demoToday }
  return {
    copied,
    add: (from: number, to: number) => addCopies(ownerPool, { studyId, sites, filled }, from, to),
  }
}

type Source = {
  studyId: string
  sites: ReadonlyMap<string, string>
  filled: readonly FilledSubject[]
}

/** Subjects number `from` to `to`, counted from 1; gives how many records they have. */
async function addCopies(
  ownerPool: Pool,
  { studyId, sites, filled }: Source,
  from: number,
  to: number,
): Promise<number> {
  const client = await ownerPool.connect()
  let count = 0
  try {
    for (let start = from; start <= to; start += 200) {
      const subjects: unknown[] = []
      const records: unknown[] = []
      for (let number = start; number <= Math.min(to, start + 199); number += 1) {
        const source = filled[(number - 1) % filled.length] as FilledSubject
        const site_id = sites.get(source.plan.site)
        const subject_id = randomUUID()
        const key = `${source.plan.site}-${String(number).padStart(6, '0')}`
        subjects.push({ subject_id, site_id, key, number })
        for (const record of source.casebook.records) {
          records.push({ ...rowOf(record, number), record_id: randomUUID(), subject_id, site_id })
        }
      }
      count += records.length
      await client.query('begin; set local session_replication_role = replica')
      await client.query(
        `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, state, version_number)
         select $1, r.subject_id, r.site_id, r.key, r.number, 'randomised', 1
         from jsonb_to_recordset($2::jsonb) r (subject_id uuid, site_id uuid, key text, number int)`,
        [studyId, JSON.stringify(subjects)],
      )
      await client.query(
        `insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, event_repeat, form_oid,
           form_repeat, version_number, state, data)
         select $1, r.record_id, r.subject_id, r.site_id, r.event, r.event_repeat, r.form, r.form_repeat, 1, r.state, r.data
         from jsonb_to_recordset($2::jsonb) r (record_id uuid, subject_id uuid, site_id uuid, event text, event_repeat int,
           form text, form_repeat int, state text, data jsonb)`,
        [studyId, JSON.stringify(records)],
      )
      await client.query('commit')
    }
    await client.query('vacuum analyze casebook.form_record, casebook.subject')
    return count
  } finally {
    client.release()
  }
}

function rowOf({ key, state, data }: FormRecordData, number: number) {
  const varied = Object.entries(data).map(([path, value], at) => [
    path,
    variedValue(value, number * 31 + at),
  ])
  return {
    event: key.event,
    event_repeat: key.eventRepeat,
    form: key.form,
    form_repeat: key.formRepeat,
    state,
    data: Object.fromEntries(varied),
  }
}

/** A number with decimals within 3 % of what it was, with as many digits; anything else as it was. */
function variedValue(value: StoredValue, turn: number): StoredValue {
  if (typeof value !== 'string' || !/^\d+\.\d+$/.test(value)) return value
  const digits = value.length - value.indexOf('.') - 1
  const factor = 0.97 + 0.06 * (((turn * 48271) % 10007) / 10007)
  return (Number(value) * factor).toFixed(digits)
}
