/**
 * The study that is measured with: twelve visits, each with a visit date and a form of forty entered items with ranges, under
 * twenty rules (six derivations, four conditions, ten checks, one of them looking at the visit before).
 */
import { createHash } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import type { Pool } from '#db/client.ts'
import { aGrant, aSite, aStudy, aUser } from '#db/seed/build.ts'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { canonicalJson } from '#domain/definition/hash.ts'

const label = (en: string) => ({ en })
const numbered = (count: number) => Array.from({ length: count }, (_, at) => at + 1)

export const visits = numbered(12).map((n) => `V${n}`)

const measurements = numbered(32).map((n) => ({
  oid: `NUM${n}`,
  label: label(`Measurement ${n}`),
  type: 'decimal' as const,
  length: 5,
  digits: 1,
  unit: 'mmol/L',
  soft: [10, 90] as [number, number],
  hard: [0, 999] as [number, number],
  required: true,
  ...(n > 28 ? { when: `YN${n - 28} == 'Y'` } : {}),
}))
const answers = numbered(4).map((n) => ({
  oid: `YN${n}`,
  label: label(`Question ${n}`),
  type: 'code' as const,
  codeList: 'CL_NY',
  required: true,
}))
const others = [
  { oid: 'SAMPLED', label: label('Sampled on'), type: 'date' as const },
  { oid: 'READ', label: label('Read on'), type: 'date' as const },
  { oid: 'NOTE', label: label('Note'), type: 'text' as const, length: 200 },
  { oid: 'READER', label: label('Reader'), type: 'text' as const, length: 60 },
]
const derivations = [
  'NUM1 + NUM2',
  'NUM3 * 100 / NUM4',
  'round(NUM5 * NUM6 / 10, 1)',
  'max(NUM7, NUM8, NUM9)',
  'countTrue(NUM10 > 50, NUM11 > 50, NUM12 > 50)',
  'days(SAMPLED, READ)',
].map((derive, at) => ({
  oid: `DER${at + 1}`,
  label: label(`Derived ${at + 1}`),
  type: 'decimal' as const,
  digits: 2,
  derive,
}))
const rules = [
  'READ < SAMPLED',
  'SAMPLED > F_SV.SVDTC + 7d',
  'NUM13 > NUM14 * 10',
  'NUM15 - previous(NUM15) > 500',
  "YN1 == 'N' && YN2 == 'Y' && NUM16 > 95",
  'DER1 > 180',
  'atLeast(3, NUM17 > 95, NUM18 > 95, NUM19 > 95, NUM20 > 95)',
  'missing(NOTE) && NUM21 > 95',
  'NUM22 < NUM23 - 900',
  'DER2 > 100000',
]

export const benchDefinition: StudyDefinition = studyDefinitionSchema.parse({
  oid: 'BENCH',
  name: label('Bench'),
  title: label('A study to measure with'),
  protocol: { version: '1.0' },
  version: '1.0',
  languages: ['en'],
  mode: 'prospective',
  anchor: 'at(V1, F_SV.SVDTC)',
  visitDate: 'F_SV.SVDTC',
  subjectColumns: [],
  codeLists: [
    {
      oid: 'CL_NY',
      codes: [
        { code: 'Y', label: label('Yes') },
        { code: 'N', label: label('No') },
      ],
    },
  ],
  forms: [
    {
      oid: 'F_SV',
      label: label('Visit'),
      groups: [
        {
          oid: 'SV',
          items: [{ oid: 'SVDTC', label: label('Date'), type: 'date', required: true }],
        },
      ],
    },
    {
      oid: 'F_FORTY',
      label: label('Forty items'),
      groups: [{ oid: 'FORTY', items: [...answers, ...measurements, ...others, ...derivations] }],
    },
  ],
  events: visits.map((oid, at) => ({
    oid,
    label: label(`Visit ${at + 1}`),
    kind: at === 0 ? 'baseline' : 'scheduled',
    day: at * 28 + 1,
    window: [-7, 7],
    forms: [{ form: 'F_SV' }, { form: 'F_FORTY' }],
  })),
  checks: rules.map((rule, at) => ({
    id: `B-${String(at + 1).padStart(2, '0')}`,
    form: 'F_FORTY',
    item: 'NUM1',
    level: 'soft',
    rule,
    message: label(`Rule ${at + 1} speaks.`),
  })),
})

