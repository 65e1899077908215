import { z } from 'zod'
import type { AdverseEventRow } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { cursor, id, pageSize, plainText } from '../input.ts'

export const adverseEvents = reading({
  name: 'safety.adverseEvents',
  permission: 'safety.read',
  input: z.strictObject({
    studyId: id,
    text: plainText(60).optional(),
    siteId: id.optional(),
    subjectId: id.optional(),
    serious: z.boolean().optional(),
    minGrade: z.int().min(1).max(5).optional(),
    cursor,
    limit: pageSize,
  }),
  run: async (): Promise<{ rows: readonly AdverseEventRow[]; next: string | null }> => {
    throw new Error('unwritten')
  },
})
