import { afterAll, beforeAll, expect, it } from 'vitest'
import { aWorld, key, type World } from '../testing/world.ts'
import { createPerson } from './create-person.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})
afterAll(() => world.end())

it.each([true, false])(
  'an account made by a person of the demo (%s) ends with the demo',
  async (isDemo) => {
    const { userId } = await createPerson.execute(
      { ...world.people['study-administrator'], isDemo },
      {
        studyId: world.studyId,
        userName: `invited.${isDemo}`,
        displayName: 'Invited',
        email: null,
        temporaryPassword: 'a temporary passphrase',
        key: key(),
      },
    )
    const { rows } = await world.database.ownerPool.query(
      'select is_demo, must_change_password from casebook.app_user where user_id = $1',
      [userId],
    )
    expect(rows).toEqual([{ is_demo: isDemo, must_change_password: true }])
  },
)
