/** Treatment of the prospective part: tacrolimus, pirfenidone, glucocorticoid with its taper, rescue and prophylaxis. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import type { Course } from './visits.ts'

type Log = (form: string, values: DemoForm['values']) => void

/** All logs of treatment from the first dose to `end`, the last day under observation. */
export function treatmentForms(
  course: Course,
  end: string,
  firstVisit: string | null,
  luck: Chance,
): DemoForm[] {
  const forms: DemoForm[] = []
  const log: Log = (form, values) => forms.push({ event: 'LOG', form, values, repeat: 'new' })
  tacrolimus(course, end, firstVisit, luck, log)
  if (course.subject.group === 'TACPFD') pirfenidone(course, end, firstVisit, luck, log)
  for (const values of glucocorticoid(course, end, luck)) log('F_GC', values)
  rescue(course, end, luck, log)
  log('F_CM', {
    CMTRT: '复方磺胺甲噁唑',
    CMCAT: 'ANTIINFECTIVE_PROPHYLAXIS',
    CMINDC: '预防肺孢子菌肺炎',
    CMDOSFRQ: 'QD',
    CMROUTE: 'ORAL',
    CMSTDTC: plusDays(course.start, luck.whole(0, 6)),
    CMONGO: course.subject.end === 'COMPLETED' ? 'Y' : 'N',
    ...(course.subject.end === 'COMPLETED' ? {} : { CMENDTC: end }),
  })
  return forms
}

function tacrolimus(
  { start }: Course,
  end: string,
  firstVisit: string | null,
  luck: Chance,
  log: Log,
): void {
  const dose = luck.pick(['1', '1', '1.5'])
  const change = firstVisit === null ? null : plusDays(firstVisit, 1)
  const changed = change !== null && change < end
  log('F_EC', {
    ECTRT: 'TACROLIMUS',
    ECSTDTC: start,
    ECENDTC: changed ? plusDays(change, -1) : end,
    ECONGO: 'N',
    ECDOSE: dose,
    ECDOSFRQ: 'BID',
  })
  if (!changed) return
  const up = luck.next() < 0.6
  log('F_EC', {
    ECTRT: 'TACROLIMUS',
    ECSTDTC: change,
    ECENDTC: end,
    ECONGO: 'N',
    ECDOSE: up ? String(Number(dose) + 0.5) : dose,
    ECDOSFRQ: 'BID',
    ECADJ: up ? 'TROUGH_LOW' : 'OTHER',
  })
}

/** 600 mg a day, and 900 mg from the first visit on in those who tolerated it. */
function pirfenidone(
  { start }: Course,
  end: string,
  firstVisit: string | null,
  luck: Chance,
  log: Log,
): void {
  const from = plusDays(start, luck.whole(0, 8))
  const change = firstVisit === null ? null : plusDays(firstVisit, 1)
  const raised = change !== null && change < end && luck.next() < 0.5
  log('F_EC', {
    ECTRT: 'PIRFENIDONE',
    ECSTDTC: from,
    ECENDTC: raised ? plusDays(change, -1) : end,
    ECONGO: 'N',
    ECDOSE: '200',
    ECDOSFRQ: 'TID',
  })
  if (raised)
    log('F_EC', {
      ECTRT: 'PIRFENIDONE',
      ECSTDTC: change,
      ECENDTC: end,
      ECONGO: 'N',
      ECDOSE: '300',
      ECDOSFRQ: 'TID',
      ECADJ: 'OTHER',
    })
}

/**
 * The initial dose for at least four weeks, then steps of a fifth (of up to a third from a high dose) to about 10 mg, and a rise to
 * 0.6 mg/kg for eight weeks at a relapse. Doses above 70 mg and those that no 5 mg tablet gives are methylprednisolone.
 */
function glucocorticoid({ subject, start, weight }: Course, end: string, luck: Chance) {
  const initial = subject.prednisolone
  const floor = luck.pick([7.5, 10, 10, 10, 12.5])
  const steps: { day: number; dose: number; reason: string }[] = [
    { day: 0, dose: initial, reason: '' },
  ]
  const days = [31, 52, 73, 94, 115, 143, 171, 206, 241, 276]
  let dose = initial
  for (const day of days) {
    const lower = Math.max(floor, Math.round((dose * (dose > 60 ? 0.67 : 0.8)) / 2.5) * 2.5)
    if (lower >= dose) break
    dose = lower
    steps.push({ day, dose, reason: 'TAPER' })
  }
  if (subject.relapseDay !== null && subject.relapseDay > 40) {
    const at = subject.relapseDay
    const raised = Math.ceil((0.6 * weight) / 5) * 5
    const before = steps.filter((step) => step.day < at)
    const current = before.at(-1)?.dose ?? initial
    if (current < raised) {
      const after = [
        { day: at, dose: raised, reason: 'RELAPSE' },
        { day: at + 30, dose: raised * 0.75, reason: 'TAPER' },
        { day: at + 58, dose: raised * 0.5625, reason: 'TAPER' },
        { day: at + 86, dose: raised * 0.42, reason: 'TAPER' },
        { day: at + 114, dose: Math.max(10, raised * 0.32), reason: 'TAPER' },
        { day: at + 142, dose: 10, reason: 'TAPER' },
      ].map((step) => ({ ...step, dose: Math.round(step.dose / 2.5) * 2.5 }))
      steps.splice(before.length, steps.length, ...after)
    }
  }
  const shown = steps.filter((step) => plusDays(start, step.day) < end || step.day === 0)
  return shown.map((step, position): DemoForm['values'] => {
    const next = shown[position + 1]
    const methyl = step.dose > 70 || step.dose % 5 !== 0
    return {
      GCTRT: methyl && position === 0 ? 'METHYLPREDNISOLONE' : 'PREDNISONE',
      GCSTDTC: plusDays(start, step.day),
      GCENDTC: next ? plusDays(start, next.day - 1) : end,
      GCDOSE: String(methyl && position === 0 ? step.dose * 0.8 : step.dose),
      GCROUTE: step.dose > 70 && position === 0 ? 'INTRAVENOUS' : 'ORAL',
      ...(step.reason === '' ? {} : { GCREAS: step.reason }),
      ...(position === 0 ? { GCHIGHT2: subject.highDose ? 'Y' : 'N' } : {}),
    }
  })
}

function rescue({ subject, start }: Course, end: string, luck: Chance, log: Log): void {
  const day = luck.whole(2, 20)
  if (subject.ivig)
    log('F_IS', {
      ISTRT: 'IVIG',
      ISDOSE: '100',
      ISDOSU: 'g',
      ISSTDTC: plusDays(start, day),
      ISENDTC: plusDays(start, day + 4),
      ISPURP: 'RESCUE',
    })
  if (subject.exchange && plusDays(start, day + 6) < end)
    log('F_PR', {
      PRTRT: 'PLASMA_EXCHANGE',
      PRSTDTC: plusDays(start, day + 6),
      PRNUM: String(luck.whole(3, 5)),
      PRINDC: 'WORSENING',
    })
}
