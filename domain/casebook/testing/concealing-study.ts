/** A small double-blind study in which the arm can be told by a value, a rule, a form, a visit, a check and a population. */
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'

const label = (en: string) => ({ en })
const text = (oid: string, over: object = {}) => ({
  oid,
  label: label(oid),
  type: 'text',
  length: 20,
  ...over,
})
const form = (oid: string, ...items: object[]) => ({
  oid,
  label: label(oid),
  groups: [{ oid: `G_${oid}`, items }],
})
/** True of one arm only. */
export const zebra = "F_RAND.ARMCD == 'Z'"

export function concealingStudy(
  over: object = {},
  blinding: object = { conceals: ['F_EX', 'F_LB.TROUGH'] },
) {
  return studyDefinitionSchema.parse({
    oid: 'S',
    name: label('S'),
    title: label('S'),
    protocol: { version: '1' },
    version: '1',
    languages: ['en'],
    mode: 'prospective',
    anchor: 'dateOf(F_RAND.RANDDTC)',
    codeLists: [
      {
        oid: 'CL_ARM',
        codes: [
          { code: 'Z', label: label('Z') },
          { code: 'L', label: label('L') },
        ],
      },
    ],
    forms: [
      form(
        'F_RAND',
        { oid: 'RANDDTC', label: label('When'), type: 'dateTime' },
        { oid: 'ARMCD', label: label('Arm'), type: 'code', codeList: 'CL_ARM' },
        text('RANDNO'),
      ),
      form('F_EX', text('DOSE')),
      form(
        'F_LB',
        text('CREAT'),
        text('TROUGH'),
        text('COPY', { derive: 'TROUGH' }),
        text('AGAIN', { derive: 'COPY' }),
        text('ASKED', { when: 'known(AGAIN)' }),
        text('FREE', { when: 'known(CREAT)' }),
      ),
      form('F_ONE', text('ONE')),
      form('F_VISIT', text('SEEN')),
    ],
    events: [
      {
        oid: 'W0',
        label: label('W0'),
        kind: 'baseline',
        day: 1,
        forms: [
          { form: 'F_RAND' },
          { form: 'F_EX' },
          { form: 'F_LB' },
          { form: 'F_ONE', when: zebra },
        ],
      },
      {
        oid: 'WZ',
        label: label('WZ'),
        kind: 'scheduled',
        day: 8,
        when: zebra,
        forms: [{ form: 'F_VISIT' }],
      },
    ],
    variables: [
      { oid: 'VZ', label: label('VZ'), type: 'boolean', value: zebra },
      { oid: 'VVZ', label: label('VVZ'), type: 'boolean', value: 'VZ' },
      { oid: 'VC', label: label('VC'), type: 'text', value: 'F_LB.CREAT' },
    ],
    checks: [
      {
        id: 'EC-01',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'VVZ',
        message: label('x'),
      },
      {
        id: 'EC-02',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('With {TROUGH}'),
      },
      {
        id: 'EC-03',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('Plain'),
      },
      {
        id: 'EC-04',
        form: 'F_LB',
        item: 'TROUGH',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('Plain'),
      },
    ],
    subjectColumns: [
      { oid: 'ARM', label: label('Arm'), value: 'F_RAND.ARMCD' },
      { oid: 'CRE', label: label('Creatinine'), value: 'F_LB.CREAT' },
    ],
    allocation: {
      form: 'F_RAND',
      stratum: 'F_LB.CREAT',
      strata: [{ code: 'A', label: label('A') }],
      arms: [
        { code: 'Z', label: label('Z'), ratio: 1 },
        { code: 'L', label: label('L'), ratio: 1 },
      ],
      openLabel: false,
      blinding,
      preconditions: [],
    },
    populations: [
      { oid: 'ALL_P', label: label('All'), rule: 'true' },
      { oid: 'Z_P', label: label('Z'), rule: 'VVZ' },
      { oid: 'Z_SUB', label: label('Sub'), of: 'Z_P', rule: 'true' },
    ],
    ...over,
  }) as StudyDefinition
}
