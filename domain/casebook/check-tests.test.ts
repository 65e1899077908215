import { describe, expect, test } from 'vitest'
import type { CheckDef } from '#domain/definition/definition.ts'
import { runCheckTests } from './check-tests.ts'
import { sampleStudy } from './testing/sample-study.ts'

const study = sampleStudy()
const check = (id: string) => study.definition.checks.find((entry) => entry.id === id) as CheckDef

test('the tests beside the checks of the sample pass', () => {
  const results = study.definition.checks.flatMap((entry) => runCheckTests(study, entry))
  expect(results).toHaveLength(8)
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  expect(results.map(({ name }) => name).slice(0, 2)).toEqual(['C-01 1 fires', 'just not'])
})

describe('a test that does not hold', () => {
  const run = (
    given: Record<string, string | number | null>,
    expectation: 'fires' | 'silent',
    id = 'C-01',
  ) => runCheckTests(study, { ...check(id), tests: [{ given, expect: expectation }] })[0]

  test('says what happened', () => {
    expect(run({ 'SCR/F_VS.WEIGHT': 80, 'W4/F_VS.WEIGHT': 60 }, 'silent')).toMatchObject({
      name: 'C-01 1 silent',
      ok: false,
      message: 'It fires: W4/F_VS WEIGHT: Lost 20 kg, loss Yes.',
    })
    expect(run({ 'SCR/F_VS.WEIGHT': 80, 'W4/F_VS.WEIGHT': 900 }, 'fires')?.message).toBe(
      'It stays silent. Not seen by rules: W4/F_VS.WEIGHT (HARD).',
    )
  })

  test.each([
    [{ 'F_VS.NOPE': 1 }, 'F_VS has no item NOPE'],
    [{ 'F_NO.X': 1 }, 'there is no form F_NO'],
    [{ weight: 1 }, 'is no address'],
    [{ 'F_VS.BMI': 1 }, 'F_VS.BMI is derived and cannot be given'],
    [{ 'LOG/F_VS.WEIGHT': 1 }, 'F_VS is not part of LOG'],
    [{ 'F_LB.LBORRES': 1 }, 'name the row'],
    [{ 'F_LB.LB[ZZ].LBORRES': 1 }, 'LB has no row ZZ'],
    [{ 'parameter.NO': 1 }, 'There is no parameter NO'],
    [{ '__proto__.X': 1 }, 'is no address'],
  ])('%o', (given, message) => {
    expect(run(given as Record<string, number>, 'fires')).toMatchObject({ ok: false })
    expect(run(given as Record<string, number>, 'fires')?.message).toContain(message)
  })

  test('parameters, reasons and empty items can be given', () => {
    const lost = { 'SCR/F_VS.WEIGHT': 80, 'W4/F_VS.WEIGHT': 60 }
    expect(run({ ...lost, 'parameter.DROP': 30 }, 'silent')?.ok).toBe(true)
    expect(run({ ...lost, 'W4/F_VS.LOSS': 'N' }, 'silent')?.ok).toBe(true)
    expect(run({ ...lost, 'W4/F_VS.WEIGHT': 'ND!' }, 'silent')?.ok).toBe(true)
    expect(run({ ...lost, 'W4/F_VS.WEIGHT': null }, 'silent')?.ok).toBe(true)
  })
})
