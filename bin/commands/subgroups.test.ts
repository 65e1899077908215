/** The subgroups that a reader may choose in the five studies, against what the publications say of their sizes. */
import { describe, expect, it } from 'vitest'
import { members } from '#domain/analysis/analysis-subject.ts'
import { studyChoices } from '#domain/analysis/report-choices.ts'
import { groupMembers } from '#domain/analysis/report-cohort.ts'
import { type ReportContext, runReport } from '#domain/analysis/run-report.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { cohortContext, filledCohort } from './report-cohort.ts'

const contexts = new Map<string, ReportContext>()
function contextOf(name: string): ReportContext {
  const known = contexts.get(name) ?? cohortContext(filledCohort(name))
  contexts.set(name, known)
  return known
}

/** Groups that a publication counts, with their size in the population it counts them in. */
const printed: Readonly<Record<string, { population: string; source: string; sizes: object }>> = {
  'tac-csa-rct': {
    population: 'ITT',
    source: 'Fujisawa 2021, table 1 and figure S1; stratum as allocated in the demo cohort',
    sizes: {
      STRATUM: { PM: 10, DM: 22, CADM: 26 },
      DIAGNOSIS: { PM: 10, DM: 23, CADM: 25 },
      ARSGRP: { POS: 29, NEG: 29 },
      MDA5GRP: { POS: 18, NEG: 40 },
      ANTIBODY: { NEITHER: 11 },
      ILDGRP: { ACSUB: 36, CHR: 22 },
      SEXGRP: { F: 41, M: 17 },
      SMOKEGRP: { NEVER: 48, FORMER: 7, CURRENT: 3 },
    },
  },
  'mda5-tof-tac': {
    population: 'ANALYSED',
    source: 'table 1',
    sizes: {
      RPGRP: { Y: 35, N: 26 },
      CADMGRP: { Y: 43, N: 18 },
      TITREGRP: { WEAK: 25, MOD: 15, STRONG: 21 },
      RO52GRP: { Y: 35, N: 26 },
      HRCTGRP: { OP: 39, NSIP: 7, UIP: 1, DAD: 2, DADOP: 9, NSIPOP: 1 },
      SPARINGGRP: { Y: 39, N: 22 },
      SEXGRP: { F: 37, M: 24 },
      SMOKEGRP: { Y: 11, N: 50 },
    },
  },
  'tac-pirfenidone': {
    population: 'ANALYSED_P',
    source: 'table 2',
    sizes: {
      DIAGNOSIS: { PM: 9, DM: 17, CADM: 8 },
      MDA5GRP: { POS: 14, NEG: 20 },
      HRCTGRP: { NSIP: 26, OP: 2, NSIPOP: 4, AIP: 2 },
      SEXGRP: { F: 20, M: 14 },
    },
  },
  'tac-pms': {
    population: 'OUTCOME',
    source: 'table 4',
    sizes: {
      DXGRP: { PM: 46, CADM: 61, DM: 62 },
      MDA5GRP: { POS: 28, NEG: 21 },
      AGEGRP: { LT15: 0, A15_30: 3, A30_40: 6, A40_50: 31, A50_65: 63, GE65: 66 },
      ONSETGRP: { ACSUB: 73, AECHR: 22, CHR: 46, ASYM: 28 },
      SEXGRP: { F: 117, M: 52 },
    },
  },
  'us-ma-ild': {
    population: 'INCLUDED',
    source: 'table 1',
    sizes: {
      RACEGRP: { BLACK: 26, WHITE: 22, ASIAN: 4, HISPANIC: 2 },
      SMOKEGRP: { NEVER: 38, FORMER: 12, CURRENT: 4 },
      JO1GRP: { Y: 27, N: 27 },
      HONEYGRP: { Y: 16, N: 38 },
    },
  },
}

describe.each(Object.keys(printed))('%s', (name) => {
  it('offers the groups that its publication names, of the sizes it gives', {
    timeout: 60_000,
  }, () => {
    const { definition, subjects } = contextOf(name)
    const { population, sizes } = printed[name] as (typeof printed)[string]
    const inPopulation = members(subjects, populationRule(definition, population))
    const offered = studyChoices(definition).groupings
    const found = Object.fromEntries(
      offered
        .filter(({ oid }) => oid in sizes)
        .map(({ oid, groups }) => [
          oid,
          Object.fromEntries(
            groups.map(({ code }) => [
              code,
              groupMembers(definition, oid, code, inPopulation).length,
            ]),
          ),
        ]),
    )
    expect(found).toEqual(sizes)
  })

  it('offers no group of everybody, and no two choices of one name', () => {
    const { definition } = contextOf(name)
    const names = studyChoices(definition).groupings.flatMap(({ label, groups }) =>
      groups.map((group) => `${label.en}: ${group.label.en}`),
    )
    expect(names.length).toBeGreaterThan(10)
    expect(new Set(names).size).toBe(names.length)
    const everybody = (definition.groupings ?? []).flatMap(({ oid, groups }) =>
      groups.filter(({ rule }) => rule === 'true').map(({ code }) => ({ oid, code })),
    )
    for (const { oid, code } of everybody) {
      const grouping = studyChoices(definition).groupings.find((one) => one.oid === oid)
      expect(grouping?.groups.map((group) => group.code) ?? []).not.toContain(code)
    }
  })
})

it('a subgroup of the trial gives the curves of the figure by antibody', () => {
  const context = contextOf('tac-csa-rct')
  const run = (oid: string, subgroup?: { grouping: string; code: string }) => {
    const report = context.definition.reports.find((one) => one.oid === oid)
    if (!report) throw new Error(`no report ${oid}`)
    const { body } = runReport(report, { ...context, parameters: subgroup ? { subgroup } : {} })
    if (body.kind !== 'survival') throw new Error(`${oid} is no curve`)
    return body.parts
  }
  const parts = run('R4_PFS')
  for (const [at, grouping, code] of [
    [1, 'ARSGRP', 'POS'],
    [2, 'MDA5GRP', 'POS'],
    [3, 'ANTIBODY', 'NEITHER'],
  ] as const) {
    const [all] = run('R3_PFS', { grouping, code })
    expect({ ...all, label: null }, grouping).toEqual({ ...parts[at], label: null })
    expect(all?.groups.map(({ n }) => n).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(10)
  }
})
