import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aGrant, asSystem, aUser } from '#db/seed/build.ts'
import { type TestDatabase, testDatabase } from '#db/testing/test-database.ts'
import { useDatabase } from '../database.ts'
import { createPerson } from '../person/create-person.ts'
import { grantRole } from '../person/grant-role.ts'
import { revokeRole } from '../person/revoke-role.ts'
import { subjectMatrix } from '../subject/matrix.ts'
import { aWorld, key, problemOf, type World } from '../testing/world.ts'
import { changePassword } from './change-password.ts'
import { hashPassword } from './password.ts'
import { personOfSession } from './sessions.ts'
import { isSetupToken, newSetupToken, setUpAdministrator } from './set-up.ts'
import { signIn, signOut } from './sign-in.ts'
import { signOutEverywhere } from './sign-out-everywhere.ts'
import { startInvitedSession } from './single-sign-on.ts'

const right = 'a long enough passphrase'
const nowhere = { address: null, agent: null }
let world: World
let hash: string
beforeAll(async () => {
  world = await aWorld()
  hash = await hashPassword(right)
})
afterAll(() => world.end())

const account = (given = {}) => aUser(world.database.ownerPool, { passwordHash: hash, ...given })
const owned = <Row>(text: string, parameters: unknown[] = []) =>
  asSystem(world.database.ownerPool, {}, (tx) => tx.query<Row>(text, parameters))
const alive = async (token: string) => (await personOfSession(token))?.userId ?? null

describe('sign-in', () => {
  it('opens a session of which the database knows only a hash', async () => {
    const user = await account()
    const token = await signIn(` ${user.userName.toUpperCase()} `, right, nowhere)
    expect(await alive(token)).toBe(user.userId)
    const rows = await owned<{ id: string }>(
      'select session_id as id from casebook.session where user_id = $1',
      [user.userId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.id).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(await owned('select * from casebook.session'))).not.toContain(token)
  })

  it('answers alike for an unknown name, a wrong password, a disabled and a locked account', async () => {
    const user = await account()
    const disabled = await account({ disabledAt: new Date().toISOString() })
    const locked = await account({ lockedUntil: new Date(Date.now() + 60_000).toISOString() })
    const noPassword = await account({ passwordHash: null })
    const answers = await Promise.all([
      problemOf(signIn('nobody.at.all', right, nowhere)),
      problemOf(signIn(user.userName, 'something else', nowhere)),
      problemOf(signIn(disabled.userName, right, nowhere)),
      problemOf(signIn(locked.userName, right, nowhere)),
      problemOf(signIn(noPassword.userName, 'no account has this password', nowhere)),
    ])
    expect(new Set(answers.map(({ code, message }) => `${code} ${message}`)).size).toBe(1)
    expect(answers[0]?.code).toBe('wrong-credentials')
  })

  it('locks after five wrong tries, also for the right password, and longer each time', async () => {
    const user = await account()
    await Promise.all(
      Array.from({ length: 5 }, () => problemOf(signIn(user.userName, 'wrong', nowhere))),
    )
    expect(await problemOf(signIn(user.userName, right, nowhere))).toMatchObject({
      code: 'wrong-credentials',
    })
    const lockedFor = async () =>
      (
        await owned<{ minutes: number }>(
          `select round(extract(epoch from locked_until - now()) / 60)::int as minutes
           from casebook.app_user where user_id = $1`,
          [user.userId],
        )
      )[0]?.minutes
    const past = () =>
      owned(
        `update casebook.app_user set locked_until = now() - interval '1 s' where user_id = $1`,
        [user.userId],
      )
    expect(await lockedFor()).toBe(1)
    await past()
    await problemOf(signIn(user.userName, 'wrong', nowhere))
    expect(await lockedFor()).toBe(2)
    await past()
    await signIn(user.userName, right, nowhere)
    const [row] = await owned<{ tries: number }>(
      'select failed_tries as tries from casebook.app_user where user_id = $1',
      [user.userId],
    )
    expect(row?.tries).toBe(0)
  })

  it('slows an address that tries many accounts', async () => {
    const origin = { address: '192.0.2.7', agent: null }
    const codes: string[] = []
    for (let n = 0; n < 41; n += 1) codes.push((await problemOf(signIn(`x${n}`, 'y', origin))).code)
    expect(codes.slice(0, 40)).not.toContain('too-many-tries')
    expect(codes[40]).toBe('too-many-tries')
  })

  it('leaves a trace of success and failure, without what was typed', async () => {
    const user = await account()
    await problemOf(signIn(user.userName, 'Secret!TypedHere', nowhere))
    await problemOf(signIn('MyPasswordInTheNameField', 'x', nowhere))
    await signIn(user.userName, right, nowhere)
    const rows = await owned<{ action: string }>(
      `select action, changes from casebook.audit_record
       where entity in ('session', 'app_user') and action like 'session.%'`,
    )
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['session.refused', 'session.signed-in', 'session.locked-out']),
    )
    expect(JSON.stringify(rows)).not.toMatch(/Secret!Typed|mypasswordin/i)
  })

  it('refuses demo accounts where the demo is closed', async () => {
    const { environment } = await import('../environment.ts')
    const user = await account({ isDemo: true })
    const token = await signIn(user.userName, right, nowhere)
    const settings = environment() as { CASEBOOK_DEMO: boolean }
    settings.CASEBOOK_DEMO = false
    try {
      expect(await problemOf(signIn(user.userName, right, nowhere))).toMatchObject({
        code: 'demo-disabled',
      })
      expect(await alive(token)).toBeNull()
    } finally {
      settings.CASEBOOK_DEMO = true
    }
  })

  it('by single sign-on admits the one invited person with a verified address', async () => {
    const user = await account({ email: 'Invited@example.org' })
    const token = await startInvitedSession({ email: 'invited@EXAMPLE.org', email_verified: true })
    expect(await alive(token as string)).toBe(user.userId)
    expect(await startInvitedSession({ email: 'invited@example.org' })).toBeNull()
    expect(
      await startInvitedSession({ email: 'other@example.org', email_verified: true }),
    ).toBeNull()
    await account({ email: 'invited@example.org' })
    expect(
      await startInvitedSession({ email: 'invited@example.org', email_verified: true }),
    ).toBeNull()
  })
})

