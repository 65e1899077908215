/**
 * Fills one form as the rules ask: what they propose is mostly confirmed, what they require is filled, and where a hard check
 * refuses the form, the values it looked at are drawn again. What cannot be completed stays open, and is counted.
 */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import {
  type Casebook,
  type FormEvaluation,
  type FormRecordData,
  itemPath,
  parseItemPath,
  type RecordKey,
  type StoredValue,
} from '#domain/casebook/record.ts'
import type { FixedRowDef, FormDef, ItemDef } from '#domain/definition/definition.ts'
import type { DemoValue } from '#studies/demo/plan.ts'
import type { Drawn, Slip, ValueDraw } from './draw-value.ts'
import type { Spread } from './hints.ts'

export type Filled = {
  record: FormRecordData
  values: Record<string, DemoValue>
  slips: { path: string; slip: Slip; typed: string }[]
  evaluation: FormEvaluation
  isComplete: boolean
}

/** Rounds until a form is stable, and times values are drawn again for the sake of a check. */
const mostRounds = 12
const mostRepairs = 40

type Filling = {
  compiled: CompiledStudy
  casebook: Casebook & { records: FormRecordData[] }
  draw: ValueDraw
  on: string
  /** Values that are given, not drawn. */
  fixed?: Readonly<Record<string, DemoValue>>
  /** Spreads of this form alone, by path or item; its items are always filled. */
  own?: Readonly<Record<string, Spread>>
  /** `FORM.ITEM` of items that end a subject's part in the study: never filled by chance. */
  ends?: ReadonlySet<string>
  /** What the filled form should make true of the subject; codes are drawn again until it is, or patience ends. */
  goal?: () => boolean
}

/** The record is added to the casebook. */
export function fillForm(filling: Filling, form: FormDef, key: RecordKey): Filled {
  const { compiled, casebook, draw } = filling
  const record: FormRecordData = {
    recordId: `${casebook.records.length}`,
    key,
    versionNumber: 1,
    revision: 1,
    state: 'inProgress',
    data: {},
    derived: {},
  }
  casebook.records.push(record)
  const values: Record<string, DemoValue> = {}
  const slips: Filled['slips'] = []
  const places = placesOf(form)
  const put = (path: string, drawn: Drawn) => {
    values[path] = drawn.value
    if (drawn.slip) slips.push({ path, slip: drawn.slip, typed: String(drawn.value) })
    record.data = { ...record.data, [path]: drawn.value as StoredValue }
  }
  const evaluate = () => {
    const said = evaluateForm(compiled, casebook, key)
    record.derived = said.derived
    return said
  }
  let isOptionalDone = false
  const fillOpen = (): FormEvaluation => {
    let said = evaluate()
    for (let round = 0; round < mostRounds; round += 1) {
      // What the rules propose comes first; an item that may yet be proposed is typed only when nothing else is left.
      const filled =
        putAll(Object.entries(said.suggested).map(proposed)) ||
        putOpen(said, (item) => item.derive === undefined) ||
        (!isOptionalDone && fillOptional(said)) ||
        putOpen(said, () => true)
      if (!filled) break
      said = evaluate()
    }
    return said
  }
  /** A preset gives way to what the study says of its subjects; what a rule proposes stands. */
  const proposed = ([path, value]: [string, StoredValue]): [
    string,
    Drawn | { value: StoredValue },
  ] => {
    const item = places.get(parseItemPath(path)?.item ?? '')?.item
    const isHinted = item?.preset !== undefined && draw.isHinted(key, path, item.oid)
    return [path, (isHinted && drawAt(filling, places, key, path, true)) || { value }]
  }
  const putAll = (drawn: readonly [string, Drawn | { value: StoredValue }][]): boolean => {
    const fresh = drawn.filter(([path]) => !(path in values))
    for (const [path, one] of fresh) put(path, one as Drawn)
    return fresh.length > 0
  }
  const putOpen = (said: FormEvaluation, may: (item: ItemDef) => boolean): boolean =>
    putAll(
      said.open.flatMap((path): [string, Drawn][] => {
        const item = places.get(parseItemPath(path)?.item ?? '')?.item
        if (!item || path in values || !may(item)) return []
        const drawn = drawAt(filling, places, key, path, true)
        return drawn ? [[path, drawn]] : []
      }),
    )
  const fillOptional = (said: FormEvaluation): boolean => {
    isOptionalDone = true
    const closed = new Set(said.closed)
    const free = [...places.values()].filter(
      ({ group, item }) =>
        group.repeats === 'none' &&
        item.derive === undefined &&
        !(filling.ends?.has(`${form.oid}.${item.oid}`) && !filling.goal) &&
        !(item.oid in values) &&
        !closed.has(item.oid) &&
        !closed.has(group.oid),
    )
    const { own = {} } = filling
    const chosen = free.filter(
      ({ item }) => item.oid in own || draw.chance.next() < draw.hints.rates.optional,
    )
    return putAll(
      chosen.flatMap(({ item }): [string, Drawn][] => {
        const drawn = drawAt(filling, places, key, item.oid, false)
        return drawn ? [[item.oid, drawn]] : []
      }),
    )
  }
  for (const [path, value] of Object.entries(filling.fixed ?? {}))
    if (places.has(path)) put(path, { value })
  let evaluation = fillOpen()
  for (let repair = 0; repair < mostRepairs; repair += 1) {
    const hard = evaluation.findings.filter(({ level }) => level === 'hard')
    const isOver = hard.length === 0 && (filling.goal?.() ?? true)
    if (isOver) break
    const again = hard.length > 0 ? readPaths(hard, values) : enterable(places, values)
    const free = again.filter((path) => !(path in (filling.fixed ?? {})))
    const path = free.length > 0 ? draw.chance.pick(free) : undefined
    if (path === undefined) break
    const drawn = drawAt(filling, places, key, path, false)
    // An impossible value was refused when it was typed and stays a slip; what replaces it is possible.
    if (drawn && drawn.slip !== 'impossible') put(path, drawn)
    evaluation = fillOpen()
  }
  // Drawn while another answer stood; a site would not have seen the item.
  for (let gone = true; gone; evaluation = evaluate()) {
    const closed = new Set(evaluation.closed)
    const unseen = Object.keys(values).filter((path) => closed.has(path))
    for (const path of unseen) delete values[path]
    record.data = { ...values } as FormRecordData['data']
    gone = unseen.length > 0
  }
  const isComplete =
    evaluation.open.length === 0 && !evaluation.findings.some(({ level }) => level === 'hard')
  record.state = isComplete ? (form.signature?.required ? 'signed' : 'complete') : 'inProgress'
  return { record, values, slips, evaluation, isComplete }
}

