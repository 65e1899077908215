/** Dry runs of the trial: one on a database of its own, one on a database that was there. */

import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '#db/testing/test-database.ts'
import { studyChecks } from '#domain/casebook/study-checks.ts'
import { useDatabase } from '#server/database.ts'
import { definitionFiles } from '#studies/demo/definition-files.ts'
import { type ReadStudy, studyDefinition } from '#studies/demo/study-definition.ts'
import { readHints } from './hints.ts'
import {
  runSimulation,
  type SimulatedStudy,
  type Simulation,
  simulateOn,
} from './run-simulation.ts'
import { SimulatedSubject } from './simulate-subject.ts'
import { type SimulationSummary, summaryOf, summaryText } from './summary.ts'

let study: ReadStudy
let run: SimulatedStudy
let summary: SimulationSummary

const asked = (seed: number): Simulation => ({
  study,
  files: definitionFiles('tac-csa-rct', { asDemo: false }).own,
  hints: readHints('studies/tac-csa-rct'),
  subjects: 12,
  seed,
  today: '2026-01-01',
})

/** On a database that is there already, which is quicker than one of its own. */
async function simulate(seed: number): Promise<SimulatedStudy> {
  const database = await testDatabase()
  useDatabase(database.pool)
  try {
    return await simulateOn(asked(seed), database.ownerPool, () => undefined)
  } finally {
    await database.drop()
  }
}

beforeAll(async () => {
  study = studyDefinition('tac-csa-rct', { asDemo: false })
  run = await runSimulation(asked(7), () => undefined)
  summary = summaryOf(study.definition, run)
}, 120_000)

describe('a dry run', () => {
  it('sends subjects from screening through allocation to their end', () => {
    expect(summary.subjects).toBe(12)
    expect(summary.allocated).toBeGreaterThan(3)
    const fates = Object.values(summary.fates).reduce((sum, n) => sum + n, 0)
    expect(fates).toBe(summary.allocated)
    const events = new Set(run.subjects.flatMap(({ forms }) => forms.map(({ event }) => event)))
    for (const event of ['SCR', 'W0', 'W52', 'LOG']) expect(events, event).toContain(event)
  })

  it('names every check once: as one that fired or as one that never did', () => {
    const own = studyChecks(study.definition).map(({ check }) => check.id)
    const fired = summary.checks.fired.map(({ check }) => check).filter((id) => own.includes(id))
    expect([...fired, ...summary.checks.never].sort()).toEqual([...own].sort())
    expect(fired.length).toBeGreaterThan(0)
  })

  it('gives every report of the study, computed from the simulated data', () => {
    expect(summary.reports.map(({ oid }) => oid)).toEqual(
      study.definition.reports.map(({ oid }) => oid),
    )
    const flow = summary.reports.find(({ oid }) => oid === 'R1_FLOW')
    const text = flow?.lines.join('\n') ?? ''
    expect(text).toMatch(/Screened +12/)
    expect(text).toMatch(new RegExp(`Randomised +${summary.allocated}\\b`))
  })

  it('reads as text', () => {
    const text = summaryText(summary)
    expect(text).toContain('TACCSA 1.0: 12 simulated subjects')
    expect(text).not.toMatch(/undefined|NaN|\[object/)
  })

  it('is the same again with the same seed, and another with another', async () => {
    expect(summaryOf(study.definition, await simulate(7))).toEqual(summary)
    const screened = (seed: number) => {
      const subject = new SimulatedSubject({ ...asked(seed), index: 0, site: '01' })
      subject.screen()
      return subject.forms
    }
    expect(screened(8)).not.toEqual(screened(7))
  }, 180_000)
})
