/**
 * From the bodies of the reports of a study to figures; tables of a report have none. The specifications are complete, for
 * pages draw them without the schemas that would fill in defaults.
 */
import type { Label } from '#domain/definition/definition.ts'
import type {
  CoxBody,
  CoxLine,
  FlowBody,
  FlowStep,
  IncidenceBody,
  ReportBody,
  SurvivalBody,
  SurvivalPart,
  TestName,
  TestResult,
  VisitMeansBody,
  VisitValuesBody,
} from '../report-result.ts'
import type { FigureSpec, FlowNode } from './figure-spec.ts'

type Of<K extends FigureSpec['kind']> = Extract<FigureSpec, { kind: K }>

/** The figure of a report, null for tables and listings. `part` chooses the subgroup of a survival report. */
export function reportFigureSpec(body: ReportBody, title: Label, part = 0): FigureSpec | null {
  if (body.kind === 'survival') {
    const shown = body.parts[part] ?? body.parts[0]
    return shown ? survivalReportSpec(body, shown) : null
  }
  if (body.kind === 'incidence') return incidenceReportSpec(body, title)
  if (body.kind === 'flow') return flowReportSpec(body, title)
  if (body.kind === 'visit-means') return visitMeansReportSpec(body, title)
  if (body.kind === 'visit-values')
    return body.figure === 'box' ? boxReportSpec(body, title) : spaghettiReportSpec(body, title)
  if (body.kind === 'cox') return coxReportSpec(body, title)
  return null
}

const both = (first: Label, second: Label, join: string): Label => ({
  en: `${first.en}${join}${second.en}`,
  ...(first.ja || second.ja
    ? { ja: `${first.ja ?? first.en}${join}${second.ja ?? second.en}` }
    : {}),
  ...(first.zh || second.zh
    ? { zh: `${first.zh ?? first.en}${join}${second.zh ?? second.en}` }
    : {}),
})

const logRank: Label = { en: 'log-rank', ja: 'ログランク検定', zh: 'log-rank 检验' }

function survivalReportSpec(body: SurvivalBody, part: SurvivalPart): Of<'survival'> {
  return {
    kind: 'survival',
    footnotes: [],
    value: { as: 'percent' },
    bands: false,
    riskTable: true,
    landmarks: [],
    notes: [],
    censorMarks: true,
    medianLines: false,
    title: part.label ? both(body.endpoint, part.label, ': ') : body.endpoint,
    time: { unit: body.unit, ticks: body.ticks.length > 0 ? [...body.ticks] : undefined },
    test: part.test ? { name: logRank, p: part.test.p } : undefined,
    groups: part.groups.map((group) => ({
      key: group.key,
      label: group.label,
      n: group.n,
      events: group.events,
      atRisk: body.ticks.length > 0 ? [...group.atRisk] : undefined,
      end: group.atHorizon?.text,
      // A subject censored on the last day of follow-up is the rule, not news: no tick at the horizon.
      steps: group.steps.map((step) => ({
        time: step.time / body.daysPerUnit,
        value: step.survival,
        lower: step.lower,
        upper: step.upper,
        events: step.events,
        censored: step.time < body.horizon ? step.censored : 0,
      })),
    })),
  }
}

const gray: Label = { en: 'Gray’s test', ja: 'Gray検定', zh: 'Gray 检验' }

function incidenceReportSpec(body: IncidenceBody, title: Label): Of<'cumulative-incidence'> {
  return {
    kind: 'cumulative-incidence',
    title,
    footnotes: [],
    value: { as: 'percent' },
    bands: false,
    riskTable: true,
    landmarks: [],
    notes: [],
    display: body.display,
    time: { unit: body.unit, ticks: body.ticks.length > 0 ? [...body.ticks] : undefined },
    causes: [...body.causes],
    tests: body.tests.flatMap(({ cause, test }) =>
      test && body.display === 'lines' ? [{ cause, name: gray, p: test.p }] : [],
    ),
    groups: body.groups.map((group) => ({
      key: group.key,
      label: group.label,
      n: group.n,
      atRisk: body.ticks.length > 0 ? [...group.atRisk] : undefined,
      curves: group.causes.map((cause) => ({
        cause: cause.key,
        events: cause.subjects.length,
        steps: cause.steps.map((step) => ({
          time: step.time / body.daysPerUnit,
          value: step.incidence,
          lower: step.lower,
          upper: step.upper,
        })),
      })),
    })),
  }
}

const symbols = ['*', '†', '‡', '§', '¶', '#']

const hasTests = (group: { points: readonly { test: unknown }[] }) =>
  group.points.some((point) => point.test !== null)