describe('a session', () => {
  it('ends when it is signed out, idle for half an hour, or twelve hours old', async () => {
    const user = await account()
    const tokens = await Promise.all([1, 2, 3].map(() => signIn(user.userName, right, nowhere)))
    const [out, idle, old] = tokens as [string, string, string]
    await signOut(out)
    const { createHash } = await import('node:crypto')
    const id = (token: string) => createHash('sha256').update(token).digest('hex')
    await owned(
      `update casebook.session set last_seen_at = now() - interval '31 minutes' where session_id = $1`,
      [id(idle)],
    )
    await owned(
      `update casebook.session set expires_at = now() - interval '1 second' where session_id = $1`,
      [id(old)],
    )
    expect(await Promise.all(tokens.map(alive))).toEqual([null, null, null])
  })

  it('is kept awake by use', async () => {
    const user = await account()
    const token = await signIn(user.userName, right, nowhere)
    const quiet = (minutes: number) =>
      owned(
        `update casebook.session set last_seen_at = now() - make_interval(mins => $2) where user_id = $1`,
        [user.userId, minutes],
      )
    await quiet(29)
    expect(await alive(token)).toBe(user.userId)
    const [row] = await owned<{ fresh: boolean }>(
      `select last_seen_at > now() - interval '10 s' as fresh from casebook.session where user_id = $1`,
      [user.userId],
    )
    expect(row?.fresh).toBe(true)
  })

  it('loses a right with the request after its revocation', async () => {
    const user = await account()
    const { studyId, people } = world
    const grant = await aGrant(world.database.ownerPool, {
      studyId,
      userId: user.userId,
      role: 'auditor',
    })
    const token = await signIn(user.userName, right, nowhere)
    const matrix = async () => subjectMatrix.execute(await personOfSession(token), { studyId })
    await matrix()
    await revokeRole.execute(people['study-administrator'], {
      studyId,
      grantId: grant.grantId,
      reason: 'left the study',
      key: key(),
    })
    expect(await problemOf(matrix())).toMatchObject({ code: 'not-found' })
  })

  it('ends everywhere at once when its person says so', async () => {
    const user = await account()
    const tokens = await Promise.all([1, 2].map(() => signIn(user.userName, right, nowhere)))
    const person = await personOfSession(tokens[0] as string)
    expect(await signOutEverywhere.execute(person, {})).toEqual({ ended: 2 })
    expect(await Promise.all(tokens.map(alive))).toEqual([null, null])
  })

  it('outlives a change of password only where it was made', async () => {
    const user = await account()
    const [here, there] = (await Promise.all(
      [1, 2].map(() => signIn(user.userName, right, nowhere)),
    )) as [string, string]
    const person = await personOfSession(here)
    const change = (current: string, next: string) =>
      changePassword.execute(person, { current, next })
    expect(await problemOf(change('not it', 'another good passphrase'))).toMatchObject({
      code: 'wrong-password',
    })
    for (const weak of ['short', 'passwordpassword', 'aaaaaaaaaaaaaaaa', '123456123456']) {
      expect(await problemOf(change(right, weak))).toMatchObject({ code: 'weak-password' })
    }
    await change(right, 'another good passphrase')
    expect(await Promise.all([alive(here), alive(there)])).toEqual([user.userId, null])
    expect(await problemOf(signIn(user.userName, right, nowhere))).toMatchObject({
      code: 'wrong-credentials',
    })
  })
})

