/**
 * A small invented study for the tests of this folder: the scope its names live in, and an environment over plain data.
 * Visits SCR, W0, W4; F_DM once a subject, F_PFT and F_LB (fixed rows) per visit, F_AE and F_EC logs, F_MH with rows.
 */
import { nearestNames } from '#domain/expression/suggest.ts'
import type {
  Environment,
  FieldFunction,
  Frame,
  ItemReference,
  TypeScope,
  Value,
  ValueType,
} from '#domain/expression/types.ts'

const noYes: ValueType = { kind: 'code', list: 'CL_NY', codes: ['N', 'Y'] }
const noYesUnknown: ValueType = {
  kind: 'code',
  list: 'CL_NYU',
  codes: ['N', 'Y', 'U'],
  missing: ['U'],
}
const number = (unit: string | null): ValueType => ({ kind: 'number', unit })
const date: ValueType = { kind: 'date', partial: false }
const partialDate: ValueType = { kind: 'date', partial: true }
const text: ValueType = { kind: 'text' }
const arms: ValueType = { kind: 'code', list: 'CL_ARM', codes: ['TAC', 'CSA'] }
const tests: ValueType = { kind: 'code', list: 'CL_TEST', codes: ['CREAT', 'CK'] }
const rescue: ValueType = { kind: 'codes', list: 'CL_RX', codes: ['IVIG', 'MMF', 'PULSE'] }

/** Items by form and group; the group MAIN is the form itself. */
export const sampleItems: Record<string, Record<string, Record<string, ValueType>>> = {
  F_DM: {
    MAIN: {
      BRTHDTC: partialDate,
      SEX: { kind: 'code', list: 'CL_SEX', codes: ['F', 'M'] },
      RFICDTC: date,
      CONSENTED: { kind: 'dateTime' },
      NOTE: text,
      AGE: number('a'),
      WEIGHT: number('kg'),
      DOSE: number('mg/d'),
      SCORE: number(''),
      ONSET: partialDate,
      ARMCD: arms,
      PREGNANT: noYes,
      PRIORTB: noYesUnknown,
      RESCUE: rescue,
      READY: { kind: 'boolean' },
    },
  },
  F_PFT: { MAIN: { PFTDTC: date, FVC: number('L'), FVCPRED: number('L'), FVCPP: number('%') } },
  F_LB: {
    MAIN: { LBDTC: date },
    LB: {
      LBTESTCD: tests,
      LBSTRESN: number(null),
      LBXULN: number(''),
      LBORNRHI: number(null),
    },
  },
  F_AE: {
    MAIN: {
      AETERM: text,
      AESER: noYes,
      AESTDTC: partialDate,
      AEENDTC: partialDate,
      AETOXGR: { kind: 'code', list: 'CL_TOXGR', codes: ['1', '2', '3', '4', '5'] },
    },
  },
  F_EC: { MAIN: { ECSTDTC: date, ECDOSE: number('mg'), ECTRT: arms } },
}
const fixedRows: Record<string, readonly string[]> = { LB: ['CREAT', 'CK'] }
const onceForms = ['F_DM']
const logForms = ['F_AE', 'F_EC']
const visits = ['SCR', 'W0', 'W4']
const parameters: Record<string, ValueType> = { LIMIT: number(null), STRICT: { kind: 'boolean' } }
const variables: Record<string, ValueType> = { TZERO: date, PULSES: number('') }

const refHigh: FieldFunction = {
  name: 'refHigh',
  parameters: [{ name: 'test', type: 'text' }],
  result: number(null),
  doc: 'Upper reference limit.',
}
const siteCode: FieldFunction = { name: 'siteCode', parameters: [], result: text, doc: 'Site.' }
const isSigned: FieldFunction = {
  name: 'isSigned',
  parameters: [{ name: 'form', type: 'form' }],
  result: { kind: 'boolean' },
  doc: 'True where the form is signed.',
}

function reference(form: string, group: string, item: string): ItemReference {
  return { form, group, item, row: null, place: { kind: 'here' } }
}

