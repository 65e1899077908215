import { z } from 'zod'
import { personal } from '../command.ts'
import { endSessions } from './sessions.ts'

/** Ends every session of the person, this one too. */
export const signOutEverywhere = personal({
  name: 'account.signOutEverywhere',
  access: 'write',
  beforePasswordChange: true,
  input: z.strictObject({}),
  run: async ({ tx, actor }): Promise<{ ended: number }> => ({
    ended: await endSessions(tx, actor.userId),
  }),
})
