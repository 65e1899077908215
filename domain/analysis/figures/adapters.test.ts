import { describe, expect, it } from 'vitest'
import { coxPh } from '#domain/statistics/cox-ph.ts'
import { meanOf, standardDeviationOf } from '#domain/statistics/descriptive.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { signedRank } from '#domain/statistics/signed-rank.ts'
import type { FlowBody, FlowStep, TracedCell, VisitMeansBody } from '../report-result.ts'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { reportFigureSpec } from './spec-from-report.ts'
import { coxForestSpecOf, survivalSpecOf, visitMeansSpecOf } from './spec-from-statistics.ts'
import { part, textBoxes, textFaults } from './testing/read-svg.ts'

const texts = (spec: FigureSpecInput, language: 'en' | 'ja' | 'zh' = 'en') =>
  textBoxes(drawFigure(spec, { language }).svg).map((box) => box.text)

describe('from statistics', () => {
  it('takes numbers at risk, medians and labels from the curves', () => {
    const { curves } = kaplanMeier({
      time: [7, 14, 21, 28, 7, 35],
      event: [true, true, false, true, true, false],
      group: ['a', 'a', 'a', 'a', 'b', 'b'],
    })
    const spec = survivalSpecOf(curves, {
      title: 'S',
      unit: 'week',
      perUnit: 7,
      ticks: [0, 2, 4],
      labels: { a: { en: 'Arm A', ja: 'A群' } },
    })
    expect(spec.groups.map((group) => group.atRisk)).toEqual([
      [4, 3, 1],
      [2, 1, 1],
    ])
    expect(spec.groups.map((group) => group.median)).toEqual([3, 3])
    expect(texts(spec, 'ja')).toContain('A群')
  })

  it('has round ticks without being told, and none of its own for nobody', () => {
    const { curves } = kaplanMeier({ time: [1, 52], event: [true, true] })
    expect(survivalSpecOf(curves, { title: 'S', unit: 'week' }).time.ticks).toEqual([
      0, 12, 24, 36, 48,
    ])
    expect(() => drawFigure(survivalSpecOf([], { title: 'S', unit: 'week' }))).not.toThrow()
  })

  it('lays factors out with their reference and prints the hazard ratios', () => {
    const time = [5, 8, 3, 9, 12, 2, 7, 11]
    const event = [1, 1, 0, 1, 1, 1, 1, 0].map((one) => one === 1)
    const fit = coxPh({
      time,
      event,
      terms: [
        { name: 'age', values: [50, 61, 42, 70, 55, 66, 48, 59] },
        { name: 'arm', factor: ['a', 'b', 'a', 'b', 'b', 'a', 'b', 'a'], reference: 'a' },
      ],
    })
    const spec = coxForestSpecOf(fit, { title: 'HR', references: { arm: 'a' } })
    expect(spec.rows.map((row) => row.type)).toEqual([
      'estimate',
      'heading',
      'reference',
      'estimate',
    ])
    const [age] = fit.coefficients
    expect(texts(spec)).toContain(
      `${age?.hazardRatio.toFixed(2)} (${age?.lower?.toFixed(2)}–${age?.upper?.toFixed(2)})`,
    )
  })

  it('names an infinite hazard ratio instead of drawing it', () => {
    const fit = coxPh({
      time: [1, 2, 3, 4, 5, 6],
      event: [true, true, true, false, false, false],
      terms: [{ name: 'rp', values: [1, 1, 1, 0, 0, 0] }],
    })
    expect(fit.monotone).toBe(true)
    expect(texts(coxForestSpecOf(fit, { title: 'HR' }), 'zh')).toContain('不可估计')
  })

  it('marks a visit by the signed-rank test on subjects with both values', () => {
    const baseline = [60, 61, 62, 63, 64, 65, 66, 67]
    const later = [66, 68, 70, 72, 74, 76, 78, null]
    const spec = visitMeansSpecOf([{ key: 'a', values: { W0: baseline, W4: later } }], {
      title: 'M',
      value: 'FVC',
      visits: [
        { key: 'W0', label: 'W0' },
        { key: 'W4', label: 'W4' },
      ],
      baseline: 'W0',
      level: 0.05,
    })
    const values = later.filter((value): value is number => value !== null)
    expect(spec.groups[0]?.points[1]).toEqual({
      n: 7,
      mean: meanOf(values),
      spread: standardDeviationOf(values),
    })
    const { p } = signedRank(later, baseline, { method: 'normal', correction: false })
    expect(spec.marks?.[0]?.cells).toEqual([{ visit: 'W4', group: 'a', p }])
    expect(texts(spec)).toContain('*')
  })
})

