/**
 * Laboratory terms of the Common Terminology Criteria for Adverse Events v4.03 (National Cancer Institute, 14 June 2010, NIH
 * publication 09-5410), as thresholds. A grade that says `> a - b` is the interval (a, b], `< a - b` is [b, a); so the grade of
 * a value is the highest one whose threshold is passed, strictly. Limits are in the standard unit of the test.
 */

export type Limit =
  | { of: 'uln' | 'lln' | 'baseline'; times: number }
  | { of: 'number'; value: number }

/** A grade is reached when any of its limits is passed. */
export type GradeStep = { grade: 1 | 2 | 3 | 4; limits: readonly Limit[] }

export type ToxicityTerm = {
  term: string
  test: string
  unit: string
  direction: 'above' | 'below'
  steps: readonly GradeStep[]
  /** What a number alone cannot tell; the investigator decides. */
  remark?: string
}

const uln = (times: number): Limit => ({ of: 'uln', times })
const lln: Limit = { of: 'lln', times: 1 }
const baseline = (times: number): Limit => ({ of: 'baseline', times })
const number = (value: number): Limit => ({ of: 'number', value })

type Rung = Limit | readonly Limit[] | null

/** Steps for grades 1 to 4 in order; null where the grade does not exist or is not a number. */
function steps(...rungs: readonly Rung[]): GradeStep[] {
  return rungs.flatMap((rung, index) =>
    rung === null
      ? []
      : [{ grade: (index + 1) as 1 | 2 | 3 | 4, limits: 'of' in rung ? [rung] : rung }],
  )
}

const transaminase = steps(uln(1), uln(3), uln(5), uln(20))
const cholestasis = steps(uln(1), uln(2.5), uln(5), uln(20))
const pancreas = steps(uln(1), uln(1.5), uln(2), uln(5))

export const toxicityTerms: readonly ToxicityTerm[] = [
  {
    term: 'Creatinine increased',
    test: 'CREAT',
    unit: 'umol/L',
    direction: 'above',
    steps: steps([baseline(1), uln(1)], [baseline(1.5), uln(1.5)], [baseline(3), uln(3)], uln(6)),
  },
  {
    term: 'Alanine aminotransferase increased',
    test: 'ALT',
    unit: 'U/L',
    direction: 'above',
    steps: transaminase,
  },
  {
    term: 'Aspartate aminotransferase increased',
    test: 'AST',
    unit: 'U/L',
    direction: 'above',
    steps: transaminase,
  },
  { term: 'GGT increased', test: 'GGT', unit: 'U/L', direction: 'above', steps: cholestasis },
  {
    term: 'Alkaline phosphatase increased',
    test: 'ALP',
    unit: 'U/L',
    direction: 'above',
    steps: cholestasis,
  },
  {
    term: 'Blood bilirubin increased',
    test: 'BILI',
    unit: 'umol/L',
    direction: 'above',
    steps: steps(uln(1), uln(1.5), uln(3), uln(10)),
  },
  {
    term: 'CPK increased',
    test: 'CK',
    unit: 'U/L',
    direction: 'above',
    steps: steps(uln(1), uln(2.5), uln(5), uln(10)),
    remark: 'raised by the disease itself',
  },
  {
    term: 'Serum amylase increased',
    test: 'AMYLASE',
    unit: 'U/L',
    direction: 'above',
    steps: pancreas,
  },
  { term: 'Lipase increased', test: 'LIPASE', unit: 'U/L', direction: 'above', steps: pancreas },
  {
    term: 'Hyperglycemia',
    test: 'GLUC',
    unit: 'mmol/L',
    direction: 'above',
    steps: steps(uln(1), number(8.9), number(13.9), number(27.8)),
    remark: 'grades 1 and 2 hold for fasting glucose',
  },
  {
    term: 'Hypoglycemia',
    test: 'GLUC',
    unit: 'mmol/L',
    direction: 'below',
    steps: steps(lln, number(3), number(2.2), number(1.7)),
  },
  {
    term: 'Lymphocyte count decreased',
    test: 'LYM',
    unit: '10*9/L',
    direction: 'below',
    steps: steps(lln, number(0.8), number(0.5), number(0.2)),
  },
  {
    term: 'Neutrophil count decreased',
    test: 'NEUT',
    unit: '10*9/L',
    direction: 'below',
    steps: steps(lln, number(1.5), number(1), number(0.5)),
  },
  {
    term: 'White blood cell decreased',
    test: 'WBC',
    unit: '10*9/L',
    direction: 'below',
    steps: steps(lln, number(3), number(2), number(1)),
  },
  {
    term: 'Platelet count decreased',
    test: 'PLAT',
    unit: '10*9/L',
    direction: 'below',
    steps: steps(lln, number(75), number(50), number(25)),
  },
  {
    term: 'Anemia',
    test: 'HGB',
    unit: 'g/L',
    direction: 'below',
    steps: steps(lln, number(100), number(80), null),
    remark: 'grade 4 is clinical',
  },
  {
    term: 'Hyperkalemia',
    test: 'K',
    unit: 'mmol/L',
    direction: 'above',
    steps: steps(uln(1), number(5.5), number(6), number(7)),
  },
  {
    term: 'Hypokalemia',
    test: 'K',
    unit: 'mmol/L',
    direction: 'below',
    steps: steps(lln, null, number(3), number(2.5)),
    remark: 'grade 2 is the range of grade 1 with symptoms or intervention',
  },
  {
    term: 'Hypermagnesemia',
    test: 'MG',
    unit: 'mmol/L',
    direction: 'above',
    steps: steps(uln(1), null, number(1.23), number(3.3)),
  },
  {
    term: 'Hypomagnesemia',
    test: 'MG',
    unit: 'mmol/L',
    direction: 'below',
    steps: steps(lln, number(0.5), number(0.4), number(0.3)),
  },
  {
    term: 'Hypoalbuminemia',
    test: 'ALB',
    unit: 'g/L',
    direction: 'below',
    steps: steps(lln, number(30), number(20), null),
    remark: 'grade 4 is clinical',
  },
  {
    term: 'Hypernatremia',
    test: 'SODIUM',
    unit: 'mmol/L',
    direction: 'above',
    steps: steps(uln(1), number(150), number(155), number(160)),
  },
  {
    term: 'Hyponatremia',
    test: 'SODIUM',
    unit: 'mmol/L',
    direction: 'below',
    steps: steps(lln, null, number(130), number(120)),
  },
  {
    term: 'Hypophosphatemia',
    test: 'PHOS',
    unit: 'mmol/L',
    direction: 'below',
    steps: steps(lln, number(0.8), number(0.6), number(0.3)),
  },
  {
    term: 'Cholesterol high',
    test: 'CHOL',
    unit: 'mmol/L',
    direction: 'above',
    steps: steps(uln(1), number(7.75), number(10.34), number(12.92)),
  },
]
