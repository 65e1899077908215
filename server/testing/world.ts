/** A study of its own for a test file: two sites, a neighbour study, and a person for every role at every reach. */
import { randomUUID } from 'node:crypto'
import { aGrant, aSession, aSite, aStudy, aUser, type BuiltStudy } from '#db/seed/build.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { type Role, roles } from '#domain/access/permissions.ts'
import type { ItemChange, SaveResult } from '#domain/casebook/views.ts'
import { Problem, type ProblemMessage } from '#domain/problem.ts'
import { hashPassword } from '../account/password.ts'
import { personOfSession } from '../account/sessions.ts'
import type { Person } from '../actor.ts'
import { useDatabase } from '../database.ts'
import { saveItems } from '../form/save-items.ts'
import { screenSubject } from '../subject/screen-subject.ts'
import { fixtureDefinition } from './fixture-definition.ts'

export const password = 'correct horse battery'

export type World = {
  database: TestDatabase
  study: BuiltStudy
  studyId: string
  siteId: string
  otherSiteId: string
  otherStudyId: string
  /** By role, at the first site (allocation statisticians and study-wide roles too). */
  people: Readonly<Record<Role, Person>>
  person(role: Role, reach: 'site' | 'otherSite' | 'study' | 'otherStudy'): Promise<Person>
  end(): Promise<void>
}

let passwordHash: Promise<string> | undefined

/** `definition`: what the study stands on instead of the fixture. */
export async function aWorld({ definition = fixtureDefinition } = {}): Promise<World> {
  const database = await testDatabase()
  useDatabase(database.pool)
  const owner = database.ownerPool
  const study = await aStudy(owner, { oid: `FIX${made()}`, definition })
  const other = await aStudy(owner, { oid: `OTH${made()}`, definition })
  const { studyId } = study
  const site = await aSite(owner, studyId, { code: '01' })
  const otherSite = await aSite(owner, studyId, { code: '02' })
  const foreignSite = await aSite(owner, other.studyId, { code: '01' })
  passwordHash ??= hashPassword(password)
  const hash = await passwordHash
  const person: World['person'] = async (role, reach) => {
    const user = await aUser(owner, { passwordHash: hash, displayName: `${role} (${reach})` })
    const studyWide = role === 'allocation-statistician' || role === 'study-administrator'
    const where = {
      site: { studyId, siteId: studyWide ? null : site.siteId },
      otherSite: { studyId, siteId: studyWide ? null : otherSite.siteId },
      study: { studyId, siteId: null },
      otherStudy: { studyId: other.studyId, siteId: studyWide ? null : foreignSite.siteId },
    }[reach]
    await aGrant(owner, { ...where, userId: user.userId, role })
    return signedInAs(database, user.userId)
  }
  const people = {} as Record<Role, Person>
  for (const role of roles) people[role] = await person(role, 'site')
  return {
    database,
    study,
    studyId,
    siteId: site.siteId,
    otherSiteId: otherSite.siteId,
    otherStudyId: other.studyId,
    people,
    person,
    end: () => database.drop(),
  }
}

let count = 0
const made = () => {
  count += 1
  return count
}

export async function signedInAs(database: TestDatabase, userId: string): Promise<Person> {
  const { token } = await aSession(database.ownerPool, userId)
  const found = await personOfSession(token)
  if (!found) throw new Error('The session of the test is not alive')
  return found
}

export const key = () => randomUUID()

/** A screened subject of the first site. */
export async function aScreenedSubject(
  world: World,
  siteId = world.siteId,
): Promise<{ subjectId: string; subjectKey: string }> {
  const person =
    siteId === world.siteId
      ? world.people.coordinator
      : await world.person('coordinator', 'otherSite')
  return screenSubject.execute(person, {
    studyId: world.studyId,
    siteId,
    screenedOn: '2026-01-05',
    key: key(),
  })
}

export type FormAt = {
  subjectId: string
  event: string
  form: string
  eventRepeat?: number
  formRepeat?: number | null
}

/** Saves as the coordinator of the first site, unless another person is named. */
export function save(
  world: World,
  at: FormAt,
  changes: readonly ItemChange[],
  options: { as?: Person; key?: string } = {},
): Promise<SaveResult> {
  return saveItems.execute(options.as ?? world.people.coordinator, {
    studyId: world.studyId,
    eventRepeat: 1,
    formRepeat: 1,
    ...at,
    changes: changes.map((change) => ({ ...change })) as never,
    key: options.key ?? key(),
  })
}

/** First values of a form. */
export const values = (given: Readonly<Record<string, ItemChange['to']>>): ItemChange[] =>
  Object.entries(given).map(([path, to]) => ({ path, from: null, to }))

/** The problem that a promise is rejected with; fails when it is not one. */
export async function problemOf(act: Promise<unknown>): Promise<ProblemMessage> {
  try {
    await act
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('Nothing was refused')
}
