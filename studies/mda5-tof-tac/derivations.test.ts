/** RP-ILD, the groups, the definitions of infection and crude mortality over their combinations, against the report's sentences written out anew. */
import { expect, it } from 'vitest'
import { plusDays } from '#studies/demo/chance.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { type Entered, madeReader } from '#studies/testing/made-casebook.ts'

const { compiled } = studyDefinition('mda5-tof-tac', { asDemo: false })
const hrct = '2018-05-02'

type Values = Entered[string]
type Answer = 'Y' | 'N' | null

const { derived, value } = madeReader(compiled)

const answers: readonly Answer[] = ['Y', 'N', null]
const typed = (item: string, answer: Answer): Values => (answer === null ? {} : { [item]: answer })
const timeZero = { 'HRCT0/F_ILD': { ILDDXDTC: hrct } }

it('RP-ILD is worse symptoms and a new HRCT change within 31 days, other causes excluded, in the first 365 days', () => {
  let tried = 0
  for (const symptoms of answers)
    for (const image of answers)
      for (const excluded of answers)
        for (const onset of [0, 100, 365, 366])
          for (const gap of [-32, -31, 0, 31, 32]) {
            const parts: Answer[] = [symptoms, image, excluded]
            const isInTime = Math.abs(gap) <= 31 && onset <= 365
            // A date is asked for only where its question was answered yes.
            const areDatesKnown = symptoms === 'Y' && image === 'Y'
            const isTooLate = symptoms === 'Y' && onset > 365
            const expected =
              parts.includes('N') || isTooLate || (areDatesKnown && !isInTime)
                ? 'N'
                : parts.includes(null)
                  ? undefined
                  : 'Y'
            const entered = {
              ...typed('RPSYMP', symptoms),
              RPSYDTC: plusDays(hrct, onset),
              ...typed('RPIMG', image),
              RPIMDTC: plusDays(hrct, onset + gap),
              ...typed('RPEXCL', excluded),
            }
            const said = derived({ ...timeZero, 'LOG/F_RPILD': entered }, 'LOG/F_RPILD').RPILD
            expect(said, JSON.stringify({ symptoms, image, excluded, onset, gap })).toBe(expected)
            tried += 1
          }
  expect(tried).toBe(540)
})

it('the group is tofacitinib if ever given within 31 days of the start, and no group where both overlap', () => {
  const dosing = (drug: string, from: number, to: number | null): Values => ({
    ECTRT: drug,
    ECSTDTC: plusDays(hrct, from),
    ECONGO: to === null ? 'Y' : 'N',
    ...(to === null ? {} : { ECENDTC: plusDays(hrct, to) }),
  })
  const tac = (from: number, to: number | null) => dosing('TACROLIMUS', from, to)
  const tof = (from: number, to: number | null) => dosing('TOFACITINIB', from, to)
  const cases: [string, Values[], string | null, boolean][] = [
    ['tofacitinib alone', [tof(2, null)], 'TOF', false],
    ['tacrolimus alone', [tac(2, null)], 'TAC', false],
    ['tacrolimus in two doses', [tac(2, 20), tac(20, null)], 'TAC', false],
    ['changed on day 31', [tac(2, 33), tof(33, null)], 'TOF', false],
    ['changed on day 32', [tac(2, 34), tof(34, null)], null, false],
    ['tacrolimus after tofacitinib', [tof(2, 50), tac(50, null)], 'TOF', false],
    ['one day of both', [tac(2, 21), tof(20, null)], null, true],
    ['both, neither ended', [tac(2, null), tof(2, null)], null, true],
    ['typed in the other order', [tof(20, null), tac(2, 21)], null, true],
  ]
  for (const [name, doses, group, isOverlap] of cases) {
    const entered = Object.fromEntries(doses.map((dose, at) => [`LOG/F_EC#${at + 1}`, dose]))
    expect(value({ ...timeZero, ...entered }, 'GRPRULE'), name).toBe(group)
    expect(value({ ...timeZero, ...entered }, 'OVERLAP'), name).toBe(isOverlap)
  }
})

it('reads the gray value of the blot as the report does, for every whole number', () => {
  for (let gray = 0; gray <= 120; gray++) {
    const expected = gray <= 15 ? 'NEG' : gray <= 50 ? 'WEAK' : gray <= 100 ? 'MOD' : 'STRONG'
    const entered = {
      'MSA[MDA5].MSAPERF': 'Y',
      'MSA[MDA5].MSAMETH': 'IMMUNOBLOT',
      'MSA[MDA5].MSAVAL': String(gray),
    }
    const said = derived({ 'HRCT0/F_MSA': entered }, 'HRCT0/F_MSA')
    expect(said['MSA[MDA5].MDA5T'], String(gray)).toBe(expected)
  }
})

it('a pulmonary fungal infection needs the new HRCT change and one of three tests above its limit', () => {
  for (const image of answers)
    for (const glucan of [null, 151.5, 151.6])
      for (const galactomannan of [null, 0.5, 0.51])
        for (const culture of answers) {
          const tests: Answer[] = [
            glucan === null ? null : glucan > 151.5 ? 'Y' : 'N',
            galactomannan === null ? null : galactomannan > 0.5 ? 'Y' : 'N',
            culture,
          ]
          const oneOf = tests.includes('Y') ? 'Y' : tests.includes(null) ? null : 'N'
          const expected =
            image === 'N' || oneOf === 'N' ? 'N' : image === 'Y' && oneOf === 'Y' ? 'Y' : undefined
          const entered = {
            INFTYPE: 'FUNGAL_PULM',
            ...typed('INFHRCT', image),
            ...(glucan === null ? {} : { INFBDG: String(glucan) }),
            ...(galactomannan === null ? {} : { INFGM: String(galactomannan) }),
            ...typed('INFCULT', culture),
          }
          const said = derived({ 'LOG/F_INF': entered }, 'LOG/F_INF').INFDEF
          expect(said, JSON.stringify(entered)).toBe(expected)
        }
})

it('leaves out of crude mortality whoever is lost before the landmark, as 11 of 25 in the report', () => {
  const chart = (contact: number): Entered => ({
    ...timeZero,
    'HRCT0/F_CHART': { LASTDTC: plusDays(hrct, contact) },
  })
  const death = (day: number): Entered => ({
    ...timeZero,
    'LOG/F_DTH': { DTHDTC: plusDays(hrct, day) },
  })
  const cases: [Entered, boolean | null, boolean | null][] = [
    [death(8), true, true],
    [death(183), true, true],
    [death(184), false, true],
    [death(365), false, true],
    [death(366), false, false],
    [chart(182), null, null],
    [chart(183), false, null],
    [chart(364), false, null],
    [chart(365), false, false],
  ]
  for (const [entered, sixMonths, oneYear] of cases) {
    expect(value(entered, 'MORT6')).toBe(sixMonths)
    expect(value(entered, 'MORT12')).toBe(oneYear)
  }
})

it('moves every day count when the first HRCT is corrected', () => {
  const entered = (first: string): Entered => ({
    'HRCT0/F_ILD': { ILDDXDTC: first },
    'LOG/F_EC': { ECTRT: 'TOFACITINIB', ECSTDTC: '2018-05-04' },
    'LOG/F_DTH': { DTHDTC: '2018-11-01' },
  })
  expect(value(entered('2018-05-02'), 'ENTRYDAYS')).toBe(2)
  expect(value(entered('2018-05-02'), 'MORT6')).toBe(true)
  expect(value(entered('2018-05-01'), 'ENTRYDAYS')).toBe(3)
  expect(value(entered('2018-05-01'), 'MORT6')).toBe(false)
})
