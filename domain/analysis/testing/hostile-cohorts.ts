/** Cohorts that no study hopes for, and one report of every kind over them: for proofs that reports never print nonsense. */
import { reportSchema } from '#domain/definition/analysis-schema.ts'
import type { ReportDef, StudyDefinition } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import type { AnalysisSubject } from '../analysis-subject.ts'

const label = (en: string) => ({ en })
const event = (oid: string, day: number) => ({
  oid,
  label: label(oid),
  kind: 'scheduled',
  day,
  forms: [],
})

/** Only what reports read of a definition. */
export const hostileDefinition = {
  populations: [
    { oid: 'ALL', label: label('All'), rule: 'IN' },
    {
      oid: 'PP',
      label: label('Per protocol'),
      of: 'ALL',
      exclude: [{ label: label('Left'), rule: 'FLAG' }],
    },
  ],
  groupings: [
    {
      oid: 'SPLIT',
      label: label('Split'),
      value: 'GROUP',
      groups: ['A', 'B', 'C'].map((code) => ({
        code,
        label: label(code),
        ...(code === 'B' ? { of: 'A' } : {}),
      })),
    },
  ],
  endpoints: [
    {
      oid: 'EP',
      label: label('Endpoint'),
      kind: 'time-to-event',
      population: 'ALL',
      timeZero: 'ZERO',
      event: 'EVENT',
      censor: 'CENSOR',
      competing: [{ oid: 'OTHER', label: label('Other'), date: 'COMPETING' }],
      horizon: 364,
    },
  ],
  allocation: {
    form: 'F_RAND',
    openLabel: true,
    arms: [
      { code: 'T', label: label('Tacrolimus'), ratio: 1 },
      { code: 'C', label: label('Ciclosporin'), ratio: 1 },
    ],
  },
  events: [event('V1', 1), event('V2', 29)],
  forms: [],
  variables: [],
  codeLists: [],
  parameters: [],
} as unknown as StudyDefinition

const row = (statistic: string, more: object = {}) => ({
  label: label(statistic),
  value: 'NUM',
  statistic,
  ...more,
})
const numberTests = [
  't-test',
  'welch',
  'mann-whitney',
  'mann-whitney-cc',
  'kruskal-wallis',
  'anova',
]
const counts = ['fisher', 'fisher-one-sided', 'chi-square']
const rows = [
  ...['mean-sd', 'median-iqr', 'median-range', 'median', 'mean', 'sum'].map((name) =>
    row(name, { against: 'NUM2', pairedTest: name === 'sum' ? 'paired-t' : 'signed-rank' }),
  ),
  ...numberTests.map((test) => row('mean', { test })),
  ...counts.map((test) => ({ label: label(test), value: 'FLAG', statistic: 'count', test })),
  {
    label: label('McNemar'),
    value: 'FLAG',
    statistic: 'count',
    against: 'FLAG2',
    pairedTest: 'mcnemar',
  },
  { label: label('Plain'), value: 'FLAG', statistic: 'count', plain: true },
  ...counts.map((test) => ({
    label: label(test),
    value: 'CODE',
    statistic: 'count-per-code',
    codes: ['X', 'Y', 'Z'],
    test,
  })),
  { label: label('Known'), value: 'NUM', statistic: 'n' },
  { label: label('Size'), statistic: 'size' },
  { label: label('Fall'), value: 'NUM', against: 'NUM2', statistic: 'fall' },
  { label: label('Heading'), statistic: 'heading' },
]
const about = (oid: string) => ({ oid, title: label(oid) })
const times = { endpoint: 'EP', unit: 'week', ticks: [0, 26, 52] }

