/** For tests: specifications at the edges of what a study can produce, each to be a readable figure or a sentence. */

import type { FigureLabel } from '../figure-label.ts'
import type { FigureSpecInput } from '../figure-spec.ts'

export const longLabel: FigureLabel = {
  en: 'Subjects with clinically amyopathic dermatomyositis and rapidly progressive interstitial lung disease, anti-MDA5 antibody positive, previously treated with glucocorticoids',
  ja: '抗MDA5抗体陽性で急速進行性間質性肺疾患を合併し、過去に副腎皮質ステロイドによる治療を受けたことのある臨床的無筋症性皮膚筋炎の被験者',
  zh: '抗 MDA5 抗体阳性、合并快速进展性间质性肺病且既往接受过糖皮质激素治疗的临床无肌病性皮肌炎受试者',
}

const groupsOf = (count: number, label?: FigureLabel) =>
  Array.from({ length: count }, (_, at) => ({ key: `g${at}`, label: label ?? `Group ${at + 1}` }))

/** A curve that falls (or rises) by equal steps. */
const steps = (count: number, from: number, to: number, censored = 0) =>
  Array.from({ length: count }, (_, at) => ({
    time: at + 1,
    value: from + ((to - from) * (at + 1)) / count,
    lower: Math.max(0, from + ((to - from) * (at + 1)) / count - 0.1),
    upper: Math.min(1, from + ((to - from) * (at + 1)) / count + 0.1),
    events: 1,
    censored,
  }))

export function survivalOf(groups: number, length: number, label?: FigureLabel): FigureSpecInput {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * length))
  return {
    kind: 'survival',
    title: label ?? 'Survival',
    time: { unit: 'month', ticks: [...new Set(ticks)] },
    bands: groups <= 2,
    medianLines: true,
    test: { name: label ?? 'log-rank', p: 0.0004 },
    notes: label ? [label] : [],
    landmarks: [
      { at: length / 2, label: label ?? 'landmark' },
      { at: length / 2 + 0.1, label: 'second' },
    ],
    groups: groupsOf(groups, label).map((group, at) => ({
      ...group,
      n: length,
      events: length,
      end: `${90 - at} %`,
      median: length / 2,
      atRisk: [...new Set(ticks)].map((tick) => length - tick),
      steps: steps(length, 1, at / (groups + 1), 1),
    })),
  }
}

export function incidenceOf(
  groups: number,
  display: 'lines' | 'stacked',
  label?: FigureLabel,
): FigureSpecInput {
  return {
    kind: 'cumulative-incidence',
    title: label ?? 'Incidence',
    display,
    time: { unit: 'week', ticks: [0, 10, 20, 30] },
    causes: [
      { key: 'relapse', label: label ?? 'Relapse' },
      { key: 'death', label: label ?? 'Death' },
    ],
    tests: [{ cause: 'death', name: 'Gray', p: null }],
    groups: groupsOf(groups, label).map((group, at) => ({
      ...group,
      n: 30,
      atRisk: [30, 20, 10, 0],
      curves: [
        { cause: 'relapse', events: 9, steps: steps(30, 0, 0.3 + at / 40) },
        { cause: 'death', events: 9, steps: steps(30, 0, 0.4 - at / 40) },
      ],
    })),
  }
}

export function visitMeansOf(
  groups: number,
  visits: number,
  label?: FigureLabel,
  scale: 'linear' | 'log' = 'linear',
): FigureSpecInput {
  const names = Array.from({ length: visits }, (_, at) => ({
    key: `v${at}`,
    label: label ?? `Week ${at * 4}`,
  }))
  return {
    kind: 'visit-means',
    title: label ?? 'Means',
    value: { label: label ?? 'Value', scale },
    visits: names,
    lines: [{ at: 50, label: label ?? 'limit' }],
    groups: groupsOf(groups, label).map((group, at) => ({
      ...group,
      points: names.map((_, v) => ({ n: 20 - v, mean: 40 + at * 2 + v, spread: 12 })),
    })),
    marks: groupsOf(groups).map((group, at) => ({
      symbol: ['*', '†', '‡'][at % 3] as string,
      test: label ?? 'Wilcoxon signed-rank test',
      level: 0.01,
      cells: names.map((visit) => ({ visit: visit.key, group: group.key, p: 0.001 })),
    })),
  }
}

