/** What a subject's chart is built on: its calendar and its luck. */
import { type Chance, chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { DemoSubject } from './subjects.ts'

export type Values = Record<string, DemoValue>

export type Chart = {
  subject: DemoSubject
  luck: Chance
  onset: string
  birth: string
  /** First dose of the study drug. */
  start: string
  /** Death or last contact. */
  last: string
  /** Days from the first dose to death or last contact. */
  daysOnStudy: number
  /** Day the case was taken from the records, and day of the abstraction. */
  screened: string
  abstracted: string
  weight: number
}

/** Abstraction began after the approval of 28 March 2022. */
const screeningFrom = '2022-04-06'

/** The calendar of one chart; the same subject and number always give the same one. */
export function openChart(subject: DemoSubject, order: number): Chart {
  const luck = chance(22_067_020 + order * 97)
  const onset = plusDays(subject.index, -luck.whole(20, 140))
  const screened = workday(plusDays(screeningFrom, Math.floor(order / 3)))
  return {
    subject,
    luck,
    onset,
    birth: plusDays(
      `${Number(onset.slice(0, 4)) - subject.ageAtOnset}${onset.slice(4, 7)}-15`,
      -luck.whole(40, 320),
    ),
    start: plusDays(subject.index, subject.startDay),
    last: plusDays(subject.index, subject.lastDay),
    daysOnStudy: subject.lastDay - subject.startDay,
    screened,
    abstracted: workday(plusDays(screened, luck.whole(0, 9))),
    weight: subject.sex === 'M' ? luck.whole(54, 82) : luck.whole(43, 68),
  }
}

/** A day counted from the first dose, never after the last contact. */
export function onStudy(chart: Chart, day: number): string {
  return plusDays(chart.start, Math.min(day, chart.daysOnStudy))
}

/** The day itself, or the Monday after a weekend. */
export function workday(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return plusDays(date, day === 6 ? 2 : day === 0 ? 1 : 0)
}

/** One entry of a log form. */
export function logged(form: string, values: Values): DemoForm {
  return { event: 'LOG', form, repeat: 'new', values }
}
