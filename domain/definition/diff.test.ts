import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleDefinition as theSample } from '#domain/casebook/testing/sample-study.ts'
import { checkRenames } from './check-renames.ts'
import type { StudyDefinition } from './definition.ts'
import { type DefinitionChange, diffDefinitions, worstSeverity } from './diff.ts'
import { changeCodes, sentenceOf, severityOf } from './diff-text.ts'

const sampleDefinition = theSample()
type Draft = { [key: string]: Draft } & Draft[]
/** A changed copy of the sample study. */
function changed(change: (draft: StudyDefinition) => void): StudyDefinition {
  const draft = structuredClone(sampleDefinition) as StudyDefinition
  change(draft)
  return draft
}
const itemOf = (draft: StudyDefinition, form: string, item: string) => {
  const found = draft.forms
    .find(({ oid }) => oid === form)
    ?.groups.flatMap(({ items }) => items)
    .find(({ oid }) => oid === item)
  if (!found) throw new Error(`${form}.${item} is not in the sample`)
  return found
}
const diff = (change: (draft: StudyDefinition) => void) =>
  diffDefinitions(sampleDefinition, changed(change))
const told = (changes: readonly DefinitionChange[]) =>
  changes.map(({ code, place, severity }) => `${code} ${place} ${severity}`)

