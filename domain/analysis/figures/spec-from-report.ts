/**
 * From the bodies of the reports of a study to figures; tables of a report have none. The specifications are complete, for
 * pages draw them without the schemas that would fill in defaults.
 */
import type { Label } from '#domain/definition/definition.ts'
import type {
  FlowBody,
  FlowStep,
  ReportBody,
  SurvivalBody,
  SurvivalPart,
  VisitMeansBody,
} from '../report-result.ts'
import type { FigureSpec, FlowNode } from './figure-spec.ts'

type Of<K extends FigureSpec['kind']> = Extract<FigureSpec, { kind: K }>

/** The figure of a report, null for tables. `part` chooses the subgroup of a survival report. */
export function reportFigureSpec(body: ReportBody, title: Label, part = 0): FigureSpec | null {
  if (body.kind === 'survival') {
    const shown = body.parts[part] ?? body.parts[0]
    return shown ? survivalReportSpec(body, shown) : null
  }
  if (body.kind === 'flow') return flowReportSpec(body, title)
  if (body.kind === 'visit-means') return visitMeansReportSpec(body, title)
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

const symbols = ['*', '†', '‡', '§', '¶', '#']

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
    marks: body.groups.map((group, index) => ({
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

/** Steps go down; exclusions stand at the side; steps by arm open a branch an arm; a step in common later joins them. */
function flowReportSpec(body: FlowBody, title: Label): Of<'flow'> {
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
      if (step.exclusion && trunk && !onArms) trunk.excluded.push(side(next))
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
        own.excluded.push(side(node(step.label, arm.cell.text)))
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
    standard: 'consort',
    root: root ?? node(empty, ''),
    ...(joined ? { joined } : {}),
  }
}
