import { z } from 'zod'
import type { SaveResult } from '#domain/casebook/views.ts'
import { shownSave } from '../blinding/shown-save.ts'
import { requireShown } from '../blinding/sight.ts'
import { loadForSave } from '../casebook/load-for-save.ts'
import { command } from '../command.ts'
import { saveChanges, saveInput } from './save-changes.ts'

/**
 * Saves item by item: what can be saved is, each refused change says why, a value changed by somebody else meanwhile comes
 * back as a conflict. Everything that follows from the saved values is written in the same transaction.
 */
export const saveItems = command({
  name: 'form.save',
  permission: 'casebook.enter',
  input: z.strictObject(saveInput),
  target: (tx, input, study) => loadForSave(tx, study, input.subjectId, input),
  run: async ({ tx, input, target: loaded, actor, now, study }): Promise<SaveResult> => {
    const concealed = await requireShown({ tx, actor, study }, input)
    const result = await saveChanges({ tx, input, loaded, actor, now, concealed })
    return shownSave(result, input.form, concealed)
  },
})
