import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { command, wholeStudy } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'

export const createSite = command({
  name: 'site.create',
  permission: 'site.manage',
  input: z.strictObject({
    studyId: id,
    code: z.string().regex(/^[A-Z0-9]{1,8}$/),
    name: plainText(200).min(1),
    planned: z.int().min(0).max(100_000).nullable(),
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: wholeStudy,
  run: async ({ tx, input }): Promise<{ siteId: string }> => {
    const siteId = uuidv7()
    await tx.query(
      `insert into casebook.site (study_id, site_id, code, name, planned) values ($1, $2, $3, $4, $5)`,
      [input.studyId, siteId, input.code, input.name, input.planned],
    )
    return { siteId }
  },
})
