/**
 * The fixture with everything that can tell the arm, each in another way: the arm itself, entered and derived items, a row of a
 * grid, a whole form, a form and a visit that only one arm has, a subject column, checks, a population, groupings, reports. Concealed texts
 * of tests hold the word "quokka", the arms are called zebra and leopard, so that a search finds every leak.
 */
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { fixtureDefinition } from './fixture-definition.ts'

export const leak = /quokka|zebra|leopard/i

type Blinding = NonNullable<StudyDefinition['allocation']>['blinding']

const label = (en: string) => ({ en })
const text = (oid: string) => ({ oid, label: label(`About ${oid}`), type: 'text', length: 200 })
const ofZebra = "F_RAND.ARMCD == 'ARM1ZEBRA'"
const arms = [
  { code: 'ARM1ZEBRA', label: label('Zebra arm') },
  { code: 'ARM2LEOPARD', label: label('Leopard arm') },
]

/** What the definition must name; the rest follows. */
export const conceals = ['F_DOSE', 'F_VS.DRUG', 'F_LB.LBDRUG', 'F_AE.AEDRUG', 'F_VS.SCAN']

/** Items of a form, added to its first group. */
const added: Readonly<Record<string, readonly object[]>> = {
  F_VS: [text('DRUG'), { ...text('DRUGCOPY'), derive: 'DRUG' }],
  F_DOSE: [text('DOSEDRUG')],
  F_LB: [text('LBDRUG')],
  F_AE: [text('AEDRUG')],
}

export function blindedDefinition(openLabel: boolean, blinding?: Blinding): StudyDefinition {
  const base = structuredClone(fixtureDefinition)
  const row = (title: string, value: string, statistic: string) => ({
    label: label(title),
    value,
    statistic,
  })
  const table = (oid: string, columns: string, rows: object[], population = 'ITT') => ({
    kind: 'table',
    oid,
    title: label(`Report ${oid}`),
    population,
    columns,
    rows,
  })
  const weight = row('Weight', 'at(W0, F_VS.WEIGHT)', 'mean-sd')
  const definition = {
    ...base,
    codeLists: base.codeLists.map((list) =>
      list.oid === 'CL_ARM' ? { oid: 'CL_ARM', codes: arms } : list,
    ),
    subjectColumns: [
      ...base.subjectColumns,
      { oid: 'DRUGCOL', label: label('Drug column'), value: 'at(W0, F_VS.DRUG)' },
    ],
    forms: [
      ...base.forms.map((form) => {
        const more = added[form.oid] ?? []
        const [first, ...rest] = form.groups
        return {
          ...form,
          groups: [{ ...first, items: [...(first?.items ?? []), ...more] }, ...rest],
        }
      }),
      {
        oid: 'F_ONLY',
        label: label('Form of one arm'),
        groups: [{ oid: 'ONLY', items: [text('ONLYTEXT')] }],
      },
    ],
    events: [
      ...base.events.map((event) =>
        event.oid === 'W0'
          ? {
              ...event,
              forms: [
                ...event.forms,
                { form: 'F_ONLY', when: ofZebra, required: false },
                { form: 'F_LB', rows: 'SAFETY', required: false },
              ],
            }
          : event,
      ),
      {
        oid: 'ONEARM',
        label: label('Visit of one arm'),
        kind: 'scheduled',
        day: 8,
        window: [-1, 1],
        when: ofZebra,
        forms: [{ form: 'F_VS' }],
      },
    ],
    variables: [{ oid: 'DRUGV', label: label('Drug'), type: 'text', value: 'at(W0, F_VS.DRUG)' }],
    checks: [
      ...base.checks,
      {
        id: 'EC-90',
        form: 'F_VS',
        item: 'WEIGHT',
        level: 'soft',
        at: 'save',
        rule: 'known(DRUG) and WEIGHT > 10',
        message: label('The weight goes with {DRUG}.'),
      },
    ],
    allocation: {
      ...base.allocation,
      arms: arms.map((arm) => ({ ...arm, ratio: 1 })),
      openLabel,
      ...(blinding ? { blinding } : {}),
    },
    populations: [
      ...base.populations,
      { oid: 'ONEARM_POP', label: label('One arm'), rule: ofZebra },
    ],
    groupings: [
      {
        oid: 'BY_DRUG',
        label: label('Drug given'),
        groups: [{ code: 'Q', label: label('Drug Q'), rule: 'known(DRUGV)' }],
      },
      {
        oid: 'BY_DIAG',
        label: label('Diagnosis'),
        value: 'F_DX.DIAG',
        groups: [
          { code: 'PM', label: label('PM') },
          { code: 'DM', label: label('DM') },
        ],
      },
    ],
    reports: [
      ...base.reports,
      table('R_ARM', 'arm', [{ ...weight, test: 't-test' }]),
      table('R_DRUG', 'BY_DRUG', [weight]),
      table('R_ROWS', 'arm', [row('Drug', "DRUGV == 'x'", 'count')]),
      table('R_POP', 'BY_DIAG', [weight], 'ONEARM_POP'),
      table('R_DIAG', 'BY_DIAG', [weight]),
      {
        kind: 'listing',
        oid: 'R_LIST',
        title: label('Listing'),
        population: 'ITT',
        rule: 'true',
        shows: [{ label: label('Drug'), value: 'at(W0, F_VS.DRUG)' }],
      },
    ],
  }
  return studyDefinitionSchema.parse(definition)
}
