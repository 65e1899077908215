/**
 * The world of a journey: a study of its own with two sites and a person for every role, frozen allocation lists, and the
 * application's own API for what a journey needs to find done. Nothing is shared between journeys but the server.
 */
import { createHash, randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { type APIRequestContext, test as base, expect, type Page, request } from '@playwright/test'
import { freezeList, generateList } from '#db/allocation.ts'
import { databasePool, inTransaction, type Pool } from '#db/client.ts'
import { aGrant, aSite, aStudy, aUser } from '#db/seed/build.ts'
import { uuidv7 } from '#db/uuid.ts'
import { type Role, roles } from '#domain/access/permissions.ts'
import { permutedBlocks } from '#domain/allocation/permuted-blocks.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { canonicalJson } from '#domain/definition/hash.ts'
import { journeyEnvironment } from './environment.ts'
import { trialDefinition } from './trial-definition.ts'

export { expect } from '@playwright/test'

const password = 'a journey needs a password'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Site people work at the first site unless the other is asked for; everybody else sees the whole study. */
export type PersonName =
  | Role
  | 'coordinator-other-site'
  | 'investigator-other-site'
  | 'monitor-one-site'
type Answer = {
  result?: { data: unknown }
  error?: { message: string; data: { problem: { code: string; place?: string } } }
}

export type Attempt = { status: number; code: string | null; place: string | null; text: string }

export class Person {
  constructor(
    readonly userName: string,
    readonly displayName: string,
    private readonly api: APIRequestContext,
  ) {}

  /** Signs in at the server; needed once before the API or a page is used. */
  async enter(): Promise<this> {
    const csrf = (await (await this.api.get('/api/auth/csrf')).json()) as { csrfToken: string }
    const response = await this.api.post('/api/auth/callback/credentials', {
      form: { csrfToken: csrf.csrfToken, userName: this.userName, password, json: 'true' },
    })
    expect(response.ok(), `${this.userName} signs in`).toBe(true)
    return this
  }

  /** Gives a browser page this person's session, as after the sign-in page. */
  async open(page: Page, path: string): Promise<void> {
    const { cookies } = await this.api.storageState()
    await page.context().clearCookies()
    await page.context().addCookies(cookies)
    await arrive(page, path)
  }

  async ask<T = unknown>(procedure: string, input: unknown): Promise<T> {
    const response = await this.api.get(
      `/api/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`,
    )
    return unwrap<T>(procedure, (await response.json()) as Answer)
  }

  async act<T = unknown>(procedure: string, input: unknown): Promise<T> {
    const response = await this.api.post(`/api/trpc/${procedure}`, { data: input })
    return unwrap<T>(procedure, (await response.json()) as Answer)
  }

  /** The answer as it is, refusals too; `text` is every byte of it. */
  async attempt(kind: 'ask' | 'act', procedure: string, input: unknown): Promise<Attempt> {
    const path = `/api/trpc/${procedure}`
    const response =
      kind === 'ask'
        ? await this.api.get(`${path}?input=${encodeURIComponent(JSON.stringify(input))}`)
        : await this.api.post(path, { data: input })
    const text = await response.text()
    const { error } = JSON.parse(text) as Answer
    const { code = null, place = null } = error?.data.problem ?? {}
    return { status: response.status(), code, place, text }
  }

  /** The raw request context, for files and for hostile requests. */
  get requests(): APIRequestContext {
    return this.api
  }
}

/** Opens an address and waits until it is alive. */
export async function arrive(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await awake(page)
}

/** Waits until the buttons and links of a page are alive: what is pressed before that is lost. */
export async function awake(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const parts = [...document.querySelectorAll('button, a[href]')]
    const isAlive = (part: Element) => Object.keys(part).some((key) => key.startsWith('__react'))
    return parts.length > 0 && parts.every(isAlive)
  })
}

function unwrap<T>(procedure: string, answer: Answer): T {
  if (answer.error)
    throw new Error(`${procedure}: ${answer.error.data.problem.code}: ${answer.error.message}`)
  return answer.result?.data as T
}

export class World {
  readonly password = password
  readonly #people = new Map<PersonName, Person>()

  private constructor(
    readonly ownerPool: Pool,
    readonly baseUrl: string,
    readonly studyId: string,
    /** As it stands in addresses. */
    readonly study: string,
    readonly sites: {
      own: { siteId: string; code: string }
      other: { siteId: string; code: string }
    },
    private readonly accounts: ReadonlyMap<PersonName, { userName: string; displayName: string }>,
  ) {}

