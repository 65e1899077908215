/**
 * Loads the demo trial by the system's own verbs: every account grants, every site, list, subject, value, signature and
 * query passes the corridor under the name of the person whose work it is, so the demo obeys every rule and has a whole
 * audit trail. Only the first accounts are laid down directly, as an empty system has nobody who could make them.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseDocument, stringify } from 'yaml'
import { databasePool, type Pool } from '#db/client.ts'
import { asSystem, aUser } from '#db/seed/build.ts'
import { permutedBlocks } from '#domain/allocation/permuted-blocks.ts'
import { hashPassword } from '#server/account/password.ts'
import type { Person } from '#server/actor.ts'
import { freezeList } from '#server/allocation/freeze-list.ts'
import { generateList } from '#server/allocation/generate-list.ts'
import { useDatabase } from '#server/database.ts'
import { grantRole } from '#server/person/grant-role.ts'
import { createSite } from '#server/site/create-site.ts'
import { createStudy } from '#server/study/create-study.ts'
import { publishVersion } from '#server/study/publish-version.ts'
import { orderSubjects, planSubject } from '#studies/tac-csa-rct/demo/cohort.ts'
import type { DemoPlan } from '#studies/tac-csa-rct/demo/plan.ts'
import { screenFailures } from '#studies/tac-csa-rct/demo/screen-failures.ts'
import { readSubjects } from '#studies/tac-csa-rct/demo/subjects.ts'
import { demoPassword, demoPeople } from './people.ts'
import { personNamed } from './person-named.ts'
import { SiteWork } from './site-work.ts'

export { demoPassword, demoPeople } from './people.ts'

/** One demo sign-in a role, for the last lines of a start. */
export const demoAccounts = demoPeople
  .filter((person) => person.card)
  .map((person) => ({
    role: person.grants[0]?.role ?? 'system administrator',
    userName: person.userName,
    password: demoPassword,
  }))

export type LoadOptions = { ownerUrl: string; appUrl: string; onProgress: (detail: string) => void }
export type LoadedDemo = { studyId: string; subjects: number; forms: number }

/** Seed of the demo's lists, drawn until they can give the paper's arms; it is public, as nothing in a demo is secret. */
export const demoListSeed = 'tac-csa-rct demonstration list, draw 000003'
const blockSizes = [6]
const listLength = 60
/** Subjects of each list that the cohort uses; the rest stays free for visitors. */
const strata = ['PM', 'DM', 'CADM']
const cohortSeed = 20210101

export async function loadDemo({ ownerUrl, appUrl, onProgress }: LoadOptions): Promise<LoadedDemo> {
  const ownerPool = databasePool(ownerUrl, { max: 2 })
  const appPool = databasePool(appUrl, { max: 6 })
  useDatabase(appPool)
  try {
    onProgress('accounts')
    const people = await layAccounts(ownerPool)
    const { studyId, siteIds } = await openStudy(ownerPool, people, onProgress)
    const plans = await cohort()
    const work = new SiteWork({ ownerPool, studyId, siteIds, people, onProgress })
    await work.enter(plans)
    await work.clean()
    return { studyId, subjects: plans.length, forms: work.forms }
  } finally {
    await appPool.end()
    await ownerPool.end()
  }
}

/** The accounts, all with the demo password; returns their ids by user name. */
async function layAccounts(ownerPool: Pool): Promise<ReadonlyMap<string, string>> {
  const passwordHash = await hashPassword(demoPassword)
  const ids = new Map<string, string>()
  for (const person of demoPeople) {
    const user = await aUser(ownerPool, {
      userName: person.userName,
      displayName: person.displayName,
      passwordHash,
      isDemo: true,
      isSystemAdministrator: person.isSystemAdministrator ?? false,
    })
    ids.set(person.userName, user.userId)
  }
  return ids
}

