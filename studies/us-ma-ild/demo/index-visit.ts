/** The chart at the index date: who the subject is, diagnosis, antibodies, histology and the first measurements. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import { type Chart, workday } from './chart.ts'
import { clinicalForm, lungFunctionForm, muscleEnzymes } from './measurements.ts'
import type { DemoSubject } from './subjects.ts'

type Values = Record<string, DemoValue>

/** Asian and Hispanic are mixed up as in the published tables: one entry is corrected later, one source note is still in question. */
const mixedUpSubject = 'U33'
const disputedSubject = 'U45'

/** Charts of before this year are on paper. */
const electronicFrom = '2005'

export function indexForms(chart: Chart): DemoForm[] {
  const { subject, index, luck, screened } = chart
  const day = (from: number, to: number) => workday(plusDays(index, luck.whole(from, to)))
  const form = (oid: string, values: Values): DemoForm => ({ event: 'IDX', form: oid, values })
  return [
    form('F_SUBJ', { SCRNDTC: screened, ICD9: caseFinding(subject, luck) }),
    form('F_CHART', chartHeader(chart)),
    form('F_DM', demographics(chart)),
    form('F_SU', smoking(subject, luck)),
    form('F_IIM', diagnosis(chart)),
    form('F_ILD', {
      ...(luck.next() < 0.7 ? { ILDSTDTC: plusDays(index, -luck.whole(70, 300)).slice(0, 7) } : {}),
      ILDDXDTC: day(-60, -8),
      ILDHRCT: 'Y',
    }),
    form('F_MSA', antibodies(chart)),
    { ...form('F_BX', histology(chart)), repeat: 'new' },
    clinicalForm('IDX', chart, null),
    form('F_LB', muscleEnzymes(subject.ck, subject.aldolase, day(-12, 3))),
    lungFunctionForm('IDX', chart, subject.lung, day(-25, 5)),
    form('F_IMG', {
      IMGPERF: 'Y',
      IMGMOD: 'HRCT',
      IMGDTC: day(-60, -8),
      IMGILD: 'Y',
      IMGHC: subject.honeycombing ? 'Y' : 'N',
    }),
  ]
}

/** Every criterion met, or the ones that exclude the chart. */
export function eligibility(excluding: Readonly<Record<string, string>> = {}): DemoForm {
  const values: Values = {}
  for (const code of ['IN01', 'IN02', 'IN03', 'IN04', 'IN05'])
    values[`IE[${code}].IEORRES`] = excluding[code] ?? 'Y'
  for (const code of ['EX01', 'EX02', 'EX03', 'EX04', 'EX05'])
    values[`IE[${code}].IEORRES`] = excluding[code] ?? 'N'
  return { event: 'IDX', form: 'F_IE', values }
}

function caseFinding({ diagnosis, id }: DemoSubject, luck: Chance): string[] {
  const codes = [diagnosis === 'PM' ? '710.4' : '710.3']
  if (luck.next() < 0.25) codes.push('729.1')
  // One chart came up by the name of its clinic and has no code of the lung.
  return id === 'U44' ? codes : [...codes, '515']
}

export function chartHeader(chart: Chart): Values {
  const { index, indexIsMonth, luck, abstracted, lastContact } = chart
  return {
    CHDTC: abstracted,
    CHABSTR: luck.pick(['NS', 'MP', 'NS', 'AD']),
    CHSRC:
      index < electronicFrom
        ? ['PAPER', 'LAB_SYSTEM']
        : luck.next() < 0.3
          ? ['EHR', 'LAB_SYSTEM', 'PACS', 'PHONE']
          : ['EHR', 'LAB_SYSTEM', 'PACS'],
    IDXDTC: indexIsMonth ? index.slice(0, 7) : index,
    LASTDTC: lastContact,
    DUPCHK: 'Y',
  }
}

function demographics({ subject, birth, luck }: Chart): Values {
  const asks = subject.race === 'ASIAN' || subject.race === 'HISPANIC' || luck.next() < 0.3
  return {
    BRTHDTC: birth,
    SEX: subject.sex,
    RACE4: subject.id === mixedUpSubject ? 'HISPANIC' : subject.race,
    ...(asks ? { RACESRC: subject.id === disputedSubject ? 'HISPANIC' : subject.race } : {}),
  }
}

