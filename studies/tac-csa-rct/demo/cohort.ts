/**
 * The demo cohort as the work of people: for each subject the forms in the order a site fills them. The loader carries it
 * out through the system's own verbs, so the demo passes every rule that real data pass. Deterministic: same subjects, same
 * seed, same cohort.
 */
import { type Chance, chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoPlan, DemoValue } from '#studies/demo/plan.ts'
import type { Build } from './build.ts'
import { adverseEvents } from './events.ts'
import { laboratory } from './laboratory.ts'
import type { DemoSubject } from './subjects.ts'
import { dosing } from './treatment.ts'

const firstRandomisation = '2014-11-17'
const lastRandomisationDay = 1208

/**
 * Orders subjects so that each meets the arm its stratum's list holds for it, and spreads randomisation dates over the
 * recruitment period. Throws when the lists cannot give these subjects their arms.
 */
export function orderSubjects(
  subjects: readonly DemoSubject[],
  lists: Readonly<Record<string, readonly string[]>>,
): { subject: DemoSubject; on: string }[] {
  const placed: { subject: DemoSubject; share: number }[] = []
  for (const [stratum, arms] of Object.entries(lists)) {
    const waiting = subjects.filter((subject) => subject.stratum === stratum)
    const total = waiting.length
    arms.slice(0, total).forEach((arm, position) => {
      const at = waiting.findIndex((subject) => subject.arm === arm)
      if (at < 0)
        throw new Error(
          `The ${stratum} list gives ${arm} at ${position + 1}, but no such subject is left`,
        )
      const [subject] = waiting.splice(at, 1)
      placed.push({ subject: subject as DemoSubject, share: (position + 0.5) / total })
    })
  }
  placed.sort((a, b) => a.share - b.share)
  return placed.map(({ subject, share }) => ({
    subject,
    on: plusDays(firstRandomisation, Math.round(share * lastRandomisationDay)),
  }))
}

/** Visits with their day after randomisation and the deviation that still lies in the window. */
const visits = [
  { event: 'W0', day: 0, slack: 0 },
  { event: 'W2', day: 14, slack: 2 },
  { event: 'W4', day: 28, slack: 2 },
  { event: 'W8', day: 56, slack: 4 },
  { event: 'W12', day: 84, slack: 4 },
  { event: 'W24', day: 168, slack: 8 },
  { event: 'W36', day: 252, slack: 8 },
  { event: 'W52', day: 364, slack: 6 },
] as const
const withLungFunction = ['W4', 'W12', 'W24', 'W36', 'W52']
/** Share of the year's change reached at each lung function visit. */
const courseOfChange: Record<string, number> = { W4: 0.35, W12: 0.6, W24: 0.8, W36: 0.92, W52: 1 }

export function planSubject(subject: DemoSubject, randomisedOn: string, seed: number): DemoPlan {
  const luck = chance(seed)
  const screened = plusDays(randomisedOn, -luck.whole(4, 12))
  const build = bodyOf(subject, luck)
  return {
    site: subject.site,
    screenedOn: screened,
    randomisedOn,
    stratum: subject.stratum,
    arm: subject.arm,
    before: screening(subject, screened, build, luck),
    after: followUp(subject, randomisedOn, screened, build, luck),
  }
}

/** A weight at which the initial prednisolone lies in 0.6 to 1.0 mg/kg, and a predicted FVC of sex, height and age. */
function bodyOf(subject: DemoSubject, luck: Chance): Build {
  const low = Math.max(subject.female ? 40 : 48, subject.prednisolone / 0.98)
  const high = Math.max(low + 1, Math.min(subject.female ? 66 : 82, subject.prednisolone / 0.62))
  const height = subject.female ? luck.whole(146, 163) : luck.whole(158, 176)
  const predicted = subject.female
    ? 0.031 * height - 0.019 * subject.age - 1.1
    : 0.042 * height - 0.023 * subject.age - 1.78
  return {
    weight: Number(luck.decimal(low, high, 1)),
    height,
    predicted: Math.round(predicted * 100) / 100,
  }
}

