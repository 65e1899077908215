import { z } from 'zod'
import { languages } from '#domain/definition/definition.ts'
import { personal } from '../command.ts'

export const setLanguage = personal({
  name: 'account.setLanguage',
  access: 'write',
  beforePasswordChange: true,
  input: z.strictObject({ language: z.enum(languages) }),
  run: async ({ tx, input, actor }): Promise<{ language: string }> => {
    await tx.query('update casebook.app_user set language = $2 where user_id = $1', [
      actor.userId,
      input.language,
    ])
    return { language: input.language }
  },
})
