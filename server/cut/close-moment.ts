import { inTransaction } from '#db/client.ts'
import { database } from '../database.ts'

/** Milliseconds that a cut waits for writers; saves queue behind it and wait longer than this, so none fails for a cut. */
const patience = 5_000

/**
 * Closes the past of a study and gives the moment up to which it is closed: every save that carries an earlier moment is
 * committed, and none can come after. A transaction of its own, so that people wait for nothing but this.
 */
export function closeMoment(studyId: string, userId: string): Promise<string> {
  const settings = { actor: userId, studyId, siteIds: null, command: 'cut.take' }
  return inTransaction(database(), { ...settings, lockTimeout: patience }, async (tx) => {
    const [row] = await tx.query<{ moment: string }>('select casebook.close_moment() as moment')
    if (!row) throw new Error('Closing a moment gives one')
    return row.moment
  })
}
