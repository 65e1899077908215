/** The way of the case report form between institution and sponsor, and the sponsor's decision at the data cut. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { DemoSubject } from './subjects.ts'
import { logged } from './treatment.ts'

const dataCut = '2020-03-31'
/** Not evaluable for the outcome: the one subject by whom the two populations of the paper differ. */
export const withoutOutcome = 'K170'

const questions = [
  '有害事象の転帰日をご確認ください。',
  'タクロリムスの用量変更日が血中濃度の測定日と一致しません。',
  'KL-6の単位をご確認ください。',
  '併用ステロイドの減量日が未記載です。',
]

export function booklets(subject: DemoSubject, luck: Chance): DemoForm[] {
  const dayOf = new Map(subject.visits.map(({ event, day }) => [event, day]))
  const due: [book: string, day: number][] = [['BASELINE', dayOf.get('M3') ?? subject.lastDay]]
  for (const [book, event] of [
    ['BOOK6', 'M6'],
    ['BOOK12', 'M12'],
    ['BOOK24', 'M24'],
    ['BOOK36', 'M36'],
  ] as const) {
    const day = dayOf.get(event)
    if (day !== undefined) due.push([book, day])
  }
  if (subject.stop) due.push(['BOOKDISC', subject.stop.day])
  return due
    .sort(([, a], [, b]) => a - b)
    .flatMap(([book, day]) => {
      const values = journey(book, plusDays(subject.start, day + luck.whole(14, 60)), luck)
      return values === null ? [] : [logged('F_BOOK', { BKNAME: book, ...values })]
    })
}

/** Null where the site has not submitted before the data cut. */
function journey(book: string, submitted: string, luck: Chance): Record<string, DemoValue> | null {
  if (submitted > dataCut) return null
  const values: Record<string, DemoValue> = { BKSUBDTC: submitted }
  const add = (item: string, date: string): boolean => {
    if (date > dataCut) return false
    values[item] = date
    return true
  }
  // Of the last books some are still under way: submitted only, or sent back and not returned yet.
  const stage = book === 'BOOK36' ? luck.next() : 1
  if (stage < 0.06) return values
  let from = submitted
  if (stage < 0.14 || luck.next() < 0.12) {
    const returned = plusDays(submitted, luck.whole(5, 15))
    if (!add('BKRETDTC', returned)) return values
    values.BKRETREA = luck.pick(questions)
    if (stage < 0.14) return values
    from = plusDays(returned, luck.whole(7, 30))
    if (!add('BKRESDTC', from)) return values
  }
  add('BKRCVDTC', plusDays(from, luck.whole(2, 9)))
  return values
}

export function evaluation(subject: DemoSubject): DemoForm {
  return {
    event: 'LOG',
    form: 'F_EVAL',
    values:
      subject.id === withoutOutcome
        ? { EVSAF: 'Y', EVOUT: 'N', EVOUTREA: '投与2日で転院し、有効性の評価資料が得られなかった' }
        : { EVSAF: 'Y', EVOUT: 'Y' },
  }
}
