import { describe, expect, it } from 'vitest'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { compileStudy } from './compile-study.ts'
import { evaluateForm } from './evaluate.ts'
import { type MigratedRecord, migrateSubject, planMigration } from './migrate-subject.ts'
import { setAside } from './migrate-values.ts'
import type { FormRecordData, FormState, FormValues } from './record.ts'
import { casebookOf, sampleDefinition } from './testing/sample-study.ts'

type Stored = FormRecordData & { openCount: number }
const first = sampleDefinition()
const compiled = compileStudy(first)

/** A new version made of the one before by a change of its data. */
function next(before: StudyDefinition, change: (draft: StudyDefinition) => void): StudyDefinition {
  const draft = structuredClone(before)
  change(draft)
  return draft
}
const itemOf = (draft: StudyDefinition, form: string, item: string) => {
  for (const group of draft.forms.find(({ oid }) => oid === form)?.groups ?? []) {
    const found = group.items.find(({ oid }) => oid === item)
    if (found) return found
  }
  throw new Error(`${form}.${item} is not in the sample`)
}

/** Records as the server stores them: derived values and open counts of the first version. */
function stored(
  values: Readonly<Record<string, FormValues>>,
  state: FormState = 'complete',
): Stored[] {
  const casebook = casebookOf(values)
  return casebook.records.map((record) => {
    const evaluation = evaluateForm(compiled, casebook, record.key)
    return { ...record, state, derived: evaluation.derived, openCount: evaluation.open.length }
  })
}

function migrate(
  records: readonly Stored[],
  versions: readonly StudyDefinition[],
  signed: readonly string[] = [],
): MigratedRecord<Stored>[] {
  const planned = versions.map((definition, at) => ({ number: at + 1, definition }))
  const plan = planMigration(planned, compileStudy(versions.at(-1) as StudyDefinition))
  return migrateSubject(plan, casebookOf({}), records, new Set(signed))
}
const only = (list: readonly MigratedRecord<Stored>[]) => list[0] as MigratedRecord<Stored>

const weight = stored({ 'W4/F_VS': { WEIGHT: '72.5', HEIGHT: '170' } })

