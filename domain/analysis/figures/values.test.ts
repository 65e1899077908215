import { describe, expect, it } from 'vitest'
import { quantiles } from '#domain/statistics/descriptive.ts'
import { fiveNumbers } from './draw-box.ts'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { boxOf, visitMeansOf } from './testing/extremes.ts'
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

type Of<K extends FigureSpecInput['kind']> = Extract<FigureSpecInput, { kind: K }>
const texts = (svg: string) => textBoxes(svg).map((box) => box.text)
const number = (tag: string, name: string) => Number(attribute(tag, name))

describe('visit means', () => {
  // Table 3 of the surveillance: mean and SD of %FVC with the number of values.
  const published: [number, number, number][] = [
    [114, 78.0, 19.2],
    [52, 77.6, 21.2],
    [24, 81.3, 17.2],
    [36, 85.0, 15.9],
    [42, 88.8, 23.2],
    [18, 92.7, 17.2],
  ]
  const spec: Of<'visit-means'> = {
    kind: 'visit-means',
    title: 'FVC',
    value: { label: '%' },
    visits: [0, 1, 3, 6, 12, 24].map((month) => ({
      key: `M${month}`,
      label: `M${month}`,
      position: month,
    })),
    groups: [
      {
        key: 'all',
        label: 'All',
        points: published.map(([n, mean, spread]) => ({ n, mean, spread })),
      },
    ],
    marks: [
      {
        symbol: '*',
        test: 'Wilcoxon signed-rank test',
        level: 0.01,
        cells: [
          { visit: 'M24', group: 'all', p: 0.0099 },
          { visit: 'M12', group: 'all', p: 0.01 },
          { visit: 'M6', group: 'all', p: null },
        ],
      },
    ],
  }

  it('draws means and bars where the axis says, visits at their distance', () => {
    const { svg } = drawFigure(spec)
    const y = axisValue(svg, 'y')
    const [line] = tagged(svg, 'means')
    const points = pathPoints(attribute(line?.tag ?? '', 'd') ?? '')
    expect(points.map(([, at]) => y(at))).toEqual(
      published.map(([, mean]) => expect.closeTo(mean, 1)),
    )
    const [first, , third, , , last] = points as [number, number][]
    expect(
      ((third?.[0] ?? 0) - (first?.[0] ?? 0)) / ((last?.[0] ?? 0) - (first?.[0] ?? 0)),
    ).toBeCloseTo(3 / 24, 3)
    const bars = [...part(svg, 'group').matchAll(/d="(M[^"]*V[^"]*)"/g)].map((match) =>
      pathPoints(match[1] as string),
    )
    expect(y(bars[0]?.[0]?.[1] ?? 0)).toBeCloseTo(78 - 19.2, 1)
    expect(y(bars[0]?.[1]?.[1] ?? 0)).toBeCloseTo(78 + 19.2, 1)
  })

  it('marks what is below the level, and only that, and names the test', () => {
    const { svg, table } = drawFigure(spec)
    expect(texts(svg).filter((text) => text === '*')).toHaveLength(1)
    expect(texts(svg)).toContain('* p < 0.01 (Wilcoxon signed-rank test)')
    expect(texts(svg)).toContain('Mean ± SD')
    expect(table.rows.map((row) => row.at(-1))).toEqual(['', '', '', '', '', '*'])
    expect(table.rows.map((row) => row.slice(2, 5))).toEqual(published)
  })

  it('draws intervals from their own ends', () => {
    const { svg } = drawFigure({
      ...spec,
      spread: 'interval',
      marks: [],
      groups: [
        {
          key: 'all',
          label: 'All',
          points: published.map(([n, mean]) => ({ n, mean, lower: mean - 1, upper: mean + 5 })),
        },
      ],
    })
    const y = axisValue(svg, 'y')
    const [bar] = [...part(svg, 'group').matchAll(/d="(M[^"]*V[^"]*)"/g)].map((match) =>
      pathPoints(match[1] as string),
    )
    expect(y(bar?.[1]?.[1] ?? 0)).toBeCloseTo(83, 1)
  })

  it('leaves out and counts what has no place on a log scale', () => {
    const { svg } = drawFigure({
      ...spec,
      value: { label: '%', scale: 'log' },
      marks: [],
      groups: [
        {
          key: 'a',
          label: 'A',
          points: published.map(([n], at) => ({ n, mean: at === 0 ? -1 : 10 ** at, spread: 5 })),
        },
      ],
    })
    expect(texts(svg).join(' ')).toContain(
      '1 value that is not positive is left out of the log scale',
    )
    expect(svg).not.toContain('NaN')
  })

  it.each([
    [
      'no values',
      {
        ...spec,
        marks: [],
        groups: [{ key: 'a', label: 'A', points: published.map(() => ({ n: 0, mean: null })) }],
      },
    ],
    ['no groups', { ...spec, marks: [], groups: [] }],
  ] as [string, FigureSpecInput][])('%s: a sentence', (_, empty) => {
    expect(texts(drawFigure(empty, { language: 'zh' }).svg)).toContain('尚无可绘制的数值')
  })

  it('equal values and one visit have an axis', () => {
    const { svg } = drawFigure({
      ...spec,
      marks: [],
      visits: [{ key: 'a', label: 'A' }],
      groups: [{ key: 'a', label: 'A', points: [{ n: 1, mean: 7, spread: null }] }],
    })
    expect(
      axisValue(
        svg,
        'y',
      )(Number.parseFloat(/translate\([\d.]+,([\d.]+)\)/.exec(part(svg, 'group'))?.[1] ?? '')),
    ).toBeCloseTo(7, 1)
  })

  it('gives each kind of mark its own row where there is no room over the bars', () => {
    expect(textFaults(drawFigure(visitMeansOf(12, 10)).svg)).toEqual([])
  })
})

