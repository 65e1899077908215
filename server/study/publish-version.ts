import { z } from 'zod'
import { command } from '../command.ts'
import { commandKey, id, plainText } from '../input.ts'

/** One finding of parser, checker or check tests, with its place in the files. */
export type PublishFinding = {
  severity: 'error' | 'warning'
  code: string
  message: string
  file: string | null
  line: number | null
  column: number | null
}
export type PublishResult = {
  /** The new version's number; null when findings stopped it. */
  number: number | null
  hash: string | null
  findings: readonly PublishFinding[]
}

export const publishVersion = command({
  name: 'study.publish',
  permission: 'study.publish',
  input: z.strictObject({
    studyId: id,
    files: z
      .array(z.strictObject({ path: plainText(200), text: plainText(500_000) }))
      .min(1)
      .max(200),
    key: commandKey,
  }),
  states: ['draft', 'open'],
  target: async () => ({ siteId: null }),
  run: async (): Promise<PublishResult> => {
    throw new Error('unwritten')
  },
})
