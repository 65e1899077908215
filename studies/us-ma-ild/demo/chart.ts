/** What a subject's chart is built on: its calendar, body and luck. */
import { type Chance, chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoSubject } from './subjects.ts'

export type Chart = {
  subject: DemoSubject
  luck: Chance
  /** Index date as it counts (the 15th where the chart gives the month only). */
  index: string
  indexIsMonth: boolean
  onset: string
  diagnosed: string
  birth: string
  /** Start of tacrolimus, where it was given. */
  tacrolimus: string | null
  lastContact: string
  screened: string
  abstracted: string
  predicted: { fvc: number; tlc: number; dlco: number }
}

/** First day of the search of the records, and the day on which the data were frozen. */
const searchFrom = '2014-10-06'
export const frozenOn = '2015-06-15'

/** The calendar of one chart; the same subject and number always give the same one. */
export function openChart(subject: DemoSubject, order: number): Chart {
  const luck = chance(16_122_700 + order)
  const indexIsMonth = subject.group === 'R' && order % 9 === 4
  const lastIndex =
    subject.tacrolimusDay === null ? '2013-06-28' : latestIndex(subject.tacrolimusDay)
  const firstIndex = subject.group === 'R' ? '1998-09-01' : '2001-03-01'
  const index = indexDay(firstIndex, lastIndex, indexIsMonth, luck)
  const tacrolimus = subject.tacrolimusDay === null ? null : plusDays(index, subject.tacrolimusDay)
  const screened = plusDays(searchFrom, 7 * luck.whole(0, 26))
  const abstracted = workday(plusDays(screened, luck.whole(0, 9)))
  const onsetDays = luck.whole(
    subject.ageAtOnset < 20 ? 420 : 45,
    subject.ageAtOnset < 20 ? 700 : 620,
  )
  const onset = `${plusDays(index, -onsetDays).slice(0, 7)}-15`
  return {
    subject,
    luck,
    index,
    indexIsMonth,
    onset,
    diagnosed: workday(plusDays(index, -luck.whole(3, Math.min(40, onsetDays - 20)))),
    birth: birthDate(onset, subject.ageAtOnset, luck),
    tacrolimus,
    lastContact: lastContactOf(subject, index, tacrolimus, abstracted, luck),
    screened,
    abstracted,
    predicted: predictedLungFunction(subject, luck),
  }
}

/** A year after tacrolimus must have passed before the search. */
function latestIndex(tacrolimusDay: number): string {
  return plusDays('2013-07-15', -tacrolimusDay)
}

function indexDay(from: string, to: string, asMonth: boolean, luck: Chance): string {
  const span = (Date.parse(to) - Date.parse(from)) / 86_400_000
  // More charts from the later years, as the clinic grew.
  const day = plusDays(from, Math.floor(span * Math.sqrt(luck.next())))
  return asMonth ? `${day.slice(0, 7)}-15` : workday(day)
}

function lastContactOf(
  subject: DemoSubject,
  index: string,
  tacrolimus: string | null,
  abstracted: string,
  luck: Chance,
): string {
  if (tacrolimus !== null && subject.lungAtTacrolimus === null)
    return plusDays(tacrolimus, luck.whole(40, 80))
  const from = tacrolimus === null ? plusDays(index, 380) : plusDays(tacrolimus, 435)
  const to = plusDays(abstracted, -4)
  const span = (Date.parse(to) - Date.parse(from)) / 86_400_000
  return workday(plusDays(from, Math.floor(span * luck.next())))
}

/** The birth date, or the year alone, that gives this age at the onset. */
function birthDate(onset: string, age: number, luck: Chance): string {
  const year = Number(onset.slice(0, 4)) - age
  if (luck.next() < 0.2) return String(onset.slice(5) < '07-01' ? year - 1 : year)
  return plusDays(`${year}${onset.slice(4)}`, -luck.whole(20, 330))
}

/** Reference equations of the European Community for Steel and Coal (1993): FVC and TLC in L, DLCO in mmol/min/kPa. */
function predictedLungFunction(subject: DemoSubject, luck: Chance): Chart['predicted'] {
  const age = Math.max(25, subject.ageAtOnset)
  const metres = (subject.sex === 'M' ? luck.whole(168, 185) : luck.whole(155, 171)) / 100
  return subject.sex === 'M'
    ? {
        fvc: 5.76 * metres - 0.026 * age - 4.34,
        tlc: 7.99 * metres - 7.08,
        dlco: 11.11 * metres - 0.066 * age - 6.03,
      }
    : {
        fvc: 4.43 * metres - 0.026 * age - 2.89,
        tlc: 6.6 * metres - 5.79,
        dlco: 8.18 * metres - 0.049 * age - 2.74,
      }
}

/** The day itself, or the Monday after a weekend. */
export function workday(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return plusDays(date, day === 6 ? 2 : day === 0 ? 1 : 0)
}
