import { describe, expect, it } from 'vitest'
import { imageForms, readerForms } from '#domain/casebook/image-readings.ts'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { checkStudy } from './check-study.ts'
import type { StudyDefinition } from './definition.ts'
import { parseStudy } from './parse-study.ts'

const scan = `
- oid: F_SCAN
  label: Scan
  groups: [{ oid: S, items: [{ oid: KEY, label: Key, type: text, length: 10 }] }]
`
const read = `
- oid: F_READ
  label: Reading
  repeats: true
  for: [image-reader]
  reading: { reader: READER, image: KEY, readers: 2, adjudication: F_ADJ }
  groups:
    - oid: R
      items:
        - { oid: KEY, label: Key, type: text, length: 10 }
        - { oid: READER, label: Reader, type: text, length: 10 }
        - { oid: SCORE, label: Score, type: integer }
`
const resolve = `
- oid: F_ADJ
  label: Resolution
  repeats: true
  for: [image-reader]
  groups: [{ oid: A, items: [{ oid: KEY, label: Key, type: text, length: 10 }, { oid: FINAL, label: Final, type: integer }] }]
`
const ours = /^read(ers|ings)-/

function study(forms: string, states = ''): StudyDefinition {
  const parsed = parseStudy(
    sampleSources({
      'forms.yaml': `${sampleFiles['forms.yaml']}${forms}`,
      'events.yaml': null,
      'schedule.yaml': (sampleFiles['schedule.yaml'] ?? '').replace(
        'forms: [F_AE, F_DTH]',
        'forms: [F_AE, F_DTH, F_SCAN, F_READ, F_ADJ]',
      ),
      'study.yaml': (sampleFiles['study.yaml'] ?? '').replace(
        'subjectStates:',
        `subjectStates:\n${states}`,
      ),
    }),
  )
  if (!parsed.definition) throw new Error(JSON.stringify(parsed.findings))
  return parsed.definition
}
const found = (definition: StudyDefinition) =>
  checkStudy(definition)
    .filter(({ code }) => ours.test(code))
    .map(({ severity, code, place }) => `${severity} ${code} ${place.join('.')}`)

describe('forms of blinded readers', () => {
  it('say of which image they are, and where sites enter it', () => {
    const whole = study(scan + read + resolve)
    expect(readerForms(whole).map(({ form, ...rest }) => ({ form: form.oid, ...rest }))).toEqual([
      { form: 'F_READ', imageItem: 'KEY', after: null },
      { form: 'F_ADJ', imageItem: 'KEY', after: 2 },
    ])
    expect(imageForms(whole)).toEqual([{ form: 'F_SCAN', item: 'KEY' }])
    expect(found(whole)).toEqual([])
  })

  it.each([
    ['no image', scan + resolve, ['error readers-without-image']],
    ['no form of the sites has it', read + resolve, Array(2).fill('error readers-without-image')],
    [
      'one entry for all',
      scan + read + resolve.replace('repeats: true\n', 'repeats: false\n'),
      ['error readers-together'],
    ],
  ])('are refused: %s', (_, forms, expected) => {
    expect(found(study(forms)).map((one) => one.replace(/ forms\..*$/, ''))).toEqual(expected)
  })

  it('must not be told by what everybody sees', () => {
    const state = '  - { state: discontinued, rule: "F_READ.exists(r, r.SCORE > 3)" }'
    expect(found(study(scan + read + resolve, state))).toEqual([
      'error readings-betrayed subjectStates.0.rule',
    ])
  })
})
