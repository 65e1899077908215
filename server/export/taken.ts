/**
 * The row of the export history. It is written after the snapshot that an export was read from has ended, in a transaction of its
 * own: rows of one study share a chain of the audit trail, and a snapshot may not write to a chain that others have moved on
 * since, so whoever exported beside somebody else was turned away at the end.
 */
import { z } from 'zod'
import { uuidv7 } from '#db/uuid.ts'
import type { Person } from '../actor.ts'
import { command, type StudyState, wholeStudy } from '../command.ts'
import { id, isoDateTime } from '../input.ts'

/** An export takes from a study in any state. */
export const anyState: readonly StudyState[] = ['draft', 'open', 'locked', 'archived']

const takenSchema = z.strictObject({
  kind: z.string().min(1).max(60),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  subjects: z.int().min(0),
  files: z.int().min(0),
  /** Number of the study version. */
  version: z.int().min(1),
  /** The moment of the data: when the snapshot began. */
  at: isoDateTime,
})
/** What was handed out. */
export type Taken = z.input<typeof takenSchema>

/** The verb that writes down what was handed out; as any short act it is tried again when others write at the same time. */
export const logVerb = (name: `${string}.log`) =>
  command({
    name,
    permission: 'data.export',
    input: z.strictObject({ studyId: id, taken: takenSchema }),
    states: anyState,
    target: wholeStudy,
    run: async ({ tx, input: { studyId, taken } }): Promise<void> => {
      await tx.query(
        `insert into casebook.export_log (study_id, export_id, at, by, kind, sha256, bytes, subjects, forms, version_number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          studyId,
          uuidv7(),
          taken.at,
          tx.settings.actor,
          taken.kind,
          taken.sha256,
          taken.bytes,
          taken.subjects,
          taken.files,
          taken.version,
        ],
      )
    },
  })
type Log = ReturnType<typeof logVerb>

/** A question whose answer leaves as a file, asked and then written down by `log`. Throws what either throws. */
export async function askedAndLogged<Input extends { studyId: string }>(
  read: { execute(actor: Person | null, input: Input): Promise<Taken> },
  log: Log,
  actor: Person | null,
  input: Input,
): Promise<Taken> {
  const taken = await read.execute(actor, input)
  await log.execute(actor, { studyId: input.studyId, taken })
  return taken
}
