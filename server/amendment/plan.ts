/** Plans from one published version to another, made once per process: both sides never change. */
import type { LeftOut, Transaction } from '#db/client.ts'
import { type MigrationPlan, planMigration } from '#domain/casebook/migrate-subject.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

export type StudyPlan = MigrationPlan & { before: PublishedStudy; target: PublishedStudy }

const mostPlans = 50
const whole = new Map<string, StudyPlan>()
/** A plan of versions without what is concealed must never carry data: it would drop them. */
const lessened = new WeakMap<LeftOut, Map<string, StudyPlan>>()

function plansOf({ leftOut }: Transaction): Map<string, StudyPlan> {
  if (leftOut === null) return whole
  const plans = lessened.get(leftOut) ?? new Map<string, StudyPlan>()
  lessened.set(leftOut, plans)
  return plans
}

/** How data of version `from` get to version `to`; throws `not-found` where one was never published. */
export async function migrationPlan(
  tx: Transaction,
  studyId: string,
  from: number,
  to: number,
): Promise<StudyPlan> {
  const key = `${studyId}/${from}/${to}`
  const plans = plansOf(tx)
  const known = plans.get(key)
  if (known) return known
  const versions: PublishedStudy[] = []
  for (let number = from; number <= to; number += 1) {
    versions.push(await publishedStudy(tx, studyId, number))
  }
  const before = versions[0] as PublishedStudy
  const target = versions.at(-1) as PublishedStudy
  const plan = { ...planMigration(versions, target.compiled), before, target }
  if (plans.size >= mostPlans) plans.clear()
  plans.set(key, plan)
  return plan
}
