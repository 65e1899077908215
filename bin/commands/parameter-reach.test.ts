/** The parameters that a report shows, against what they do: whatever changes a demo report must be among them. */
import { describe, expect, it } from 'vitest'
import { parameterReach } from '#domain/analysis/parameter-reach.ts'
import { reportChoices, valuesInPlay } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import { runReport } from '#domain/analysis/run-report.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { analysisSubjects } from '#studies/demo/fill-subject.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { cohortContext, filledCohort } from './report-cohort.ts'

/** What the bar of a report shows. */
function inPlay(name: string, report: string, chosen: ReportParameters = {}): string[] {
  const { definition, compiled } = studyDefinition(name)
  const found = definition.reports.find(({ oid }) => oid === report)
  if (!found) throw new Error(`${name} has no report ${report}`)
  const choices = { ...reportChoices(found, definition), reach: parameterReach(found, compiled) }
  return valuesInPlay(choices, chosen).map(({ oid }) => oid)
}

// The cohort of the trial takes its first dose on the day of randomisation and says the same with every choice.
describe.each([
  ['us-ma-ild', ['table', 'flow', 'populations', 'visit-means', 'visit-values']],
  ['tac-pms', ['cox', 'listing']],
])('in %s', (name, kinds) => {
  it('no parameter changes a report that does not show it', { timeout: 120_000 }, () => {
    const cohort = filledCohort(name)
    const { compiled } = cohort.study
    const definition = {
      ...cohort.study.definition,
      reports: cohort.study.definition.reports.filter(({ kind }) => kinds.includes(kind)),
    }
    const context = cohortContext(cohort)
    const bodyOf = (at: number, subjects: typeof context.subjects) => {
      const report = definition.reports[at]
      return report ? JSON.stringify(runReport(report, { ...context, subjects }).body) : ''
    }
    const asDefined = definition.reports.map((_, at) => bodyOf(at, context.subjects))
    const changed: string[] = []
    for (const { oid, value, choices = [] } of definition.parameters) {
      for (const other of choices.filter((choice) => choice.value !== value)) {
        const set = new Map([...compiled.parameters, [oid, other.value] as const])
        const subjects = analysisSubjects({ ...compiled, parameters: set }, cohort.filled)
        definition.reports.forEach((report, at) => {
          if (bodyOf(at, subjects) !== asDefined[at]) changed.push(`${report.oid} ${oid}`)
        })
      }
    }
    const shown = definition.reports.flatMap((report) =>
      inPlay(name, report.oid).map((oid) => `${report.oid} ${oid}`),
    )
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.filter((one) => !shown.includes(one))).toEqual([])
  })
})

describe('the trial', () => {
  it.each([
    ['R2_BASELINE', []],
    ['R5_FVC', ['TIME_ZERO', 'FVC_MODE']],
    ['R7_AE', ['TIME_ZERO']],
    ['R8_TREATMENT', []],
    ['R3_OS', ['TIME_ZERO']],
    ['R3_PFS', ['TIME_ZERO', 'FVC_MODE']],
  ])('%s shows %j', (report, shown) => {
    expect(inPlay('tac-csa-rct', report)).toEqual(shown)
  })

  it('another population brings what its rule reads, and takes away what only the own one read', () => {
    expect(inPlay('tac-csa-rct', 'R2_BASELINE', { population: 'PP' })).toEqual([
      'TIME_ZERO',
      'FVC_MODE',
    ])
    expect(inPlay('tac-csa-rct', 'R5_FVC', { population: 'ITT' })).toEqual([])
  })

  it('what an address sets stays to be seen, also where it changes nothing', () => {
    expect(inPlay('tac-csa-rct', 'R2_BASELINE', { values: { FVC_MODE: 'REL' } })).toEqual([
      'FVC_MODE',
    ])
  })
})

describe('what a report reads is followed', () => {
  const { definition } = studyDefinition('tac-csa-rct')
  /** The trial with a further choice, read by what `change` makes of a copy. */
  function readBy(change: (draft: typeof definition) => void) {
    const draft = structuredClone(definition)
    draft.parameters.push({
      oid: 'EXTRA',
      label: { en: 'Extra' },
      type: 'boolean',
      value: true,
      choices: [
        { value: true, label: { en: 'Yes' } },
        { value: false, label: { en: 'No' } },
      ],
    })
    change(draft)
    const compiled = compileStudy(draft)
    expect(compiled.broken).toEqual([])
    return draft.reports
      .filter((report) => parameterReach(report, compiled).report.includes('EXTRA'))
      .map(({ oid }) => oid)
  }

  it('to nobody when nothing reads it', () => {
    expect(readBy(() => undefined)).toEqual([])
  })

  it('through the day that baselines are told by, to every report', () => {
    const reached = readBy((draft) => {
      draft.anchor = 'EXTRA ? dateOf(F_RAND.RANDDTC) : TRTSTDTC'
    })
    expect(reached).toEqual(definition.reports.map(({ oid }) => oid))
  })

  it('through the skip logic of an item, and through that of its form', () => {
    const through = (change: (form: (typeof definition)['forms'][number]) => void) =>
      readBy((draft) => {
        for (const form of draft.forms) if (form.oid === 'F_SU') change(form)
      })
    const item = through((form) => {
      for (const one of form.groups.flatMap(({ items }) => items))
        if (one.oid === 'SUSTAT') one.when = 'EXTRA'
    })
    const group = through((form) => {
      for (const one of form.groups) one.when = 'EXTRA'
    })
    expect(item).toContain('R2_BASELINE')
    expect(item).not.toContain('R8_MSA')
    expect(group).toEqual(item)
  })

  it('through a rule with VISIT in it, a subgroup and a grouping', () => {
    expect(
      readBy((draft) => {
        for (const report of draft.reports)
          if (report.oid === 'R5_FVC' && report.kind === 'visit-means')
            report.item = 'EXTRA ? at(VISIT, F_PFT.FVCPP) : null'
      }),
    ).toEqual(['R5_FVC'])
    expect(
      readBy((draft) => {
        for (const report of draft.reports)
          if (report.oid === 'R4_OS' && report.kind === 'survival')
            report.subgroups = [{ label: { en: 'Some' }, rule: 'EXTRA' }]
      }),
    ).toEqual(['R4_OS'])
    expect(
      readBy((draft) => {
        for (const { groups } of draft.groupings ?? [])
          for (const group of groups) if (group.code === 'ALL') group.rule = 'EXTRA'
      }),
    ).toEqual(['R8_MSA'])
  })
})
