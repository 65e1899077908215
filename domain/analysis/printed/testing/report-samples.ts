/** One small report of every kind, computed or made up, with texts that are hard to print: for tests of pages and documents. */
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import type { AnalysisSubject } from '../../analysis-subject.ts'
import { coxReport } from '../../cox-report.ts'
import type { ReportBody, ReportResult, TestResult, TracedCell } from '../../report-result.ts'
import { type Arm, tableReport } from '../../table-report.ts'
import { visitValuesReport } from '../../visit-values-report.ts'

const subjects: readonly AnalysisSubject[] = [3, 5, 8, 9, 12, 14].map((TIME, at) => {
  const values: Record<string, string | number | boolean> = {
    TIME,
    EVENT: at % 2 === 0,
    SEX: [0, 3, 4].includes(at) ? 'M' : 'F',
    A: [13, 14, 10, 12, 11, 15][at] ?? 0,
    B: 9 + at * 1.3,
    'at(V1, X)': 10 + at,
    'at(V2, X)': 12 + at * 1.5,
  }
  return { subjectKey: `01-00${at + 1}`, value: (text: string) => values[text] ?? null }
})
const arms: readonly Arm[] = [
  { key: 'M', label: { en: 'Men', ja: '男性', zh: '男性' }, subjects: subjects.slice(0, 3) },
  { key: 'F', label: { en: 'Women', ja: '女性', zh: '女性' }, subjects: subjects.slice(3) },
]
const title: Label = { en: 'Table 1', ja: '表1　患者背景', zh: '表 1　基线特征' }

export const traced = (text: string, n = 3, missing = 0): TracedCell => ({
  text,
  subjects: [],
  n,
  missing,
})
export const tested = (name: TestResult['name'], text: string, note?: Label): TestResult => ({
  name,
  p: note ? null : Number(text.replace('< ', '')),
  text,
  statistic: null,
  degreesOfFreedom: null,
  note: note ?? null,
})

const cells: Extract<ReportDef, { kind: 'table' }> = {
  kind: 'table',
  oid: 'T',
  title,
  population: 'P',
  columns: 'SEX',
  percentDigits: 0,
  rows: [
    { label: { en: 'Age', ja: '年齢', zh: '年龄' }, statistic: 'heading', test: 'none', indent: 0 },
    {
      label: { en: 'A < B & "C"', ja: '＜値＞', zh: '数值' },
      value: 'A',
      statistic: 'median-range',
      test: 'kruskal-wallis',
      alsoTests: ['anova'],
      against: 'B',
      pairedTest: 'paired-t',
      indent: 1,
    },
    {
      label: { en: 'Nobody has it' },
      value: 'NONE',
      statistic: 'mean-sd',
      test: 't-test',
      indent: 0,
    },
  ],
}

const curve = (survival: number) => [
  { time: 0, survival: 1, lower: null, upper: null, atRisk: 3, events: 0, censored: 0 },
  { time: 120, survival, lower: 0.4, upper: 0.98, atRisk: 3, events: 1, censored: 0 },
]
const group = (key: string, label: Label, survival: number, text: string) => ({
  key,
  label,
  n: 3,
  events: 1,
  subjects: [],
  eventSubjects: [],
  steps: curve(survival),
  atHorizon: { survival, lower: 0.4, upper: 0.98, text },
  median: { time: null, lower: null, upper: null },
  atRisk: [3, 2],
})
const groups = [
  group('M', { en: 'Men', ja: '男性', zh: '男性' }, 0.87, '87 %'),
  group('F', { en: 'Women', ja: '女性', zh: '女性' }, 0.71, '71 %'),
]
const visits = [
  { oid: 'V1', label: { en: 'Screening', ja: 'スクリーニング', zh: '筛选' }, day: 0 },
  { oid: 'V2', label: { en: 'Week 4', ja: '4週', zh: '第4周' }, day: 28 },
]
const noEvent: Label = { en: 'Nobody had the event.', ja: 'イベントなし。', zh: '无事件。' }

