import { z } from 'zod'
import type { RandomisationView } from '#domain/casebook/views.ts'
import { command } from '../command.ts'
import { commandKey, id } from '../input.ts'

export const randomiseSubject = command({
  name: 'subject.randomise',
  permission: 'subject.randomise',
  input: z.strictObject({ studyId: id, subjectId: id, key: commandKey }),
  target: async () => ({ siteId: null }),
  run: async (): Promise<NonNullable<RandomisationView['allocation']>> => {
    throw new Error('unwritten')
  },
})
