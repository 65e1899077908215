/** What an institution enters at the start of tacrolimus: registration, background, diagnosis, first examinations. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import { type Build, bloodGas, laboratory, lungFunction } from './examinations.ts'
import type { DemoSubject, Registered } from './subjects.ts'

type Values = Record<string, DemoValue>
export const atStart = (form: string, values: Values): DemoForm => ({ event: 'D0', form, values })
const yes = (value: boolean): string => (value ? 'Y' : 'N')

/** The registration alone: all that exists of a subject whose case report form never came. */
export function registration(subject: Registered, answers: Values): DemoForm[] {
  const { start } = subject
  return [
    atStart('F_SUBJ', { SCRNDTC: start }),
    atStart('F_REG', {
      TRTSTDTC: start,
      REGDTC: plusDays(start, subject.registeredAfter),
      ...answers,
    }),
    atStart('F_ICF', { ICFREQ: 'N_GPSP' }),
  ]
}

/**
 * A birth date that makes the subject as old on the day of the start as the cohort says. `depth` 4 gives the year only, which rules
 * read as 1 July.
 */
export function birthDate(start: string, age: number, luck: Chance, depth: 4 | 7 | 10): string {
  const year = Number(start.slice(0, 4)) - age
  if (depth === 4) return String(start.slice(5) >= '07-01' ? year : year - 1)
  const day = plusDays(
    `${year}-${start.slice(5) === '02-29' ? '02-28' : start.slice(5)}`,
    -luck.whole(25, 320),
  )
  return day.slice(0, depth)
}

export function baseline(subject: DemoSubject, build: Build, luck: Chance): DemoForm[] {
  const { start, measured } = subject
  const gas = bloodGas(measured.D0, start)
  return [
    ...registration(subject, { REGCONF: 'ACCEPTED', CRFRCVFL: 'Y' }),
    atStart('F_SV', { SVOCCUR: 'Y', SVSTDTC: start, SVCNTMOD: 'IN_PERSON' }),
    atStart('F_DM', {
      BRTHDTC: birthDate(start, subject.age, luck, luck.pick([10, 10, 10, 7, 4])),
      SEX: subject.female ? 'F' : 'M',
      INPAT: subject.inpatient ? 'INPATIENT' : 'OUTPATIENT',
    }),
    atStart('F_SU', smoking(subject, luck)),
    atStart('F_MH', history(subject, luck)),
    atStart('F_IIM', diagnosis(subject, luck)),
    atStart('F_ILD', lungDisease(subject, luck)),
    atStart('F_CF', features(subject, luck)),
    atStart('F_MSA', antibodies(subject, luck)),
    atStart('F_VS', vitals(subject, luck)),
    atStart('F_LB', laboratory(subject, 'D0', start, luck)),
    atStart(
      'F_PFT',
      lungFunction(measured.D0, start, build, luck) ?? noLungFunction(subject, luck),
    ),
    atStart('F_ABG', gas ?? { ABGPERF: 'N' }),
    atStart('F_IMG', {
      IMGPERF: 'Y',
      IMGMOD: luck.pick(['HRCT', 'HRCT', 'HRCT', 'CT']),
      IMGDTC: plusDays(start, -luck.whole(0, 12)),
      IMGILD: 'Y',
      IMGPAT: subject.pattern,
    }),
    atStart(
      'F_IE',
      Object.fromEntries(
        ['IN01', 'IN02', 'IN03', 'IN04', 'IN05'].map((code) => [`IE[${code}].IEORRES`, 'Y']),
      ),
    ),
  ]
}

function smoking(subject: DemoSubject, luck: Chance): Values {
  if (subject.smoker === null) return { SUSTAT: { missing: 'UNK' } }
  return subject.smoker
    ? { SUSTAT: luck.pick(['FORMER', 'FORMER', 'CURRENT']), SUPKYR: luck.decimal(5, 45, 1) }
    : { SUSTAT: 'NEVER' }
}

function history(subject: DemoSubject, luck: Chance): Values {
  const present: Record<string, boolean> = {
    RA: subject.prior === 'MTX' || subject.prior === 'ETN' || luck.next() < 0.03,
    DIABETES: luck.next() < 0.14,
    CKD: luck.next() < 0.04,
    MALIGNANCY: luck.next() < 0.05,
    IPHX: subject.presentation === 'RELAPSE' || (subject.lungDiseaseDays ?? 0) > 365,
  }
  const values: Values = {}
  for (const [key, has] of Object.entries(present)) {
    values[`MH[${key}].MHOCCUR`] = yes(has)
    if (has) values[`MH[${key}].MHONGO`] = key === 'MALIGNANCY' ? 'N' : 'Y'
  }
  return values
}