async function openStudy(
  ownerPool: Pool,
  people: ReadonlyMap<string, string>,
  onProgress: LoadOptions['onProgress'],
) {
  onProgress('study definition')
  const as = (userName: string): Promise<Person> => personNamed(ownerPool, userName)
  const administratorId = people.get('study.administrator') as string
  const files = await definitionFiles()
  const { studyId } = await createStudy.execute(await as('administrator'), {
    oid: 'TACCSA',
    name: { en: 'TAC-CSA-RCT' },
    title: {
      en: 'Tacrolimus or ciclosporin A with prednisolone in myositis with interstitial lung disease',
    },
    administratorId,
    key: crypto.randomUUID(),
  })
  await asSystem(ownerPool, { studyId, reason: 'demonstration' }, (tx) =>
    tx.query('update casebook.study set is_demo = true where study_id = $1', [studyId]),
  )
  const administrator = await as('study.administrator')
  const published = await publishVersion.execute(administrator, {
    studyId,
    files,
    key: crypto.randomUUID(),
  })
  const errors = published.findings.filter((finding) => finding.severity === 'error')
  if (published.number === null)
    throw new Error(`The demo's definition was refused: ${JSON.stringify(errors.slice(0, 5))}`)
  onProgress('sites and people')
  const { definition } = published
  const siteIds = new Map<string, string>()
  for (const site of definition.plannedSites) {
    const { siteId } = await createSite.execute(administrator, {
      studyId,
      code: site.code,
      name: site.name.en,
      planned: site.planned ?? null,
      key: crypto.randomUUID(),
    })
    siteIds.set(site.code, siteId)
  }
  for (const person of demoPeople) {
    for (const grant of person.grants) {
      if (grant.role === 'study-administrator') continue
      const userId = people.get(person.userName) as string
      await grantRole.execute(administrator, {
        studyId,
        userId,
        role: grant.role,
        siteId: grant.site === null ? null : (siteIds.get(grant.site) as string),
        key: crypto.randomUUID(),
      })
    }
  }
  onProgress('allocation lists')
  const allocation = await as('allocation')
  for (const stratum of strata) {
    const { listId } = await generateList.execute(allocation, {
      studyId,
      stratum,
      size: listLength,
      seed: demoListSeed,
      blocks: blockSizes,
      key: crypto.randomUUID(),
    })
    await freezeList.execute(allocation, { studyId, listId, key: crypto.randomUUID() })
  }
  return { studyId, siteIds }
}

/** The definition as published, with what the demo sets otherwise. */
export async function definitionFiles(): Promise<{ path: string; text: string }[]> {
  const root = join(process.cwd(), 'studies')
  const own = await yamlFiles(join(root, 'tac-csa-rct'), join(root, 'tac-csa-rct'))
  const library = await yamlFiles(join(root, 'library'), root)
  const overrides = parseDocument(
    await readFile(join(root, 'tac-csa-rct/demo/parameters.yaml'), 'utf8'),
  ).toJS() as Record<string, string>
  return [
    ...own.map((file) =>
      file.path === 'study.yaml' ? { ...file, text: withParameters(file.text, overrides) } : file,
    ),
    ...library,
  ]
}

function withParameters(text: string, overrides: Readonly<Record<string, string>>): string {
  const study = parseDocument(text).toJS() as { parameters: { oid: string; value: unknown }[] }
  for (const [oid, value] of Object.entries(overrides)) {
    const parameter = study.parameters.find((one) => one.oid === oid)
    if (!parameter) throw new Error(`The demo sets ${oid}, which is no parameter of the study`)
    parameter.value = value
  }
  return stringify(study)
}

async function yamlFiles(folder: string, base: string): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'demo' ? [] : yamlFiles(path, base)
      return entry.name.endsWith('.yaml')
        ? [{ path: relative(base, path), text: await readFile(path, 'utf8') }]
        : []
    }),
  )
  return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** All screened subjects in the order of their dates. */
export async function cohort(): Promise<DemoPlan[]> {
  const csv = await readFile(join(process.cwd(), 'studies/tac-csa-rct/demo/subjects.csv'), 'utf8')
  const subjects = readSubjects(csv)
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
