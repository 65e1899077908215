import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cumulativeIncidence } from '#domain/statistics/cumulative-incidence.ts'
import { kaplanMeier } from '#domain/statistics/kaplan-meier.ts'
import { logRankTest } from '#domain/statistics/log-rank.ts'
import { columnOf, numbersOf, parseCsv } from '#domain/statistics/reference/columns.ts'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { incidenceSpecOf, survivalSpecOf } from './spec-from-statistics.ts'
import { incidenceOf, survivalOf } from './testing/extremes.ts'
import {
  attribute,
  axisValue,
  part,
  pathPoints,
  tagged,
  textBoxes,
  textFaults,
  xmlFault,
} from './testing/read-svg.ts'

const trial = parseCsv(
  readFileSync(join(import.meta.dirname, '../../statistics/reference/data/trial.csv'), 'utf8'),
)
const time = numbersOf(trial, 'pfs_day')
const event = numbersOf(trial, 'pfs_event').map((cell) => cell === 1)
const group = columnOf(trial, 'arm')

/** The last point of a step path at or before a time, as (time, value). */
function valuesOf(svg: string, name: string, which = 'curve'): { time: number; value: number }[] {
  const found = tagged(svg, which).find((one) => one.value === name)
  if (!found) throw new Error(`no ${which} ${name}`)
  const x = axisValue(svg, 'x')
  const y = axisValue(svg, 'y')
  return pathPoints(attribute(found.tag, 'd') ?? '').map(([px, py]) => ({
    time: x(px),
    value: y(py),
  }))
}

describe('survival', () => {
  const { curves } = kaplanMeier({ time, event, group }, { limits: 'log-log' })
  const { p } = logRankTest({ time, event, group })
  const spec = survivalSpecOf(curves, {
    title: 'PFS',
    unit: 'week',
    perUnit: 7,
    ticks: [0, 12, 24, 36, 52],
    test: { name: 'log-rank', p },
    bands: true,
  })
  const drawn = drawFigure(spec)

  it('draws the estimates where the axes say', () => {
    for (const curve of curves) {
      const points = valuesOf(drawn.svg, curve.group)
      curve.time.forEach((day, at) => {
        const last = points.filter((point) => Math.abs(point.time - day / 7) < 0.02).at(-1)
        expect(last?.value).toBeCloseTo(100 * (curve.survival[at] as number), 1)
      })
    }
  })

  it('prints the p-value of the trial and the numbers at risk under their ticks', () => {
    expect(part(drawn.svg, 'notes')).toContain('log-rank p = 0.16')
    const x = axisValue(drawn.svg, 'x')
    const risk = [
      ...part(drawn.svg, 'risk-table').matchAll(/<text x="([\d.]+)"[^>]*>(\d+)<\/text>/g),
    ]
    expect(risk.map(([, , n]) => Number(n))).toEqual([28, 25, 23, 22, 20, 30, 29, 28, 26, 26])
    expect(risk.slice(0, 5).map(([, place]) => Math.round(x(Number(place))))).toEqual([
      0, 12, 24, 36, 52,
    ])
  })

  it('draws the limits as a band and marks the censored', () => {
    const [curve] = curves
    const points = valuesOf(drawn.svg, curve?.group ?? '', 'band')
    for (const limit of [curve?.lower[0], curve?.upper[0]])
      expect(points.some((point) => Math.abs(point.value - 100 * (limit ?? -1)) < 0.1)).toBe(true)
    const ticks = tagged(drawn.svg, 'censored')
    expect(ticks.map((tick) => tick.value)).toEqual(['CsA', 'TAC'])
  })

  it('gives the same numbers as a table and in words', () => {
    const rows = drawn.table.rows.filter((row) => row[0] === 'TAC' && row[2] !== null)
    const tac = curves.find((curve) => curve.group === 'TAC')
    expect(rows.map((row) => row[2])).toEqual([...(tac?.survival ?? [])])
    expect(rows.map((row) => row[1])).toEqual([...(tac?.time ?? [])].map((day) => day / 7))
    expect(drawn.textAlternative).toBe(
      'Kaplan-Meier curves: PFS. CsA: n = 28, 8 events, median not reached; TAC: n = 30, 4 events, median not reached; log-rank p = 0.16.',
    )
  })

  it('draws median lines at the medians and landmarks at their times', () => {
    const { svg } = drawFigure(survivalOf(1, 20))
    const x = axisValue(svg, 'x')
    const [median] = tagged(svg, 'median')
    expect(x(pathPoints(attribute(median?.tag ?? '', 'd') ?? '')[0]?.[0] ?? 0)).toBeCloseTo(10, 1)
    const [, line] = /d="M([\d.]+),/.exec(part(svg, 'landmarks')) ?? []
    expect(x(Number(line))).toBeCloseTo(10, 1)
  })

  it('keeps what lies after the end of the axis out of sight', () => {
    const { svg } = drawFigure({
      ...spec,
      time: { unit: 'week', max: 24, ticks: [0, 12, 24, 36, 52] },
    } as FigureSpecInput)
    expect(svg).toContain('clip-path')
    expect(part(svg, 'axis-x')).not.toContain('>36<')
    expect(part(svg, 'risk-table')).not.toContain('>26<')
  })

  it('has no risk table for adjusted curves', () => {
    const { svg } = drawFigure({
      ...spec,
      groups: spec.groups.map(({ atRisk: _, ...one }) => one),
    })
    expect(part(svg, 'risk-table')).toBe('')
  })
})