describe('the comparison of two versions', () => {
  it('says nothing of what did not change', () => {
    expect(diff(() => undefined)).toEqual([])
  })

  it('tells an added, a removed and a renamed item apart', () => {
    const changes = diff((draft) => {
      const [group] = draft.forms[0]?.groups ?? []
      itemOf(draft, 'F_DM', 'NOTE').renamedFrom = 'NOTE'
      itemOf(draft, 'F_DM', 'NOTE').oid = 'REMARK'
      group?.items.splice(
        group.items.findIndex(({ oid }) => oid === 'BRTHDTC'),
        1,
      )
      group?.items.push({ oid: 'HAND', label: { en: 'Hand' }, type: 'text', required: true })
    })
    expect(told(changes)).toEqual([
      'item-renamed F_DM.REMARK reevaluated',
      'item-added-required F_DM.HAND reevaluated',
      'item-removed F_DM.BRTHDTC risk',
    ])
    expect(changes[0]?.text).toEqual({
      en: 'The item Note (F_DM.REMARK) was NOTE; stored values are carried over.',
      ja: '項目 NOTE を Note (F_DM.REMARK) に改名。保存済みの値は引き継がれる。',
      zh: '项目 NOTE 更名为 Note (F_DM.REMARK)；已保存的值随之转移。',
    })
  })

  it('proves a tightened range and calls the rest changed', () => {
    const range = (soft: [number | null, number | null], hard: [number | null, number | null]) =>
      told(
        diff((draft) => {
          itemOf(draft, 'F_DM', 'AGE').soft = soft
          itemOf(draft, 'F_DM', 'AGE').hard = hard
        }),
      )
    expect(range([20, 80], [0, 110])).toEqual(['range-tightened F_DM.AGE reevaluated'])
    expect(range([0, null], [0, 110])).toEqual(['range-loosened F_DM.AGE reevaluated'])
    expect(range([20, 100], [0, 110])).toEqual(['range-changed F_DM.AGE reevaluated'])
    expect(range([18, 90], [10, 110])).toEqual(['limits-tightened F_DM.AGE risk'])
    expect(range([18, 90], [null, null])).toEqual(['limits-loosened F_DM.AGE reevaluated'])
  })

  it('tells types that hold every old value from those that may not', () => {
    const retyped = (
      item: string,
      type: StudyDefinition['forms'][0]['groups'][0]['items'][0]['type'],
    ) =>
      told(
        diff((draft) => {
          itemOf(draft, 'F_DM', item).type = type
        }),
      )
    expect(retyped('CONSENT', 'partialDate')).toEqual([
      'item-retyped-wider F_DM.CONSENT reevaluated',
    ])
    expect(retyped('BRTHDTC', 'date')).toEqual(['item-retyped F_DM.BRTHDTC risk'])
  })

  it('follows codes: added, replaced, removed, relabelled', () => {
    const changes = diff((draft) => {
      const list = draft.codeLists.find(({ oid }) => oid === 'CL_NYND')
      if (!list) throw new Error('No list')
      list.codes = [
        { code: 'YES', label: { en: 'Present' }, replaces: 'Y' },
        { code: 'N', label: { en: 'Not there' } },
        { code: 'MAYBE', label: { en: 'Perhaps' } },
      ]
    })
    expect(told(changes)).toEqual([
      'code-replaced CL_NYND reevaluated',
      'code-relabelled CL_NYND none',
      'code-added CL_NYND none',
      'code-removed CL_NYND risk',
    ])
  })

  it('keeps both texts of a rule beside the sentence', () => {
    const [first] = sampleDefinition.checks
    if (!first) throw new Error('The sample has no check')
    const [change] = diff((draft) => {
      const [check] = draft.checks
      if (check) check.rule = `(${check.rule}) && true`
    })
    expect(change).toMatchObject({
      code: 'check-rule-changed',
      before: first.rule,
      after: `(${first.rule}) && true`,
    })
  })

  it('says whether discontinued subjects are still followed, not that the default was written down', () => {
    const ends = changed((draft) => {
      draft.followUpAfterDiscontinuation = false
    })
    const place = 'followUpAfterDiscontinuation reevaluated'
    expect(told(diffDefinitions(sampleDefinition, ends))).toEqual([`follow-up-ends ${place}`])
    expect(told(diffDefinitions(ends, sampleDefinition))).toEqual([`follow-up-goes-on ${place}`])
    expect(
      diff((draft) => {
        draft.followUpAfterDiscontinuation = true
      }),
    ).toEqual([])
  })

  it('never compares different contents as equal', () => {
    const leaves = leavesOf(sampleDefinition as unknown as Draft, [])
    fc.assert(
      fc.property(fc.constantFrom(...leaves), (path) => {
        const after = structuredClone(sampleDefinition) as unknown as Draft
        let at = after
        for (const key of path.slice(0, -1)) at = at[key as number] as Draft
        const last = path.at(-1) as number
        const value: unknown = at[last]
        ;(at as unknown[])[last] =
          typeof value === 'number'
            ? value + 1
            : typeof value === 'boolean'
              ? !value
              : `${String(value)}X`
        const changes = diffDefinitions(sampleDefinition, after as unknown as StudyDefinition)
        expect(changes, path.join('.')).not.toEqual([])
        expect(changes.every(({ text }) => !/[{}]/.test(text.en + text.ja + text.zh))).toBe(true)
      }),
      { numRuns: 1500 },
    )
  })

  it('has a sentence in every language for every kind of change', () => {
    for (const code of changeCodes) {
      const { en, ja, zh } = sentenceOf(code, { name: 'N', place: 'P', before: 'B', after: 'A' })
      expect(new Set([en, ja, zh]).size, code).toBe(3)
      expect(en + ja + zh).not.toMatch(/[{}]/)
    }
    expect(worstSeverity(changeCodes.map((code) => ({ severity: severityOf(code) })))).toBe(
      'forbidden',
    )
  })
})

function leavesOf(value: Draft, path: (string | number)[]): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry as Draft, [...path, key]))
}

describe('declared renames', () => {
  it('are refused where the old name is still there, or claimed twice', () => {
    expect(checkRenames(sampleDefinition)).toEqual([])
    const twice = changed((draft) => {
      itemOf(draft, 'F_DM', 'NOTE').renamedFrom = 'GONE'
      itemOf(draft, 'F_DM', 'SEX').renamedFrom = 'GONE'
      itemOf(draft, 'F_DM', 'AGE').renamedFrom = 'CONSENT'
      const [list] = draft.codeLists
      if (list?.codes[0]) list.codes[0].replaces = 'N'
    })
    expect(checkRenames(twice).map(({ message }) => message)).toEqual([
      'AGE is renamed from CONSENT, which is still an item of the form.',
      'More than one is renamed from GONE.',
      'Y replaces N, which is still a code of CL_NY.',
    ])
  })
})