/** One or more of every kind. */
export const hostileReports: readonly ReportDef[] = [
  {
    ...about('FLOW'),
    kind: 'flow',
    steps: [
      { label: label('Screened'), rule: 'true' },
      { label: label('In'), population: 'ALL', byArm: true },
      { label: label('Flagged'), rule: 'FLAG', byArm: true, exclusion: true },
      { label: label('Left'), excludedFrom: 'PP', exclusion: true },
    ],
  },
  { ...about('POPULATIONS'), kind: 'populations' },
  { ...about('BY_ARM'), kind: 'table', population: 'ALL', columns: 'arm', rows },
  {
    ...about('BY_GROUP'),
    kind: 'table',
    population: 'PP',
    columns: 'SPLIT',
    percentDigits: 1,
    rows,
  },
  {
    ...about('VISITS'),
    kind: 'visit-table',
    population: 'ALL',
    visits: ['V1', 'V2'],
    rows: [
      {
        label: label('Mean'),
        value: 'at(VISIT, NUM)',
        statistic: 'mean-sd',
        against: 'NUM2',
        pairedTest: 'paired-t',
      },
      { label: label('Yes'), value: 'at(VISIT, FLAG)', statistic: 'count' },
    ],
  },
  {
    ...about('SURVIVAL'),
    kind: 'survival',
    by: 'arm',
    threshold: 0.05,
    subgroups: [{ label: label('Flagged'), rule: 'FLAG' }],
    ...times,
  },
  { ...about('SURVIVAL_GROUP'), kind: 'survival', by: 'SPLIT', ...times },
  { ...about('INCIDENCE'), kind: 'incidence', by: 'arm', ...times },
  {
    ...about('COX'),
    kind: 'cox',
    population: 'ALL',
    time: 'DAYS',
    event: 'FLAG',
    model: 'both',
    covariates: [
      { label: label('Number'), value: 'NUM', per: 10 },
      { label: label('Code'), value: 'CODE', codes: ['X', 'Y', 'Z'], reference: 'X' },
      { label: label('Flag'), value: 'FLAG2', codes: ['N', 'Y'], reference: 'N' },
    ],
  },
  {
    ...about('MEANS'),
    kind: 'visit-means',
    population: 'ALL',
    item: 'NUM',
    visits: ['V1', 'V2'],
    baseline: 'V1',
    level: 0.05,
  },
  ...(['box', 'spaghetti'] as const).map((figure) => ({
    ...about(`VALUES_${figure.toUpperCase()}`),
    kind: 'visit-values',
    population: 'ALL',
    item: 'NUM',
    visits: ['V1', 'V2'],
    baseline: 'V1',
    within: 'signed-rank',
    between: 'kruskal-wallis',
    figure,
  })),
  {
    ...about('LISTING'),
    kind: 'listing',
    population: 'ALL',
    rule: 'FLAG',
    shows: ['NUM', 'CODE', 'EVENT', 'FLAG', 'MANY'].map((value) => ({
      label: label(value),
      value,
    })),
  },
  {
    ...about('AGREEMENT'),
    kind: 'agreement',
    population: 'ALL',
    rows: [
      {
        label: label('Codes'),
        statistic: 'kappa',
        first: 'CODE',
        second: 'CODE2',
        codes: ['X', 'Y'],
      },
      {
        label: label('Ordered'),
        statistic: 'weighted-kappa',
        first: 'CODE',
        second: 'CODE2',
        codes: ['X', 'Y', 'Z'],
      },
      { label: label('Numbers'), statistic: 'icc', first: 'NUM', second: 'NUM2' },
    ],
  },
].map((report) => reportSchema.parse(report))

type Answers = Readonly<Record<string, Value>>

const subject = (at: number, answers: Answers): AnalysisSubject => ({
  subjectKey: `01-${String(at + 1).padStart(3, '0')}`,
  value: (expression) => {
    if (expression === 'true' || expression === 'false') return expression === 'true'
    const visit = /^at\((V\d), (\w+)\)$/.exec(expression)
    const name = visit ? `${visit[2]}@${visit[1]}` : expression
    const answer = answers[name] ?? answers[visit?.[2] ?? ''] ?? null
    if (expression === '(IN) && !(FLAG)') return answers.IN === true && answers.FLAG === false
    return answer
  },
})

const cohort = (n: number, answersOf: (at: number) => Answers): AnalysisSubject[] =>
  Array.from({ length: n }, (_, at) => subject(at, answersOf(at)))

