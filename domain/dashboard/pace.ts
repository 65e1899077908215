/** How fast subjects enter a study, and when the plan would be reached if that went on. */
import { addDays, daysBetween, shiftDate } from '#domain/values/partial-date.ts'
import type { Pace, RecruitmentDay } from './dashboard-views.ts'

const daysAMonth = 30.4375
/** Months that the rate is of: long enough for seasons of a clinic, short enough to follow a change. */
export const paceMonths = 6
/** A rate of fewer days or subjects says nothing about months to come. */
const fewestDays = 28
const fewestSubjects = 3
/** A projection beyond this is not said. */
const mostDays = 3653

/**
 * The rate of the last six months, or since the first subject where that is later, in subjects a month of 30.4375 days. The plan's
 * day is projected from it by division alone; it stays null for fewer than 28 days or three subjects in the window, beyond ten years,
 * and once the plan is reached.
 */
export function recruitmentPace(
  days: readonly RecruitmentDay[],
  planned: number | null,
  today: string,
): Pace {
  const entered = days.filter(({ enrolled, date }) => enrolled > 0 && date <= today)
  const enrolled = entered.reduce((sum, day) => sum + day.enrolled, 0)
  const first = entered[0]?.date
  if (first === undefined) {
    return {
      enrolled: 0,
      since: null,
      inWindow: 0,
      perMonth: null,
      reachedOn: null,
      projected: null,
    }
  }
  const six = shiftDate(today, { months: paceMonths, days: 0 }, -1) ?? first
  const since = first > six ? first : six
  const inWindow = entered
    .filter(({ date }) => date >= since)
    .reduce((sum, day) => sum + day.enrolled, 0)
  const length = (daysBetween(since, today) ?? 0) + 1
  const perMonth = length < fewestDays ? null : (inWindow / length) * daysAMonth
  let sum = 0
  let reachedOn: string | null = null
  for (const day of entered) {
    sum += day.enrolled
    if (planned !== null && sum >= planned) {
      reachedOn = day.date
      break
    }
  }
  const missing = planned === null ? 0 : planned - enrolled
  const ahead =
    missing > 0 && perMonth !== null && inWindow >= fewestSubjects
      ? Math.ceil((missing / perMonth) * daysAMonth)
      : null
  return {
    enrolled,
    since,
    inWindow,
    perMonth,
    reachedOn,
    projected: ahead !== null && ahead <= mostDays ? addDays(today, ahead) : null,
  }
}
