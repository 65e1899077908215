/** Dosing logs: tacrolimus, prednisolone with its taper, pulses, other immunosuppressants, stop of treatment. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { DemoSubject } from './subjects.ts'

type Values = Record<string, DemoValue>
export const logged = (form: string, values: Values): DemoForm => ({
  event: 'LOG',
  form,
  values,
  repeat: 'new',
})

export function treatment(subject: DemoSubject, luck: Chance): DemoForm[] {
  return [
    ...tacrolimus(subject, luck),
    ...prednisolone(subject, luck).map((values) => logged('F_GC', values)),
    ...others(subject, luck),
  ]
}

type Change = { day: number; dose: number; reason?: string }

/** The doses in order of time; 0 is an interruption. Adverse events change the dose as their action says. */
function changesOf(subject: DemoSubject, luck: Chance): Change[] {
  const { dose, secondDose } = subject
  const changes: Change[] = [{ day: 0, dose }]
  if (secondDose !== dose) {
    const day = subject.week1 === null ? luck.whole(12, 26) : luck.whole(2, 5)
    changes.push({ day, dose: secondDose, reason: 'TROUGH_LOW' })
  }
  const now = () => changes.at(-1) as Change
  const event = subject.events.find(({ action }) => /REDUCED|INTERRUPTED/.test(action))
  if (event && event.day > now().day) {
    if (event.action === 'DOSE REDUCED')
      changes.push({ day: event.day, dose: now().dose - 0.5, reason: 'AE' })
    else
      changes.push(
        { day: event.day, dose: 0 },
        { day: event.day + 8, dose: now().dose, reason: 'INTERRUPTION' },
      )
  } else if (luck.next() < 0.3) {
    const step = secondDose > 1 ? luck.pick([-0.5, 0.5]) : 0.5
    const reason = step > 0 ? 'TROUGH_LOW' : 'TROUGH_HIGH'
    changes.push({ day: luck.whole(45, 120), dose: now().dose + step, reason })
  }
  return changes
}

function tacrolimus(subject: DemoSubject, luck: Chance): DemoForm[] {
  const { start, stop } = subject
  const end = stop?.day ?? subject.lastDay
  const held = changesOf(subject, luck).filter((change) => change.day <= end)
  return held.flatMap((change, index) => {
    if (change.dose === 0) return []
    const next = held[index + 1]
    const lastDay = next ? next.day - 1 : stop ? stop.day : null
    return logged('F_EC', {
      ECTRT: 'TACROLIMUS',
      ECSTDTC: plusDays(start, change.day),
      ...(lastDay === null ? {} : { ECENDTC: plusDays(start, lastDay) }),
      ECONGO: lastDay === null ? 'Y' : 'N',
      ECDOSE: text(change.dose),
      ECDOSFRQ: 'BID',
      ...(index === 0 ? {} : { ECADJ: change.reason ?? 'OTHER' }),
    })
  })
}

/** Doses going down from one to the other in steps of less than 35 %, without both ends. */
function ladder(from: number, to: number): number[] {
  const steps = Math.ceil(Math.log(from / to) / Math.log(1 / 0.7))
  return Array.from({ length: Math.max(0, steps - 1) }, (_, index) => {
    const amount = from * (to / from) ** ((index + 1) / steps)
    return Math.round(amount * 2) / 2
  }).filter((amount) => amount < from && amount > to)
}