const arm = (at: number) => (at % 2 === 0 ? 'T' : 'C')
const usual = (at: number): Answers => ({
  IN: true,
  'F_RAND.ARMCD': arm(at),
  GROUP: ['A', 'B', 'C'][at % 3] as string,
  NUM: 50 + at * 1.5,
  'NUM@V2': 48 + at,
  NUM2: 51 + at,
  FLAG: at % 3 === 0,
  FLAG2: at % 4 === 0,
  CODE: ['X', 'Y', 'Z'][at % 3] as string,
  CODE2: ['X', 'Y'][at % 2] as string,
  DAYS: 10 + at * 7,
  ZERO: '2020-01-01',
  EVENT: at % 3 === 0 ? '2020-03-01' : null,
  CENSOR: '2020-12-30',
  COMPETING: at % 5 === 1 ? '2020-02-01' : null,
  MANY: ['X', 'Y'],
})

/** Numbers between 0 and 1 that are the same on every machine (Park and Miller 1988). */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

const strange: readonly Value[] = [
  null,
  0,
  -0,
  1,
  -5,
  1e-300,
  1e308,
  -1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0.1 + 0.2,
  '',
  'X',
  'Y',
  'no such code',
  '2020',
  '2020-03',
  '2020-02-31',
  '2019-12-01',
  '2020-06-01',
  '9999-12-31',
  true,
  false,
  [],
  ['X', 'Y'],
  { months: 1, days: 2 },
]

/** Anything anywhere, of any type; the same for the same seed. */
export function randomCohort(seed: number): AnalysisSubject[] {
  const next = uniform(seed * 7919 + 1)
  const names = Object.keys(usual(0))
  const share = next()
  return cohort(Math.floor(next() * 14), (at) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        next() < share
          ? (strange[Math.floor(next() * strange.length)] as Value)
          : (usual(at)[name] ?? null),
      ]),
    ),
  )
}

/** By what is wrong with them. */
export const hostileCohorts: Readonly<Record<string, readonly AnalysisSubject[]>> = {
  'no subject at all': [],
  'nobody in the population': cohort(10, (at) => ({ ...usual(at), IN: false })),
  'membership undecided': cohort(10, (at) => ({ ...usual(at), IN: null })),
  'one subject': cohort(1, usual),
  'two subjects in one arm': cohort(2, (at) => ({ ...usual(at), 'F_RAND.ARMCD': 'T' })),
  'nobody allocated': cohort(10, (at) => ({ ...usual(at), 'F_RAND.ARMCD': null, GROUP: null })),
  'members without a visit': cohort(40, (at) => ({
    IN: true,
    'F_RAND.ARMCD': arm(at),
    GROUP: 'A',
  })),
  'everybody alike': cohort(20, (at) => ({
    ...usual(0),
    'F_RAND.ARMCD': arm(at),
    GROUP: ['A', 'B'][at % 2] as string,
  })),
  'no event': cohort(20, (at) => ({ ...usual(at), EVENT: null, COMPETING: null, FLAG: false })),
  'events only': cohort(20, (at) => ({ ...usual(at), EVENT: '2020-02-01', FLAG: true })),
  'no event in one arm': cohort(20, (at) => ({
    ...usual(at),
    EVENT: at % 4 === 0 ? '2020-02-01' : null,
    COMPETING: null,
  })),
  'followed for three days': cohort(20, (at) => ({
    ...usual(at),
    EVENT: null,
    COMPETING: null,
    CENSOR: '2020-01-04',
  })),
  'dates before time zero': cohort(12, (at) => ({
    ...usual(at),
    EVENT: '2019-05-01',
    CENSOR: '2019-06-01',
  })),
  'no time zero': cohort(12, (at) => ({ ...usual(at), ZERO: null, DAYS: null })),
  'numbers too large to add': cohort(12, (at) => ({ ...usual(at), NUM: 1e308, NUM2: -1e308 })),
  'means of nothing to fall from': cohort(12, (at) => ({ ...usual(at), NUM2: 0 })),
  'one group larger than the one it is of': cohort(12, (at) => ({
    ...usual(at),
    GROUP: at < 2 ? 'A' : 'B',
  })),
  'as hoped': cohort(30, usual),
}

export const manyWithoutVisits = (n: number): AnalysisSubject[] =>
  cohort(n, (at) => ({ IN: true, 'F_RAND.ARMCD': arm(at), GROUP: 'A' }))
