/** Dosing logs of the demo cohort: study drug, prednisolone with its taper, pulses and rescue treatment. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import type { Build } from './build.ts'
import type { DemoSubject } from './subjects.ts'

export function dosing(
  subject: DemoSubject,
  day0: string,
  end: string,
  build: Build,
  luck: Chance,
): DemoForm[] {
  const forms: DemoForm[] = []
  const drug = subject.arm === 'TAC' ? 'TACROLIMUS' : 'CICLOSPORIN'
  const log = (form: string, values: DemoForm['values']) =>
    forms.push({ event: 'LOG', form, values, repeat: 'new' })
  const days = daysFrom(day0, end)
  if (subject.pulse)
    log('F_PULSE', {
      PULOCC: 'Y',
      PULSTDTC: plusDays(day0, -luck.whole(3, 6)),
      PULDOSE: '1000',
      PULDAYS: '3',
      PULTIM: 'BEFORE_ORAL_PSL',
    })
  const start =
    subject.arm === 'TAC'
      ? Math.round((0.075 * build.weight) / 2 / 0.5) * 0.5
      : Math.round((3 * build.weight) / 2 / 5) * 5
  const change = Math.min(30, days)
  log('F_EC', {
    ECTRT: drug,
    ECSTDTC: day0,
    ECENDTC: plusDays(day0, change),
    ECONGO: 'N',
    ECDOSE: dose(start),
    ECDOSFRQ: 'BID',
  })
  if (days > 31) {
    const adjusted =
      subject.arm === 'TAC' ? start + luck.pick([-0.5, 0, 0.5]) : start + luck.pick([-5, 0, 5])
    const reason = adjusted > start ? 'TROUGH_LOW' : adjusted < start ? 'TROUGH_HIGH' : 'OTHER'
    log('F_EC', {
      ECTRT: drug,
      ECSTDTC: plusDays(day0, 31),
      ECENDTC: end,
      ECONGO: 'N',
      ECDOSE: dose(adjusted),
      ECDOSFRQ: 'BID',
      ECADJ: reason,
    })
  }
  for (const values of taper(subject, day0, days)) log('F_GC', values)
  if (subject.progressionDay !== null) progression(subject, day0, log)
  if (subject.deathDay !== null) {
    log('F_DSTRT', { DSTRT: drug, DSTSTDTC: end, DSTREAS: ['DEATH'] })
  }
  const closing: DemoForm = {
    event: 'LOG',
    form: 'F_DSSTDY',
    values:
      subject.deathDay === null
        ? { DSSTDTC: end, DSDECOD: 'COMPLETED' }
        : { DSSTDTC: end, DSDECOD: 'DEATH', DSTERM: 'Died of respiratory failure' },
  }
  return [...forms, closing]
}

/** Prednisolone: the full dose for more than four weeks, then steps of about 15 % some four weeks apart. */
function taper(subject: DemoSubject, day0: string, days: number): DemoForm['values'][] {
  const intervals: DemoForm['values'][] = []
  let from = 0
  let amount = subject.prednisolone
  for (const to of [34, 62, 90, 146, 202, 272, 400]) {
    if (from > days) break
    const last = Math.min(to, days)
    intervals.push({
      GCTRT: 'PREDNISOLONE',
      GCSTDTC: plusDays(day0, from),
      GCENDTC: plusDays(day0, last),
      GCDOSE: dose(amount),
      GCROUTE: 'ORAL',
      ...(from === 0 ? {} : { GCREAS: 'TAPER' }),
    })
    from = last + 1
    amount = Math.max(5, Math.round(amount * 0.85 * 2) / 2)
  }
  return intervals
}

/** Two of the three criteria (symptoms and opacities) or muscle and skin, with the added treatment in its own log. */
function progression(
  subject: DemoSubject,
  day0: string,
  log: (form: string, values: DemoForm['values']) => void,
): void {
  const on = plusDays(day0, subject.progressionDay as number)
  const lung = subject.progressionSystem === 'ILD'
  const treatment = lung ? ['MP_PULSE', 'IVCY'] : ['IVIG']
  log('F_PROG', {
    PRGDTC: on,
    PRGSYS: subject.progressionSystem as string,
    PRGSYMP: 'Y',
    PRGOPAC: lung ? 'Y' : 'N',
    PRGTRT: 'Y',
    PRGRX: treatment,
    PRGOUT: subject.deathDay === null ? 'IMPROVED' : 'DIED',
  })
  if (lung) {
    log('F_PULSE', {
      PULOCC: 'Y',
      PULSTDTC: plusDays(on, 1),
      PULDOSE: '1000',
      PULDAYS: '3',
      PULTIM: 'RESCUE',
    })
    log('F_IS', {
      ISTRT: 'CYCLOPHOSPHAMIDE_IV',
      ISDOSE: '500',
      ISDOSU: 'mg',
      ISSTDTC: plusDays(on, 3),
      ISPURP: 'RESCUE',
    })
  } else {
    log('F_IS', {
      ISTRT: 'IVIG',
      ISDOSE: '20',
      ISDOSU: 'g',
      ISSTDTC: plusDays(on, 2),
      ISENDTC: plusDays(on, 6),
      ISPURP: 'RESCUE',
    })
  }
}

function dose(amount: number): string {
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(1)
}

function daysFrom(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}
