/** Logs of study drug, glucocorticoid, steroid-sparing drugs and procedures. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { type Chart, logged, onStudy } from './chart.ts'

export const drugName = { TOF: 'TOFACITINIB', TAC: 'TACROLIMUS' } as const

/** Days from the first dose to the last one where the drug was stopped; null where it was not. */
export function stopDay({ subject, daysOnStudy }: Chart): number | null {
  if (subject.stop === null) return null
  return Math.min(subject.stop === 'INF' ? (subject.infectionDay as number) + 5 : 41, daysOnStudy)
}

export function studyDrugLog(chart: Chart): DemoForm[] {
  const { subject, start, last } = chart
  const stopped = stopDay(chart)
  const end = stopped === null ? (subject.died ? last : null) : plusDays(start, stopped)
  const once = subject.group === 'TOF' && subject.dose === 5
  return [
    logged('F_EC', {
      ECTRT: drugName[subject.group],
      ECSTDTC: start,
      ...(end === null ? {} : { ECENDTC: end }),
      ECONGO: end === null ? 'Y' : 'N',
      ECDOSE: String(once ? 5 : subject.dose / 2),
      ECDOSFRQ: once ? 'QD' : 'BID',
    }),
  ]
}

export function discontinuation(chart: Chart): DemoForm[] {
  const stopped = stopDay(chart)
  if (stopped === null) return []
  return [
    logged('F_DSTRT', {
      DSTRT: drugName[chart.subject.group],
      DSTSTDTC: plusDays(chart.start, stopped),
      DSTREAS: chart.luck.next() < 0.25 ? ['AE', 'PHYSICIAN'] : ['AE'],
    }),
  ]
}

type Step = { day: number; dose: number; intravenous: boolean }

/** A third less at a time: vials of 20 mg methylprednisolone by vein, then tablets of prednisone. */
export function taper(initial: number, maintenance: number | null): Omit<Step, 'day'>[] {
  const intravenous = initial >= 120 || (initial >= 40 && initial % 20 === 0)
  const steps = [{ dose: initial, intravenous }]
  let equivalent = intravenous ? initial * 1.25 : initial
  const goal = maintenance ?? 20
  while (equivalent > goal && steps.length < 20) {
    const next = Math.max(goal, equivalent * 0.66)
    const previous = steps.at(-1) as { dose: number; intravenous: boolean }
    if (next > 62 && previous.intravenous) {
      const dose = Math.min(previous.dose - 20, Math.ceil(next / 1.25 / 20) * 20)
      steps.push({ dose, intravenous: true })
      equivalent = dose * 1.25
    } else {
      const grid = next >= 20 ? 5 : 1.25
      const dose = Math.max(goal, Math.ceil(next / grid) * grid)
      if (dose >= equivalent && dose > goal) break
      steps.push({ dose, intravenous: false })
      equivalent = dose
    }
  }
  if (maintenance !== null && steps.at(-1)?.dose !== maintenance)
    steps.push({ dose: maintenance, intravenous: false })
  return steps
}

export function glucocorticoidLog(chart: Chart): DemoForm[] {
  const { subject, start, luck } = chart
  const { initial, maintenance, taperDays } = subject.glucocorticoid
  const lead = Math.min(subject.startDay, luck.whole(0, 2))
  const first = plusDays(start, -lead)
  const doses = taper(initial, maintenance)
  const span = chart.daysOnStudy + lead
  const days = doses.map((_, i) => {
    if (i === 0) return 0
    if (maintenance === null || taperDays === null) return i * 9 + 3
    if (i === doses.length - 1) return taperDays
    // Fast at first, slow towards the maintenance dose.
    return Math.max(i * 4, Math.round(taperDays * (i / (doses.length - 1)) ** 1.8))
  })
  const steps: Step[] = doses
    .map((step, i) => ({ ...step, day: days[i] as number }))
    .filter((step, i) => i === 0 || step.day <= span - 2)
  return steps.map((step, i) => {
    const next = steps[i + 1]
    const end = next ? plusDays(first, next.day - 1) : subject.died ? chart.last : null
    const before = steps[i - 1]
    const isMaintenance = maintenance !== null && i === steps.length - 1
    return logged('F_GC', {
      GCTRT: step.intravenous ? 'METHYLPREDNISOLONE' : 'PREDNISONE',
      GCSTDTC: plusDays(first, step.day),
      ...(end === null ? {} : { GCENDTC: end }),
      GCDOSE: String(step.dose),
      GCROUTE: step.intravenous ? 'INTRAVENOUS' : 'ORAL',
      ...(before ? { GCREAS: step.dose <= before.dose ? 'TAPER' : 'RELAPSE' } : {}),
      ...(isMaintenance ? { GCMNTFL: 'Y' } : {}),
    })
  })
}