export const sampleBodies: { readonly [Kind in ReportBody['kind']]: ReportBody } = {
  table: tableReport(cells, arms, () => null),
  flow: {
    kind: 'flow',
    steps: [
      {
        label: { en: 'Screened', ja: 'スクリーニング', zh: '筛选' },
        exclusion: false,
        total: traced('60'),
        byArm: [],
      },
      {
        label: { en: 'Not eligible', ja: '不適格', zh: '不合格' },
        exclusion: true,
        total: traced('2'),
        byArm: [],
      },
      {
        label: { en: 'Allocated', ja: '割付', zh: '分配' },
        exclusion: false,
        total: traced('58'),
        byArm: arms.map(({ key, label }, at) => ({
          key,
          label,
          cell: traced(at === 0 ? '30' : '28'),
        })),
      },
    ],
  },
  survival: {
    kind: 'survival',
    endpoint: { en: 'Survival', ja: '生存', zh: '生存' },
    unit: 'month',
    daysPerUnit: 30.4375,
    ticks: [0, 12],
    horizon: 365,
    threshold: 0.2,
    parts: [
      { label: null, groups, test: tested('log-rank', '0.16'), excluded: 2 },
      {
        label: { en: 'Anti-MDA5 positive', ja: '抗MDA5抗体陽性', zh: '抗MDA5阳性' },
        groups,
        test: tested('log-rank', '–', noEvent),
        excluded: 0,
      },
    ],
    data: [],
  },
  incidence: {
    kind: 'incidence',
    endpoint: { en: 'Relapse', ja: '再燃', zh: '复发' },
    unit: 'month',
    daysPerUnit: 30.4375,
    ticks: [0, 12],
    horizon: 365,
    display: 'lines',
    causes: [
      { key: 'EVENT', label: { en: 'Relapse', ja: '再燃', zh: '复发' } },
      { key: 'DEATH', label: { en: 'Death', ja: '死亡', zh: '死亡' } },
    ],
    groups: arms.map(({ key, label }) => ({
      key,
      label,
      n: 3,
      subjects: [],
      atRisk: [3, 1],
      causes: ['EVENT', 'DEATH'].map((cause, at) => ({
        key: cause,
        subjects: [],
        steps: [
          { time: 0, incidence: 0, lower: null, upper: null },
          { time: 90, incidence: 0.3 - at / 10, lower: 0.1, upper: 0.5 },
        ],
        atHorizon: {
          incidence: 0.3 - at / 10,
          lower: 0.1,
          upper: 0.5,
          text: at === 0 ? '30 %' : '20 %',
        },
      })),
    })),
    tests: [
      { cause: 'EVENT', test: tested('gray', '0.04') },
      { cause: 'DEATH', test: null },
    ],
    excluded: ['01-009'],
    data: [],
  },
  cox: coxReport(
    {
      kind: 'cox',
      oid: 'C',
      title,
      population: 'P',
      time: 'TIME',
      event: 'EVENT',
      model: 'both',
      ties: 'efron',
      covariates: [
        {
          label: { en: 'Sex', ja: '性別', zh: '性别' },
          value: 'SEX',
          codes: ['M', 'F', 'X'],
          reference: 'M',
        },
        { label: { en: 'A' }, value: 'A' },
      ],
    },
    [...subjects, { subjectKey: '01-009', value: () => null }],
    () => null,
  ),
  'visit-means': {
    kind: 'visit-means',
    visits,
    level: 0.01,
    groups: arms.map(({ key, label }) => ({
      key,
      label,
      points: [
        { mean: 74.9, sd: 21.3, cell: traced('74.9 (21.3)'), test: null },
        { mean: 80.9, sd: 20.5, cell: traced('80.9 (20.5)'), test: tested('signed-rank', '0.002') },
      ],
    })),
  },
  'visit-values': visitValuesReport(
    {
      kind: 'visit-values',
      oid: 'V',
      title,
      population: 'P',
      item: 'X',
      visits: ['V1', 'V2'],
      baseline: 'V1',
      figure: 'box',
      within: 'signed-rank',
      between: 'mann-whitney',
      level: 0.05,
    },
    arms,
    [],
  ),
  listing: {
    kind: 'listing',
    columns: [{ en: 'Cause', ja: '死因', zh: '死因' }, { en: 'Day' }],
    rows: [
      {
        subject: '01-001',
        cells: [{ en: 'ILD', ja: '間質性肺疾患', zh: '间质性肺病' }, { en: '12' }],
      },
      { subject: '01-002', cells: [{ en: '=SUM(A1)' }, { en: '–' }] },
    ],
  },
}

export function sampleResult(body: ReportBody, more: Partial<ReportResult> = {}): ReportResult {
  return {
    oid: `R_${body.kind.toUpperCase().replace('-', '_')}`,
    title,
    footnote: { en: 'A foot note.', ja: '脚注。', zh: '脚注。' },
    population: { oid: 'ITT', label: { en: 'Everybody', ja: '全例', zh: '全部' }, n: 6 },
    dataAsOf: '2026-11-21T10:20:30.123Z',
    studyVersion: { number: 2, label: '1.1', hash: 'ab12cd34ef56'.repeat(5) },
    engineVersion: '7',
    parameters: {},
    arms: 'shown',
    body,
    problem: null,
    ...more,
  }
}
