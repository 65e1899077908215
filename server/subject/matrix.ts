/**
 * The subject matrix. A page costs the same in a study of fifty and of fifty thousand subjects: it walks the unique index of
 * subject keys, and what a cell shows comes from values that saves copied to the subject's row. Only totals count over the
 * study; beyond a few thousand subjects they are remembered for a minute.
 */
import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import type { FormState } from '#domain/casebook/record.ts'
import type { MatrixCell, MatrixRow, MatrixView, SubjectState } from '#domain/casebook/views.ts'
import { cellOf, noCell } from '#domain/casebook/visit-cell.ts'
import type { StudyEventDef } from '#domain/definition/definition.ts'
import { subjectStates } from '#domain/definition/subject-states.ts'
import type { VisitFacts } from '../casebook/load.ts'
import { reading } from '../command.ts'
import { cursorOf, placeOf } from '../cursor.ts'
import { cursor, id, pageSize } from '../input.ts'
import { formerNames, studiesInUse } from '../study/former-names.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { concealedCode } from './allocation-view.ts'
import { columnCodes } from './header.ts'
import { type Filter, filterSql, matrixFilter } from './matrix-filter.ts'
import { matrixTotals } from './matrix-totals.ts'

export const subjectMatrix = reading({
  name: 'subject.matrix',
  permission: 'subject.read',
  input: z.strictObject({
    studyId: id,
    cursor,
    limit: pageSize,
    filter: matrixFilter.default({}),
  }),
  run: async ({ tx, input, now, study, may }): Promise<MatrixView> => {
    const latest = await publishedStudy(tx, input.studyId, study.latestVersion)
    const today = dayOf(now)
    const inUse = input.filter.overdue === undefined ? [] : await studiesInUse(tx, input.studyId)
    const filter = filterSql(input.studyId, input.filter, inUse, today)
    const after = placeOf(input.cursor, z.tuple([z.string().max(100)]))
    const found = await subjectPage(tx, filter, after?.[0] ?? null, input.limit + 1)
    const page = found.slice(0, input.limit)
    const facts = await cellFacts(
      tx,
      input.studyId,
      page.map((row) => row.subjectId),
    )
    const versions = await versionsOf(tx, latest, page)
    const sites = await tx.query<{ siteId: string; code: string; name: string }>(
      `select site_id as "siteId", code, name from casebook.site where study_id = $1 order by code`,
      [input.studyId],
    )
    const events = visitsOf(latest)
    const { total, totals } = await matrixTotals(tx, filter, latest.definition, events)
    const last = page.at(-1)
    return {
      events: events.map(({ oid, label, kind }) => ({ oid, label, kind })),
      columns: columnCodes(latest),
      rows: page.map((row) => matrixRow(row, versions.get(row.version), events, facts, today)),
      next: found.length > input.limit && last ? cursorOf([last.subjectKey]) : null,
      total,
      totals,
      sites,
      states: statesOfStudy(latest),
      abilities: { screen: may('subject.screen') },
    }
  },
})

const visitsOf = (study: PublishedStudy): StudyEventDef[] =>
  study.definition.events.filter((event) => event.kind !== 'log')

/** Nobody is randomised without an allocation, nor merely enrolled with one. */
function statesOfStudy({ definition }: PublishedStudy): SubjectState[] {
  const never = definition.allocation ? 'enrolled' : 'randomised'
  return subjectStates.filter((state) => state !== never)
}

type PageRow = {
  subjectId: string
  subjectKey: string
  siteId: string
  siteCode: string
  state: SubjectState
  anchor: string | null
  columns: Record<string, string | null>
  visits: Record<string, VisitFacts>
  version: number
}

function subjectPage(tx: Transaction, filter: Filter, after: string | null, limit: number) {
  const values = [...filter.values, after, limit]
  const afterAt = filter.values.length + 1
  return tx.query<PageRow>(
    `select b.subject_id as "subjectId", b.subject_key as "subjectKey", b.site_id as "siteId",
       s.code as "siteCode", b.state, b.anchor_date as anchor, b.columns, b.visits,
       b.version_number as version
     from casebook.subject b
     join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
     where ${filter.where} and ($${afterAt}::text is null or b.subject_key > $${afterAt})
     order by b.subject_key limit $${afterAt + 1}`,
    values,
  )
}

/** A version with the names that the events of the newest one have in it. */
type OwnVersion = { study: PublishedStudy; names: ReadonlyMap<string, string> }

