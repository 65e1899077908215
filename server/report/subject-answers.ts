/** The answers of a roster's subjects under one set of parameters: those in memory, and how the others are worked out. */
import { createHash } from 'node:crypto'
import type { Transaction } from '#db/client.ts'
import { expectedExpressions } from '#domain/analysis/expected-expressions.ts'
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { casebookUntil } from '#domain/casebook/cut-off.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import type { ReportDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import { Problem } from '#domain/problem.ts'
import { carriedTo } from '../amendment/carry-casebooks.ts'
import { casebooksFor, type Roster, type RosterSubject } from '../casebook/roster.ts'
import type { PublishedStudy } from '../study/published.ts'
import {
  type AnswerRow,
  type AnswerTable,
  answerTable,
  keepWithinBounds,
  kept,
  placeOf,
  rowThatHolds,
  tableKey,
} from './answers.ts'

/** Casebooks in memory at a time. */
const batch = 100
/** Milliseconds after which others have their turn: working out thousands of subjects must not hold up a save. */
const turn = 20
const othersFirst = () => new Promise<void>((done) => setImmediate(done))

export type AnswersOf = {
  tx: Transaction
  published: PublishedStudy
  compiled: CompiledStudy
  roster: Roster
  /** ISO day that rules take for today. */
  day: string
  /** Clinical cut-off; null: all data. */
  cutOff: string | null
  /** Names what else decides the answers: the values of parameters. */
  variant: string
}

export class SubjectAnswers {
  readonly #of: AnswersOf
  readonly #day: string
  readonly #table: AnswerTable
  /** In the order of the roster. Held here, so that another request cannot put other answers in their place. */
  readonly #rows: AnswerRow[]
  readonly #missed = new Map<number, Set<number>>()

  constructor(of: AnswersOf) {
    this.#of = of
    const { published, roster, cutOff, variant } = of
    this.#day = cutOff !== null && cutOff < of.day ? cutOff : of.day
    const moment = roster.asOf === null ? 'live' : `${roster.asOf} ${of.day}`
    const { studyId, number } = published
    this.#table = answerTable(tableKey(studyId, number, moment, variant, cutOff))
    const stampOf = stampsOf(roster)
    this.#rows = roster.subjects.map((subject) => {
      const stamp = stampOf(subject)
      const known = rowThatHolds(this.#table, subject.subjectId, stamp, this.#day)
      return known ?? { stamp, day: this.#day, dayMatters: false, absent: null, values: [] }
    })
  }

  /** Places in the roster of the subjects that belong to the data; with a cut-off those that had begun by then. */
  present(): number[] {
    const present: number[] = []
    this.#rows.forEach((row, at) => {
      if (row.absent === null) this.#miss(at)
      if (row.absent !== true) present.push(at)
    })
    return present
  }

  /** The answer of a subject; null also when it is not known yet, which is noted. */
  answer(at: number, expression: string): Value {
    const place = placeOf(this.#table, expression)
    const value = this.#rows[at]?.values[place]
    if (value !== undefined) return value
    this.#miss(at).add(place)
    return null
  }

  /** Whether every answer asked for since the last `learn` was known. */
  get isKnown(): boolean {
    return this.#missed.size === 0
  }

  #miss(at: number): Set<number> {
    let places = this.#missed.get(at)
    if (!places) {
      places = new Set()
      this.#missed.set(at, places)
    }
    return places
  }

  /** Works out beforehand what reports will ask, so that casebooks are read once for all of it. */
  async expect(reports: readonly ReportDef[]): Promise<void> {
    const { published, compiled } = this.#of
    const places = expectedExpressions(published.definition, reports)
      .filter((text) => compiled.subject(text) !== null)
      .map((text) => placeOf(this.#table, text))
    this.#rows.forEach((row, at) => {
      for (const place of places) if (row.values[place] === undefined) this.#miss(at).add(place)
    })
    await this.learn()
  }

  /** Works out all that was missed. */
  async learn(): Promise<void> {
    const missed = [...this.#missed].sort(([a], [b]) => a - b)
    this.#missed.clear()
    const expressions = [...this.#table.places.keys()]
    for (let start = 0; start < missed.length; start += batch) {
      const part = missed.slice(start, start + batch)
      const casebooks = await this.#casebooks(part.map(([at]) => at))
      let begun = performance.now()
      for (const [index, [at, places]] of part.entries()) {
        this.#learnOne(at, places, casebooks[index] ?? null, expressions)
        if (performance.now() - begun < turn) continue
        await othersFirst()
        begun = performance.now()
      }
    }
    if (missed.length > 0) keepWithinBounds()
  }

  #learnOne(
    at: number,
    places: ReadonlySet<number>,
    casebook: Casebook | null,
    expressions: readonly string[],
  ): void {
    const known = this.#rows[at] as AnswerRow
    const row =
      known.day === this.#day ? known : { ...known, day: this.#day, values: [...known.values] }
    row.absent = casebook === null
    // Parsed texts live as long as this casebook: kept by the study, those of thousands of records would cost more than parsing.
    const compiled = { ...this.#of.compiled, parsed: new Map<object, Map<string, unknown>>() }
    const reader = casebook && subjectReader(compiled, casebook)
    for (const place of places) {
      const value = reader?.expression(expressions[place] as string) ?? null
      row.values[place] = kept(this.#table, value)
    }
    if (reader?.dayMatters()) row.dayMatters = true
    this.#rows[at] = row
    this.#table.rows.set((this.#of.roster.subjects[at] as RosterSubject).subjectId, row)
  }

  /** The casebooks as rules see them, in the order of subjects; without those that had not begun by the cut-off. */
  async *casebooks(): AsyncGenerator<Casebook> {
    const all = this.#of.roster.subjects.map((_, at) => at)
    for (let start = 0; start < all.length; start += batch) {
      for (const casebook of await this.#casebooks(all.slice(start, start + batch))) {
        if (casebook !== null) yield casebook
      }
    }
  }

  async #casebooks(places: readonly number[]): Promise<(Casebook | null)[]> {
    const { tx, published, compiled, roster, day, cutOff } = this.#of
    const subjects = places.map((at) => roster.subjects[at] as RosterSubject)
    const read = await casebooksFor(tx, roster, subjects, day)
    // Names of a newer version would be looked up in vain, and their values be missing without a word.
    const isNewer = read.some(({ records }) =>
      records.some(({ versionNumber }) => versionNumber > published.number),
    )
    if (isNewer) throw new Problem('definition-changed-meanwhile', { version: published.label })
    const carried = await carriedTo(tx, published, read)
    if (cutOff === null) return carried
    return carried.map((casebook) => casebookUntil(compiled, casebook, cutOff))
  }
}

/** Names the state of a subject: of his records, and of the reference ranges of his site, on which grades and limits hang. */
export function stampsOf({ references }: Roster): (subject: RosterSubject) => string {
  const known = new Map<string, string>()
  const rangesOf = (siteId: string): string => {
    let name = known.get(siteId)
    if (name === undefined) {
      const own = references.filter((range) => range.siteId === null || range.siteId === siteId)
      const texts = own.map((range) => JSON.stringify(range)).sort()
      name =
        texts.length === 0
          ? ''
          : createHash('sha256').update(texts.join('\n')).digest('base64').slice(0, 22)
      known.set(siteId, name)
    }
    return name
  }
  return ({ stamp, siteId }) => `${stamp} ${rangesOf(siteId)}`
}
