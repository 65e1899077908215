/** Routine visits after the start, each with the examinations that were done. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { type Build, bloodGas, laboratory, lungFunction } from './examinations.ts'
import type { Bin, DemoSubject } from './subjects.ts'

/** Scans are compared with the one before; the first is the scan at the start. */
type Scans = { last: string }

/** Visits in order of time, and the contacts that show how long a subject was followed. */
export function followUp(
  subject: DemoSubject,
  firstScan: string,
  build: Build,
  luck: Chance,
): DemoForm[] {
  const { start, stop } = subject
  const forms: DemoForm[] = []
  const scans: Scans = { last: firstScan }
  const on = (day: number) => plusDays(start, day)
  const treatedUntil = stop?.day ?? Number.POSITIVE_INFINITY
  if (subject.week1 !== null) {
    forms.push(visit('W1', on(subject.week1)))
    if (subject.week1 <= treatedUntil) forms.push(trough('W1', on(subject.week1), luck))
  }
  for (const { event, day } of subject.visits) {
    const date = on(day)
    forms.push(visit(event, date))
    if (event === 'M6' || event === 'M24') forms.push(vitals(subject, event, luck))
    forms.push(...examinations(subject, event, date, build, scans, luck))
    if (day <= treatedUntil && event !== 'M36' && luck.next() < 0.82)
      forms.push(trough(event, date, luck))
  }
  const seen = subject.visits.map(({ day }) => day)
  if (stop !== null && subject.deathDay === null) {
    forms.push(visit('DISC', on(stop.day)))
    seen.push(stop.day)
  }
  // The last that is known of those who were lost: a call, or a letter from the next hospital.
  if (subject.deathDay === null && Math.max(0, ...seen) < subject.lastDay)
    forms.push(visit('UNS', on(subject.lastDay), 'PHONE'))
  return forms
}

function visit(event: string, date: string, mode = 'IN_PERSON'): DemoForm {
  return { event, form: 'F_SV', values: { SVOCCUR: 'Y', SVSTDTC: date, SVCNTMOD: mode } }
}

function vitals(subject: DemoSubject, event: string, luck: Chance): DemoForm {
  const onOxygen = Number(subject.measured[event as Bin]?.fio2 ?? 0.21) > 0.21
  return {
    event,
    form: 'F_VS',
    values: {
      VSPERF: 'Y',
      WEIGHT:
        subject.weight === ''
          ? { missing: 'ND' }
          : (Number(subject.weight) * (0.97 + luck.next() * 0.06)).toFixed(1),
      OXYSAT: String(luck.whole(95, 98)),
      OXYSRC: 'PULSE_OXIMETER',
      O2SUPP: onOxygen ? 'Y' : 'N',
      ...(onOxygen ? { OXYFLOW: luck.pick(['1.0', '2.0']) } : {}),
    },
  }
}

function examinations(
  subject: DemoSubject,
  event: string,
  date: string,
  build: Build,
  scans: Scans,
  luck: Chance,
): DemoForm[] {
  const measured = subject.measured[event as Bin]
  if (measured === undefined) return []
  const forms: DemoForm[] = []
  if (measured.ferritin !== '' || measured.kl6 !== '' || measured.spd !== '')
    forms.push({
      event,
      form: 'F_LB',
      values: laboratory(subject, event as Bin, date, luck),
    })
  const lungs = lungFunction(measured, date, build, luck)
  if (lungs) forms.push({ event, form: 'F_PFT', values: lungs })
  const gas = bloodGas(measured, date)
  if (gas) forms.push({ event, form: 'F_ABG', values: gas })
  if (measured.ct !== '') {
    forms.push({
      event,
      form: 'F_IMG',
      values: {
        IMGPERF: 'Y',
        IMGMOD: 'HRCT',
        IMGDTC: date,
        IMGILD: 'Y',
        IMGPAT: subject.pattern,
        IMGNEW: measured.ct === 'WORSENED' ? 'Y' : 'N',
        IMGCMP: scans.last,
        IMGCHG: measured.ct,
      },
    })
    scans.last = date
  }
  return forms
}

function trough(event: string, date: string, luck: Chance): DemoForm {
  const level = luck.next() < 0.07 ? luck.decimal(10.2, 12.8, 1) : luck.decimal(4.4, 9.6, 1)
  return {
    event,
    form: 'F_TDM',
    values: { TDMPERF: 'Y', TDMDTC: date, TDMTIM: luck.decimal(11.5, 12.8, 1), TACTRGH: level },
  }
}
