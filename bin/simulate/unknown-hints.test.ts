import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { type Hints, readHints } from './hints.ts'
import { unknownHints } from './unknown-hints.ts'

const { definition } = studyDefinition('tac-csa-rct', { asDemo: false })
const own = readHints('studies/tac-csa-rct')
const told = (more: Partial<Hints>) => unknownHints(definition, { ...own, ...more })

it('finds nothing to say about the hints of the trials', () => {
  expect(told({})).toEqual([])
  const { definition: linked } = studyDefinition('tac-pirfenidone', { asDemo: false })
  expect(unknownHints(linked, readHints('studies/tac-pirfenidone'))).toEqual([])
})

it.each<[Hints['values'], string[]]>([
  [{ 'F_DM.SEKS': { F: 1 } }, ['F_DM.SEKS']],
  [{ 'W99/F_VS.WEIGHT': { mean: 1, sd: 1 } }, ['W99/F_VS.WEIGHT']],
  [{ 'F_LB.LB[GOLD].LBORRES': { mean: 1, sd: 1 } }, ['F_LB.LB[GOLD].LBORRES']],
  [{ 'F_DM.SEX': { F: 1, X: 1 } }, ['F_DM.SEX: X']],
  [{ 'F_DM.BRTHDTC': { daysBefore: [1, 2] }, 'F_LB.LB[CREAT].LBORRES': { mean: 60, sd: 5 } }, []],
])('values %j', (values, expected) => {
  expect(told({ values })).toEqual(expected)
})

it('entries and logs are of logs, and wait for forms of visits', () => {
  const entry = { form: 'F_EC', day: 'end' as const, share: 1, fates: [], values: {} }
  expect(told({ entries: [entry, { ...entry, before: 'F_IE' }] })).toEqual([])
  expect(told({ entries: [{ ...entry, form: 'F_VS' }] })).toEqual(['F_VS is in no log'])
  expect(told({ entries: [{ ...entry, before: 'F_AE' }] })).toEqual(['F_AE is in no visit'])
  expect(told({ logs: { F_NONE: 1 } })).toEqual(['F_NONE is in no log'])
  const profiles = { group: [{ weight: 1, values: { 'F_DM.SEKS': { F: 1 } }, entries: [] }] }
  expect(told({ profiles })).toEqual(['F_DM.SEKS'])
})