async function versionsOf(tx: Transaction, latest: PublishedStudy, page: readonly PageRow[]) {
  const versions = new Map<number, OwnVersion>()
  for (const { version } of page) {
    if (versions.has(version)) continue
    const study = await publishedStudy(tx, latest.studyId, version)
    versions.set(version, { study, names: await formerNames(tx, latest, version, 'events') })
  }
  return versions
}

type Facts = {
  /** State of each form by subject, event and form; the least advanced where a form has several instances. */
  forms: ReadonlyMap<string, ReadonlyMap<string, FormState>>
  queries: ReadonlyMap<string, number>
}

const at = (subjectId: string, event: string) => `${subjectId}/${event}`

async function cellFacts(
  tx: Transaction,
  studyId: string,
  subjectIds: readonly string[],
): Promise<Facts> {
  const states = await tx.query<{ subjectId: string; event: string; states: string }>(
    `select subject_id as "subjectId", event_oid as event,
       string_agg(form_oid || ' ' || state, ',') as states
     from casebook.form_record
     where study_id = $1 and subject_id = any ($2::uuid[]) and state <> 'removed'
     group by subject_id, event_oid`,
    [studyId, subjectIds],
  )
  const queries = await tx.query<{ subjectId: string; event: string; count: number }>(
    `select q.subject_id as "subjectId", r.event_oid as event, count(*)::int as count
     from casebook.query q
     join casebook.form_record r on r.study_id = q.study_id and r.record_id = q.record_id
     where q.study_id = $1 and q.subject_id = any ($2::uuid[]) and q.state in ('open', 'answered')
     group by q.subject_id, r.event_oid`,
    [studyId, subjectIds],
  )
  return {
    forms: new Map(states.map((row) => [at(row.subjectId, row.event), statesOf(row.states)])),
    queries: new Map(queries.map((row) => [at(row.subjectId, row.event), row.count])),
  }
}

function statesOf(text: string): Map<string, FormState> {
  const states = new Map<string, FormState>()
  for (const part of text.split(',')) {
    const [form, state] = part.split(' ') as [string, FormState]
    const known = states.get(form)
    if (!known || state === 'inProgress') states.set(form, state)
  }
  return states
}

/** The forms of the visit; one that the visit no longer asks for counts where it was begun. */
function cellForms(event: StudyEventDef, started: ReadonlyMap<string, FormState> = new Map()) {
  const asked = event.forms
    .filter(({ when, form }) => when === undefined || started.has(form))
    .map(({ form, required }) => ({ state: started.get(form) ?? 'notStarted', required }))
  const others = [...started].filter(([oid]) => !event.forms.some(({ form }) => form === oid))
  return [...asked, ...others.map(([, state]) => ({ state, required: false }))]
}

function matrixRow(
  row: PageRow,
  version: OwnVersion | undefined,
  events: readonly StudyEventDef[],
  facts: Facts,
  today: string,
): MatrixRow {
  const cells = events.map((event): MatrixCell => {
    const name = version?.names.get(event.oid)
    const own = name === undefined ? undefined : version?.study.events.get(name)
    // The subject's version has no such visit.
    if (!own || !version) return noCell(event.oid)
    const started = facts.forms.get(at(row.subjectId, own.oid))
    const visit = row.visits[own.oid]
    const cell = cellOf({
      study: version.study.definition,
      event: own,
      state: row.state,
      anchor: row.anchor,
      today,
      visitDate: visit?.date ?? null,
      occurred: visit?.occurred ?? null,
      forms: cellForms(own, started),
      queries: facts.queries.get(at(row.subjectId, own.oid)) ?? 0,
      ...(own.when === undefined ? {} : { applies: visit?.applies ?? false }),
      eventAnchor: visit?.anchor ?? null,
    })
    return { ...cell, event: event.oid }
  })
  const logged = [...facts.queries]
    .filter(([key]) => key.startsWith(`${row.subjectId}/`))
    .reduce((sum, [, count]) => sum + count, 0)
  return {
    subjectId: row.subjectId,
    subjectKey: row.subjectKey,
    siteId: row.siteId,
    siteCode: row.siteCode,
    state: row.state,
    columns: Object.fromEntries(
      (version?.study.definition.subjectColumns ?? []).map(({ oid }) => [
        oid,
        version?.study.keptBack?.columns.has(oid) ? concealedCode : (row.columns[oid] ?? null),
      ]),
    ),
    queries: logged,
    cells,
  }
}
