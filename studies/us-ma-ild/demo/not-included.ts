/** Thirteen charts of the search that were not included; the report prints no reasons, these are plausible ones. */
import { plusDays } from '#studies/demo/chance.ts'
import { cohortPlan, type DemoForm, type DemoPlan, type DemoValue } from '#studies/demo/plan.ts'
import { workday } from './chart.ts'
import { eligibility } from './index-visit.ts'

type Values = Record<string, DemoValue>
type Reason = {
  text: string
  /** Answers of F_IIM that differ from a definite polymyositis. */
  diagnosis: Values
  criteria: Readonly<Record<string, string>>
  isTreated: boolean
}

const overlap: Reason = {
  text: 'Overlap with systemic sclerosis',
  diagnosis: { IIMOVLP: 'Y' },
  criteria: { EX01: 'Y' },
  isTreated: true,
}
const reasons: readonly Reason[] = [
  overlap,
  { ...overlap, text: 'Overlap with systemic lupus erythematosus' },
  { ...overlap, text: 'Overlap with mixed connective tissue disease' },
  overlap,
  {
    text: 'Inclusion body myositis on muscle biopsy',
    diagnosis: { IIMIBM: 'Y' },
    criteria: { EX02: 'Y' },
    isTreated: true,
  },
  {
    text: 'Ovarian cancer, chemotherapy before treatment of the ILD',
    diagnosis: { IIMCANC: 'Y', IIMCHEMO: 'Y' },
    criteria: { EX03: 'Y' },
    isTreated: true,
  },
  ...['Statin myopathy', 'Hypothyroid myopathy', 'Weakness only, no EMG or biopsy'].map(
    (text): Reason => ({
      text,
      diagnosis: { BPBIOP: 'N', BPEMG: 'N' },
      criteria: { IN02: 'N', EX04: 'Y' },
      isTreated: true,
    }),
  ),
  ...[
    'Prednisone alone',
    'Declined treatment',
    'Treated elsewhere, no records',
    'Prednisone alone',
  ].map(
    (text): Reason => ({
      text: `No conventional treatment: ${text}`,
      diagnosis: {},
      criteria: { IN04: 'N', EX05: 'Y' },
      isTreated: false,
    }),
  ),
]

export function notIncluded(): DemoPlan[] {
  return reasons.map((reason, i) => {
    const screened = plusDays('2014-10-06', 7 * ((i * 5) % 24))
    const index = workday(plusDays('2001-02-05', i * 331))
    const form = (oid: string, values: Values): DemoForm => ({ event: 'IDX', form: oid, values })
    return cohortPlan('01', screened, [
      form('F_CHART', {
        CHDTC: workday(plusDays(screened, 2)),
        CHABSTR: i % 2 === 0 ? 'NS' : 'MP',
        CHSRC: index < '2005' ? ['PAPER'] : ['EHR'],
        IDXDTC: index,
        LASTDTC: workday(plusDays(index, 200 + i * 31)),
        DUPCHK: 'Y',
      }),
      form('F_DM', {
        BRTHDTC: String(1938 + i * 3),
        SEX: i % 3 === 0 ? 'M' : 'F',
        RACE4: i % 2 === 0 ? 'BLACK' : 'WHITE',
      }),
      form('F_IIM', diagnosis(reason, index)),
      form('F_ILD', { ILDDXDTC: workday(plusDays(index, -30)), ILDHRCT: 'Y' }),
      ...(reason.isTreated ? treatment(index) : []),
      eligibility(reason.criteria),
      form('F_SUBJ', {
        SCRNDTC: screened,
        ICD9: [i % 4 === 1 ? '729.1' : '710.4', '515'],
        SCRNFREA: reason.text,
      }),
    ])
  })
}

function diagnosis({ diagnosis: changes }: Reason, index: string): Values {
  return {
    IIMSTDTC: plusDays(index, -240).slice(0, 7),
    IIMDXDTC: workday(plusDays(index, -60)),
    BPWEAK: 'Y',
    BPBIOP: 'Y',
    BPENZ: 'Y',
    BPEMG: 'Y',
    BPRASH: 'N',
    BPHELIO: 'N',
    BPGOTT: 'N',
    IIMTYPE: 'PM',
    IIMOVLP: 'N',
    IIMIBM: 'N',
    IIMCANC: 'N',
    ...changes,
  }
}

function treatment(index: string): DemoForm[] {
  return [
    {
      event: 'LOG',
      form: 'F_GC',
      repeat: 'new',
      values: { GCTRT: 'PREDNISONE', GCSTDTC: index, GCDOSE: '40', GCROUTE: 'ORAL' },
    },
    {
      event: 'LOG',
      form: 'F_IS',
      repeat: 'new',
      values: {
        ISTRT: 'AZATHIOPRINE',
        ISDOSE: '100',
        ISDOSU: 'mg/d',
        ISSTDTC: index,
        ISPURP: 'CONVENTIONAL',
      },
    },
  ]
}
