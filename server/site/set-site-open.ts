import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id, reasonText } from '../input.ts'
import { siteForUpdate } from './reads.ts'

/** A closed site screens and randomises nobody; what it entered stays open for correction. */
export const setSiteOpen = command({
  name: 'site.setOpen',
  permission: 'site.manage',
  input: z.strictObject({
    studyId: id,
    siteId: id,
    open: z.boolean(),
    reason: reasonText,
    key: commandKey,
  }),
  states: ['draft', 'open'],
  reason: (input) => input.reason,
  target: siteForUpdate,
  run: async ({ tx, input, target }): Promise<{ open: boolean }> => {
    if (target.open !== input.open) {
      await tx.query('update casebook.site set open = $3 where study_id = $1 and site_id = $2', [
        input.studyId,
        input.siteId,
        input.open,
      ])
    }
    return { open: input.open }
  },
})