/** The scope of a rule that belongs to `form`. */
export function sampleScope(form: string): TypeScope {
  const member: TypeScope['member'] = (of, group, name) => {
    const groups = sampleItems[of] ?? {}
    for (const [oid, items] of Object.entries(groups)) {
      const type = items[name]
      const isSeen = group === null ? true : oid === group
      if (type && isSeen) return { kind: 'item', reference: reference(of, oid, name), type }
    }
    if (group === null && name !== 'MAIN' && groups[name]) {
      return { kind: 'group', form: of, group: name }
    }
    return undefined
  }
  return {
    name(name) {
      const own = member(form, null, name)
      if (own) return own
      if (sampleItems[name]) return { kind: 'form', form: name }
      if (visits.includes(name)) return { kind: 'event', event: name }
      const variable = variables[name]
      if (variable) return { kind: 'variable', oid: name, type: variable }
      const parameter = parameters[name]
      if (parameter) return { kind: 'parameter', oid: name, type: parameter }
      return undefined
    },
    member,
    hasRow: (_form, group, row) => fixedRows[group]?.includes(row) ?? false,
    reachable(found) {
      if (onceForms.includes(found.form) || found.form === form) return null
      if (logForms.includes(found.form)) return `${found.form} is a log; read it as a collection.`
      if (found.place.kind !== 'here' || !onceForms.includes(form)) return null
      return `${found.form} exists at every visit; say which: at(W4, ...), base(...).`
    },
    fieldFunction: (name) => [refHigh, siteCode, isSigned].find((f) => f.name === name),
    suggestions(name) {
      const items = Object.values(sampleItems).flatMap((groups) =>
        Object.entries(groups).flatMap(([group, own]) => [group, ...Object.keys(own)]),
      )
      const own = [
        ...Object.keys(sampleItems),
        ...Object.keys(variables),
        ...Object.keys(parameters),
      ]
      return nearestNames(name, [...items, ...own, ...visits])
    },
    eventCodes: () => visits,
  }
}

/** One record of the sample casebook; `rows` holds the values of its repeating group by row key. */
export type SampleRecord = {
  form: string
  event: string
  values?: Record<string, Value>
  rows?: Record<string, Record<string, Value>>
  reasons?: Record<string, string>
}

/** An environment over plain records; `base` and `previous` look along the order of the visits. */
export function sampleEnvironment(
  records: readonly SampleRecord[],
  options: {
    variables?: Record<string, Value>
    parameters?: Record<string, Value>
    today?: string
    call?: Environment['call']
  } = {},
): Environment {
  const at = (frame: Frame) => records[frame.record]
  const read = (index: number, row: string | null, item: string): Value => {
    const record = records[index]
    const inRow = row === null ? undefined : record?.rows?.[row]?.[item]
    return inRow ?? record?.values?.[item] ?? null
  }
  const locate = (found: ItemReference, frame: Frame): Value => {
    const row = found.row ?? frame.row
    const own = at(frame)
    const candidates = records.flatMap((r, i) => (r.form === found.form ? [{ r, i }] : []))
    const order = (event: string) => visits.indexOf(event)
    switch (found.place.kind) {
      // The sample has no windows: what was entered at the visit is nearest to it.
      case 'nearest':
      case 'event': {
        const { event } = found.place
        const hit = candidates.find(({ r }) => r.event === event)
        return hit ? read(hit.i, row, found.item) : null
      }
      case 'base':
      case 'previous': {
        const limit = found.place.kind === 'base' ? 2 : order(own?.event ?? '')
        const known = candidates
          .filter(({ r, i }) => order(r.event) < limit && read(i, row, found.item) !== null)
          .sort((a, b) => order(a.r.event) - order(b.r.event))
        const last = known.at(-1)
        return last ? read(last.i, row, found.item) : null
      }
      default: {
        if (own?.form === found.form) return read(frame.record, row, found.item)
        const isOnce = onceForms.includes(found.form)
        const hit = candidates.find(({ r }) => isOnce || r.event === own?.event)
        return hit ? read(hit.i, row, found.item) : null
      }
    }
  }
  return {
    value: locate,
    missing(found, frame) {
      if (locate(found, frame) !== null) return null
      return at(frame)?.reasons?.[found.item] ?? 'BLANK'
    },
    rows(collection) {
      return records.flatMap((record, index): Frame[] => {
        if (record.form !== collection.form) return []
        if (collection.event !== null && record.event !== collection.event) return []
        if (collection.group === null) return [{ record: index, row: null }]
        return Object.keys(record.rows ?? {}).map((row) => ({ record: index, row }))
      })
    },
    eventOf: (frame) => at(frame)?.event ?? '',
    indexOf(frame) {
      const siblings = records.flatMap((r, i) => (r.form === at(frame)?.form ? [i] : []))
      return siblings.indexOf(frame.record) + 1
    },
    recordDate(frame) {
      const values = at(frame)?.values ?? {}
      const date = values.PFTDTC ?? values.LBDTC ?? values.AESTDTC ?? values.ECSTDTC ?? null
      return typeof date === 'string' ? date : null
    },
    variable: (oid) => options.variables?.[oid] ?? null,
    parameter: (oid) => options.parameters?.[oid] ?? null,
    call: options.call ?? (() => null),
    today: options.today ?? '2017-01-01',
  }
}
