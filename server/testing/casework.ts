/** A hundred subjects at two sites with visits, forms, events and queries made by chance, the same ones every time, and what was made. */
import { randomUUID } from 'node:crypto'
import { aFormRecord, aSubject, asSystem } from '#db/seed/build.ts'
import type { FormState, FormValues } from '#domain/casebook/record.ts'
import type { SubjectState } from '#domain/casebook/views.ts'
import { studyDefinitionSchema } from '#domain/definition/definition.ts'
import { addDays, daysBetween } from '#domain/values/partial-date.ts'
import { dayOf } from '../today.ts'
import { fixtureDefinition } from './fixture-definition.ts'
import type { World } from './world.ts'

const label = (en: string) => ({ en })
/** The fixture with a plan, an endpoint, and visits of every kind: conditional, with an anchor of its own, without a window, a bin. */
export const caseworkDefinition = studyDefinitionSchema.parse({
  ...fixtureDefinition,
  plannedSubjects: 90,
  events: [
    ...fixtureDefinition.events.filter(({ oid }) => oid !== 'LOG' && oid !== 'UNS'),
    {
      oid: 'W8',
      label: label('Week 8'),
      kind: 'scheduled',
      day: 57,
      forms: [{ form: 'F_SV' }, { form: 'F_VS' }, { form: 'F_DOSE', when: 'F_VS.WEIGHT > 80' }],
    },
    {
      oid: 'IFDM',
      label: label('Only dermatomyositis'),
      kind: 'scheduled',
      day: 36,
      window: [-2, 2],
      when: "F_DX.DIAG == 'DM'",
      forms: [{ form: 'F_VS' }],
    },
    {
      oid: 'REL4',
      label: label('Four weeks after relapse'),
      kind: 'scheduled',
      day: 29,
      window: [-7, 7],
      anchor: 'F_VS.VSDTC',
      forms: [{ form: 'F_SV' }, { form: 'F_VS' }],
    },
    {
      oid: 'BIN',
      label: label('Bin'),
      kind: 'scheduled',
      day: 20,
      window: [-5, 5],
      windowMode: 'bin',
      forms: [{ form: 'F_VS', required: false }],
    },
    ...fixtureDefinition.events.filter(({ oid }) => oid === 'LOG' || oid === 'UNS'),
  ],
  endpoints: [
    {
      oid: 'FIRSTAE',
      label: label('First adverse event'),
      kind: 'time-to-event',
      population: 'ITT',
      timeZero: 'dateOf(F_RAND.RANDDTC)',
      event: 'F_AE.min(r, impute(r.AESTDTC))',
      censor: 'F_SV.max(r, r.SVSTDTC)',
      horizon: 100,
    },
  ],
})

export type MadeSubject = {
  subjectId: string
  siteId: string
  state: SubjectState
  anchor: string | null
  visits: Record<string, Record<string, unknown>>
  arm: string | null
  screened: string
}
export type MadeRecord = {
  subjectId: string
  siteId: string
  event: string
  repeat: number
  form: string
  state: FormState
  data: FormValues
  open: number
}

export type MadeQuery = {
  siteId: string
  state: string
  age: number
  answered: number | null
  closed: number | null
}
export type Casework = {
  today: string
  subjects: readonly MadeSubject[]
  records: readonly MadeRecord[]
  queries: readonly MadeQuery[]
}

let world: World
let today = ''
let subjects: MadeSubject[] = []
let records: MadeRecord[] = []
let queries: MadeQuery[] = []

/** The same numbers every time. */
let seed = 7
const chance = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((seed / 2_147_483_648) * below)
}
const pick = <T>(from: readonly T[]): T => from[chance(from.length)] as T

/** Not in the future: such a date is refused and counts as missing. */
const dayAfter = (anchor: string, most: number): string =>
  addDays(anchor, chance(Math.min(most, daysBetween(anchor, today) ?? 0) + 1)) as string

/** Fills the study of a world on `caseworkDefinition`. */
export async function makeCasework(of: World, count = 110): Promise<Casework> {
  world = of
  today = dayOf(new Date().toISOString())
  seed = 7
  subjects = []
  records = []
  queries = []
  for (let n = 0; n < count; n += 1) await makeSubject(n)
  return { today, subjects, records, queries }
}

