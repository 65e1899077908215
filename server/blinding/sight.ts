/** Which values the asking person may read: a transaction of his leaves out what tells a concealed arm, and readings of images. */
import { Problem } from '#domain/problem.ts'
import { concealedReadings } from './concealed-readings.ts'
import { type ConcealedStudy, concealedStudy, joined } from './concealed-study.ts'
import { type Asker, armSightFor, blindingOf } from './policy.ts'

/** What is concealed from the asking person; null where nothing is. */
export async function concealedFrom(asker: Asker): Promise<ConcealedStudy | null> {
  const arms = await concealedArms(asker)
  const readings = await concealedReadings(asker)
  return arms && readings ? together(arms, readings) : (arms ?? readings)
}

async function concealedArms(asker: Asker): Promise<ConcealedStudy | null> {
  const { tx, study } = asker
  if (study.latestVersion === 0) return null
  const [first] = await blindingOf(tx, study)
  if (!first) return null
  if ((await armSightFor(asker)).arm) return null
  return concealedStudy(tx.knowing, study.studyId, first.number, study.latestVersion)
}

/** The same object for the same pair: studies as somebody sees them are kept by it. */
const pairs = new WeakMap<ConcealedStudy, WeakMap<ConcealedStudy, ConcealedStudy>>()

function together(arms: ConcealedStudy, readings: ConcealedStudy): ConcealedStudy {
  const others = pairs.get(arms) ?? new WeakMap<ConcealedStudy, ConcealedStudy>()
  pairs.set(arms, others)
  const before = others.get(readings)
  if (before) return before
  const both = joined(arms, readings)
  others.set(readings, both)
  return both
}

/** Whether arms are among what is left out. */
export const concealsArms = (leftOut: { arms: ReadonlySet<string> } | null): boolean =>
  leftOut !== null && leftOut.arms.size > 0

/** Makes the transaction read as the asking person may. */
export async function concealFrom(asker: Asker): Promise<void> {
  const concealed = await concealedFrom(asker)
  if (concealed) await asker.tx.conceal(concealed)
}

/** Throws `not-found` where a form, or its visit, is concealed from the asking person as a whole. */
export async function requireShown(
  asker: Asker,
  { form, event }: { form: string; event: string },
): Promise<ConcealedStudy | null> {
  const concealed = await concealedFrom(asker)
  if (concealed?.forms.has(form) || concealed?.events.has(event)) throw new Problem('not-found')
  return concealed
}