/** Prednisolone: its dose at the start, at month 6 and at month 24 as the cohort says, tapered in between. */
function prednisolone(subject: DemoSubject, luck: Chance): Values[] {
  const { start, steroid } = subject
  const plan: { day: number; dose: number }[] = []
  const level = (day: number, dose: number) => plan.push({ day, dose })
  const seen = new Map(subject.visits.map(({ event, day }) => [event, day]))
  let until: number | null = null
  if (steroid.start === null) {
    level(luck.whole(20, 30), 10)
    until = 110
  } else {
    level(-luck.whole(0, 16), steroid.start)
    const goal = steroid.month6 ?? Math.min(steroid.start * 0.4, 12)
    stairs(steroid.start, goal, 26, 128, level)
    if (steroid.month6 === null && seen.has('M6')) until = luck.whole(130, 140)
    else if (steroid.month6 !== null && seen.has('M24')) {
      const last = steroid.month24 ?? Math.max(1, Math.round(steroid.month6 * 0.5))
      stairs(steroid.month6, last, 290, 600, level)
      if (steroid.month24 === null) until = luck.whole(640, 690)
    }
  }
  const held = plan.filter(({ day }) => day <= subject.lastDay)
  return held.map(({ day, dose }, index) => {
    const next = held[index + 1]
    const end = next ? next.day - 1 : until !== null && until <= subject.lastDay ? until : null
    return {
      GCTRT: 'PREDNISOLONE',
      GCSTDTC: plusDays(start, day),
      ...(end === null ? {} : { GCENDTC: plusDays(start, end) }),
      GCDOSE: text(dose),
      GCROUTE: 'ORAL',
      ...(index === 0 ? {} : { GCREAS: 'TAPER' }),
    }
  })
}

function stairs(
  from: number,
  to: number,
  first: number,
  last: number,
  level: (day: number, dose: number) => void,
): void {
  const goal = Math.round(to * 2) / 2
  if (goal >= from) return
  const doses = [...ladder(from, goal), goal]
  for (const [index, dose] of doses.entries())
    level(Math.round(first + ((last - first) * (index + 1)) / doses.length), dose)
}

function others(subject: DemoSubject, luck: Chance): DemoForm[] {
  const { start, lastDay } = subject
  const forms: DemoForm[] = []
  if (subject.pulse)
    forms.push(
      logged('F_PULSE', {
        PULOCC: 'Y',
        PULSTDTC: plusDays(start, -luck.whole(3, 20)),
        PULDOSE: '1000',
        PULDAYS: '3',
        PULTIM: 'BEFORE_ORAL_PSL',
      }),
    )
  if (subject.cyclophosphamide)
    forms.push(
      logged('F_IS', {
        ISTRT: 'CYCLOPHOSPHAMIDE_IV',
        ISDOSE: luck.pick(['500', '750', '800', '1000']),
        ISDOSU: 'mg',
        ISSTDTC: plusDays(start, -luck.whole(0, 10)),
        ISENDTC: plusDays(start, Math.min(lastDay, luck.whole(40, 150))),
        ISPURP: 'CONCURRENT',
      }),
    )
  const before: Record<string, Values> = {
    MTX: { ISTRT: 'METHOTREXATE', ISDOSE: '8', ISDOSU: 'mg/wk' },
    ETN: { ISTRT: 'ETANERCEPT', ISDOSE: '50', ISDOSU: 'mg/wk' },
    AZA: { ISTRT: 'AZATHIOPRINE', ISDOSE: '50', ISDOSU: 'mg/d' },
  }
  const prior = before[subject.prior]
  if (prior)
    forms.push(
      logged('F_IS', {
        ...prior,
        ISSTDTC: plusDays(start, -luck.whole(300, 900)).slice(0, 7),
        ISENDTC: plusDays(start, subject.prior === 'AZA' ? -21 : -luck.whole(1, 6)),
        ISPURP: 'PRIOR',
      }),
    )
  if (luck.next() < 0.4)
    forms.push(
      logged('F_CM', {
        CMTRT: 'スルファメトキサゾール・トリメトプリム',
        CMCAT: 'ANTIINFECTIVE_PROPHYLAXIS',
        CMINDC: 'ニューモシスチス肺炎の予防',
        CMDOSE: '1',
        CMDOSU: '{tbl}',
        CMDOSFRQ: 'QD',
        CMROUTE: 'ORAL',
        CMSTDTC: start,
        CMONGO: 'Y',
      }),
    )
  return forms
}

function text(amount: number): string {
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(1)
}
