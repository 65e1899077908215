import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { permutedBlocks } from '#domain/allocation/permuted-blocks.ts'
import type { DemoPlan } from '#studies/demo/plan.ts'
import { orderSubjects, planSubject } from './cohort.ts'
import { screenFailures } from './screen-failures.ts'
import { readSubjects } from './subjects.ts'

/** Seed of the demo's lists, drawn until they can give the paper's arms; it is public, as nothing in a demo is secret. */
export const demoListSeed = 'tac-csa-rct demonstration list, draw 000003'
export const blockSizes = [6]
/** Slots a list; those that the cohort does not use stay free for visitors. */
export const listLength = 60
export const strata = ['PM', 'DM', 'CADM']
const cohortSeed = 20210101

/** All screened subjects in the order of their dates. */
export function cohort(): DemoPlan[] {
  const subjects = readSubjects(readFileSync(join(import.meta.dirname, 'subjects.csv'), 'utf8'))
  const lists = Object.fromEntries(strata.map((stratum) => [stratum, armsOf(stratum)]))
  const plans = orderSubjects(subjects, lists).map(({ subject, on }, index) =>
    planSubject(subject, on, cohortSeed + index),
  )
  return [...plans, ...screenFailures].sort((a, b) => (a.screenedOn < b.screenedOn ? -1 : 1))
}

function armsOf(stratum: string): string[] {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const arms = [
    { arm: 'TAC', share: 1 },
    { arm: 'CSA', share: 1 },
  ]
  return permutedBlocks(
    { seed: demoListSeed, stratum, arms, blockSizes, size: listLength },
    sha256,
  ).map((slot) => slot.arm)
}
