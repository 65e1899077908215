/** The response rules over all their combinations, against the report's sentences written out anew. */
import { expect, it } from 'vitest'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { plusDays } from '#studies/demo/chance.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const { compiled } = studyDefinition('us-ma-ild', { asDemo: false })
const index = '2006-01-10'
const assessed = plusDays(index, 191)

type Values = Record<string, StoredValue>
type Answer = 'Y' | 'N' | null

/** The computed items of the response form at 6 months, from `EVENT/FORM` to values. */
function response(entered: Record<string, Values>): Readonly<Record<string, StoredValue>> {
  const all: Record<string, Values> = { 'IDX/F_CHART': { IDXDTC: index }, ...entered }
  const records = Object.entries(all).map(([address, data]): FormRecordData => {
    const [event = '', form = ''] = address.split('/')
    return {
      recordId: address,
      key: { event, eventRepeat: 1, form, formRepeat: 1 },
      versionNumber: 1,
      revision: 1,
      state: 'complete',
      data,
      derived: {},
    }
  })
  const casebook: Casebook = {
    subject: { subjectId: 's', subjectKey: '01-007', siteCode: '01', siteId: 'x' },
    records,
    references: [],
    today: '2026-11-21',
  }
  return evaluateForm(compiled, casebook, {
    event: 'M6',
    eventRepeat: 1,
    form: 'F_RESP',
    formRepeat: 1,
  }).derived
}

const lung = (on: string, fvc: number | null, tlc: number | null, dlco: number | null): Values => ({
  PFTPERF: 'Y',
  PFTDTC: on,
  ...(fvc === null ? {} : { FVCPP: String(fvc) }),
  ...(tlc === null ? {} : { TLCPP: String(tlc) }),
  ...(dlco === null ? {} : { DLCOPP: String(dlco) }),
})
const ck = (on: string, value: number | null): Values =>
  value === null
    ? {}
    : {
        'LB[CK].LBPERF': 'Y',
        'LB[CK].LBDTC': on,
        'LB[CK].LBORRES': String(value),
        'LB[CK].LBORRESU': 'U/L',
      }
const answers = (weak: Answer, symptoms: Answer): Values => ({
  RSREG: 'CONVENTIONAL',
  RSWEAK: weak ?? 'ND',
  RSSYMP: symptoms ?? 'ND',
})

it('calls ILD refractory by two of four signs, and leaves it open while two are still possible', () => {
  const signs: Answer[] = ['Y', 'N', null]
  let tried = 0
  for (const fvc of signs)
    for (const tlc of signs)
      for (const dlco of signs)
        for (const symptoms of signs) {
          const four = [fvc, tlc, dlco, symptoms]
          const yes = four.filter((sign) => sign === 'Y').length
          const open = four.filter((sign) => sign === null).length
          const expected = yes >= 2 ? 'Y' : yes + open < 2 ? 'N' : undefined
          const later = (sign: Answer, fallen: number) =>
            sign === null ? null : sign === 'Y' ? fallen : 100
          const said = response({
            'IDX/F_PFT': lung(index, 100, 100, 100),
            'M6/F_PFT': lung(assessed, later(fvc, 90), later(tlc, 90), later(dlco, 85)),
            'M6/F_RESP': answers('N', symptoms),
          })
          expect(said.REFILD, JSON.stringify(four)).toBe(expected)
          tried += 1
        }
  expect(tried).toBe(81)
})

it('calls CK refractory unless it is normal or fell by more than half', () => {
  const before = [null, 120, 200, 201, 400, 3000]
  const after = [null, 60, 100, 199, 200, 201, 1499, 1500, 3000]
  for (const first of before)
    for (const second of after) {
      const isKnown = first !== null && second !== null
      const isGood = isKnown && (first <= 200 || second <= 200 || second < first / 2)
      const said = response({
        'IDX/F_LB': ck(index, first),
        'M6/F_LB': ck(assessed, second),
        'M6/F_RESP': answers('N', 'N'),
      })
      expect(said.RSCK, `${first} to ${second}`).toBe(!isKnown ? undefined : isGood ? 'N' : 'Y')
    }
})

it('dichotomises as the report does: either domain refractory is failure, both known not to be is response', () => {
  const cases: [Answer, number, number, Answer, string][] = [
    ['N', 100, 100, 'N', 'RESP'],
    ['Y', 100, 100, 'N', 'FAIL'],
    ['N', 3000, 100, 'N', 'FAIL'],
    ['N', 100, 85, 'Y', 'FAIL'],
    ['N', 100, 85, 'N', 'RESP'],
    ['N', 100, 100, 'Y', 'RESP'],
    [null, 100, 100, 'N', 'IND'],
    [null, 3000, 100, 'N', 'FAIL'],
  ]
  for (const [weak, laterCk, laterFvc, symptoms, expected] of cases) {
    const said = response({
      'IDX/F_PFT': lung(index, 100, 100, 100),
      'M6/F_PFT': lung(assessed, laterFvc, 100, 100),
      'IDX/F_LB': ck(index, 3000),
      'M6/F_LB': ck(assessed, laterCk),
      'M6/F_RESP': answers(weak, symptoms),
    })
    expect(said.RSPFL, `${weak} ${laterCk} ${laterFvc} ${symptoms}`).toBe(expected)
  }
})

it('takes the first record of days 183 to 274 and no other', () => {
  for (const [day, counts] of [
    [182, false],
    [183, true],
    [274, true],
    [275, false],
  ] as const) {
    const said = response({
      'IDX/F_PFT': lung(index, 100, 100, 100),
      'M6/F_PFT': lung(plusDays(index, day), 80, 80, 80),
      'M6/F_RESP': answers('N', 'N'),
    })
    expect(said.REFILD, `day ${day}`).toBe(counts ? 'Y' : undefined)
  }
})
