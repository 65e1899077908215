/** What a transaction that conceals reads of forms and queries, against the domain's own rule of what is concealed. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concealsItem } from '#domain/casebook/concealed.ts'
import type { FormValues } from '#domain/casebook/record.ts'
import { inTransaction, type LeftOut } from './client.ts'
import { aFormRecord, aSite, aStudy, aSubject, asSystem } from './seed/build.ts'
import { type TestDatabase, testDatabase } from './testing/test-database.ts'

const forms = ['F_A', 'F_AB', 'F_B', 'F_B_A']
const events = ['V1', 'V2']
/** Plain, of a row, of an added row, and what an amendment set aside. */
const paths = [
  'X',
  'XY',
  'LB[CREAT].X',
  'LB[m1abc2].X',
  'LB[CREAT].UNIT',
  'X__V2',
  'LB[CREAT].X__V3',
]
const checks = ['C-1', 'C-2', null]

type Made = {
  recordId: string
  form: string
  event: string
  data: FormValues
  open: number
  queries: { queryId: string; path: string; check: string | null; messageId: string }[]
}

let database: TestDatabase
let studyId: string
const made: Made[] = []
/** The same numbers every time. */
let seed = 11
const chance = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((seed / 2_147_483_648) * below)
}

beforeAll(async () => {
  database = await testDatabase()
  const owner = database.ownerPool
  studyId = (await aStudy(owner)).studyId
  const { siteId } = await aSite(owner, studyId, { code: '01' })
  for (let n = 0; n < 6; n += 1) {
    const { subjectId } = await aSubject(owner, { studyId, siteId, code: '01' })
    for (const form of forms) {
      for (const event of events) {
        const data: FormValues = Object.fromEntries(
          paths.filter(() => chance(3) > 0).map((path, at) => [path, `${path} ${at}`]),
        )
        const open = chance(4)
        const { recordId } = await aFormRecord(
          owner,
          { studyId, siteId, subjectId },
          { eventOid: event, formOid: form, data, openCount: open },
        )
        const queries = paths.map((path) => ({
          queryId: randomUUID(),
          messageId: randomUUID(),
          path,
          check: checks[chance(checks.length)] ?? null,
        }))
        await asSystem(owner, { studyId }, async (tx) => {
          for (const { queryId, messageId, path, check } of queries) {
            await tx.query(
              `insert into casebook.query (study_id, query_id, subject_id, site_id, record_id, path, check_id, text)
               values ($1, $2, $3, $4, $5, $6, $7, 'Why?')`,
              [studyId, queryId, subjectId, siteId, recordId, path, check],
            )
            await tx.query(
              `insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, role)
               values ($1, $2, $3, $4, 'opened', 'Why?', 'monitor')`,
              [studyId, messageId, queryId, siteId],
            )
          }
        })
        made.push({ recordId, form, event, data, open, queries })
      }
    }
  }
}, 60_000)
afterAll(() => database.drop())

const nothing = (): LeftOut => ({
  items: new Set(),
  forms: new Set(),
  events: new Set(),
  checks: new Set(),
  columns: new Set(),
  variables: new Set(),
  populations: new Set(),
  endpoints: new Set(),
  arms: new Set(),
})
const cases: [string, Partial<LeftOut>][] = [
  ['nothing', {}],
  ['an item of one form', { items: new Set(['F_A.X']) }],
  ['items of forms whose names begin alike', { items: new Set(['F_AB.UNIT', 'F_B.XY', 'F_B.X']) }],
  ['a form and an item of another', { forms: new Set(['F_B']), items: new Set(['F_B_A.UNIT']) }],
  ['an event and a check', { events: new Set(['V2']), checks: new Set(['C-2']) }],
  ['an item that no form has', { items: new Set(['F_Z.X', 'F_A.NONE']) }],
]

describe.each(cases)('concealing %s', (_, some) => {
  const leftOut = { ...nothing(), ...some }
  const visible = () =>
    made.filter(({ form, event }) => !leftOut.forms.has(form) && !leftOut.events.has(event))
  const reading = <Row>(text: string) =>
    inTransaction(
      database.pool,
      { actor: 'system', studyId, siteIds: null, readOnly: true },
      async (tx) => {
        await tx.conceal(leftOut)
        return tx.query<Row>(text, [studyId])
      },
    )

  it('leaves out these values and tells how much is open only where none can be among it', async () => {
    const rows = await reading<{ recordId: string; data: FormValues; open: number }>(
      `select r.record_id as "recordId", r.data, r.open_count as open from casebook.form_record r where r.study_id = $1`,
    )
    const expected = visible().map(({ recordId, form, data, open }) => ({
      recordId,
      data: Object.fromEntries(
        Object.entries(data).filter(([path]) => !concealsItem(leftOut, form, path)),
      ),
      open: [...leftOut.items].some((item) => item.startsWith(`${form}.`)) ? 0 : open,
    }))
    expect(byId(rows)).toEqual(byId(expected))
    expect(rows.length).toBeGreaterThan(10)
  })

  it('leaves out the queries of these values and checks, and what was said in them', async () => {
    const queries = await reading<{ recordId: string }>(
      `select q.query_id as "recordId" from casebook.query q where q.study_id = $1`,
    )
    const messages = await reading<{ recordId: string }>(
      `select m.message_id as "recordId" from casebook.query_message m where m.study_id = $1`,
    )
    const expected = visible().flatMap(({ form, queries: own }) =>
      own.filter(
        ({ path, check }) =>
          !concealsItem(leftOut, form, path) && (check === null || !leftOut.checks.has(check)),
      ),
    )
    expect(byId(queries)).toEqual(byId(expected.map(({ queryId }) => ({ recordId: queryId }))))
    expect(byId(messages)).toEqual(byId(expected.map(({ messageId }) => ({ recordId: messageId }))))
    expect(expected.length).toBeGreaterThan(50)
  })
})

const byId = <T extends { recordId: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (a.recordId < b.recordId ? -1 : 1))
