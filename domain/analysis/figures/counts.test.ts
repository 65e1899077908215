import { describe, expect, it } from 'vitest'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { parseFigureSpec } from './figure-spec.ts'

const numberOf = (text: string | undefined) => Number(text)

/** Left edge and width of a bar by its key. */
function box(svg: string, key: string): { x: number; width: number } {
  const [rect = ''] = svg.match(new RegExp(`<rect[^>]*data-bar="${key}"[^>]*>`)) ?? []
  return {
    x: numberOf(/ x="([-\d.]+)"/.exec(rect)?.[1]),
    width: numberOf(/ width="([-\d.]+)"/.exec(rect)?.[1]),
  }
}

const bars: FigureSpecInput = {
  kind: 'bars',
  title: 'Visits due',
  axis: 'Visits',
  mark: 'Planned',
  classes: [
    { key: 'late', label: 'Overdue' },
    { key: 'soon', label: 'This week' },
  ],
  rows: [
    { key: 'one', label: 'Site one', values: [10, 30], mark: 20 },
    { key: 'two', label: 'Site two', values: [5, 0] },
    { key: 'none', label: 'Site three', values: [0, 0] },
  ],
}

describe('bars', () => {
  it('are as long as their counts, one class behind the other', () => {
    const { svg } = drawFigure(bars)
    const first = box(svg, 'one late')
    const second = box(svg, 'one soon')
    expect(second.width).toBeCloseTo(3 * first.width, 1)
    expect(second.x).toBeCloseTo(first.x + first.width, 1)
    expect(box(svg, 'two late').width).toBeCloseTo(first.width / 2, 1)
    expect(svg).not.toContain('data-bar="two soon"')
    expect(svg).not.toContain('data-bar="none')
  })

  it('mark what is to be reached at its value', () => {
    const { svg } = drawFigure(bars)
    const at = numberOf(/<path d="M([\d.]+),[^"]*"[^>]*data-mark="one"/.exec(svg)?.[1])
    const { x, width } = box(svg, 'one late')
    expect(at).toBeCloseTo(x + 2 * width, 1)
    expect(svg).not.toContain('data-mark="two"')
  })

  it('of shares are all as long, and one without anything has none', () => {
    const { svg } = drawFigure({ ...bars, as: 'share' } as FigureSpecInput)
    const whole = box(svg, 'one late').width + box(svg, 'one soon').width
    expect(box(svg, 'two late').width).toBeCloseTo(whole, 1)
    expect(svg).not.toContain('data-bar="none')
  })

  it('are told apart by lightness alone, the class that matters most strongest', () => {
    const strengths = (spec: FigureSpecInput) =>
      ['late', 'soon'].map((key) => {
        const [rect = ''] =
          drawFigure(spec, { blackAndWhite: true }).svg.match(
            new RegExp(`<rect[^>]*data-bar="one ${key}"[^>]*>`),
          ) ?? []
        return numberOf(/fill-opacity="([\d.]+)"/.exec(rect)?.[1])
      })
    const [light = 1, strong = 0] = strengths(bars)
    expect(strong - light).toBeGreaterThan(0.3)
    const [first = 0, second = 1] = strengths({ ...bars, ramp: 'falling' } as FigureSpecInput)
    expect(first).toBeGreaterThan(second)
  })

  it('say their sums and have the counts in a table', () => {
    const { textAlternative, table } = drawFigure(bars)
    expect(textAlternative).toContain('Overdue 15; This week 30')
    expect(table.columns.map(({ key }) => key)).toEqual(['row', 'late', 'soon', 'total', 'mark'])
    expect(table.rows[0]).toEqual(['Site one', 10, 30, 40, 20])
  })
})

const trend: FigureSpecInput = {
  kind: 'trend',
  title: 'Recruitment',
  axis: 'Subjects',
  from: '2026-01-01',
  to: '2026-04-11',
  series: [
    {
      key: 'in',
      label: 'Entered',
      points: [
        { date: '2026-01-01', value: 2 },
        { date: '2026-02-20', value: 6 },
      ],
    },
  ],
  goal: { value: 12, label: 'Planned: 12' },
}

describe('counts over time', () => {
  it('rise on their days and go on level until today', () => {
    const { svg } = drawFigure(trend)
    const path = /<path d="([^"]+)"[^>]*data-line="in"/.exec(svg)?.[1] ?? ''
    const across = [...path.matchAll(/H([\d.]+)/g)].map((match) => numberOf(match[1]))
    const left = numberOf(/^M([\d.]+)/.exec(path)?.[1])
    const [, second = 0, end = 0] = across
    // 50 of 100 days.
    expect((second - left) / (end - left)).toBeCloseTo(0.5, 2)
    const up = [...path.matchAll(/V([\d.]+)/g)].map((match) => numberOf(match[1]))
    const base = numberOf(/^M[\d.]+,([\d.]+)/.exec(path)?.[1])
    expect((base - (up[1] ?? 0)) / (base - (up[0] ?? 0))).toBeCloseTo(3, 1)
    const goal = numberOf(/<path d="M[\d.]+,([\d.]+)H[^"]*"[^>]*data-goal="12"/.exec(svg)?.[1])
    expect((base - goal) / (base - (up[1] ?? 0))).toBeCloseTo(2, 1)
  })

  it('refuse what falls, and days out of order', () => {
    const wrong = (points: { date: string; value: number }[]) => () =>
      parseFigureSpec({ ...trend, series: [{ key: 'in', label: 'In', points }] })
    expect(
      wrong([
        { date: '2026-01-02', value: 3 },
        { date: '2026-01-03', value: 2 },
      ]),
    ).toThrow(/never fall/)
    expect(
      wrong([
        { date: '2026-01-03', value: 3 },
        { date: '2026-01-02', value: 4 },
      ]),
    ).toThrow(/ascend/)
  })

  it('without a point is a sentence', () => {
    const { svg } = drawFigure({
      ...trend,
      series: [{ key: 'in', label: 'In', points: [] }],
      goal: undefined,
    } as FigureSpecInput)
    expect(svg).toContain('No values to draw yet')
  })
})

describe('heat maps', () => {
  const heat: FigureSpecInput = {
    kind: 'heat',
    title: 'Complete',
    value: 'Complete',
    rows: [{ key: 'a', label: 'A' }],
    columns: ['x', 'y', 'z', 'w', 'v'].map((key) => ({ key, label: key })),
    cells: [
      [
        { share: 0, n: 4 },
        { share: 0.5, n: 4 },
        { share: 1, n: 4 },
        { share: null, n: 0 },
        { share: 0.996, n: 250 },
      ],
    ],
  }

  it('print the share in each cell, and nearly all is not all', () => {
    const { svg } = drawFigure(heat)
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1])
    expect(texts).toEqual(expect.arrayContaining(['0 %', '50 %', '100 %', '–', '99 %']))
    const tints = [...svg.matchAll(/fill-opacity="([\d.]+)"[^>]*data-cell/g)].map((match) =>
      numberOf(match[1]),
    )
    expect(tints).toEqual([0, 0.25, 0.5, 0, 0.5])
  })

  it('refuse lines that do not fit', () => {
    expect(() => parseFigureSpec({ ...heat, cells: [] })).toThrow(/one line a row/)
    expect(() => parseFigureSpec({ ...heat, cells: [[]] })).toThrow(/one cell a column/)
  })
})
