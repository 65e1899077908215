import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type {
  FallingSignature,
  ImpactPage,
  SubjectImpact,
  SubjectImpactDetail,
} from '#domain/casebook/amendment-views.ts'
import { isFinished } from '#domain/casebook/migrate-subject.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { paged, placeOf } from '../cursor.ts'
import { cursor, id } from '../input.ts'
import { dayOf } from '../today.ts'
import { type Foreseen, type ForeseenRecord, foresee } from './foresee.ts'
import { loadSubjects } from './load-subjects.ts'
import { recordName } from './names.ts'
import { migrationPlan, type StudyPlan } from './plan.ts'
import { recordImpact } from './record-impact.ts'
import { fallText } from './write-subjects.ts'

/**
 * What taking subjects to a version would do to each of them, worked out from the data of this moment by the code that does it.
 * Nothing is written; a page is as many casebooks as are asked for.
 */
export const amendmentImpact = reading({
  name: 'amendment.impact',
  permission: 'amendment.read',
  input: z.strictObject({
    studyId: id,
    version: z.int().min(2),
    /** Only subjects on this version. */
    from: z.int().min(1).optional(),
    siteId: id.optional(),
    cursor,
    limit: z.int().min(1).max(200).default(100),
  }),
  run: async ({ tx, input, now, study }): Promise<ImpactPage> => {
    const { studyId, version } = input
    if (version > study.latestVersion) throw new Problem('not-found')
    const after = placeOf(input.cursor, z.tuple([z.string().max(100), z.uuid()]))
    const filter = [studyId, version, input.from ?? null, input.siteId ?? null]
    const condition = `b.study_id = $1 and b.version_number < $2 and ($3::int is null or b.version_number = $3)
       and ($4::uuid is null or b.site_id = $4)`
    const [count] = await tx.query<{ total: number }>(
      `select count(*)::int as total from casebook.subject b where ${condition}`,
      filter,
    )
    const found = await tx.query<{ subjectId: string; subjectKey: string }>(
      `select b.subject_id as "subjectId", b.subject_key as "subjectKey" from casebook.subject b
       where ${condition} and ($5::text is null or (b.subject_key, b.subject_id) > ($5, $6::uuid))
       order by b.subject_key, b.subject_id limit $7`,
      [...filter, after?.[0] ?? null, after?.[1] ?? null, input.limit + 1],
    )
    const page = paged(found, input.limit, (row) => [row.subjectKey, row.subjectId])
    const live = await goLiveOf(tx, studyId, version, dayOf(now))
    const rows: SubjectImpact[] = []
    const ids = page.rows.map(({ subjectId }) => subjectId)
    for (const whole of await loadSubjects(tx, studyId, ids)) {
      const plan = await migrationPlan(tx, studyId, whole.subject.versionNumber, version)
      const site = live.get(whole.subject.siteId) ?? { live: false, goLiveOn: null }
      rows.push({ ...counted(plan, foresee(plan, whole, now)), ...site })
    }
    return { rows, next: page.next, total: count?.total ?? 0 }
  },
})

/** The same for one subject, value by value. */
export const subjectImpact = reading({
  name: 'amendment.subject',
  permission: 'amendment.read',
  input: z.strictObject({ studyId: id, subjectId: id, version: z.int().min(2) }),
  run: async ({ tx, input, now, actor, study }): Promise<SubjectImpactDetail> => {
    const { studyId, subjectId, version } = input
    if (version > study.latestVersion) throw new Problem('not-found')
    const [whole] = await loadSubjects(tx, studyId, [subjectId])
    if (!whole) throw new Problem('not-found')
    const { subject } = whole
    const from = Math.min(subject.versionNumber, version)
    const plan = await migrationPlan(tx, studyId, from, version)
    const name = ({ number, label, hash }: StudyPlan['target']) => ({ number, label, hash })
    const base = {
      subjectId,
      subjectKey: subject.subjectKey,
      siteCode: subject.siteCode,
      from: name(plan.before),
      to: name(plan.target),
    }
    if (subject.versionNumber >= version) {
      return { ...base, records: [], untouched: whole.records.length }
    }
    const foreseen = foresee(plan, whole, now)
    const falls = new Map(falling(plan, foreseen).map((fall) => [fall.recordId, fall]))
    const touched = foreseen.records.filter(isTouched)
    return {
      ...base,
      records: touched.map((record) =>
        recordImpact(plan, record, falls.get(record.record.recordId) ?? null, actor.language),
      ),
      untouched: foreseen.records.length - touched.length,
    }
  },
})

function isTouched(after: ForeseenRecord): boolean {
  return (
    after.moves.length > 0 ||
    newlyRetired(after) > 0 ||
    after.refused.length > 0 ||
    after.derivedChanges.length > 0 ||
    after.opens.length > 0 ||
    after.queries.some(({ kind }) => kind !== 'reword') ||
    after.signature !== null ||
    after.state !== after.record.state
  )
}

/** Values that had an item before: others were retired by an earlier amendment. */
const newlyRetired = (after: ForeseenRecord) =>
  after.retired.filter((path) => !after.retiredBefore.has(path)).length

function counted(plan: StudyPlan, foreseen: Foreseen): Omit<SubjectImpact, 'live' | 'goLiveOn'> {
  const { subject } = foreseen.whole
  const sum = (of: (record: ForeseenRecord) => number) =>
    foreseen.records.reduce((total, record) => total + of(record), 0)
  const moved = (...kinds: string[]) =>
    sum(({ moves }) => moves.filter(({ why }) => kinds.includes(why)).length)
  const asked = (...kinds: string[]) =>
    sum(({ queries }) => queries.filter(({ kind }) => kinds.includes(kind)).length)
  return {
    subjectId: subject.subjectId,
    subjectKey: subject.subjectKey,
    siteCode: subject.siteCode,
    from: plan.from,
    records: foreseen.records.length,
    signatures: falling(plan, foreseen),
    renamed: moved('renamed'),
    replaced: moved('replaced'),
    retired: sum(newlyRetired),
    refused: sum(({ refused }) => refused.length),
    derived: sum(({ derivedChanges }) => derivedChanges.length),
    reopened: sum(({ record, state }) => (isFinished(record.state) && !isFinished(state) ? 1 : 0)),
    queriesOpened: asked('open', 'reopen'),
    queriesClosed: asked('close'),
  }
}

function falling(plan: StudyPlan, { whole, records }: Foreseen): FallingSignature[] {
  return records.flatMap(({ record, signature }): FallingSignature[] => {
    if (!signature) return []
    return whole.signatures
      .filter(({ recordId }) => recordId === record.recordId)
      .map(({ signer, signedAt }) => ({
        ...recordName(plan.before, record),
        signer,
        signedAt,
        why: signature.why,
        text: fallText(plan, signature),
      }))
  })
}

async function goLiveOf(
  tx: Transaction,
  studyId: string,
  version: number,
  day: string,
): Promise<ReadonlyMap<string, { live: boolean; goLiveOn: string | null }>> {
  const rows = await tx.query<{ siteId: string; live: boolean; goLiveOn: string | null }>(
    `select s.site_id as "siteId",
       coalesce(casebook.version_in_force(s.study_id, s.site_id, $3::date) >= $2, true) as live,
       (select a.go_live_on from casebook.site_approval a
        where a.study_id = s.study_id and a.site_id = s.site_id and a.version_number >= $2
        order by a.version_number, a.at desc, a.approval_id desc limit 1) as "goLiveOn"
     from casebook.site s where s.study_id = $1`,
    [studyId, version, day],
  )
  return new Map(rows.map(({ siteId, ...site }) => [siteId, site]))
}
