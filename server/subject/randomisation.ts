import { z } from 'zod'
import type { RandomisationView } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

export const subjectRandomisation = reading({
  name: 'subject.randomisation',
  permission: 'subject.read',
  input: z.strictObject({ studyId: id, subjectId: id }),
  run: async (): Promise<RandomisationView> => {
    throw new Error('unwritten')
  },
})
