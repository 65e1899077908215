import { describe, expect, test } from 'vitest'
import { dateOfEntry, isAfterWithdrawal, tellsOfEnd } from './late-entry.ts'
import { casebookOf, keyOf, sampleFiles, sampleStudy } from './testing/sample-study.ts'

const study = (sampleFiles['study.yaml'] ?? '').replace(
  'subjectStates:',
  `subjectStates:
  - { state: withdrawn, rule: known(F_DM.PREG), on: 'at(W8, F_SV.SVDTC)' }
  - { state: withdrawn, rule: "F_AE.exists(r, r.AESER == 'Y')" }
  - { state: completed, rule: 'known(at(W8, F_VS.WEIGHT))' }`,
)
const plain = sampleStudy()
const told = sampleStudy({ 'study.yaml': study })
const undatedVisits = sampleStudy({
  'study.yaml': (sampleFiles['study.yaml'] ?? '').replace(/^visit(Date|Occurred):.*\n/gm, ''),
  'forms.yaml': (sampleFiles['forms.yaml'] ?? '').replace(
    'label: Visit\n',
    'label: Visit\n  date: SVDTC\n',
  ),
})
const readings = sampleStudy({
  'forms.yaml': (sampleFiles['forms.yaml'] ?? '').replace(
    'title: AETERM\n',
    'title: AETERM\n  reading: { reader: AESER, image: AETERM, readers: 2 }\n',
  ),
})

describe('the date by which a record counts', () => {
  const casebook = casebookOf({
    'SCR/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-01-02' },
    'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-02-01' },
    'W4/F_VS': { WEIGHT: '60' },
    'W8/F_SV': { SVOCCUR: 'N' },
    'LOG/F_AE': { AETERM: 'Rash', AEDTC: '2020-02' },
    'LOG/F_AE#2': { AETERM: 'Cough' },
    'LOG/F_DTH': { DTHDTC: '2020-05' },
  })
  test.each<[string, string | null, string]>([
    ['W4/F_SV', '2020-02-01', 'a visit by its date'],
    ['W4/F_VS', '2020-02-01', 'as every form of it'],
    ['W4/F_LB', '2020-02-01', 'also one that nobody began'],
    ['SCR/F_DM', '2020-01-02', 'screening too'],
    ['W8/F_VS', null, 'a visit that did not take place has no date'],
    ['W0/F_VS', null, 'nor has one that is not dated yet'],
    ['LOG/F_AE', '2020-02', 'an entry of a log by its own, known in part'],
    ['LOG/F_AE#2', null, 'or not at all'],
    ['LOG/F_AE#9', null, 'or not begun'],
    ['LOG/F_DTH', null, 'a form that tells of the end is open at any time'],
    ['LOG/F_NONE', null, 'an unknown form has none'],
  ])('%s: %s, %s', (key, date) => {
    expect(dateOfEntry(plain, casebook, keyOf(key))).toBe(date)
  })

  test('without dates of visits the first date among the forms of a visit', () => {
    const dated = casebookOf({
      'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-02-01' },
      'W4/F_VS': { WEIGHT: '60' },
    })
    expect(dateOfEntry(undatedVisits, dated, keyOf('W4/F_VS'))).toBe('2020-02-01')
  })

  test('a form that tells of the end is open at the visit where it does so, and only there', () => {
    const late = casebookOf({
      'W4/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-02-01' },
      'W8/F_SV': { SVOCCUR: 'Y', SVDTC: '2020-03-01' },
    })
    expect(dateOfEntry(told, late, keyOf('W4/F_SV'))).toBe('2020-02-01')
    expect(dateOfEntry(told, late, keyOf('W8/F_SV'))).toBeNull()
    expect(dateOfEntry(told, late, keyOf('W8/F_VS'))).toBe('2020-03-01')
  })

  test('a reading of an image has none but that of its visit: it may be read after the withdrawal', () => {
    const read = casebookOf({ 'LOG/F_AE': { AETERM: 'K1', AEDTC: '2020-02-01' } })
    expect(dateOfEntry(readings, read, keyOf('LOG/F_AE'))).toBeNull()
  })
})

test.each([
  ['2020-03-10', '2020-03-09', false],
  ['2020-03-10', '2020-03-10', false],
  ['2020-03-10', '2020-03-11', true],
  ['2020-03-10', '2020-03', false],
  ['2020-03-10', '2020-04', true],
  ['2020-03-10', '2020', false],
  ['2020-03-10', '2021', true],
  ['2020-03-10', null, false],
  [null, '2020-03-11', false],
])('withdrawn on %s, dated %s: after is %s', (withdrawnOn, date, after) => {
  expect(isAfterWithdrawal(withdrawnOn, date)).toBe(after)
})

test('forms that tell of the end are those of a withdrawal or a death, and no logs', () => {
  expect([...tellsOfEnd(plain)]).toEqual(['F_DTH'])
  expect([...tellsOfEnd(told)].sort()).toEqual(['F_DM', 'F_DTH', 'W8/F_SV'])
})
