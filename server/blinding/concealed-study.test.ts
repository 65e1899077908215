import { describe, expect, it } from 'vitest'
import { concealingStudy } from '#domain/casebook/testing/concealing-study.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { acrossVersions, concealsPath } from './concealed-study.ts'

const rename = (definition: StudyDefinition, over: object): StudyDefinition =>
  ({ ...definition, ...over }) as StudyDefinition

/** Two versions: in the second the dose form and its item have other names. */
function versions(first: readonly string[], second: readonly string[]): StudyDefinition[] {
  const one = concealingStudy({}, { conceals: first })
  const later = concealingStudy({}, { conceals: second })
  const forms = later.forms.map((form) =>
    form.oid === 'F_EX'
      ? {
          ...form,
          oid: 'F_EXPO',
          renamedFrom: 'F_EX',
          groups: form.groups.map((group) => ({
            ...group,
            items: group.items.map((item) => ({ ...item, oid: 'AMOUNT', renamedFrom: 'DOSE' })),
          })),
        }
      : form,
  )
  const events = later.events.map((event) => ({
    ...event,
    forms: event.forms.map((entry) =>
      entry.form === 'F_EX' ? { ...entry, form: 'F_EXPO' } : entry,
    ),
  }))
  return [one, rename(later, { forms, events })]
}

describe('what versions conceal together', () => {
  it.each([
    { first: ['F_EX.DOSE'], second: [] },
    { first: [], second: ['F_EXPO.AMOUNT'] },
  ])('goes by every name that an item ever had (%o)', ({ first, second }) => {
    const concealed = acrossVersions(versions(first, second))
    for (const form of ['F_EX', 'F_EXPO'])
      for (const item of ['DOSE', 'AMOUNT'])
        expect(concealed.items, `${form}.${item}`).toContain(`${form}.${item}`)
    expect(concealed.forms).not.toContain('F_EX')
    expect(concealsPath(concealed, 'F_EXPO', 'DOSE')).toBe(true)
  })

  it('goes by every name of a form', () => {
    const { forms } = acrossVersions(versions([], ['F_EXPO']))
    expect(forms).toContain('F_EX')
    expect(forms).toContain('F_EXPO')
  })

  it('is never less than what one of them conceals', () => {
    const alone = acrossVersions([concealingStudy({}, { conceals: ['F_LB.TROUGH'] })])
    const both = acrossVersions([
      concealingStudy({}, { conceals: ['F_LB.TROUGH'] }),
      concealingStudy({}, { conceals: [] }),
    ])
    for (const item of alone.items) expect(both.items).toContain(item)
    expect(both.checks).toEqual(alone.checks)
  })

  it('leaves what nobody names in sight', () => {
    const { items, forms } = acrossVersions(versions(['F_EX.DOSE'], []))
    expect(items).not.toContain('F_LB.CREAT')
    expect(forms).not.toContain('F_LB')
    expect(concealsPath(null, 'F_EX', 'DOSE')).toBe(false)
  })
})