export function boxOf(
  groups: number,
  visits: number,
  values: readonly number[],
  label?: FigureLabel,
  scale: 'linear' | 'log' = 'linear',
): FigureSpecInput {
  const names = Array.from({ length: visits }, (_, at) => ({
    key: `v${at}`,
    label: label ?? `Visit ${at + 1}`,
  }))
  return {
    kind: 'box',
    title: label ?? 'Boxes',
    value: { label: label ?? 'Value', scale },
    points: 'all',
    visits: names,
    groups: groupsOf(groups, label),
    boxes: names.flatMap((visit) =>
      groupsOf(groups).map((group) => ({
        visit: visit.key,
        group: group.key,
        values: [...values],
      })),
    ),
    marks: [
      {
        symbol: '#',
        test: 'Mann-Whitney',
        level: 0.05,
        cells: names.map((visit) => ({ visit: visit.key, p: 0.01 })),
      },
    ],
  }
}

export function forestOf(label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'forest',
    title: label ?? 'Forest',
    effect: label ?? 'Hazard ratio',
    columns: [
      { key: 'n', label: label ?? 'n' },
      { key: 'events', label: label ?? 'Events' },
    ],
    favours: { lower: label ?? 'A better', upper: label ?? 'B better' },
    rows: [
      { type: 'heading', label: label ?? 'Sex' },
      { type: 'reference', label: label ?? 'Male', cells: { n: 12, events: label ?? '1' } },
      {
        type: 'estimate',
        label: label ?? 'Infinite',
        cells: { n: 12 },
        estimate: 'Infinity',
        lower: 2,
        upper: 'Infinity',
        p: 0.0001,
      },
      {
        type: 'estimate',
        label: label ?? 'Zero',
        cells: { n: 3 },
        estimate: 0,
        lower: 0,
        upper: 0.4,
      },
      {
        type: 'estimate',
        label: label ?? 'Wide',
        cells: { n: 3 },
        estimate: 184.49,
        lower: 1.07,
        upper: 31961.15,
        weight: 0.01,
        p: null,
      },
      {
        type: 'estimate',
        label: label ?? 'None',
        cells: {},
        estimate: null,
        lower: null,
        upper: null,
        note: label ?? 'NA',
      },
      {
        type: 'estimate',
        label: label ?? 'All',
        cells: {},
        estimate: 1.2,
        lower: 0.8,
        upper: 1.8,
        weight: 9,
        summary: true,
      },
    ],
  }
}

export function flowOf(arms: number, label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'flow',
    title: label ?? 'Flow',
    root: {
      phase: label ?? 'Enrolment',
      label: label ?? 'Screened',
      n: 5000,
      excluded: [
        { label: label ?? 'Not eligible', n: 12, details: [{ label: label ?? 'Declined', n: 12 }] },
      ],
      next: Array.from({ length: arms }, (_, at) => ({
        phase: label ?? 'Allocation',
        label: label ?? `Arm ${at + 1}`,
        n: 100,
        details: [{ label: label ?? 'Received', n: 99 }],
        excluded: [{ label: label ?? 'Lost', n: 1 }],
        next: [{ phase: label ?? 'Analysis', label: label ?? 'Analysed', n: 99 }],
      })),
    },
    joined: { label: label ?? 'In all', n: 99 * arms },
  }
}

export function swimmerOf(subjects: number, label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'swimmer',
    title: label ?? 'Swimmers',
    time: { unit: 'day' },
    groups: groupsOf(2, label),
    states: [
      { key: 'on', label: label ?? 'On treatment' },
      { key: 'off', label: label ?? 'Off treatment' },
    ],
    events: [
      { key: 'relapse', label: label ?? 'Relapse' },
      { key: 'death', label: label ?? 'Death' },
    ],
    subjects: Array.from({ length: subjects }, (_, at) => ({
      key: `s${at}`,
      ...(label ? { label } : {}),
      group: `g${at % 2}`,
      end: 10 + (at % 37),
      ongoing: at % 3 === 0,
      states: [
        { state: 'on', from: 0, to: 5 },
        { state: 'off', from: 5, to: 10 + (at % 37) },
      ],
      events: [{ event: at % 2 ? 'relapse' : 'death', time: 8 }],
    })),
  }
}