async function makeSubject(n: number): Promise<void> {
  const siteId = n % 3 === 0 ? world.otherSiteId : world.siteId
  const state = pick<SubjectState>([
    'screening',
    'screenFailure',
    'randomised',
    'randomised',
    'randomised',
    'randomised',
    'discontinued',
    'withdrawn',
    'dead',
    'completed',
  ])
  const anchor =
    state === 'screening' || (state === 'screenFailure' && chance(4) > 0)
      ? null
      : addDays(today, -chance(150))
  const screened = addDays(anchor ?? today, -chance(20)) as string
  const arm =
    anchor !== null && state !== 'screenFailure' && chance(10) > 0 ? pick(['A', 'B']) : null
  const visits: MadeSubject['visits'] = { IFDM: { applies: chance(2) === 0 } }
  if (chance(2) === 0) visits.REL4 = { anchor: anchor && addDays(anchor, chance(40)) }
  for (const { oid } of caseworkDefinition.events) {
    if (['LOG', 'UNS', 'SCR'].includes(oid) || chance(3) > 0) continue
    const missed = chance(5) === 0
    visits[oid] = {
      ...visits[oid],
      date: missed || !anchor ? null : addDays(anchor, chance(60)),
      occurred: missed ? false : chance(2) === 0 ? true : null,
    }
  }
  const { subjectId } = await aSubject(
    world.database.ownerPool,
    { studyId: world.studyId, siteId, code: siteId === world.siteId ? '01' : '02' },
    {
      state,
      anchorDate: anchor,
      visits,
      columns: {},
      sequence: n + 1,
      screenedAt: `${screened}T00:00:00Z`,
    },
  )
  subjects.push({ subjectId, siteId, state, anchor, visits, arm, screened })
  const add = async (
    event: string,
    form: string,
    given: {
      state?: FormState
      data?: FormValues
      open?: number
      repeat?: number
      eventRepeat?: number
    } = {},
  ) => {
    const { state = 'complete', data = {}, open = 0, repeat = 1, eventRepeat = 1 } = given
    const { recordId } = await aFormRecord(
      world.database.ownerPool,
      { studyId: world.studyId, siteId, subjectId },
      {
        eventOid: event,
        eventRepeat,
        formOid: form,
        formRepeat: repeat,
        state,
        data,
        openCount: open,
      },
    )
    records.push({ subjectId, siteId, event, repeat: eventRepeat, form, state, data, open })
    return recordId
  }
  if (arm) {
    await allocated(subjectId, siteId, arm, n)
    await add('W0', 'F_RAND', {
      data: { RANDDTC: `${anchor}T09:00:00Z`, RANDNO: `R${n}`, ARMCD: arm },
    })
  }
  for (const event of caseworkDefinition.events) {
    if (event.oid === 'LOG') continue
    for (const entry of event.forms) {
      if (entry.form === 'F_RAND' || chance(3) === 0) continue
      const state = pick<FormState>([
        'inProgress',
        'complete',
        'complete',
        'signed',
        'frozen',
        'locked',
        'removed',
      ])
      const isVisit = entry.form === 'F_SV' && anchor !== null
      const recordId = await add(event.oid, entry.form, {
        state,
        open: state === 'inProgress' ? chance(4) : 0,
        eventRepeat: event.oid === 'UNS' ? 1 + chance(2) : 1,
        data: isVisit ? { SVOCCUR: 'Y', SVSTDTC: dayAfter(anchor, 120) } : {},
      })
      if (entry.form === 'F_VS' && chance(2) === 0) await asked(subjectId, siteId, recordId)
    }
  }
  for (let at = 1; at <= chance(4); at += 1) {
    await add('LOG', 'F_AE', {
      repeat: at,
      state: chance(6) === 0 ? 'removed' : 'complete',
      data:
        chance(9) === 0
          ? {}
          : {
              AETERM: pick(['Rash', 'rash', 'Fever', 'Cough', 'Headache']),
              ...(anchor ? { AESTDTC: dayAfter(anchor, 130) } : {}),
              ...(chance(5) === 0 ? {} : { AETOXGR: String(1 + chance(5)) }),
              AESER: pick(['Y', 'N', 'N']),
            },
    })
  }
}

/** The list itself is not read by any dashboard, so that it is left out. */
async function allocated(subjectId: string, siteId: string, arm: string, position: number) {
  const client = await world.database.ownerPool.connect()
  try {
    await client.query('begin; set local session_replication_role = replica')
    await client.query(
      `insert into casebook.allocation_issued (study_id, subject_id, site_id, stratum, list_id, position, number, arm, snapshot)
       values ($1, $2, $3, 'PM', gen_random_uuid(), $4, $5, $6, '{}')`,
      [world.studyId, subjectId, siteId, position + 1, `R${position}`, arm],
    )
    await client.query('commit')
  } finally {
    client.release()
  }
}

async function asked(subjectId: string, siteId: string, recordId: string): Promise<void> {
  const state = pick(['open', 'open', 'answered', 'closed', 'closed', 'cancelled'])
  const age = chance(100)
  const isAnswered = state === 'answered' || (state === 'closed' && chance(2) === 0)
  const answered = isAnswered ? chance(age + 1) / 2 : null
  const closed = state === 'closed' ? (answered ?? 0) + chance(age + 1) / 2 : null
  queries.push({ siteId, state, age, answered, closed })
  await asSystem(
    world.database.ownerPool,
    { studyId: world.studyId, reason: 'test' },
    async (tx) => {
      const queryId = randomUUID()
      await tx.query(
        `insert into casebook.query (study_id, query_id, subject_id, site_id, record_id, path, state, text, opened_at)
       values ($1, $2, $3, $4, $5, 'WEIGHT', $6, 'Why?', now() - make_interval(days => $7, mins => 5))`,
        [world.studyId, queryId, subjectId, siteId, recordId, state, age],
      )
      const say = (step: string, days: number) =>
        tx.query(
          `insert into casebook.query_message (study_id, message_id, query_id, site_id, step, text, at, role)
         values ($1, $2, $3, $4, $5, 'Text', now() - make_interval(days => $6, mins => 5) + $7 * interval '1 day', 'monitor')`,
          [world.studyId, randomUUID(), queryId, siteId, step, age, days],
        )
      await say('opened', 0)
      if (answered !== null) await say('answered', answered)
      if (closed !== null) {
        // Closed once too early and opened again: the closing that stands counts.
        await say('closed', closed / 3)
        await say('reopened', closed / 2)
        await say('closed', closed)
      }
    },
  )
}