describe('box', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30]

  it('has quartiles of type 7 and whiskers by the named rule', () => {
    const [q1, median, q3] = quantiles(values, [0.25, 0.5, 0.75])
    expect(fiveNumbers(values, 'tukey')).toEqual({
      n: 10,
      q1,
      median,
      q3,
      low: 1,
      high: 9,
      outliers: [30],
    })
    expect(fiveNumbers(values, 'min-max')).toMatchObject({ low: 1, high: 30, outliers: [] })
    expect(fiveNumbers([], 'tukey')).toBeNull()
    expect(fiveNumbers([4], 'tukey')).toMatchObject({
      low: 4,
      q1: 4,
      median: 4,
      q3: 4,
      high: 4,
      outliers: [],
    })
  })

  it('draws them where the axis says', () => {
    const { svg, table } = drawFigure({ ...(boxOf(1, 1, values) as Of<'box'>), points: 'outliers' })
    const y = axisValue(svg, 'y')
    const [box] = [...part(svg, 'box').matchAll(/<rect[^>]*>/g)].map((match) => match[0])
    const [top, height] = [number(box ?? '', 'y'), number(box ?? '', 'height')]
    expect([y(top + height), y(top)]).toEqual([expect.closeTo(3.25, 1), expect.closeTo(7.75, 1)])
    const [median] = tagged(svg, 'median')
    expect(y(pathPoints(attribute(median?.tag ?? '', 'd') ?? '')[0]?.[1] ?? 0)).toBeCloseTo(5.5, 1)
    const [points] = tagged(svg, 'points')
    expect(points?.value).toBe('1')
    expect(
      y(pathPoints(/d="([^"a]*)a/.exec(points?.tag ?? '')?.[1] ?? '')[0]?.[1] ?? 0),
    ).toBeCloseTo(30, 0)
    expect(table.rows[0]).toEqual(['Group 1', 'Visit 1', 10, 1, 3.25, 5.5, 7.75, 9, '30', '#'])
  })

  it('draws published quartiles without the values behind them', () => {
    const { svg, table } = drawFigure({
      ...(boxOf(1, 1, []) as Of<'box'>),
      value: { label: 'CK', scale: 'log' },
      boxes: [
        {
          visit: 'v0',
          group: 'g0',
          summary: { n: 12, min: null, q1: 66, median: 433, q3: 2267, max: null },
        },
      ],
    })
    expect(table.rows[0]?.slice(2, 8)).toEqual([12, null, 66, 433, 2267, null])
    const y = axisValue(svg, 'y', true)
    const [box] = [...part(svg, 'box').matchAll(/<rect[^>]*>/g)].map((match) => match[0])
    expect(y(number(box ?? '', 'y'))).toBeCloseTo(2267, -2)
  })

  it('spreads points the same way every time and keeps them in their column', () => {
    const spec = boxOf(
      2,
      2,
      Array.from({ length: 300 }, (_, at) => at % 17),
    )
    const once = drawFigure(spec).svg
    expect(drawFigure(spec).svg).toBe(once)
    expect(tagged(once, 'points').map((one) => one.value)).toEqual(['300', '300', '300', '300'])
  })

  it.each([
    ['no values', boxOf(2, 2, [])],
    ['one value', boxOf(2, 2, [5])],
    ['equal values', boxOf(12, 3, [5, 5, 5, 5])],
    ['negative on a log scale', boxOf(1, 1, [-5, 0, 3, 9], undefined, 'log')],
    ['only negative on a log scale', boxOf(1, 1, [-5, -1], undefined, 'log')],
    [
      '5,000 values',
      boxOf(
        2,
        2,
        Array.from({ length: 5000 }, (_, at) => Math.sin(at) * at),
      ),
    ],
    ['huge and tiny', boxOf(1, 1, [1e-9, 1e12, -1e15, 1e15])],
  ])('%s', (_, spec) => {
    const { svg } = drawFigure(spec)
    expect(svg).not.toContain('NaN')
    expect(xmlFault(svg)).toBeNull()
    expect(textFaults(svg)).toEqual([])
  })
})