describe('values of a subject under a new version', () => {
  it('stay as they are where nothing changed, and signatures with them', () => {
    const result = only(migrate(weight, [first, next(first, () => undefined)], ['W4/F_VS']))
    expect(result).toMatchObject({
      moves: [],
      retired: [],
      refused: [],
      derivedChanges: [],
      opens: [],
      signature: null,
      state: 'complete',
    })
    expect(result.data).toBe(weight[0]?.data)
    expect(result.derived).toEqual(weight[0]?.derived)
  })

  it('go along with a rename, over two versions, and the signature falls', () => {
    const rename = (from: string, to: string) => (draft: StudyDefinition) => {
      const item = itemOf(draft, 'F_VS', from)
      item.renamedFrom = from
      item.oid = to
      const rules = JSON.stringify(draft).replaceAll(new RegExp(`\\b${from}\\b(?!")`, 'g'), to)
      Object.assign(draft, JSON.parse(rules))
      itemOf(draft, 'F_VS', to).renamedFrom = from
    }
    const second = next(first, rename('HEIGHT', 'TALL'))
    const third = next(second, rename('TALL', 'STATURE'))
    const result = only(migrate(weight, [first, second, third], ['W4/F_VS']))
    expect(result.data).toEqual({ WEIGHT: '72.5', STATURE: '170' })
    expect(result.moves).toEqual([
      { from: 'HEIGHT', to: 'STATURE', old: '170', value: '170', why: 'renamed' },
    ])
    expect(result.signature).toMatchObject({ why: 'moved', paths: ['STATURE'] })
    expect(result.derived).toEqual(weight[0]?.derived)
    expect(weight[0]?.derived).toMatchObject({ BMI: '25.1' })
  })

  it('are kept where their item is gone, and read by nobody', () => {
    const second = next(first, (draft) => {
      const group = draft.forms.find(({ oid }) => oid === 'F_VS')?.groups[0]
      if (!group) throw new Error('No group')
      group.items = group.items.filter(({ oid }) => oid !== 'HEIGHT' && oid !== 'BMI')
    })
    const result = only(migrate(weight, [first, second]))
    expect(result.data).toEqual({ WEIGHT: '72.5', HEIGHT: '170' })
    expect(result.retired).toEqual(['HEIGHT'])
    expect(result.derivedChanges).toEqual([{ path: 'BMI', old: '25.1', value: null }])
  })

  it('are kept with a whole form, a visit or a fixed row that is gone', () => {
    const records = stored({
      'LOG/F_AE': { AETERM: 'Fever' },
      'W8/F_VS': { WEIGHT: '70' },
      'W4/F_LB': { 'LB[ALT].LBORRES': '12', 'LB[CREAT].LBORRES': '60' },
    })
    const second = next(first, (draft) => {
      draft.forms = draft.forms.filter(({ oid }) => oid !== 'F_AE')
      draft.events = draft.events.filter(({ oid }) => oid !== 'W8')
      const grid = draft.forms.find(({ oid }) => oid === 'F_LB')?.groups[1]
      if (grid) grid.rows = grid.rows?.filter(({ key }) => key !== 'ALT')
    })
    const [ae, vitals, labs] = migrate(records, [first, second])
    expect(ae?.retired).toEqual(['AETERM'])
    expect(vitals?.retired).toEqual(['WEIGHT'])
    expect(labs?.retired).toEqual(['LB[ALT].LBORRES'])
    expect([ae?.data, vitals?.data, labs?.data]).toEqual(records.map(({ data }) => data))
  })

  it('follow a code that was replaced; a code that is gone is kept and refused', () => {
    const records = stored({ 'LOG/F_AE': { AETERM: 'Fever', AESER: 'Y' } })
    const lists = (codes: StudyDefinition['codeLists'][0]['codes']) =>
      next(first, (draft) => {
        const list = draft.codeLists.find(({ oid }) => oid === 'CL_NY')
        if (list) list.codes = codes
      })
    const replaced = lists([
      { code: '1', label: { en: 'Yes' }, replaces: 'Y' },
      { code: 'N', label: { en: 'No' } },
    ])
    expect(only(migrate(records, [first, replaced], ['LOG/F_AE']))).toMatchObject({
      data: { AESER: '1' },
      moves: [{ from: 'AESER', to: 'AESER', old: 'Y', value: '1', why: 'replaced' }],
      signature: { why: 'moved' },
    })
    const gone = lists([{ code: 'N', label: { en: 'No' } }])
    expect(only(migrate(records, [first, gone], ['LOG/F_AE']))).toMatchObject({
      data: { AESER: 'Y' },
      refused: ['AESER'],
      signature: { why: 'refused', paths: ['AESER'] },
    })
  })

  it('step aside where their item is calculated now', () => {
    const second = next(first, (draft) => {
      itemOf(draft, 'F_VS', 'HEIGHT').derive = '171'
    })
    const result = only(migrate(weight, [first, second]))
    expect(result.data).toEqual({ WEIGHT: '72.5', HEIGHT__V1: '170' })
    expect(setAside('HEIGHT__V1')).toEqual({ path: 'HEIGHT', version: 1 })
    expect(result.retired).toEqual(['HEIGHT__V1'])
    expect(result.derived).toMatchObject({ HEIGHT: '171.0' })
  })

  it('fall open where something new is required, and a signature falls with them', () => {
    const second = next(first, (draft) => {
      itemOf(draft, 'F_DM', 'BRTHDTC').required = true
    })
    const records = stored({ 'SCR/F_DM': { SEX: 'M', CONSENT: '2020-01-01' } })
    expect(only(migrate(records, [first, second], ['SCR/F_DM']))).toMatchObject({
      opens: ['BRTHDTC'],
      state: 'inProgress',
      signature: { why: 'open', paths: ['BRTHDTC'] },
    })
    const frozen = records.map((record) => ({ ...record, state: 'frozen' as const }))
    expect(only(migrate(frozen, [first, second]))).toMatchObject({ state: 'frozen', opens: [] })
    const begun = records.map((record) => ({ ...record, state: 'inProgress' as const }))
    expect(only(migrate(begun, [first, second]))).toMatchObject({ opens: [], openCount: 1 })
  })

  it('keep a signature over a tighter range, and lose it with the unit', () => {
    const ranged = next(first, (draft) => {
      itemOf(draft, 'F_VS', 'WEIGHT').hard = [20, 250]
    })
    expect(only(migrate(weight, [first, ranged], ['W4/F_VS'])).signature).toBeNull()
    const pounds = next(first, (draft) => {
      itemOf(draft, 'F_VS', 'WEIGHT').unit = 'lb'
    })
    expect(only(migrate(weight, [first, pounds], ['W4/F_VS'])).signature).toMatchObject({
      why: 'altered',
      paths: ['WEIGHT'],
      change: { code: 'item-unit-changed' },
    })
  })

  it('are never fewer than before, whatever is done to the definition', () => {
    const records = stored({
      'SCR/F_DM': { SEX: 'F', BRTHDTC: '1970', PREG: 'N', NOTE: 'x' },
      'W4/F_LB': { LBDTC: '2020-02-01', 'LB[ALT].LBORRES': '12', 'LB[ALT].LBORRESU': 'U/L' },
      'LOG/F_AE#2': { AETERM: 'Rash', 'TX[a1].TXDRUG': 'Aspirin' },
    })
    for (const form of first.forms) {
      for (const group of form.groups) {
        const second = next(first, (draft) => {
          for (const other of draft.forms) {
            if (other.oid === form.oid && other.groups.length > 1) {
              other.groups = other.groups.filter(({ oid }) => oid !== group.oid)
            } else if (other.oid === form.oid) {
              other.renamedFrom = other.oid
              other.oid = 'F_OTHER'
            }
          }
        })
        const after = migrate(records, [first, second])
        expect(after.map(({ data }) => Object.values(data))).toEqual(
          records.map(({ data }) => Object.values(data)),
        )
      }
    }
  })
})