export function waterfallOf(subjects: number, label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'waterfall',
    title: label ?? 'Changes',
    value: { label: label ?? 'Change, %', max: 60 },
    groups: groupsOf(2, label),
    lines: [
      { at: 20, label: label ?? 'progression' },
      { at: -30, label: label ?? 'response' },
    ],
    subjects: Array.from({ length: subjects }, (_, at) => ({
      key: `s${at}`,
      group: `g${at % 2}`,
      change: at % 9 === 8 ? null : ((at * 37) % 190) - 100,
      ...(at % 5 === 0 ? { symbol: '*' } : {}),
    })),
  }
}

export function spaghettiOf(
  subjects: number,
  scale: 'linear' | 'log',
  label?: FigureLabel,
): FigureSpecInput {
  return {
    kind: 'spaghetti',
    title: label ?? 'Lines',
    x: { label: label ?? 'Month', ticks: [0, 1, 2, 3, 6, 12] },
    value: { label: label ?? 'Ferritin', scale },
    groups: groupsOf(2, label),
    lines: [{ at: 50, label: label ?? 'limit' }],
    subjects: Array.from({ length: subjects }, (_, at) => ({
      key: `s${at}`,
      group: `g${at % 2}`,
      points: [0, 1, 3, 6, 12].map((x) => ({
        x,
        y: x === 3 && at % 4 === 0 ? null : ((at * 53 + x * 17) % 400) - 5,
      })),
    })),
  }
}

export function barsOf(rows: number, classes: number, label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'bars',
    title: label ?? 'Bars',
    axis: label ?? 'Visits',
    as: rows % 2 ? 'share' : 'count',
    mark: label ?? 'planned',
    classes: groupsOf(classes, label),
    rows: Array.from({ length: rows }, (_, at) => ({
      key: `r${at}`,
      label: label ?? `Row ${at + 1}`,
      values: Array.from({ length: classes }, (_, k) => (at * 7 + k * 3) % 11),
      mark: at % 3 === 0 ? null : at,
      ...(label ? { end: label } : {}),
    })),
  }
}

export function trendOf(days: number, label?: FigureLabel): FigureSpecInput {
  const date = (at: number) => new Date(Date.UTC(2024, 0, 1 + at)).toISOString().slice(0, 10)
  const points = Array.from({ length: days }, (_, at) => ({ date: date(at), value: at + 1 }))
  return {
    kind: 'trend',
    title: label ?? 'Trend',
    axis: label ?? 'Subjects',
    from: date(0),
    to: date(days + 10),
    series: [
      { key: 'a', label: label ?? 'Entered', points },
      { key: 'b', label: label ?? 'Screened', points },
    ],
    goal: { value: days * 2, label: label ?? 'planned' },
    projection: { date: date(days * 2 + 10), label: label ?? 'at this rate' },
    months: {
      label: label ?? 'a month',
      items: [
        { month: '2024-01', value: 31 },
        { month: '2024-02', value: 0 },
        { month: '2024-03', value: 3 },
      ],
    },
  }
}

export function heatOf(rows: number, columns: number, label?: FigureLabel): FigureSpecInput {
  return {
    kind: 'heat',
    title: label ?? 'Heat',
    value: label ?? 'complete',
    rows: groupsOf(rows, label),
    columns: groupsOf(columns, label),
    cells: Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => ({
        n: r + c,
        share: r + c === 0 ? null : ((r * 5 + c * 3) % 11) / 10,
      })),
    ),
  }
}

/** One of every kind with the same label everywhere. */
export function everyKind(label?: FigureLabel): FigureSpecInput[] {
  return [
    survivalOf(3, 24, label),
    survivalOf(1, 24, label),
    survivalOf(12, 24, label),
    incidenceOf(2, 'lines', label),
    incidenceOf(3, 'stacked', label),
    visitMeansOf(2, 5, label),
    visitMeansOf(4, 12, label),
    boxOf(2, 4, [3, 4, 5, 6, 30], label),
    boxOf(12, 3, [3, 4, 5, 6, 30], label),
    forestOf(label),
    flowOf(2, label),
    flowOf(4, label),
    swimmerOf(12, label),
    waterfallOf(30, label),
    spaghettiOf(12, 'log', label),
    barsOf(12, 3, label),
    barsOf(5, 5, label),
    trendOf(120, label),
    trendOf(3, label),
    heatOf(6, 12, label),
  ]
}
