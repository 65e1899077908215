import { z } from 'zod'
import { Problem } from '#domain/problem.ts'
import { currentSession } from '../account/reads.ts'
import type { Person } from '../actor.ts'

const uuid = z.uuid()

/** The study that an address names by id or OID, among those the person takes part in; else "not found". */
export async function studyIdOf(actor: Person | null, name: string): Promise<string> {
  if (uuid.safeParse(name).success) return name.toLowerCase()
  const { studies } = await currentSession.execute(actor, {})
  const study = studies.find(({ oid }) => oid.toLowerCase() === name.toLowerCase())
  if (!study) throw new Problem('not-found')
  return study.studyId
}
