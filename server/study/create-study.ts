import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import { labelSchema } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { personal } from '../command.ts'
import { id, oid } from '../input.ts'

/**
 * Opens an empty study and hands it to its study administrator. A system administrator may do this and gains nothing by it:
 * rights in the study belong to the person named, who may be the same only by being named.
 */
export const createStudy = personal({
  name: 'study.create',
  access: 'write',
  input: z.strictObject({
    oid,
    name: labelSchema,
    title: labelSchema,
    administratorId: id,
  }),
  run: async ({ tx, input, actor }): Promise<{ studyId: string }> => {
    if (!actor.isSystemAdministrator) {
      throw new Problem('not-allowed', { who: 'A system administrator' })
    }
    const [administrator] = await tx.query(
      'select 1 from casebook.app_user where user_id = $1 and disabled_at is null',
      [input.administratorId],
    )
    if (!administrator) throw new Problem('not-found')
    const studyId = uuidv7()
    // What follows belongs to the new study, for row security and the audit trail alike.
    await tx.query(`select set_config('app.study', $1, true), set_config('app.sites', '*', true)`, [
      studyId,
    ])
    await tx.query(
      `insert into casebook.study (study_id, oid, name, title, state) values ($1, $2, $3, $4, 'draft')`,
      [studyId, input.oid, JSON.stringify(input.name), JSON.stringify(input.title)],
    )
    await tx.query(
      `insert into casebook.role_grant (study_id, grant_id, user_id, role, site_id, granted_by)
       values ($1, $2, $3, 'study-administrator', null, $4)`,
      [studyId, uuidv7(), input.administratorId, actor.userId],
    )
    return { studyId }
  },
})
