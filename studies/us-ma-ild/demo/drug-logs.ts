/** Logs of glucocorticoid, conventional drugs, tacrolimus and its troughs, as intervals of constant dose from the index date. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import { type Chart, workday } from './chart.ts'
import type { DosesAroundTacrolimus, Drug } from './subjects.ts'

/** A dose from this day on, counted from the index date; 0 is stopped. */
type Step = { day: number; dose: number }
type Interval = { from: number; to: number | null; dose: number }

/** Days after tacrolimus on which tapers start: well before the doses at 3 to 6 months and at 1 year are read. */
const tapers = { first: 29, months3to6: 82, year1: 236 }

/** Prednisone before and after the index date, with its tapers. */
export function prednisoneLog(chart: Chart): DemoForm[] {
  const { subject, luck } = chart
  const { index, months6to12, aroundTacrolimus } = subject.prednisone
  const steps: Step[] = [{ day: chart.indexIsMonth ? -45 : -luck.whole(0, 24), dose: index }]
  if (index - months6to12 > 7.5)
    steps.push({ day: luck.whole(28, 60), dose: halfway(index, months6to12) })
  steps.push({ day: luck.whole(100, 175), dose: months6to12 })
  if (aroundTacrolimus && subject.tacrolimusDay !== null) {
    const { start, months3to6, year1 } = aroundTacrolimus
    const tacrolimus = subject.tacrolimusDay
    // A dose that differs from the one at 6 to 12 months was begun between the two readings.
    if (start !== months6to12) steps.push({ day: Math.round((366 + tacrolimus) / 2), dose: start })
    if (start - months3to6 > 7.5)
      steps.push({ day: tacrolimus + tapers.first, dose: halfway(start, months3to6) })
    steps.push({ day: tacrolimus + tapers.months3to6, dose: months3to6 })
    steps.push({ day: tacrolimus + tapers.year1, dose: year1 })
  } else if (subject.group === 'R' && months6to12 > 5) {
    steps.push({ day: 372 + luck.whole(0, 40), dose: halfway(months6to12, 2.5) })
  }
  return intervals(steps).map((interval, i, all) => {
    const before = all[i - 1]
    return {
      event: 'LOG',
      form: 'F_GC',
      repeat: 'new' as const,
      values: {
        GCTRT: 'PREDNISONE',
        ...period(chart, interval, 'GC', i === 0),
        GCDOSE: String(interval.dose),
        GCROUTE: 'ORAL',
        ...(before ? { GCREAS: interval.dose < before.dose ? 'TAPER' : 'PROGRESSION' } : {}),
      },
    }
  })
}

function halfway(from: number, to: number): number {
  return Math.round((from + to) / 2 / 2.5) * 2.5
}

/** Azathioprine, methotrexate and mycophenolate; cyclophosphamide where it followed a failure. */
export function otherDrugsLog(chart: Chart): DemoForm[] {
  const { subject, luck } = chart
  const forms = subject.drugs.flatMap((drug, i) => drugIntervals(chart, drug, i))
  if (subject.startsMycophenolate && subject.tacrolimusDay !== null)
    forms.push(
      drugForm(
        chart,
        'MYCOPHENOLATE',
        { from: subject.tacrolimusDay + luck.whole(160, 280), to: null, dose: 2000 },
        'CONCURRENT',
      ),
    )
  if (subject.cyclophosphamide) {
    const from = luck.whole(230, 320)
    forms.push({
      event: 'LOG',
      form: 'F_IS',
      repeat: 'new',
      values: {
        ISTRT: 'CYCLOPHOSPHAMIDE_IV',
        ISDOSE: String(luck.pick([900, 1000, 1200])),
        ISDOSU: 'mg',
        ISSTDTC: workday(plusDays(chart.index, from)),
        ISENDTC: workday(plusDays(chart.index, Math.min(from + 168, daysToLastContact(chart)))),
        ISPURP: 'RESCUE',
      },
    })
  }
  return forms
}

const fullDose: Readonly<Record<Drug, readonly number[]>> = {
  AZATHIOPRINE: [100, 150, 150],
  METHOTREXATE: [15, 20, 25],
  MYCOPHENOLATE: [1500, 2000, 2000],
}
const firstDose: Readonly<Record<Drug, number>> = {
  AZATHIOPRINE: 50,
  METHOTREXATE: 10,
  MYCOPHENOLATE: 1000,
}

function drugIntervals(chart: Chart, drug: Drug, order: number): DemoForm[] {
  const { subject, luck } = chart
  // The first drug starts on the index date, a second one is added later.
  const start = order === 0 ? 0 : luck.whole(60, 130)
  const around = subject.doses[drug]
  const steps: Step[] = [{ day: start, dose: firstDose[drug] }]
  const full = around?.start ?? luck.pick(fullDose[drug])
  steps.push({ day: start + luck.whole(20, 45), dose: full })
  if (around && subject.tacrolimusDay !== null)
    steps.push(...stepsAfterTacrolimus(around, subject.tacrolimusDay))
  else if (subject.tacrolimusDay !== null && subject.lungAtTacrolimus !== null)
    steps.push({ day: subject.tacrolimusDay - luck.whole(12, 30), dose: 0 })
  return intervals(steps).map((interval) => drugForm(chart, drug, interval, 'CONVENTIONAL'))
}