const usualDose: Readonly<Record<string, readonly [dose: string, unit: string]>> = {
  CYCLOPHOSPHAMIDE_IV: ['600', 'mg'],
  HYDROXYCHLOROQUINE: ['400', 'mg/d'],
  TRIPTERYGIUM: ['60', 'mg/d'],
  AZATHIOPRINE: ['100', 'mg/d'],
}

export function otherTreatment(chart: Chart): DemoForm[] {
  const { subject, luck } = chart
  const forms: DemoForm[] = []
  if (subject.concurrent !== null) {
    const [dose, unit] = usualDose[subject.concurrent] as readonly [string, string]
    const from = luck.whole(0, Math.min(12, Math.max(0, chart.daysOnStudy - 2)))
    const cycles = subject.concurrent === 'CYCLOPHOSPHAMIDE_IV'
    forms.push(
      logged('F_IS', {
        ISTRT: subject.concurrent,
        ISDOSE: dose,
        ISDOSU: unit,
        ISSTDTC: onStudy(chart, from),
        ...(cycles || subject.died ? { ISENDTC: onStudy(chart, from + (cycles ? 90 : 9999)) } : {}),
        ISPURP: 'CONCURRENT',
      }),
    )
  }
  const crisis = luck.whole(1, Math.max(1, Math.min(10, chart.daysOnStudy - 6)))
  if (subject.immunoglobulin)
    forms.push(
      logged('F_IS', {
        ISTRT: 'IVIG',
        ISDOSE: luck.pick(['60', '100', '100']),
        ISDOSU: 'g',
        ISSTDTC: onStudy(chart, crisis),
        ISENDTC: onStudy(chart, crisis + 4),
        ISPURP: 'RESCUE',
      }),
    )
  if (subject.plasmaExchange > 0)
    forms.push(
      logged('F_PR', {
        PRTRT: 'PLASMA_EXCHANGE',
        PRSTDTC: onStudy(chart, crisis + 2),
        PRNUM: String(subject.plasmaExchange),
        PRINDC: 'RESCUE',
      }),
    )
  if (subject.died && subject.rapidlyProgressive && luck.next() < 0.3)
    forms.push(
      logged('F_PR', {
        PRTRT: 'MECH_VENT',
        PRSTDTC: plusDays(chart.last, -Math.min(chart.daysOnStudy, luck.whole(1, 6))),
        PRINDC: 'WORSENING',
      }),
    )
  return [...forms, ...concomitant(chart)]
}

function concomitant(chart: Chart): DemoForm[] {
  const { subject, luck } = chart
  const drug = (name: string, category: string, dose: string, often: string, day: number) => {
    const goesOn = !subject.died
    return logged('F_CM', {
      CMTRT: name,
      CMCAT: category,
      CMDOSE: dose,
      CMDOSU: 'mg',
      CMDOSFRQ: often,
      CMROUTE: 'ORAL',
      CMSTDTC: onStudy(chart, day),
      ...(goesOn ? {} : { CMENDTC: chart.last }),
      CMONGO: goesOn ? 'Y' : 'N',
    })
  }
  return [
    ...(subject.listing === 'TOF8' ? [drug('吡非尼酮', 'ANTIFIBROTIC', '200', 'TID', 4)] : []),
    ...(luck.next() < 0.35
      ? [drug('复方磺胺甲噁唑', 'ANTIINFECTIVE_PROPHYLAXIS', '480', 'QD', 1)]
      : []),
    ...(luck.next() < 0.3 ? [drug('碳酸钙', 'OTHER', '600', 'QD', 2)] : []),
  ]
}
