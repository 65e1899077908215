import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DemoStudy } from '#bin/demo/demo-studies.ts'
import { inParallel } from '#bin/demo/in-parallel.ts'
import { layAccounts, openStudy } from '#bin/demo/load-demo.ts'
import { siteStaff } from '#bin/demo/people.ts'
import { Readings } from '#bin/demo/readings.ts'
import { databasePool, type Pool } from '#db/client.ts'
import { startEmbedded } from '#db/embedded/server.ts'
import { migrate } from '#db/migrate.ts'
import { permutedBlocks } from '#domain/allocation/permuted-blocks.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import type { SourceFile } from '#domain/definition/parse-study.ts'
import { useDatabase } from '#server/database.ts'
import { runReport } from '#server/report/reads.ts'
import { chance } from '#studies/demo/chance.ts'
import type { ReadStudy } from '#studies/demo/study-definition.ts'
import { type Outcome, peopleOf, SubjectWork } from './carry-out.ts'
import type { Hints } from './hints.ts'
import { SimulatedSubject } from './simulate-subject.ts'

export type Simulation = {
  study: Pick<ReadStudy, 'definition' | 'compiled'>
  /** The study's own files, to be published. */
  files: readonly SourceFile[]
  hints: Hints
  subjects: number
  seed: number
  /** No simulated date lies after it. */
  today: string
}
export type Progress = (phase: string, done: number, of: number) => void

export type SimulatedStudy = {
  subjects: readonly SimulatedSubject[]
  outcomes: readonly Outcome[]
  /** Queries that rules raised, by check. */
  queries: ReadonlyMap<string, number>
  queriesBySubject: readonly number[]
  reports: readonly { oid: string; result: ReportResult | null; problem: string | null }[]
  allocated: number
}

const sideBySide = 3
const siteCount = 5

/** Runs the study on a PostgreSQL of its own, which is thrown away afterwards. Same input, same result. */
export async function runSimulation(
  asked: Simulation,
  onProgress: Progress,
): Promise<SimulatedStudy> {
  const directory = await mkdtemp(join(tmpdir(), 'casebook-simulation-'))
  const server = await startEmbedded({ directory, durable: false })
  try {
    const { appUrl } = await migrate(server.ownerUrl, { appRolePassword: 'simulation' })
    const ownerPool = databasePool(server.ownerUrl, { max: 3 })
    const appPool = databasePool(appUrl, { max: 6 })
    useDatabase(appPool)
    try {
      return await simulateOn(asked, ownerPool, onProgress)
    } finally {
      await appPool.end()
      await ownerPool.end()
    }
  } finally {
    await server.stop()
    if (server.home !== directory) await rm(server.home, { recursive: true, force: true })
    await rm(directory, { recursive: true, force: true })
  }
}

/** The same on a migrated, empty database that `useDatabase` already points to. */
export async function simulateOn(
  asked: Simulation,
  ownerPool: Pool,
  onProgress: Progress,
): Promise<SimulatedStudy> {
  const { definition } = asked.study
  const lists = listsOf(asked)
  await layAccounts(ownerPool)
  const planned = definition.plannedSites.slice(0, siteCount)
  const sites = planned.length > 0 ? planned.map(({ code }) => code) : ['01']
  const staff = siteStaff(sites)
  const { studyId, siteIds } = await openStudy({
    study: {
      name: definition.oid,
      oid: definition.oid,
      cohort: () => [],
      ...(lists ? { lists } : {}),
    },
    files: asked.files,
    definition: {
      ...definition,
      plannedSites: planned.length > 0 ? planned : [{ code: '01', name: { en: 'Site 01' } }],
    },
    staff,
    ownerPool,
    onProgress: () => undefined,
  })
  const signed = new Set(
    definition.forms.filter((form) => form.signature?.required).map((form) => form.oid),
  )
  const people = peopleOf(ownerPool)
  const readings = new Readings(definition, people)
  const opened = { oid: definition.oid, studyId, siteIds, staff, signed, ownerPool, readings }
  const works = Array.from({ length: asked.subjects }, (_, index) => {
    const site = sites[chance(asked.seed + index).whole(0, sites.length - 1)] as string
    const subject = new SimulatedSubject({ ...asked, index, site })
    return new SubjectWork(opened, { subject, index, site }, people)
  })
  let done = 0
  // Subject numbers run by site, so a site screens one after the other.
  const bySite = sites.map((site) => works.filter(({ at }) => at.site === site))
  await inParallel(sideBySide, bySite, async (own) => {
    for (const work of own) {
      work.at.subject.screen()
      await work.screen()
      done += 1
      onProgress('screening', done, works.length)
    }
  })
  const entered = definition.allocation ? await allocateAll(works, asked, onProgress) : works
  done = 0
  await inParallel(sideBySide, entered, async (work) => {
    work.at.subject.follow()
    await work.finish()
    done += 1
    onProgress('visits and logs', done, entered.length)
  })
  onProgress('reports', 0, definition.reports.length)
  const reports: SimulatedStudy['reports'][number][] = []
  for (const { oid } of definition.reports) {
    try {
      const result = await runReport.execute(await people('statistician'), { studyId, report: oid })
      reports.push({ oid, result, problem: null })
    } catch (error) {
      reports.push({ oid, result: null, problem: error instanceof Error ? error.message : '' })
    }
    onProgress('reports', reports.length, definition.reports.length)
  }
  return {
    subjects: works.map(({ at }) => at.subject),
    outcomes: works.map(({ outcome }) => outcome),
    ...(await queriesOf(ownerPool, works.length)),
    reports,
    allocated: definition.allocation ? entered.length : 0,
  }
}