function visitMeansReportSpec(body: VisitMeansBody, title: Label): Of<'visit-means'> {
  const days = body.visits.map((visit) => visit.day)
  const placed = days.every((day, at) => day !== null && (at === 0 || day > (days[at - 1] ?? day)))
  return {
    kind: 'visit-means',
    title,
    footnotes: [],
    value: { label: title, scale: 'linear' },
    spread: 'sd',
    counts: true,
    lines: [],
    visits: body.visits.map((visit) => ({
      key: visit.oid,
      label: visit.label,
      ...(placed && visit.day !== null ? { position: visit.day } : {}),
    })),
    groups: body.groups.map((group) => ({
      key: group.key,
      label: group.label,
      points: group.points.map((point) => ({
        n: point.cell.n,
        mean: point.mean,
        spread: point.sd,
      })),
    })),
    marks: body.groups.filter(hasTests).map((group, index) => ({
      symbol: symbols[index % symbols.length] as string,
      test: {
        en: 'Wilcoxon signed-rank test',
        ja: 'Wilcoxon符号付順位検定',
        zh: 'Wilcoxon 符号秩检验',
      },
      against: {
        en: `v baseline, ${group.label.en}`,
        ja: `対ベースライン、${group.label.ja ?? group.label.en}`,
        zh: `与基线比，${group.label.zh ?? group.label.en}`,
      },
      level: body.level,
      cells: group.points.flatMap((point, at) => {
        const visit = body.visits[at]
        return point.test && visit ? [{ visit: visit.oid, group: group.key, p: point.test.p }] : []
      }),
    })),
  }
}

function counted(text: string): number | null {
  const n = Number(text)
  return text.trim() !== '' && Number.isFinite(n) && n >= 0 ? n : null
}

function node(label: Label, text: string): FlowNode {
  return { label, n: counted(text), details: [], excluded: [], next: [] }
}

/** A box at the side has nothing below it. */
function side({ label, n, details }: FlowNode): FlowNode['excluded'][number] {
  return { label, n, details }
}

/** A reason stands in the box of the exclusion it belongs to. */
function exclude(from: FlowNode, next: FlowNode, { detail }: FlowStep): void {
  const last = from.excluded.at(-1)
  if (detail && last) last.details = [...last.details, { label: next.label, n: next.n }]
  else from.excluded.push(side(next))
}

/** Steps go down; exclusions stand at the side; steps by arm open a branch an arm; a step in common later joins them. */
export function flowReportSpec(body: FlowBody, title: Label): Of<'flow'> {
  let root: FlowNode | null = null
  let joined: FlowNode | null = null
  let trunk: FlowNode | null = null
  const arms = new Map<string, FlowNode>()
  const grow = (step: FlowStep) => {
    const next = node(step.label, step.total.text)
    if (step.byArm.length > 0)
      next.details = step.byArm.map((arm) => ({ label: arm.label, n: counted(arm.cell.text) }))
    return next
  }
  for (const step of body.steps) {
    const perArm = step.byArm.length > 0 && joined === null
    if (!perArm) {
      const next = grow(step)
      const onArms = arms.size > 0 && joined === null
      if (step.exclusion && trunk && !onArms) exclude(trunk, next, step)
      else if (onArms) {
        joined = next
        trunk = next
      } else {
        if (trunk) trunk.next.push(next)
        else root = next
        trunk = next
      }
      continue
    }
    if (trunk === null) {
      root = node(step.label, step.total.text)
      trunk = root
    }
    for (const arm of step.byArm) {
      const own = arms.get(arm.key)
      const next = node(both(arm.label, step.label, ': '), arm.cell.text)
      if (step.exclusion && own) {
        exclude(own, node(step.label, arm.cell.text), step)
        continue
      }
      ;(own ?? trunk).next.push(next)
      arms.set(arm.key, next)
    }
  }
  const empty: Label = { en: 'No steps', ja: '段階なし', zh: '无步骤' }
  return {
    kind: 'flow',
    title,
    footnotes: [],
    standard: body.standard ?? 'consort',
    root: root ?? node(empty, ''),
    ...(joined ? { joined } : {}),
  }
}

const hazardRatio: Label = { en: 'Hazard ratio', ja: 'ハザード比', zh: '风险比' }

/** A forest of the model with all covariates where the report has one, else of the models of one covariate each. */
function coxReportSpec(body: CoxBody, title: Label): Of<'forest'> {
  const model = body.models.includes('multivariable') ? 'multivariable' : 'univariable'
  const estimateRow = (line: CoxLine): Of<'forest'>['rows'][number] => {
    const cells = { n: line.n.text, events: line.events.text }
    if (line.reference) return { type: 'reference', label: line.label, cells }
    const found = line[model]
    const { hazardRatio: estimate = null, lower = null, upper = null, p = null } = found ?? {}
    const drawn = estimate !== null && estimate > 0 && estimate < 1e15
    return {
      type: 'estimate',
      label: line.label,
      cells,
      estimate: drawn ? estimate : null,
      lower: drawn ? lower : null,
      upper: drawn && upper !== null ? (upper < 1e15 ? upper : 'Infinity') : null,
      p,
      summary: false,
    }
  }
  return {
    kind: 'forest',
    title,
    footnotes: [],
    effect: hazardRatio,
    scale: 'log',
    level: 0.95,
    digits: 2,
    columns: [
      { key: 'n', label: 'n' },
      { key: 'events', label: { en: 'Events', ja: 'イベント', zh: '事件' } },
    ],
    rows: body.covariates.flatMap((covariate) => [
      ...(covariate.lines.length > 1 ? [{ type: 'heading' as const, label: covariate.label }] : []),
      ...covariate.lines.map(estimateRow),
    ]),
  }
}