/** Bohan-Peter and Sontheimer items that lead to the subtype. */
function diagnosis(subject: DemoSubject, luck: Chance): Values {
  const { start, diseaseDays, diagnosis: subtype } = subject
  const onset = diseaseDays === null ? null : plusDays(start, -diseaseDays)
  const shared: Values = {
    IIMSTDTC: onset ?? { missing: 'UNK' },
    IIMDXDTC:
      diseaseDays === null
        ? plusDays(start, -luck.whole(3, 40)).slice(0, 7)
        : plusDays(start, -Math.min(diseaseDays, luck.whole(2, 30))),
    IIMTYPE: subtype,
  }
  if (subtype === 'CADM')
    return {
      ...shared,
      BPWEAK: 'N',
      BPBIOP: 'ND',
      BPENZ: luck.pick(['N', 'N', 'Y']),
      BPEMG: 'ND',
      BPRASH: 'Y',
      BPHELIO: luck.pick(['Y', 'N']),
      BPGOTT: 'Y',
      SONRASH: 'Y',
      SONRASHM: ((diseaseDays ?? 60) / 30.4375).toFixed(1),
      SONSUBC: luck.pick(['Y', 'N']),
      SONEXCL: 'N',
    }
  const rash = subtype === 'DM'
  return {
    ...shared,
    BPWEAK: 'Y',
    BPBIOP: luck.pick(['Y', 'ND', 'ND']),
    BPENZ: 'Y',
    BPEMG: luck.pick(['Y', 'Y', 'ND']),
    BPRASH: rash ? 'Y' : 'N',
    BPHELIO: rash ? luck.pick(['Y', 'N']) : 'N',
    BPGOTT: rash ? 'Y' : 'N',
  }
}

function lungDisease(subject: DemoSubject, luck: Chance): Values {
  const { start, lungDiseaseDays: days } = subject
  return {
    ...(days === null || subject.course === 'ASYM'
      ? {}
      : { ILDSTDTC: plusDays(start, -days - luck.whole(1, 25)).slice(0, luck.pick([7, 10])) }),
    ILDDXDTC: days === null ? { missing: 'UNK' } : plusDays(start, -days),
    ILDHRCT: 'Y',
    ILDCRS4: subject.course,
    ILDPRES: subject.presentation,
    IPHIST: subject.pattern,
  }
}

function features(subject: DemoSubject, luck: Chance): Values {
  const named =
    subject.fever ||
    subject.dysphagia ||
    subject.raynaud ||
    subject.arthritis ||
    subject.cardiopathy
  return {
    CFDOE: subject.course === 'ASYM' ? 'N' : luck.pick(['Y', 'Y', 'Y', 'N']),
    CFCRACK: luck.pick(['Y', 'Y', 'Y', 'N', 'U']),
    CFFEVER: yes(subject.fever),
    CFDYSPHG: yes(subject.dysphagia),
    CFRAYN: yes(subject.raynaud),
    CFARTH: yes(subject.arthritis),
    CFCARD: yes(subject.cardiopathy),
    ...(subject.otherSymptoms && !named
      ? { CFOTHSP: luck.pick(['倦怠感', '体重減少', 'リンパ節腫脹', '食欲不振', '乾燥症状']) }
      : {}),
  }
}

function antibodies(subject: DemoSubject, luck: Chance): Values {
  const values: Values = {}
  for (const [test, result] of Object.entries(subject.antibodies)) {
    const path = `MSA[${test}]`
    values[`${path}.MSAPERF`] = yes(result !== '')
    values[`${path}.MSARES`] = result === '' ? 'ND' : result
    if (result === '') continue
    values[`${path}.MSADTC`] = plusDays(subject.start, -luck.whole(0, 14))
    values[`${path}.MSAMETH`] = 'ELISA'
  }
  return values
}

function vitals(subject: DemoSubject, luck: Chance): Values {
  return {
    VSPERF: 'Y',
    WEIGHT: subject.weight === '' ? { missing: 'ND' } : Number(subject.weight).toFixed(1),
    HEIGHT: Number(subject.height).toFixed(1),
    ...(subject.saturation === ''
      ? { OXYSAT: { missing: 'ND' } as const }
      : { OXYSAT: subject.saturation, OXYSRC: 'PULSE_OXIMETER' }),
    O2SUPP: yes(subject.oxygen),
    ...(subject.oxygen ? { OXYFLOW: luck.pick(['1.0', '2.0', '2.0', '3.0', '5.0']) } : {}),
  }
}

function noLungFunction(subject: DemoSubject, luck: Chance): Values {
  return {
    PFTPERF: 'N',
    PFTREASN: subject.oxygen
      ? 'RESP_FAILURE'
      : luck.pick(['NOT_ORDERED', 'NOT_ORDERED', 'TOO_ILL']),
  }
}