describe('people', () => {
  it('get a temporary password that they must change, and no right by themselves', async () => {
    const administrator = world.people['study-administrator']
    const { studyId } = world
    const input = {
      studyId,
      userName: 'newcomer',
      displayName: 'New Comer',
      email: null,
      temporaryPassword: 'temporary passphrase',
      key: key(),
    }
    const made = await createPerson.execute(administrator, input)
    expect(await createPerson.execute(administrator, input)).toEqual(made)
    const again = createPerson.execute(administrator, { ...input, key: key() })
    expect(await problemOf(again)).toMatchObject({ code: 'duplicate' })
    const person = await personOfSession(await signIn('newcomer', input.temporaryPassword, nowhere))
    expect(person).toMatchObject({ mustChangePassword: true, grants: [] })
    const early = subjectMatrix.execute(person, { studyId })
    expect(await problemOf(early)).toMatchObject({ code: 'password-change-needed' })
  })

  it('never hold allocation lists and a blinded role in one study, in either order, not even in turn', async () => {
    const administrator = world.people['study-administrator']
    const { studyId, siteId } = world
    const grant = (userId: string, role: 'monitor' | 'allocation-statistician') =>
      grantRole.execute(administrator, {
        studyId,
        userId,
        role,
        siteId: role === 'monitor' ? siteId : null,
        key: key(),
      })
    const [one, two] = [await account(), await account()]
    const first = await grant(one.userId, 'allocation-statistician')
    expect(await problemOf(grant(one.userId, 'monitor'))).toMatchObject({
      code: 'blinded-role-conflict',
    })
    await revokeRole.execute(administrator, {
      studyId,
      grantId: first.grantId,
      reason: 'handed over',
      key: key(),
    })
    expect(await problemOf(grant(one.userId, 'monitor'))).toMatchObject({
      code: 'blinded-role-conflict',
    })
    const race = await Promise.allSettled([
      grant(two.userId, 'monitor'),
      grant(two.userId, 'allocation-statistician'),
    ])
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('the first administrator', () => {
  let empty: TestDatabase
  beforeAll(async () => {
    empty = await testDatabase()
    useDatabase(empty.pool)
  })
  afterAll(async () => {
    useDatabase(world.database.pool)
    await empty.drop()
  })

  it('is made once through the link, which is of no use afterwards', async () => {
    const token = (await newSetupToken()) as string
    expect(await isSetupToken(token)).toBe(true)
    const admin = { userName: 'chief', displayName: 'The Chief', password: 'a good passphrase' }
    expect(await problemOf(setUpAdministrator('guess', admin, nowhere))).toMatchObject({
      code: 'setup-link-used',
    })
    const weak = setUpAdministrator(token, { ...admin, password: 'chiefchief12' }, nowhere)
    expect(await problemOf(weak)).toMatchObject({ code: 'weak-password' })
    const both = await Promise.allSettled([
      setUpAdministrator(token, admin, nowhere),
      setUpAdministrator(token, { ...admin, userName: 'thief' }, nowhere),
    ])
    const made = both.filter((one) => one.status === 'fulfilled')
    expect(made).toHaveLength(1)
    expect(await personOfSession(made[0]?.value as string)).toMatchObject({
      isSystemAdministrator: true,
      grants: [],
    })
    expect(await isSetupToken(token)).toBe(false)
    expect(await newSetupToken()).toBeNull()
  })
})