const cell = (n: number): TracedCell => ({ text: String(n), subjects: [], n, missing: 0 })
const step = (
  en: string,
  total: number,
  arms: readonly number[] = [],
  exclusion = false,
): FlowStep => ({
  label: { en },
  exclusion,
  total: cell(total),
  byArm: arms.map((n, at) => ({
    key: `arm${at}`,
    label: { en: `Arm ${at + 1}`, ja: `第${at + 1}群` },
    cell: cell(n),
  })),
})

describe('from reports', () => {
  it('turns the steps of a profile into branches with exclusions at the side', () => {
    const body: FlowBody = {
      kind: 'flow',
      steps: [
        step('Screened', 60),
        step('Not eligible', 2, [], true),
        step('Randomised', 58),
        step('Allocated', 58, [30, 28]),
        step('Progression', 12, [4, 8], true),
        step('Per protocol', 46, [26, 20]),
        step('Analysed', 46),
      ],
    }
    const spec = reportFigureSpec(body, { en: 'Profile' })
    expect(spec).toMatchObject({
      kind: 'flow',
      root: {
        n: 60,
        excluded: [{ n: 2 }],
        next: [
          {
            n: 58,
            next: [
              { n: 30, excluded: [{ n: 4 }], next: [{ n: 26 }] },
              { n: 28, excluded: [{ n: 8 }], next: [{ n: 20 }] },
            ],
          },
        ],
      },
      joined: { n: 46 },
    })
    const svg = drawFigure(spec as FigureSpecInput, { language: 'ja' }).svg
    expect(textBoxes(svg).map((box) => box.text)).toContain('第2群: Allocated')
    expect(textFaults(svg)).toEqual([])
  })

  it.each([
    ['no steps', []],
    ['arms from the first step on', [step('Allocated', 58, [30, 28])]],
    ['an exclusion before anything', [step('Not eligible', 2, [], true), step('Screened', 60)]],
    [
      'a step by arm after the arms were joined',
      [step('A', 3, [1, 2]), step('All', 3), step('B', 3, [1, 2])],
    ],
  ])('draws a profile with %s', (_, steps) => {
    const spec = reportFigureSpec({ kind: 'flow', steps }, { en: 'P' })
    const { svg, table } = drawFigure(spec as FigureSpecInput)
    for (const one of steps) expect(JSON.stringify(table.rows)).toContain(one.label.en)
    expect(textFaults(svg)).toEqual([])
  })

  it('marks the means of a report and says by which test', () => {
    const point = (mean: number | null, p: number | null) => ({
      mean,
      sd: 3,
      cell: cell(8),
      test:
        p === null
          ? null
          : {
              name: 'signed-rank' as const,
              p,
              text: '',
              statistic: 1,
              degreesOfFreedom: null,
              note: null,
            },
    })
    const body: VisitMeansBody = {
      kind: 'visit-means',
      level: 0.01,
      visits: [0, 4, 52].map((week) => ({
        oid: `W${week}`,
        label: { en: `Week ${week}` },
        day: week * 7,
      })),
      groups: [
        {
          key: 'a',
          label: { en: 'A' },
          points: [point(70, null), point(75, 0.02), point(90, 0.001)],
        },
        {
          key: 'b',
          label: { en: 'B' },
          points: [point(71, null), point(74, 0.002), point(null, null)],
        },
      ],
    }
    const spec = reportFigureSpec(body, { en: 'FVC' })
    const svg = drawFigure(spec as FigureSpecInput).svg
    const shown = textBoxes(svg).map((box) => box.text)
    expect(shown.filter((text) => text === '*')).toHaveLength(1)
    expect(shown.filter((text) => text === '†')).toHaveLength(1)
    expect(part(svg, 'footnotes')).toContain('Wilcoxon signed-rank test')
  })

  it('has no figure for a table', () => {
    expect(reportFigureSpec({ kind: 'table', columns: [], lines: [] }, { en: 'T' })).toBeNull()
  })
})
