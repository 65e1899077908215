/** The chart at the first HRCT: who the subject is, diagnosis, antibodies, the scan and its two reads. */
import { plusDays } from '#studies/demo/chance.ts'
import type { DemoForm } from '#studies/demo/plan.ts'
import { type Chart, logged, type Values, workday } from './chart.ts'

const antibodies = [
  'MDA5',
  'MI2A',
  'MI2B',
  'TIF1G',
  'NXP2',
  'SAE1',
  'KU',
  'PMSCL100',
  'PMSCL75',
  'SRP',
  'RO52',
  'JO1',
  'PL7',
  'PL12',
  'EJ',
  'OJ',
]

/** What one reader takes another pattern for. */
const mistaken: Readonly<Record<string, string>> = {
  OP: 'NSIPOP',
  NSIP: 'OP',
  UIP: 'NSIP',
  DAD: 'DADOP',
  DADOP: 'OP',
  NSIPOP: 'OP',
}

export function firstScanForms(chart: Chart): DemoForm[] {
  const { subject, luck, screened } = chart
  const form = (oid: string, values: Values): DemoForm => ({ event: 'HRCT0', form: oid, values })
  const rarely = (chances: number) => (luck.next() < chances ? 'Y' : 'N')
  return [
    form('F_SUBJ', { SCRNDTC: screened }),
    form('F_CHART', {
      CHDTC: chart.abstracted,
      CHABSTR: luck.pick(['LF', 'WL', 'HL', 'HJ']),
      CHSRC: luck.next() < 0.6 ? ['EHR', 'LAB_SYSTEM', 'PACS', 'PHONE'] : ['EHR', 'PACS', 'PHONE'],
      IDXDTC: subject.index,
      LASTDTC: chart.last,
      DUPCHK: 'Y',
    }),
    form('F_DM', { BRTHDTC: chart.birth, SEX: subject.sex }),
    form('F_SU', { SUSTAT: subject.smoker ? luck.pick(['FORMER', 'CURRENT', 'FORMER']) : 'NEVER' }),
    form('F_IIM', diagnosis(chart)),
    form('F_ILD', {
      ...(luck.next() < 0.8
        ? { ILDSTDTC: plusDays(subject.index, -luck.whole(4, 20)).slice(0, 10) }
        : {}),
      ILDDXDTC: subject.index,
      ILDHRCT: 'Y',
    }),
    form('F_MSA', antibodyPanel(chart)),
    form('F_CF', {
      CFDOE: subject.rapidlyProgressive ? 'Y' : rarely(0.7),
      CFCOUGH: rarely(0.75),
      CFCRACK: rarely(0.85),
      CFFEVER: rarely(subject.rapidlyProgressive ? 0.6 : 0.35),
      CFARTH: rarely(0.4),
      CFMECH: rarely(0.3),
      CFPNMED: rarely(subject.rapidlyProgressive ? 0.12 : 0.02),
      CFPNTHX: 'N',
    }),
    ...scan(chart),
  ]
}

/** Gottron's sign and a second rash carry the class where the enzymes are normal. */
function diagnosis({ subject, onset, luck }: Chart): Values {
  const heliotrope = luck.next() < 0.7
  const weak = subject.amyopathic ? 'N' : 'Y'
  return {
    IIMSTDTC: luck.next() < 0.7 ? onset.slice(0, 7) : onset,
    IIMDXDTC: plusDays(subject.index, luck.whole(-3, 2)),
    BPWEAK: weak,
    BPENZ: 'Y',
    BPHELIO: heliotrope ? 'Y' : 'N',
    BPGOTT: 'Y',
    ...(subject.amyopathic ? { SONSUBC: luck.pick(['Y', 'N', 'N']) } : {}),
    EAUPPER: weak,
    EALOWER: subject.amyopathic ? 'N' : luck.pick(['Y', 'Y', 'N']),
    EANECK: subject.amyopathic ? 'N' : luck.pick(['Y', 'N', 'N']),
    EADIST: 'N',
    EAGPAP: heliotrope ? luck.pick(['Y', 'N']) : 'Y',
    EAGSIGN: 'Y',
    EADYSPH: luck.pick(['N', 'N', 'N', 'Y']),
    EABIOP: 'N',
    IIMTYPE: subject.amyopathic ? 'CADM' : 'DM',
  }
}

function antibodyPanel({ subject, start, luck }: Chart): Values {
  const on = workday(plusDays(start, -luck.whole(0, 2)))
  const positive = (row: string) => row === 'MDA5' || (row === 'RO52' && subject.ro52)
  return Object.fromEntries(
    antibodies.flatMap((row) => {
      const path = (item: string) => `MSA[${row}].${item}`
      const gray =
        row === 'MDA5' ? String(subject.grayValue) : positive(row) ? luck.decimal(24, 130, 0) : null
      return [
        [path('MSAPERF'), 'Y'],
        [path('MSADTC'), on > subject.index ? on : subject.index],
        [path('MSAMETH'), 'IMMUNOBLOT'],
        [path('MSARES'), positive(row) ? 'POS' : 'NEG'],
        ...(gray === null ? [] : [[path('MSAVAL'), gray]]),
      ]
    }),
  )
}

/** The local report, the scan as it goes to the readers, and their reads; none where it was made in another hospital. */
function scan(chart: Chart): DemoForm[] {
  const { subject, luck, abstracted } = chart
  const { pattern, index } = subject
  if (pattern === null) return [{ event: 'HRCT0', form: 'F_IMG', values: { IMGPERF: 'N' } }]
  const key = `K${Math.floor(luck.next() * 0xfffff)
    .toString(16)
    .toUpperCase()
    .padStart(5, '0')}`
  const differs = luck.next() < 0.14
  const read = (reader: string, seen: string): DemoForm =>
    logged('F_HRREAD', {
      HRKEY: key,
      HRREADER: reader,
      HRRDDTC: workday(plusDays(abstracted, luck.whole(3, 16))),
      HRPAT: seen,
    })
  return [
    {
      event: 'HRCT0',
      form: 'F_IMG',
      values: {
        IMGPERF: 'Y',
        IMGMOD: 'HRCT',
        IMGDTC: index,
        IMGILD: 'Y',
        IMGPAT: luck.next() < 0.85 ? pattern : (mistaken[pattern] as string),
      },
    },
    {
      event: 'HRCT0',
      form: 'F_HRACQ',
      values: { HRTP: 'BASELINE', HRDTC: index, HRKEY: key, HRQUAL: 'Y' },
    },
    read('R1', pattern),
    read('R2', differs ? (mistaken[pattern] as string) : pattern),
    ...(differs
      ? [
          logged('F_HRADJ', {
            HRKEY: key,
            HRFINPAT: pattern,
            HRADJBY: luck.pick(['CM / HC', 'CM / YX']),
          }),
        ]
      : []),
  ]
}

/** Every criterion met. */
export function eligibility(): DemoForm {
  const codes = ['IN01', 'IN02', 'IN03', 'IN04', 'IN05', 'IN06', 'IN07', 'IN08']
  const values: Values = { 'IE[EX01].IEORRES': 'N' }
  for (const code of codes) values[`IE[${code}].IEORRES`] = 'Y'
  return { event: 'HRCT0', form: 'F_IE', values }
}