type Place = { group: FormDef['groups'][number]; item: ItemDef }

function placesOf(form: FormDef): Map<string, Place> {
  return new Map(
    form.groups.flatMap((group) => group.items.map((item) => [item.oid, { group, item }] as const)),
  )
}

function drawAt(
  filling: Filling,
  places: ReadonlyMap<string, Place>,
  key: RecordKey,
  path: string,
  required: boolean,
): Drawn | null {
  const { draw, on } = filling
  const parts = parseItemPath(path)
  const place = parts ? places.get(parts.item) : undefined
  if (!parts || !place) return null
  const { item, group } = place
  if (item.derive !== undefined && (item.entry ?? 'never') === 'never') return null
  // Units are confirmed as proposed; a wrong unit is a slip of the value beside it.
  if (`${item.derive} ${item.preset}`.includes('rowUnit()')) return null
  const row: FixedRowDef | undefined = group.rows?.find((one) => one.key === parts.row)
  const entered = filling.casebook.records.at(-1)?.data[`${path}U`]
  const unit = typeof entered === 'string' ? entered : undefined
  const { own = {} } = filling
  return draw.draw({ event: key.event, form: key.form, path, item, row, unit, on, required, own })
}

/** Paths of this form that hard checks looked at, or stand at. */
function readPaths(
  findings: FormEvaluation['findings'],
  values: Readonly<Record<string, DemoValue>>,
): string[] {
  const paths = new Set<string>()
  for (const finding of findings) {
    if (finding.path in values) paths.add(finding.path)
    const at = parseItemPath(finding.path)
    for (const { name } of finding.reads) {
      const item = name.split('.').at(-1) ?? name
      for (const path of [item, at?.group ? itemPath(at.group, at.row, item) : item])
        if (path in values) paths.add(path)
    }
  }
  return [...paths]
}

/** What a goal may be reached by: codes that were drawn, not derived. */
function enterable(
  places: ReadonlyMap<string, Place>,
  values: Readonly<Record<string, DemoValue>>,
): string[] {
  return Object.keys(values).filter((path) => {
    const item = places.get(parseItemPath(path)?.item ?? '')?.item
    return item?.type === 'code' || item?.type === 'codes'
  })
}