  static async make(definition?: StudyDefinition): Promise<World> {
    const { baseUrl, ownerUrl } = journeyEnvironment()
    const ownerPool = databasePool(ownerUrl, { max: 2 })
    const trial = definition ?? (await trialDefinition())
    const oid = `J${randomUUID().slice(0, 8).toUpperCase().replaceAll('-', '')}`
    const study = await aStudy(ownerPool, {
      oid,
      name: { en: `Journey ${oid}` },
      title: trial.title,
      definition: trial,
      hash: sha256(canonicalJson(trial)),
      label: trial.version,
    })
    const { studyId } = study
    const own = await aSite(ownerPool, studyId, { code: '03', name: 'Shizuoka General Hospital' })
    const other = await aSite(ownerPool, studyId, {
      code: '04',
      // On no page of the protocol: where this name appears, site 04 leaked.
      name: 'Hospital at the Other River',
    })
    const passwordHash = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    const accounts = new Map<PersonName, { userName: string; displayName: string }>()
    const add = async (name: PersonName, role: Role, siteId: string | null) => {
      const userName = `${name.replaceAll('-', '.')}.${oid.toLowerCase()}`
      const displayName = `${role.charAt(0).toUpperCase()}${role.slice(1).replaceAll('-', ' ')} ${oid.slice(1, 4)}`
      const user = await aUser(ownerPool, { userName, displayName, passwordHash })
      await aGrant(ownerPool, { studyId, userId: user.userId, role, siteId })
      accounts.set(name, { userName, displayName })
      return user.userId
    }
    let listKeeper = ''
    for (const role of roles) {
      const atSite = role === 'coordinator' || role === 'investigator'
      const userId = await add(role, role, atSite ? own.siteId : null)
      if (role === 'allocation-statistician') listKeeper = userId
    }
    await add('coordinator-other-site', 'coordinator', other.siteId)
    await add('investigator-other-site', 'investigator', other.siteId)
    await add('monitor-one-site', 'monitor', own.siteId)
    await layLists(ownerPool, studyId, listKeeper, trial)
    return new World(ownerPool, baseUrl, studyId, oid.toLowerCase(), { own, other }, accounts)
  }

  /** A signed-in person of this study. */
  async person(name: PersonName): Promise<Person> {
    let person = this.#people.get(name)
    if (!person) {
      const account = this.accounts.get(name)
      if (!account) throw new Error(`No ${name} in this world`)
      person = await new Person(
        account.userName,
        account.displayName,
        await request.newContext({ baseURL: this.baseUrl }),
      ).enter()
      this.#people.set(name, person)
    }
    return person
  }

  account(name: PersonName): { userName: string; displayName: string } {
    return this.accounts.get(name) as { userName: string; displayName: string }
  }

  path(rest = ''): string {
    return `/studies/${this.study}${rest}`
  }

  async close(): Promise<void> {
    for (const person of this.#people.values()) await person.requests.dispose()
    await this.ownerPool.end()
  }
}

async function layLists(
  ownerPool: Pool,
  studyId: string,
  actor: string,
  trial: StudyDefinition,
): Promise<void> {
  const { allocation } = trial
  if (!allocation) return
  // The same lists in every world: a journey meets the same arms each time it runs.
  const seed = 'the allocation lists of the journeys'
  const arms = allocation.arms.map((arm) => ({ arm: arm.code, share: arm.ratio }))
  await inTransaction(
    ownerPool,
    { actor, role: 'allocation-statistician', studyId, siteIds: null, command: 'seed' },
    async (tx) => {
      for (const { code: stratum } of allocation.strata) {
        const listId = uuidv7()
        const slots = permutedBlocks({ seed, stratum, arms, blockSizes: [6], size: 24 }, sha256)
        await generateList(tx, {
          listId,
          stratum,
          seed,
          blockSizes: [6],
          slots: slots.map((slot) => ({ ...slot, number: `${stratum}-${100 + slot.position}` })),
        })
        await freezeList(tx, listId)
      }
    },
  )
}

/** A test with a world of its own. */
export const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's wishes from this pattern
  world: async ({}, use) => {
    const world = await World.make()
    await use(world)
    await world.close()
  },
})
