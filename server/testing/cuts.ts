/** A study whose reports read what a cut has to hold: values, removed forms, reference ranges, today, the roster. */

import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import type { Person } from '../actor.ts'
import { takeCut } from '../cut/take-cut.ts'
import { fixtureDefinition } from './fixture-definition.ts'
import { aScreenedSubject, key, save, values, type World } from './world.ts'

const label = (en: string) => ({ en })

/** The fixture with a reference limit in the laboratory form and reports on all of it. */
export const cutDefinition: StudyDefinition = (() => {
  const draft = structuredClone(fixtureDefinition) as unknown as {
    codeLists: { oid: string; codes: object[] }[]
    allocation: { arms: object[] }
    forms: { oid: string; groups: { rows?: object[]; items: object[] }[] }[]
    populations: object[]
    groupings?: object[]
    reports: object[]
  }
  // Codes that are no letters, so that a letter in a report cannot be one of them.
  const arms = [
    { code: 'DRUGX', label: label('Drug X') },
    { code: 'PLACEBO', label: label('Placebo') },
  ]
  for (const list of draft.codeLists) if (list.oid === 'CL_ARM') list.codes = arms
  draft.allocation.arms = arms.map((arm) => ({ ...arm, ratio: 1 }))
  const lab = draft.forms.find(({ oid }) => oid === 'F_LB')?.groups[0]
  Object.assign(lab?.rows?.[0] ?? {}, { unit: 'umol/L' })
  lab?.items.push({
    oid: 'LBHI',
    label: label('Upper limit'),
    type: 'decimal',
    length: 12,
    digits: 4,
    derive: 'refHigh(LBTESTCD)',
  })
  draft.populations.push(
    { oid: 'ALL', label: label('Everybody'), rule: 'true' },
    { oid: 'ELIGIBLE', label: label('Eligible'), rule: "F_DX.ELIG == 'Y'" },
  )
  draft.groupings = [
    {
      oid: 'G_ALL',
      label: label('Everybody'),
      groups: [{ code: 'ALL', label: label('All'), rule: 'true' }],
    },
    {
      oid: 'G_ELIG',
      label: label('Eligibility'),
      groups: [
        { code: 'Y', label: label('Eligible'), rule: "F_DX.ELIG == 'Y'" },
        { code: 'N', label: label('Not eligible'), rule: "F_DX.ELIG == 'N'" },
      ],
    },
  ]
  draft.reports = [
    {
      kind: 'flow',
      oid: 'R1',
      title: label('Flow'),
      steps: [
        { label: label('Screened'), rule: 'true' },
        { label: label('With an event'), rule: 'F_AE.count(r, true) > 0' },
      ],
    },
    {
      kind: 'table',
      oid: 'R2',
      title: label('Values'),
      population: 'ALL',
      columns: 'G_ALL',
      rows: [
        { label: label('Weight'), value: 'at(W4, F_VS.WEIGHT)', statistic: 'mean-sd', digits: 1 },
        {
          label: label('Upper limit'),
          value: "at(W4, F_LB.LB['CREAT'].LBHI)",
          statistic: 'median',
        },
        {
          label: label('Days since the date of vital signs'),
          value: 'days(at(W4, F_VS.VSDTC), today())',
          statistic: 'sum',
        },
      ],
    },
    {
      kind: 'listing',
      oid: 'R3',
      title: label('Subjects'),
      population: 'ALL',
      shows: [
        { label: label('Site'), value: 'siteCode()' },
        { label: label('Diagnosis'), value: 'F_DX.DIAG' },
      ],
    },
    {
      kind: 'table',
      oid: 'R4',
      title: label('Values by arm'),
      population: 'ALL',
      columns: 'arm',
      rows: [
        { label: label('Weight'), value: 'at(W4, F_VS.WEIGHT)', statistic: 'mean-sd', digits: 1 },
      ],
    },
    {
      kind: 'table',
      oid: 'R5',
      title: label('Given'),
      population: 'ALL',
      columns: 'arm',
      rows: [{ label: label('Given'), value: "F_RAND.ARMCD == 'DRUGX'", statistic: 'count' }],
    },
  ]
  return studyDefinitionSchema.parse(draft)
})()

export type CutScene = { subjectIds: readonly string[]; eventId: string; statistician: Person }

/** Two subjects at the first site and one at the second with values, and one adverse event. */
export async function aCutScene(world: World): Promise<CutScene> {
  const { siteId } = world
  const other = await world.person('coordinator', 'otherSite')
  const subjectIds: string[] = []
  for (const [at, weight] of ['60', '70', '80'].entries()) {
    const as = at === 2 ? other : world.people.coordinator
    const { subjectId } = await aScreenedSubject(world, at === 2 ? world.otherSiteId : siteId)
    subjectIds.push(subjectId)
    await save(world, { subjectId, event: 'SCR', form: 'F_DX' }, values({ DIAG: 'PM' }), { as })
    await save(
      world,
      { subjectId, event: 'W4', form: 'F_VS' },
      values({ WEIGHT: weight, VSDTC: '2026-02-01' }),
      { as },
    )
    await save(
      world,
      { subjectId, event: 'W4', form: 'F_LB' },
      values({ 'LB[CREAT].LBORRES': '100' }),
      { as },
    )
  }
  const { recordId } = await save(
    world,
    { subjectId: subjectIds[0] as string, event: 'LOG', form: 'F_AE', formRepeat: null },
    values({ AETERM: 'Tremor', AESTDTC: '2026-02-02', AESER: 'N' }),
  )
  const statistician = await world.person('statistician', 'study')
  return { subjectIds, eventId: recordId, statistician }
}

/** Takes a cut with what is usual, unless said otherwise. */
export function aCut(
  world: World,
  person: Person,
  given: Partial<Parameters<typeof takeCut.execute>[1]> = {},
) {
  return takeCut.execute(person, {
    studyId: world.studyId,
    name: 'Interim 1',
    purpose: 'interim',
    reason: 'planned at half of the events',
    arms: 'shown',
    key: key(),
    ...given,
  })
}
