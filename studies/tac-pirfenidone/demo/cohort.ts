/**
 * The demo cohort as the work of people: 250 charts and 41 subjects followed, two charts that turned out not to fit and one
 * subject who was not eligible. Deterministic: same tables, same seeds, same cohort.
 */
import { cohortPlan, type DemoForm, type DemoPlan } from '#studies/demo/plan.ts'
import { chartPlans } from './charts.ts'
import { prospectivePlans } from './prospective.ts'
import { chartSubjects, prospectiveSubjects } from './subjects.ts'

export function cohort(): DemoPlan[] {
  return [...prospectivePlans(prospectiveSubjects()), ...chartPlans(chartSubjects()), ...leftOut]
}

const enrolled = (values: DemoForm['values']): DemoForm => ({
  event: 'ENR',
  form: 'F_SUBJ',
  values,
})

/** A chart with both kinds of treatment, a chart with inclusion body myositis, and a screened subject with a recent cancer. */
const leftOut: readonly DemoPlan[] = [
  {
    ...cohortPlan('01', '2022-02-08', [
      enrolled({ SCRNDTC: '2022-02-08', COHORT: 'R' }),
      { event: 'ENR', form: 'F_ICF', values: { ICFREQ: 'N_WAIVED' } },
      {
        event: 'IDX',
        form: 'F_CHART',
        values: {
          CHDTC: '2022-02-08',
          CHABSTR: 'ZZY',
          CHSRC: ['EHR'],
          IDXDTC: '2017-05-11',
          LASTDTC: '2019-03',
          DUPCHK: 'Y',
        },
      },
      { event: 'ENR', form: 'F_DM', values: { BRTHDTC: '1963', SEX: 'F' } },
      {
        event: 'LOG',
        form: 'F_EC',
        repeat: 'new',
        values: {
          ECTRT: 'TACROLIMUS',
          ECSTDTC: '2017-05-11',
          ECONGO: 'Y',
          ECDOSE: '1',
          ECDOSFRQ: 'BID',
        },
      },
      {
        event: 'LOG',
        form: 'F_IS',
        repeat: 'new',
        values: {
          ISTRT: 'METHOTREXATE',
          ISDOSE: '10',
          ISDOSU: 'mg/wk',
          ISSTDTC: '2017-08',
          ISPURP: 'CONCURRENT',
        },
      },
    ]),
    brokenOff: true,
  },
  {
    ...cohortPlan('01', '2022-02-11', [
      enrolled({ SCRNDTC: '2022-02-11', COHORT: 'R' }),
      { event: 'ENR', form: 'F_ICF', values: { ICFREQ: 'N_WAIVED' } },
      {
        event: 'ENR',
        form: 'F_IIM',
        values: {
          IIMSTDTC: '2014',
          IIMDXDTC: '2016-10-20',
          IIMIBM: 'Y',
          IIMOVLP: 'N',
          IIMCANC: 'N',
        },
      },
      { event: 'ENR', form: 'F_IE', values: { 'IE[EX01].IEORRES': 'Y' } },
    ]),
    brokenOff: true,
  },
  {
    ...cohortPlan('01', '2019-08-20', [
      enrolled({ SCRNDTC: '2019-08-20', COHORT: 'P' }),
      {
        event: 'ENR',
        form: 'F_ICF',
        values: { ICFREQ: 'Y', RFICDTC: '2019-08-20', ICFVER: '1.1' },
      },
      { event: 'ENR', form: 'F_DM', values: { BRTHDTC: '1951-04-02', SEX: 'M' } },
      {
        event: 'BL',
        form: 'F_MH',
        values: {
          'MH[MALIGNANCY].MHOCCUR': 'Y',
          'MH[MALIGNANCY].MHSTDTC': '2019-02',
          'MH[MALIGNANCY].MHONGO': 'Y',
        },
      },
      { event: 'ENR', form: 'F_IE', values: { MALWAIV: 'N', 'IE[EX05].IEORRES': 'Y' } },
    ]),
    brokenOff: true,
  },
]