const testNames: Partial<Record<TestName, Label>> = {
  'signed-rank': {
    en: 'Wilcoxon signed-rank test',
    ja: 'Wilcoxon符号付順位検定',
    zh: 'Wilcoxon 符号秩检验',
  },
  'paired-t': { en: 'paired t test', ja: '対応のあるt検定', zh: '配对 t 检验' },
  't-test': { en: 't test', ja: 't検定', zh: 't 检验' },
  welch: { en: 'Welch t test', ja: 'Welchのt検定', zh: 'Welch t 检验' },
  'mann-whitney': { en: 'Mann-Whitney test', ja: 'Mann-Whitney検定', zh: 'Mann-Whitney 检验' },
  'mann-whitney-cc': { en: 'Mann-Whitney test', ja: 'Mann-Whitney検定', zh: 'Mann-Whitney 检验' },
  'kruskal-wallis': {
    en: 'Kruskal-Wallis test',
    ja: 'Kruskal-Wallis検定',
    zh: 'Kruskal-Wallis 检验',
  },
  anova: { en: 'analysis of variance', ja: '分散分析', zh: '方差分析' },
}
const nameOfTest = (tests: readonly (TestResult | null)[]): Label => {
  const name = tests.find((test) => test !== null)?.name
  return (name && testNames[name]) ?? { en: name ?? 'test' }
}

const againstBaseline: Label = { en: 'v baseline', ja: '対ベースライン', zh: '与基线比' }
const betweenGroups: Label = { en: 'between groups', ja: '群間', zh: '组间' }

function boxReportSpec(body: VisitValuesBody, title: Label): Of<'box'> {
  return {
    kind: 'box',
    title,
    footnotes: [],
    value: { label: title, scale: 'linear' },
    whiskers: 'min-max',
    points: 'none',
    counts: true,
    lines: [],
    visits: body.visits.map(({ oid, label }) => ({ key: oid, label })),
    groups: body.groups.map(({ key, label }) => ({ key, label })),
    boxes: body.groups.flatMap((group) =>
      group.points.flatMap((point, at) => {
        const visit = body.visits[at]
        return visit ? [{ visit: visit.oid, group: group.key, values: [...point.sample] }] : []
      }),
    ),
    marks: [
      ...body.groups.filter(hasTests).map((group, index) => ({
        symbol: symbols[index % symbols.length] as string,
        test: nameOfTest(group.points.map((point) => point.test)),
        against: both(againstBaseline, group.label, ', '),
        level: body.level,
        cells: group.points.flatMap((point, at) => {
          const visit = body.visits[at]
          return point.test && visit
            ? [{ visit: visit.oid, group: group.key, p: point.test.p }]
            : []
        }),
      })),
      ...(body.between.length === 0
        ? []
        : [
            {
              symbol: '#',
              test: nameOfTest(body.between),
              against: betweenGroups,
              level: body.level,
              cells: body.between.flatMap((test, at) => {
                const visit = body.visits[at]
                return visit ? [{ visit: visit.oid, p: test.p }] : []
              }),
            },
          ]),
    ],
  }
}

/** Visits stand at their day where all have one that ascends, else at 0, 1, 2 ... */
function spaghettiReportSpec(body: VisitValuesBody, title: Label): Of<'spaghetti'> {
  const days = body.visits.map((visit) => visit.day)
  const placed = days.every((day, at) => day !== null && (at === 0 || day > (days[at - 1] ?? day)))
  const x = days.map((day, at) => (placed && day !== null ? day : at))
  const lines = body.groups.flatMap((group) => {
    const points = new Map<string, { x: number; y: number | null }[]>()
    group.points.forEach(({ cell, sample }, at) => {
      cell.subjects.forEach((subject, index) => {
        const own = points.get(subject) ?? []
        own.push({ x: x[at] as number, y: sample[index] ?? null })
        points.set(subject, own)
      })
    })
    return [...points].map(([key, own]) => ({ key, group: group.key, points: own }))
  })
  return {
    kind: 'spaghetti',
    title,
    footnotes: [],
    x: {
      label: placed ? { en: 'Day', ja: '日', zh: '天' } : { en: 'Visit', ja: '来院', zh: '访视' },
      ticks: [...x],
    },
    value: { label: title, scale: 'linear' },
    groups: body.groups.map(({ key, label }) => ({ key, label })),
    subjects: lines,
    overlay: 'median',
    lines: [],
  }
}