function stepsAfterTacrolimus(
  around: NonNullable<DosesAroundTacrolimus>,
  tacrolimusDay: number,
): Step[] {
  return [
    { day: tacrolimusDay + tapers.months3to6 - 20, dose: around.months3to6 },
    { day: tacrolimusDay + tapers.year1, dose: around.year1 },
  ]
}

function drugForm(chart: Chart, drug: Drug, interval: Interval, purpose: string): DemoForm {
  return {
    event: 'LOG',
    form: 'F_IS',
    repeat: 'new',
    values: {
      ISTRT: drug,
      ISDOSE: String(interval.dose),
      ISDOSU: drug === 'METHOTREXATE' ? 'mg/wk' : 'mg/d',
      ...period(chart, interval, 'IS', false),
      ISPURP: purpose,
    },
  }
}

/** Steps of equal dose become one interval; a dose of 0 is a gap. */
function intervals(steps: readonly Step[]): Interval[] {
  const changes = steps.filter((step, i) => i === 0 || step.dose !== steps[i - 1]?.dose)
  return changes.flatMap((step, i) => {
    const next = changes[i + 1]
    return step.dose === 0
      ? []
      : [{ from: step.day, to: next ? next.day - 1 : null, dose: step.dose }]
  })
}

/** Start and end as dates; the very first start may be known by its month only. */
function period(
  { index, indexIsMonth }: Chart,
  { from, to }: Interval,
  prefix: 'GC' | 'IS',
  isFirst: boolean,
): Record<string, DemoValue> {
  const start = plusDays(index, from)
  return {
    [`${prefix}STDTC`]: isFirst && indexIsMonth ? start.slice(0, 7) : start,
    ...(to === null ? {} : { [`${prefix}ENDTC`]: plusDays(index, to) }),
  }
}

function daysToLastContact({ index, lastContact }: Chart): number {
  return Math.round((Date.parse(lastContact) - Date.parse(index)) / 86_400_000)
}

type Dosing = { day: number; mg: number; reason: string; trough: number | null }

/** Tacrolimus by trough: 1 mg twice daily, then up until 5 to 10 ng/mL is reached. */
export function tacrolimusLog(chart: Chart): DemoForm[] {
  const { tacrolimus, luck, subject } = chart
  if (tacrolimus === null) return []
  const isShort = subject.lungAtTacrolimus === null
  const steps: Dosing[] = [{ day: 0, mg: 1, reason: 'STARTING', trough: null }]
  let day = 0
  let mg = 1
  const troughs: { day: number; level: number }[] = []
  for (let visit = 0; visit < (isShort ? 2 : 4); visit++) {
    // One clinic was missed in a few charts, just while the dose was being raised.
    day += luck.whole(14, 20) + (visit === 1 && luck.next() < 0.1 ? 11 : 0)
    const level = mg * (3.1 + luck.next() * 1.2) + visit * 0.3
    troughs.push({ day, level })
    const next = level < 5 ? mg + 0.5 : level > 10 ? mg - 0.5 : mg
    if (next !== mg && visit < 3) {
      steps.push({
        day: day + 1,
        mg: next,
        reason: next > mg ? 'TROUGH_LOW' : 'TROUGH_HIGH',
        trough: level,
      })
      mg = next
    }
  }
  return [
    ...steps.map((step, i) => dosingForm(chart, tacrolimus, step, steps[i + 1], isShort)),
    ...troughs.map((trough) => ({
      event: 'LOG',
      form: 'F_TDM',
      repeat: 'new' as const,
      values: troughValues(plusDays(tacrolimus, trough.day), trough.level),
    })),
  ]
}

function dosingForm(
  { lastContact }: Chart,
  start: string,
  step: Dosing,
  next: Dosing | undefined,
  isShort: boolean,
): DemoForm {
  const end = next ? plusDays(start, next.day - 1) : isShort ? lastContact : null
  return {
    event: 'LOG',
    form: 'F_EC',
    repeat: 'new',
    values: {
      ECTRT: 'TACROLIMUS',
      ECSTDTC: plusDays(start, step.day),
      ...(end === null ? {} : { ECENDTC: end }),
      ECONGO: end === null ? 'Y' : 'N',
      ECDOSE: String(step.mg),
      ECDOSFRQ: 'BID',
      ...(step.reason === 'STARTING' ? {} : { ECADJ: step.reason }),
    },
  }
}

/** A trough level as a site types it. */
export function troughValues(on: string, level: number): Record<string, DemoValue> {
  return { TDMPERF: 'Y', TDMDTC: on, TACTRGH: level.toFixed(1) }
}