function smoking({ smoking }: DemoSubject, luck: Chance): Values {
  if (smoking === 'NEVER') return { SUSTAT: smoking }
  return luck.next() < 0.75
    ? { SUSTAT: smoking, SUPKYR: luck.decimal(3, 40, 1) }
    : { SUSTAT: smoking }
}

/** Bohan-Peter and Sontheimer items that lead to the subtype. */
function diagnosis(chart: Chart): Values {
  const { subject, onset, diagnosed, luck } = chart
  const shared = {
    IIMSTDTC: onset.slice(0, 7),
    IIMDXDTC: diagnosed,
    IIMTYPE: subject.diagnosis,
    IIMOVLP: 'N',
    IIMIBM: 'N',
    IIMCANC: 'N',
  }
  if (subject.diagnosis === 'CADM')
    return {
      ...shared,
      BPWEAK: 'N',
      BPBIOP: 'ND',
      BPENZ: 'N',
      BPEMG: luck.pick(['N', 'ND']),
      BPRASH: 'Y',
      BPHELIO: luck.pick(['Y', 'N']),
      BPGOTT: 'Y',
      SONRASH: 'Y',
      SONRASHM: luck.decimal(6.5, 18, 1),
      SONSUBC: luck.pick(['N', 'N', 'Y']),
      SONEXCL: 'N',
    }
  const hasRash = subject.diagnosis === 'DM'
  const isDefinite = luck.next() < 0.55
  return {
    ...shared,
    BPWEAK: 'Y',
    BPBIOP: isDefinite ? 'Y' : luck.pick(['N', 'ND']),
    BPENZ: 'Y',
    BPEMG: 'Y',
    BPRASH: hasRash ? 'Y' : 'N',
    BPHELIO: hasRash ? luck.pick(['Y', 'N']) : 'N',
    BPGOTT: hasRash ? 'Y' : 'N',
  }
}

const antibodyRows = ['ANA', 'JO1', 'SSA', 'MI2', 'PL7', 'SRP', 'KU']

/** The rarer antibodies were not part of the panel in the earlier years. */
function antibodies({ subject, index, luck }: Chart): Values {
  const on = plusDays(index, -luck.whole(2, 50))
  const sampled = luck.next() < 0.3 ? on.slice(0, 7) : workday(on)
  return Object.assign(
    {},
    ...antibodyRows.map((row): Values => {
      const path = (item: string) => `MSA[${row}].${item}`
      const isPositive = subject.antibodies.includes(row)
      const isRare = row === 'PL7' || row === 'SRP' || row === 'KU'
      if (isRare && !isPositive && luck.next() < (index < electronicFrom ? 0.8 : 0.25))
        return { [path('MSAPERF')]: 'N', [path('MSARES')]: 'ND' }
      return {
        [path('MSAPERF')]: 'Y',
        [path('MSADTC')]: sampled,
        [path('MSAMETH')]: row === 'ANA' ? 'IIF' : isRare ? 'IMMUNOPRECIPITATION' : 'ELISA',
        [path('MSARES')]: isPositive ? 'POS' : 'NEG',
        ...(row === 'ANA'
          ? {
              [path('ANATITER')]: isPositive
                ? luck.pick(['160', '320', '640', '1280'])
                : luck.pick(['40', '80']),
            }
          : {}),
      }
    }),
  )
}

const reports: Readonly<Record<string, string>> = {
  OP: 'Organizing pneumonia, patchy; no granulomas.',
  UIP: 'Usual interstitial pneumonia with fibroblastic foci and microscopic honeycombing.',
  NSIP: 'Nonspecific interstitial pneumonia, cellular and fibrosing.',
  COP_NSIP: 'Organizing pneumonia on a background of nonspecific interstitial pneumonia.',
  COP_HP: 'Organizing pneumonia with features of hypersensitivity pneumonitis.',
  COP_DAD: 'Organizing pneumonia with focal diffuse alveolar damage.',
}

function histology({ subject, index, luck }: Chart): Values {
  if (subject.histology === null) return { BXPERF: 'N' }
  return {
    BXPERF: 'Y',
    BXDTC: workday(plusDays(index, -luck.whole(10, 70))),
    BXPAT: subject.histology,
    ...(luck.next() < 0.7 ? { BXNOTE: reports[subject.histology] as string } : {}),
  }
}