/** The forty entered values of one form; `turn` makes them differ. */
export function fortyValues(turn: number): Record<string, string> {
  const value = (at: number) => (20 + ((turn * 7 + at * 13) % 600) / 10).toFixed(1)
  return Object.fromEntries([
    ...answers.map(({ oid }) => [oid, 'Y'] as const),
    ...measurements.map(({ oid }, at) => [oid, value(at)] as const),
    ['SAMPLED', '2024-03-04'],
    ['READ', '2024-03-05'],
    ['NOTE', `Turn ${turn}`],
    ['READER', 'A. Reader'],
  ])
}

export type BenchStudy = {
  studyId: string
  siteId: string
  userId: string
  userName: string
  password: string
}

/** The study with one site and a coordinator of it who can sign in. */
export async function layStudy(
  ownerPool: Pool,
  definition: StudyDefinition = benchDefinition,
): Promise<BenchStudy> {
  const { studyId } = await aStudy(ownerPool, {
    oid: definition.oid,
    name: definition.name,
    title: definition.title,
    definition,
    hash: createHash('sha256').update(canonicalJson(definition)).digest('hex'),
    label: definition.version,
  })
  const { siteId } = await aSite(ownerPool, studyId, { code: '01', name: 'First site' })
  const password = 'a bench needs a password'
  const { userId, userName } = await aUser(ownerPool, {
    userName: 'bench',
    displayName: 'Bench Coordinator',
    passwordHash: await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
  })
  await aGrant(ownerPool, { studyId, userId, role: 'coordinator', siteId })
  return { studyId, siteId, userId, userName, password }
}

/**
 * Subjects `from`..`to` with a dated visit at all twelve visits, put in by bulk SQL with the triggers off: nothing that is measured
 * reads the audit trail of these rows, and everything that is measured writes its own.
 */
export async function laySubjects(
  ownerPool: Pool,
  { studyId, siteId }: BenchStudy,
  from: number,
  to: number,
): Promise<string[]> {
  const client = await ownerPool.connect()
  try {
    await client.query(`begin; set local session_replication_role = replica`)
    const { rows } = await client.query<{ id: string }>(
      `insert into casebook.subject (study_id, subject_id, site_id, subject_key, sequence, state, anchor_date, columns, visits,
         screened_at, version_number)
       select $1::uuid, gen_random_uuid(), $2::uuid, '01-' || lpad(n::text, 5, '0'), n, 'randomised', '2024-01-01', '{}',
         (select jsonb_object_agg('V' || v, jsonb_build_object('date', '2024-01-01'::date + (v - 1) * 28, 'occurred', null))
          from generate_series(1, 12) v),
         now(), 1
       from generate_series($3::int, $4::int) n returning subject_id as id`,
      [studyId, siteId, from, to],
    )
    await client.query(
      `insert into casebook.form_record (study_id, record_id, subject_id, site_id, event_oid, form_oid, version_number, state, data)
       select b.study_id, gen_random_uuid(), b.subject_id, b.site_id, 'V' || v, 'F_SV', 1, 'complete',
         jsonb_build_object('SVDTC', '2024-01-01'::date + (v - 1) * 28)
       from casebook.subject b, generate_series(1, 12) v
       where b.study_id = $1 and b.sequence between $2 and $3`,
      [studyId, from, to],
    )
    await client.query('commit')
    await client.query('analyze casebook.subject; analyze casebook.form_record')
    return rows.map(({ id }) => id)
  } finally {
    client.release()
  }
}
