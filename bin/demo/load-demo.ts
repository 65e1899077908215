/**
 * Loads demo studies by the system's own verbs: every account grants, every site, list, subject, value, signature and query
 * passes the corridor under the name of the person whose work it is, so the demo obeys every rule and has a whole audit
 * trail. Only the first accounts are laid down directly, as an empty system has nobody who could make them. Every step has
 * a key of its own (`stepKey`), so a load that was broken off is run again and goes on where it stopped.
 */
import { databasePool, type Pool } from '#db/client.ts'
import { asSystem, aUser } from '#db/seed/build.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { SourceFile } from '#domain/definition/parse-study.ts'
import { hashPassword } from '#server/account/password.ts'
import { freezeList } from '#server/allocation/freeze-list.ts'
import { generateList } from '#server/allocation/generate-list.ts'
import { useDatabase } from '#server/database.ts'
import { grantRole } from '#server/person/grant-role.ts'
import { createSite } from '#server/site/create-site.ts'
import { createStudy } from '#server/study/create-study.ts'
import { publishVersion } from '#server/study/publish-version.ts'
import { definitionFiles } from '#studies/demo/definition-files.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { type DemoStudy, demoStudies } from './demo-studies.ts'
import { stepKey } from './key.ts'
import { demoPeople, type SiteStaff, siteStaff } from './people.ts'
import { personNamed } from './person-named.ts'
import { SiteWork } from './site-work.ts'

/** One demo sign-in a role, for the last lines of a start. */
export const demoAccounts = demoPeople
  .filter((person) => person.card)
  .map((person) => ({
    role: person.role ?? 'system administrator',
    userName: person.userName,
    password: demoPassword,
  }))

export type LoadOptions = {
  ownerUrl: string
  appUrl: string
  /** Default: the first study alone. */
  studies?: readonly DemoStudy[]
  onProgress: (detail: string) => void
}
export type LoadedDemo = { studyId: string; subjects: number; forms: number }

/** Loads studies one after the other through pools of its own; the result is that of the last. */
export async function loadDemo({
  ownerUrl,
  appUrl,
  studies = demoStudies.slice(0, 1),
  onProgress,
}: LoadOptions): Promise<LoadedDemo> {
  const ownerPool = databasePool(ownerUrl, { max: 2 })
  const appPool = databasePool(appUrl, { max: 6 })
  useDatabase(appPool)
  try {
    let loaded: LoadedDemo | undefined
    for (const study of studies) loaded = await loadDemoStudy(study, ownerPool, onProgress)
    if (!loaded) throw new Error('There is no study to load')
    return loaded
  } finally {
    await appPool.end()
    await ownerPool.end()
  }
}

/** Loads one study, or what is missing of it, through the pool of this process. `sideBySide`: subjects worked on at a time. */
export async function loadDemoStudy(
  study: DemoStudy,
  ownerPool: Pool,
  onProgress: LoadOptions['onProgress'],
  sideBySide = 4,
): Promise<LoadedDemo> {
  onProgress('accounts')
  await layAccounts(ownerPool)
  const { definition } = studyDefinition(study.name)
  const plans = study.cohort()
  const sites = definition.plannedSites.map((site) => site.code)
  const staff = siteStaff(sites, study.firstStaff)
  const files = definitionFiles(study.name).own
  const { studyId, siteIds } = await openStudy({
    study,
    files,
    definition,
    staff,
    ownerPool,
    onProgress,
  })
  const work = new SiteWork({
    ownerPool,
    study,
    definition,
    studyId,
    siteIds,
    staff,
    sideBySide,
    onProgress,
  })
  await work.enter(plans)
  await work.clean()
  return { studyId, subjects: plans.length, forms: work.forms }
}

/** Which of the demo studies this database does not hold. */
export async function missingDemoStudies(ownerPool: Pool): Promise<readonly DemoStudy[]> {
  const { rows } = await ownerPool.query<{ oid: string }>('select oid from casebook.study')
  const present = new Set(rows.map((row) => row.oid))
  return demoStudies.filter((study) => !present.has(study.oid))
}

/** The accounts, all with the demo password; those that exist are left alone. */
export async function layAccounts(ownerPool: Pool): Promise<void> {
  const { rows } = await ownerPool.query<{ userName: string }>(
    'select user_name as "userName" from casebook.app_user',
  )
  const present = new Set(rows.map((row) => row.userName))
  const absent = demoPeople.filter((person) => !present.has(person.userName))
  if (absent.length === 0) return
  const passwordHash = await hashPassword(demoPassword)
  for (const person of absent) {
    await aUser(ownerPool, {
      userName: person.userName,
      displayName: person.displayName,
      passwordHash,
      isDemo: true,
      isSystemAdministrator: person.isSystemAdministrator ?? false,
    })
  }
}