/** Allocation in the order of dates, each subject meeting the arm that the list of its stratum holds next. */
async function allocateAll(
  works: readonly SubjectWork[],
  asked: Simulation,
  onProgress: Progress,
): Promise<SubjectWork[]> {
  const waiting = works
    .flatMap((work) => {
      const stratum = work.at.subject.stratum()
      return stratum === null ? [] : [{ work, stratum, on: work.at.subject.allocatedOn() }]
    })
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.work.at.index - b.work.at.index))
  const arms = new Map(
    (asked.study.definition.allocation?.strata ?? []).map(({ code }) => [
      code,
      armsOf(asked, code),
    ]),
  )
  const allocated: SubjectWork[] = []
  for (const [index, { work, stratum, on }] of waiting.entries()) {
    const arm = arms.get(stratum)?.[0]
    if (arm && (await work.allocate(on, arm))) {
      arms.get(stratum)?.shift()
      work.at.subject.allocate({ on, stratum, arm })
      allocated.push(work)
    }
    onProgress('allocation', index + 1, waiting.length)
  }
  return allocated
}

const blockSizes = [4]

function listsOf({ study, subjects, seed }: Simulation): DemoStudy['lists'] {
  const { allocation } = study.definition
  if (!allocation) return undefined
  return {
    strata: allocation.strata.map(({ code }) => code),
    // Any stratum may draw every subject; a list holds whole blocks.
    size: Math.ceil((subjects + 4) / blockLength(allocation.arms)) * blockLength(allocation.arms),
    seed: `simulated subjects of a dry run, seed ${seed}`,
    blocks: [blockLength(allocation.arms)],
  }
}

function blockLength(arms: readonly { ratio: number }[]): number {
  const share = arms.reduce((sum, arm) => sum + arm.ratio, 0)
  return share * Math.max(1, Math.round((blockSizes[0] as number) / share))
}

function armsOf(asked: Simulation, stratum: string): string[] {
  const lists = listsOf(asked)
  const arms = asked.study.definition.allocation?.arms ?? []
  if (!lists) return []
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  return permutedBlocks(
    {
      seed: lists.seed,
      stratum,
      arms: arms.map(({ code, ratio }) => ({ arm: code, share: ratio })),
      blockSizes: [...lists.blocks],
      size: lists.size,
    },
    sha256,
  ).map((slot) => slot.arm)
}

async function queriesOf(ownerPool: Pool, subjects: number) {
  const byCheck = await ownerPool.query<{ check: string; count: number }>(
    `select check_id as check, count(*)::int as count from casebook.query
     where check_id is not null group by check_id order by check_id`,
  )
  const bySubject = await ownerPool.query<{ count: number }>(
    `select count(*)::int as count from casebook.query where check_id is not null
     group by subject_id order by 1`,
  )
  const some = bySubject.rows.map(({ count }) => count)
  const none = Array.from({ length: Math.max(0, subjects - some.length) }, () => 0)
  return {
    queries: new Map(byCheck.rows.map(({ check, count }) => [check, count])),
    queriesBySubject: [...none, ...some],
  }
}