describe('survival at the edges', () => {
  const alone = (steps: object[]): FigureSpecInput =>
    ({
      kind: 'survival',
      title: 'Edge',
      time: { unit: 'day' },
      groups: [{ key: 'a', label: 'A', n: steps.length, events: 0, steps }],
    }) as FigureSpecInput

  it.each([
    ['nobody', alone([])],
    ['no groups', { ...alone([]), groups: [] } as FigureSpecInput],
  ])('%s: a sentence in place of curves', (_, spec) => {
    for (const [language, words] of [
      ['en', 'No follow-up yet'],
      ['ja', '追跡データがありません'],
      ['zh', '尚无随访数据'],
    ] as const) {
      const { svg, textAlternative } = drawFigure(spec, { language })
      expect(textBoxes(svg).map((box) => box.text)).toContain(words)
      expect(textAlternative).toContain(words)
    }
  })

  it('one subject, all censored: a line along the top with one tick', () => {
    const { svg } = drawFigure(alone([{ time: 5, value: 1, censored: 1 }]))
    const points = valuesOf(svg, 'a')
    expect(points.every((point) => Math.abs(point.value - 100) < 0.2)).toBe(true)
    expect(tagged(svg, 'censored')).toHaveLength(1)
  })

  it('everybody at time 0', () => {
    const { svg } = drawFigure(alone([{ time: 0, value: 0, events: 3 }]))
    expect(xmlFault(svg)).toBeNull()
  })

  it('5,000 subjects and 12 groups stay readable and quick', () => {
    const started = performance.now()
    const { svg } = drawFigure(survivalOf(12, 5000))
    expect(performance.now() - started).toBeLessThan(8000)
    expect(textFaults(svg)).toEqual([])
    expect(svg).not.toMatch(/NaN/)
  })

  it('an empty group among others keeps its row of zeros', () => {
    const { svg } = drawFigure({
      kind: 'survival',
      title: 'Edge',
      time: { unit: 'day', ticks: [0, 5] },
      groups: [
        {
          key: 'a',
          label: 'A',
          n: 2,
          events: 1,
          atRisk: [2, 1],
          steps: [{ time: 3, value: 0.5, events: 1 }],
        },
        { key: 'b', label: 'B', n: 0, events: 0, atRisk: [0, 0], steps: [] },
      ],
    })
    expect(part(svg, 'risk-table').match(/>0</g)).toHaveLength(2)
    expect(tagged(svg, 'curve').map((one) => one.value)).toEqual(['a'])
  })
})

describe('cumulative incidence', () => {
  const state = event.map((one, at) => (one ? (at % 2 ? 'death' : 'relapse') : 'none'))
  const { curves } = cumulativeIncidence({ time, state, group }, { censoring: 'none' })
  const options = { title: 'CIF', unit: 'day' as const, ticks: [0, 91, 182, 364] }

  it('draws each cause of each group where the axes say', () => {
    const { svg, table } = drawFigure(incidenceSpecOf(curves, options))
    for (const curve of curves)
      curve.causes.forEach((cause, c) => {
        const points = valuesOf(svg, `${curve.group}/${cause}`)
        curve.time.forEach((day, at) => {
          const last = points.filter((point) => Math.abs(point.time - day) < 0.6).at(-1)
          expect(last?.value).toBeCloseTo(100 * (curve.incidence[c]?.[at] as number), 0)
        })
        const rows = table.rows.filter((row) => row[0] === curve.group && row[1] === cause)
        expect(rows.map((row) => row[3])).toEqual([...(curve.incidence[c] as Float64Array)])
      })
  })

  it('stacks the causes to the probability of any event', () => {
    const { svg } = drawFigure(
      incidenceSpecOf(curves.slice(0, 1), { ...options, display: 'stacked' }),
    )
    const [curve] = curves
    const points = valuesOf(svg, `${curve?.group}/${curve?.causes.at(-1)}`)
    const highest = Math.max(...points.map((point) => point.value))
    expect(highest).toBeCloseTo(100 * (1 - (curve?.eventFree.at(-1) as number)), 0)
  })

  it('says that there is nothing yet', () => {
    for (const display of ['lines', 'stacked'] as const) {
      const spec = incidenceOf(1, display) as Extract<
        FigureSpecInput,
        { kind: 'cumulative-incidence' }
      >
      const none = { ...spec, groups: spec.groups.map((one) => ({ ...one, n: 0, curves: [] })) }
      expect(drawFigure(none).svg).toContain('No follow-up yet')
      expect(drawFigure({ ...spec, groups: [] }).svg).toContain('No follow-up yet')
    }
  })
})