function screening(subject: DemoSubject, on: string, build: Build, luck: Chance): DemoForm[] {
  const birth = plusDays(
    `${Number(on.slice(0, 4)) - subject.age}${on.slice(4) === '-02-29' ? '-02-28' : on.slice(4)}`,
    -luck.whole(20, 320),
  )
  const onset = plusDays(
    on,
    -luck.whole(subject.ildForm === 'CHR' ? 120 : 25, subject.ildForm === 'CHR' ? 700 : 75),
  )
  const diagnosed = plusDays(on, -luck.whole(2, 14))
  const forms: DemoForm[] = [
    { event: 'SCR', form: 'F_SUBJ', values: { SCRNDTC: on } },
    { event: 'SCR', form: 'F_ICF', values: { ICFREQ: 'Y', RFICDTC: on, ICFVER: '1.0' } },
    {
      event: 'SCR',
      form: 'F_DM',
      values: { BRTHDTC: birth, SEX: subject.female ? 'F' : 'M', RACE: 'ASIAN' },
    },
    { event: 'SCR', form: 'F_SV', values: { SVOCCUR: 'Y', SVSTDTC: on, SVCNTMOD: 'IN_PERSON' } },
    {
      event: 'SCR',
      form: 'F_SU',
      values: subject.neverSmoker
        ? { SUSTAT: 'NEVER' }
        : { SUSTAT: luck.pick(['FORMER', 'CURRENT']), SUPKYR: luck.decimal(5, 45, 1) },
    },
    { event: 'SCR', form: 'F_MH', values: history(luck) },
    { event: 'SCR', form: 'F_IIM', values: diagnosis(subject, onset, diagnosed, luck) },
    {
      event: 'SCR',
      form: 'F_ILD',
      values: { ILDSTDTC: onset, ILDDXDTC: diagnosed, ILDHRCT: 'Y', ILDFORM: subject.ildForm },
    },
    { event: 'SCR', form: 'F_MSA', values: antibodies(subject, on) },
    { event: 'SCR', form: 'F_CF', values: clinical(subject, 'SCR', luck) },
    { event: 'SCR', form: 'F_VS', values: vitals(build, luck, true) },
    { event: 'SCR', form: 'F_LB', values: laboratory(subject, 'SCR', on, luck) },
    { event: 'SCR', form: 'F_ABG', values: bloodGas(subject.baseline.pao2, on, luck) },
    {
      event: 'SCR',
      form: 'F_PFT',
      values: lungFunction(
        subject.baseline.fvcPercent,
        subject.baseline.dlcoPercent,
        on,
        build,
        luck,
      ),
    },
    {
      event: 'SCR',
      form: 'F_IMG',
      values: { IMGPERF: 'Y', IMGMOD: 'HRCT', IMGDTC: on, IMGILD: 'Y' },
    },
    { event: 'SCR', form: 'F_IE', values: eligibility(subject.female) },
  ]
  return forms
}

export function eligibility(
  female: boolean,
  failed: Readonly<Record<string, string>> = {},
): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const code of ['IN01', 'IN02', 'IN03', 'IN04', 'IN05'])
    values[`IE[${code}].IEORRES`] = failed[code] ?? 'Y'
  for (const code of ['EX01', 'EX02', 'EX03', 'EX04', 'EX05'])
    values[`IE[${code}].IEORRES`] = failed[code] ?? 'N'
  if (female) values.EXPREG = 'N'
  return values
}

function history(luck: Chance): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const [key, share] of [
    ['HYPERTENSION', 0.3],
    ['DIABETES', 0.15],
    ['MALIGNANCY', 0],
    ['RA', 0.05],
    ['TB', 0],
    ['CKD', 0.04],
    ['HBV', 0.04],
    ['CTD', 0],
  ] as const) {
    const present = luck.next() < share
    values[`MH[${key}].MHOCCUR`] = present ? 'Y' : 'N'
    if (present) values[`MH[${key}].MHONGO`] = 'Y'
  }
  return values
}

