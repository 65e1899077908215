/** Laboratory, lung function and clinical forms of one time point, as a site would type them. */
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { Chart } from './chart.ts'
import type { LungFunction } from './subjects.ts'

type Values = Record<string, DemoValue>

/** Muscle enzymes; null is a test that was not done. */
export function muscleEnzymes(ck: number | null, aldolase: number | null, on: string): Values {
  return {
    ...labRow('CK', ck === null ? null : String(Math.round(ck)), 'U/L', on),
    ...labRow('ALDOLASE', aldolase === null ? null : aldolase.toFixed(1), 'U/L', on),
  }
}

/** The panel taken with tacrolimus: `months` on the drug let creatinine and glucose rise a little. */
export function tacrolimusPanel({ luck, subject }: Chart, on: string, months: number): Values {
  const creatinine = (subject.sex === 'M' ? 0.85 : 0.68) + luck.next() * 0.25 + months * 0.008
  return {
    ...labRow('CREAT', creatinine.toFixed(2), 'mg/dL', on),
    ...labRow('ALT', String(luck.whole(14, 58)), 'U/L', on),
    ...labRow('AST', String(luck.whole(15, 55)), 'U/L', on),
    ...labRow('WBC', luck.decimal(5.2, 11.8, 1), '10*3/uL', on),
    ...labRow('HGB', luck.decimal(11.2, 14.4, 1), 'g/dL', on),
    ...labRow('PLAT', String(luck.whole(180, 390)), '10*3/uL', on),
    ...labRow('GLUC', String(luck.whole(82, 128 + Math.round(months * 2))), 'mg/dL', on),
    ...labRow('K', luck.decimal(3.7, 4.8, 1), 'mmol/L', on),
  }
}

function labRow(test: string, result: string | null, unit: string, on: string): Values {
  const path = (item: string) => `LB[${test}].${item}`
  if (result === null) return { [path('LBPERF')]: 'N' }
  return {
    [path('LBPERF')]: 'Y',
    [path('LBDTC')]: on,
    [path('LBORRESQ')]: 'EQ',
    [path('LBORRES')]: result,
    [path('LBORRESU')]: unit,
  }
}

/** Lung function from the percentages and the predicted values of the subject. */
export function lungFunctionForm(
  event: string,
  { predicted }: Chart,
  lung: LungFunction,
  on: string,
): DemoForm {
  const litres = (percent: number, of: number) => ((percent * of) / 100).toFixed(2)
  const notDone = { missing: 'ND' } as const
  return {
    event,
    form: 'F_PFT',
    values: {
      PFTPERF: 'Y',
      PFTDTC: on,
      FVC: lung.fvc === null ? notDone : litres(lung.fvc, predicted.fvc),
      FVCPRED: predicted.fvc.toFixed(2),
      FVCPP: lung.fvc === null ? notDone : String(lung.fvc),
      ...(lung.tlc === null ? {} : { TLC: litres(lung.tlc, predicted.tlc) }),
      TLCPP: lung.tlc === null ? notDone : String(lung.tlc),
      DLCO: lung.dlco === null ? notDone : litres(lung.dlco, predicted.dlco),
      DLCOPP: lung.dlco === null ? notDone : String(lung.dlco),
    },
  }
}

/** Clinical features of a follow-up; worse than at the reference visit or not, as the physician noted. */
export function clinicalForm(
  event: string,
  { luck }: Chart,
  worse: { breathing: boolean; weakness: boolean } | null,
): DemoForm {
  if (worse === null)
    return {
      event,
      form: 'F_CF',
      values: { CFDOE: luck.next() < 0.85 ? 'Y' : 'N', CFCOUGH: luck.next() < 0.6 ? 'Y' : 'N' },
    }
  return {
    event,
    form: 'F_CF',
    values: {
      CFDOE: worse.breathing || luck.next() < 0.5 ? 'Y' : 'N',
      CFCOUGH: luck.next() < (worse.breathing ? 0.8 : 0.3) ? 'Y' : 'N',
      CFRESPW: worse.breathing ? 'Y' : 'N',
      CFMUSW: worse.weakness ? 'Y' : 'N',
    },
  }
}