type Opening = {
  study: DemoStudy
  /** The study's own files, to be published. */
  files: readonly SourceFile[]
  definition: StudyDefinition
  staff: ReadonlyMap<string, SiteStaff>
  ownerPool: Pool
  onProgress: LoadOptions['onProgress']
}

/** The study published, with its sites, the people's roles and the lists; what exists already is left alone. */
export async function openStudy(opening: Opening) {
  const { study, files, definition, staff, ownerPool, onProgress } = opening
  const { oid } = definition
  onProgress('study definition')
  const studyId = (await studyIdOf(ownerPool, oid)) ?? (await newStudy(ownerPool, definition))
  await asSystem(ownerPool, { studyId, reason: 'demonstration' }, (tx) =>
    tx.query('update casebook.study set is_demo = true where study_id = $1 and not is_demo', [
      studyId,
    ]),
  )
  const administrator = await personNamed(ownerPool, 'study.administrator')
  const published = await publishVersion.execute(administrator, {
    studyId,
    files: [...files],
    // A definition that was refused keeps its answer; a mended one is another question.
    key: stepKey(oid, 'publish', ...files.map(({ path, text }) => `${path} ${text}`)),
  })
  const errors = published.findings.filter((finding) => finding.severity === 'error')
  if (published.number === null)
    throw new Error(`The definition of ${oid} was refused: ${JSON.stringify(errors.slice(0, 5))}`)
  onProgress('sites and people')
  const siteIds = new Map<string, string>()
  for (const site of definition.plannedSites) {
    const { siteId } = await createSite.execute(administrator, {
      studyId,
      code: site.code,
      name: site.name.en,
      planned: site.planned ?? null,
      key: stepKey(oid, 'site', site.code),
    })
    siteIds.set(site.code, siteId)
  }
  await grantRoles({ oid, studyId, siteIds, staff, ownerPool })
  if (study.lists) {
    onProgress('allocation lists')
    const allocation = await personNamed(ownerPool, 'allocation')
    const { size, seed, blocks } = study.lists
    for (const stratum of study.lists.strata) {
      const { listId } = await generateList.execute(allocation, {
        studyId,
        stratum,
        size,
        seed,
        blocks: [...blocks],
        key: stepKey(oid, 'list', stratum),
      })
      await freezeList.execute(allocation, {
        studyId,
        listId,
        key: stepKey(oid, 'freeze', stratum),
      })
    }
  }
  return { studyId, siteIds }
}

async function newStudy(ownerPool: Pool, { oid, name, title }: StudyDefinition): Promise<string> {
  const administratorId = (await personNamed(ownerPool, 'study.administrator')).userId
  const { studyId } = await createStudy.execute(await personNamed(ownerPool, 'administrator'), {
    oid,
    name,
    title,
    administratorId,
  })
  return studyId
}

async function studyIdOf(ownerPool: Pool, oid: string): Promise<string | null> {
  const { rows } = await ownerPool.query<{ studyId: string }>(
    'select study_id as "studyId" from casebook.study where oid = $1',
    [oid],
  )
  return rows[0]?.studyId ?? null
}

type Granting = {
  oid: string
  studyId: string
  siteIds: ReadonlyMap<string, string>
  staff: ReadonlyMap<string, SiteStaff>
  ownerPool: Pool
}

/** Central people get their role at all sites, site staff at theirs. */
async function grantRoles({ oid, studyId, siteIds, staff, ownerPool }: Granting): Promise<void> {
  const administrator = await personNamed(ownerPool, 'study.administrator')
  for (const person of demoPeople) {
    const { role, userName } = person
    if (role === null || role === 'study-administrator') continue
    const { userId } = await personNamed(ownerPool, userName)
    const at = person.isCentral
      ? [null]
      : [...staff].flatMap(([site, names]) =>
          Object.values(names).includes(userName) ? [site] : [],
        )
    for (const site of at) {
      await grantRole.execute(administrator, {
        studyId,
        userId,
        role,
        siteId: site === null ? null : (siteIds.get(site) as string),
        key: stepKey(oid, 'grant', userName, site ?? ''),
      })
    }
  }
}
