import { z } from 'zod'
import type { VersionName } from '#domain/casebook/amendment-views.ts'
import { type DefinitionChange, diffDefinitions } from '#domain/definition/diff.ts'
import { command, wholeStudy } from '../command.ts'
import { id } from '../input.ts'
import { checkFiles, definitionFiles, type PublishFinding } from './check-files.ts'

export type DefinitionCheck = {
  /** Content hash that publishing would give; null where findings stand in the way. */
  hash: string | null
  findings: readonly PublishFinding[]
  /** The newest published version, and what the files change of it; null before the first or where findings stop it. */
  against: VersionName | null
  changes: readonly DefinitionChange[] | null
}

/** What publishing these files would find and change; nothing is stored. */
export const checkDefinition = command({
  name: 'study.check',
  permission: 'study.publish',
  input: z.strictObject({ studyId: id, files: definitionFiles }),
  states: ['draft', 'open'],
  target: wholeStudy,
  run: async ({ tx, input, study }): Promise<DefinitionCheck> => {
    const { definition, hash, findings, newest } = await checkFiles(tx, study, input.files)
    return {
      hash,
      findings,
      against: newest && { number: newest.number, label: newest.label, hash: newest.hash },
      changes: newest && definition ? diffDefinitions(newest.definition, definition) : null,
    }
  },
})