/** Bohan-Peter items that lead to the subtype; antibody panels and biopsies are often not done, as in life. */
function diagnosis(
  subject: DemoSubject,
  onset: string,
  diagnosed: string,
  luck: Chance,
): Record<string, DemoValue> {
  const shared = {
    IIMSTDTC: luck.next() < 0.3 ? onset.slice(0, 7) : onset,
    IIMDXDTC: diagnosed,
    IIMOVLP: 'N',
    IIMCANC: 'N',
    IIMTYPE: subject.stratum,
  }
  if (subject.stratum === 'CADM') {
    return {
      ...shared,
      BPWEAK: 'N',
      BPBIOP: 'ND',
      BPENZ: 'N',
      BPEMG: 'N',
      BPRASH: 'Y',
      BPHELIO: luck.pick(['Y', 'N']),
      BPGOTT: 'Y',
      SONRASH: 'Y',
      SONRASHM: luck.decimal(1, 5, 1),
      SONSUBC: luck.pick(['Y', 'N']),
      SONEXCL: 'N',
    }
  }
  const rash = subject.stratum === 'DM'
  return {
    ...shared,
    BPWEAK: 'Y',
    BPBIOP: luck.pick(['Y', 'ND']),
    BPENZ: 'Y',
    BPEMG: 'Y',
    BPRASH: rash ? 'Y' : 'N',
    BPHELIO: rash ? luck.pick(['Y', 'N']) : 'N',
    BPGOTT: rash ? 'Y' : 'N',
  }
}

function antibodies(subject: DemoSubject, on: string): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const test of ['ARS', 'MDA5']) {
    values[`MSA[${test}].MSAPERF`] = 'Y'
    values[`MSA[${test}].MSADTC`] = on
    values[`MSA[${test}].MSAMETH`] = 'ELISA'
    values[`MSA[${test}].MSARES`] = subject.antibody === test ? 'POS' : 'NEG'
  }
  for (const test of ['JO1', 'PL7', 'PL12', 'EJ', 'OJ', 'KS', 'MI2', 'TIF1G', 'SRP']) {
    values[`MSA[${test}].MSAPERF`] = 'N'
    values[`MSA[${test}].MSARES`] = 'ND'
  }
  return values
}

function clinical(subject: DemoSubject, event: string, luck: Chance): Record<string, DemoValue> {
  if (event === 'SCR' || event === 'W0') {
    return {
      CFDOE: subject.dyspnoea ? 'Y' : 'N',
      CFCOUGH: luck.pick(['Y', 'Y', 'N']),
      CFCRACK: subject.crackles ? 'Y' : 'N',
      CFFEVER: luck.pick(['Y', 'N', 'N']),
      CFPNMED: 'N',
    }
  }
  return {
    CFDOE: subject.dyspnoea ? luck.pick(['Y', 'N']) : 'N',
    CFCOUGH: luck.pick(['Y', 'N', 'N']),
    CFCRACK: subject.crackles ? luck.pick(['Y', 'Y', 'N']) : 'N',
    CFFEVER: 'N',
    CFPNMED: 'N',
    CFRESPW: 'N',
    CFMUSW: 'N',
  }
}

function vitals(build: Build, luck: Chance, baseline: boolean): Record<string, DemoValue> {
  const saturation = luck.whole(94, 98)
  return {
    VSPERF: 'Y',
    WEIGHT: (build.weight + (baseline ? 0 : luck.whole(-15, 15) / 10)).toFixed(1),
    ...(baseline ? { HEIGHT: build.height.toFixed(1) } : {}),
    TEMP: luck.decimal(35.8, 37.1, 1),
    SYSBP: String(luck.whole(104, 146)),
    DIABP: String(luck.whole(60, 88)),
    PULSE: String(luck.whole(60, 92)),
    RESP: String(luck.whole(14, 20)),
    OXYSAT: String(saturation),
    OXYSRC: 'PULSE_OXIMETER',
    O2SUPP: 'N',
  }
}

function bloodGas(pao2: string, on: string, luck: Chance): Record<string, DemoValue> {
  return {
    ABGPERF: 'Y',
    ABGDTC: on,
    FIO2: '0.21',
    PO2: pao2,
    PCO2: luck.decimal(34, 42, 1),
    PH: luck.decimal(7.38, 7.45, 3),
    ABGREST: 'Y',
  }
}

/** Arterial oxygen at the end of the year: somewhat better than at the start, and never above what room air gives. */
function improvedGas(baseline: string, luck: Chance): string {
  return Math.min(Number(baseline) + luck.whole(-3, 14), 104).toFixed(1)
}

function lungFunction(
  fvcPercent: number,
  dlcoPercent: number,
  on: string,
  build: Build,
  luck: Chance,
): Record<string, DemoValue> {
  const litres = (fvcPercent * build.predicted) / 100
  return {
    PFTPERF: 'Y',
    PFTDTC: on,
    FVC: litres.toFixed(2),
    FVCPRED: build.predicted.toFixed(2),
    FVCPP: fvcPercent.toFixed(1),
    FEV1: (litres * (0.78 + luck.next() * 0.12)).toFixed(2),
    DLCO: ((dlcoPercent * 7.6) / 100).toFixed(2),
    DLCOPP: dlcoPercent.toFixed(1),
    PFTQC: 'Y',
  }
}

