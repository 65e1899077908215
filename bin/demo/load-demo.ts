/**
 * Loads the demo trial by the system's own verbs: every account grants, every site, list, subject, value, signature and
 * query passes the corridor under the name of the person whose work it is, so the demo obeys every rule and has a whole
 * audit trail. Only the first accounts are laid down directly, as an empty system has nobody who could make them.
 */
import { databasePool, type Pool } from '#db/client.ts'
import { asSystem, aUser } from '#db/seed/build.ts'
import { demoPassword } from '#domain/access/demo-password.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { hashPassword } from '#server/account/password.ts'
import type { Person } from '#server/actor.ts'
import { freezeList } from '#server/allocation/freeze-list.ts'
import { generateList } from '#server/allocation/generate-list.ts'
import { useDatabase } from '#server/database.ts'
import { grantRole } from '#server/person/grant-role.ts'
import { createSite } from '#server/site/create-site.ts'
import { createStudy } from '#server/study/create-study.ts'
import { publishVersion } from '#server/study/publish-version.ts'
import { blockSizes, demoListSeed, listLength, strata } from './cohort.ts'
import { definitionFiles } from './definition-files.ts'
import { demoStudy } from './in-memory-casebooks.ts'
import { demoPeople } from './people.ts'
import { personNamed } from './person-named.ts'
import { SiteWork } from './site-work.ts'

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

export async function loadDemo({ ownerUrl, appUrl, onProgress }: LoadOptions): Promise<LoadedDemo> {
  const ownerPool = databasePool(ownerUrl, { max: 2 })
  const appPool = databasePool(appUrl, { max: 6 })
  useDatabase(appPool)
  try {
    onProgress('accounts')
    const people = await layAccounts(ownerPool)
    const { definition, plans } = await demoStudy()
    const { studyId, siteIds } = await openStudy(ownerPool, people, definition, onProgress)
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
  definition: StudyDefinition,
  onProgress: LoadOptions['onProgress'],
) {
  onProgress('study definition')
  const as = (userName: string): Promise<Person> => personNamed(ownerPool, userName)
  const administratorId = people.get('study.administrator') as string
  const files = (await definitionFiles()).filter((file) => !file.path.startsWith('library/'))
  const { studyId } = await createStudy.execute(await as('administrator'), {
    oid: 'TACCSA',
    name: { en: 'TAC-CSA-RCT' },
    title: {
      en: 'Tacrolimus or ciclosporin A with prednisolone in myositis with interstitial lung disease',
    },
    administratorId,
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
