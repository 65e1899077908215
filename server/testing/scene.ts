/** Something of everything at the first site, for tests that knock at every door. */
import { aUser } from '#db/seed/build.ts'
import { generateList } from '../allocation/generate-list.ts'
import { raiseQuery } from '../query/raise-query.ts'
import { aScreenedSubject, key, save, values, type World } from './world.ts'

export type Scene = {
  subjectId: string
  subjectKey: string
  leaverId: string
  recordId: string
  queryId: string
  strangerId: string
  listId: string
}

export async function aScene(world: World): Promise<Scene> {
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  const { subjectId: leaverId } = await aScreenedSubject(world)
  const { recordId } = await save(
    world,
    { subjectId, event: 'W0', form: 'F_VS' },
    values({ WEIGHT: '70' }),
  )
  const { studyId } = world
  const { queryId } = await raiseQuery.execute(world.people.monitor, {
    studyId,
    recordId,
    path: 'WEIGHT',
    text: 'Please check against source.',
    key: key(),
  })
  const stranger = await aUser(world.database.ownerPool)
  const { listId } = await generateList.execute(world.people['allocation-statistician'], {
    studyId,
    stratum: 'PM',
    size: 8,
    seed: 'a seed of the test that is long enough to be taken',
    blocks: [4],
    key: key(),
  })
  const strangerId = stranger.userId
  return { subjectId, subjectKey, leaverId, recordId, queryId, strangerId, listId }
}
