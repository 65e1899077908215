import { z } from 'zod'
import type { ExportRow } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'

/** The first rows of a form's export file, exactly as the file will hold them. */
export const exportPreview = reading({
  name: 'export.preview',
  permission: 'data.export',
  input: z.strictObject({ studyId: id, form: oid }),
  run: async (): Promise<{ columns: readonly string[]; rows: readonly (readonly string[])[] }> => {
    throw new Error('unwritten')
  },
})

export const exportHistory = reading({
  name: 'export.history',
  permission: 'data.export',
  input: z.strictObject({ studyId: id }),
  run: async (): Promise<readonly ExportRow[]> => {
    throw new Error('unwritten')
  },
})