function followUp(
  subject: DemoSubject,
  day0: string,
  screened: string,
  build: Build,
  luck: Chance,
): DemoForm[] {
  const forms: DemoForm[] = []
  const lastDay = subject.deathDay ?? Number.POSITIVE_INFINITY
  let lastVisit = day0
  for (const visit of visits) {
    const deviation =
      visit.event === 'W52' ? luck.whole(0, visit.slack) : luck.whole(-visit.slack, visit.slack)
    const day = visit.day + deviation
    if (day >= lastDay) continue
    const on = plusDays(day0, day)
    lastVisit = on
    const { event } = visit
    forms.push({
      event,
      form: 'F_SV',
      values: { SVOCCUR: 'Y', SVSTDTC: on, SVCNTMOD: 'IN_PERSON' },
    })
    forms.push({ event, form: 'F_CF', values: clinical(subject, event, luck) })
    forms.push({ event, form: 'F_VS', values: vitals(build, luck, false) })
    forms.push({ event, form: 'F_LB', values: laboratory(subject, event, on, luck) })
    if (withLungFunction.includes(event)) {
      const change = lungChange(subject, event, luck)
      forms.push({
        event,
        form: 'F_PFT',
        values: lungFunction(
          subject.baseline.fvcPercent + change.fvc,
          subject.baseline.dlcoPercent + change.dlco,
          on,
          build,
          luck,
        ),
      })
    }
    if (event === 'W4' || event === 'W12' || event === 'W24' || event === 'W52') {
      forms.push({
        event,
        form: 'F_IMG',
        values: {
          IMGPERF: 'Y',
          IMGMOD: event === 'W52' ? 'HRCT' : 'CXR',
          IMGDTC: on,
          IMGILD: 'Y',
          IMGNEW: 'N',
          IMGCMP: screened,
          IMGCHG: luck.pick(['IMPROVED', 'IMPROVED', 'UNCHANGED']),
        },
      })
    }
    if (event === 'W52')
      forms.push({
        event,
        form: 'F_ABG',
        values: bloodGas(improvedGas(subject.baseline.pao2, luck), on, luck),
      })
    if (event !== 'W0') forms.push({ event, form: 'F_TDM', values: trough(subject, on, luck) })
    if (event === 'W24' || event === 'W52') {
      forms.push({
        event,
        form: 'F_VSTAT',
        repeat: 'new',
        values: { VSTATDTC: on, VSTAT: 'ALIVE', VSTATSRC: 'VISIT', LSTALVDT: on },
      })
    }
  }
  const end = subject.deathDay === null ? lastVisit : plusDays(day0, subject.deathDay)
  forms.push(...dosing(subject, day0, end, build, luck))
  forms.push(...adverseEvents(subject, day0, end, luck))
  return forms
}

/** Change from baseline at a visit: the year's change times its course, or a modest decline in those who progressed. */
function lungChange(
  subject: DemoSubject,
  event: string,
  luck: Chance,
): { fvc: number; dlco: number } {
  const share = courseOfChange[event] ?? 1
  if (subject.fvcChange === null)
    return { fvc: luck.whole(-60, 20) / 10, dlco: luck.whole(-60, 10) / 10 }
  const noise = event === 'W52' ? 0 : luck.whole(-10, 10) / 10
  return {
    fvc: Math.round((subject.fvcChange * share + noise) * 10) / 10,
    dlco: Math.round(((subject.dlcoChange ?? 0) * share + noise) * 10) / 10,
  }
}

function trough(subject: DemoSubject, on: string, luck: Chance): Record<string, DemoValue> {
  const level: Record<string, DemoValue> =
    subject.arm === 'TAC'
      ? { TDMDRUG: 'TACROLIMUS', TACTRGH: luck.decimal(5.4, 9.6, 1) }
      : { TDMDRUG: 'CICLOSPORIN', CSATRGH: luck.decimal(104, 146, 1) }
  return { TDMPERF: 'Y', TDMDTC: on, TDMTIM: luck.decimal(11.5, 12.6, 1), ...level }
}
