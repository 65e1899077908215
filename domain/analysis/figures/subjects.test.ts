import { describe, expect, it } from 'vitest'
import { drawFigure } from './draw-figure.ts'
import type { FigureSpecInput } from './figure-spec.ts'
import { forestOf, spaghettiOf, swimmerOf, waterfallOf } from './testing/extremes.ts'
import {
  attribute,
  axisValue,
  pathPoints,
  tagged,
  textBoxes,
  textFaults,
  xmlFault,
} from './testing/read-svg.ts'

type Of<K extends FigureSpecInput['kind']> = Extract<FigureSpecInput, { kind: K }>
const texts = (svg: string) => textBoxes(svg).map((box) => box.text)
const number = (tag: string, name: string) => Number(attribute(tag, name))

describe('forest', () => {
  const estimate = (
    label: string,
    value: number | null,
    lower: number | 'Infinity' | '-Infinity' | null,
    upper: typeof lower,
    weight?: number,
  ) => ({
    type: 'estimate' as const,
    label,
    cells: {},
    estimate: value,
    lower,
    upper,
    ...(weight ? { weight } : {}),
  })
  const spec = (rows: Of<'forest'>['rows'], more: Partial<Of<'forest'>> = {}): FigureSpecInput => ({
    kind: 'forest',
    title: 'F',
    effect: 'HR',
    rows,
    axis: { min: 0.1, max: 10, ticks: [0.1, 1, 10] },
    ...more,
  })

  it('puts each estimate at its place on the log axis, its area after its weight', () => {
    const { svg } = drawFigure(
      spec([estimate('a', 0.43, 0.13, 1.44, 4), estimate('b', 9.04, 1.18, 69.51, 1)]),
    )
    const x = axisValue(svg, 'x', true)
    const boxes = tagged(svg, 'estimate')
    const centre = (tag: string) => x(number(tag, 'x') + number(tag, 'width') / 2)
    expect(boxes.map((box) => centre(box.tag))).toEqual([
      expect.closeTo(0.43, 2),
      expect.closeTo(9.04, 1),
    ])
    expect(number(boxes[0]?.tag ?? '', 'width')).toBeGreaterThan(
      number(boxes[1]?.tag ?? '', 'width'),
    )
    const line = tagged(svg, 'no-effect')[0]
    expect(x(pathPoints(attribute(line?.tag ?? '', 'd') ?? '')[0]?.[0] ?? 0)).toBeCloseTo(1, 3)
    expect(texts(svg)).toContain('0.43 (0.13–1.44)')
  })

  it('points where a limit leaves the axis, also to infinity', () => {
    const { svg } = drawFigure(
      spec([estimate('a', 2, 0.01, 69.51), estimate('b', 2, 1, 'Infinity')]),
    )
    expect(tagged(svg, 'arrow').map((one) => one.value)).toEqual(['lower', 'upper', 'upper'])
    expect(texts(svg)).toContain('2.00 (1.00–∞)')
  })

  it('names what cannot be estimated and draws nothing there', () => {
    const { svg, table } = drawFigure(spec([estimate('a', null, null, null)]), { language: 'ja' })
    expect(tagged(svg, 'estimate')).toHaveLength(0)
    expect(texts(svg)).toContain('推定不能')
    expect(table.rows[0]?.[1]).toBeNull()
  })

  it('has linear axes with negative numbers', () => {
    const { svg } = drawFigure(
      spec([estimate('a', -0.3, -0.8, 0.2)], { scale: 'linear', axis: undefined }),
    )
    const x = axisValue(svg, 'x')
    const [box] = tagged(svg, 'estimate')
    expect(x(number(box?.tag ?? '', 'x') + 4)).toBeCloseTo(-0.3, 2)
    expect(texts(svg)).toContain('−0.30 (−0.80–0.20)')
  })

  it.each([
    ['nothing estimable', [estimate('a', null, null, null)]],
    ['all equal', [estimate('a', 1, 1, 1), estimate('b', 1, 1, 1)]],
    ['no rows', []],
    ['a limit of zero', [estimate('a', 0.5, 0, 2)]],
  ])('%s is drawn without a chosen axis', (_, rows) => {
    const { svg } = drawFigure(spec(rows, { axis: undefined }))
    expect(xmlFault(svg)).toBeNull()
    expect(svg).not.toContain('NaN')
    expect(textFaults(svg)).toEqual([])
  })

  it('keeps one endless interval from pressing the others together', () => {
    const x = axisValue(drawFigure(forestOf()).svg, 'x', true)
    expect(x(0)).toBeGreaterThan(1e-6)
  })
})

describe('waterfall', () => {
  const spec = (
    changes: (number | null)[],
    more: Partial<Of<'waterfall'>> = {},
  ): FigureSpecInput => ({
    kind: 'waterfall',
    title: 'W',
    value: { label: 'change' },
    groups: [{ key: 'a', label: 'A' }],
    subjects: changes.map((change, at) => ({ key: `s${at}`, group: 'a', change })),
    ...more,
  })

  it('sorts from rise to fall and draws each from zero', () => {
    const { svg, table } = drawFigure(spec([-30, 20, null, 5], { lines: [{ at: -30 }] }))
    const y = axisValue(svg, 'y')
    const bars = tagged(svg, 'bar')
    expect(bars.map((bar) => bar.value)).toEqual(['s1', 's3', 's0'])
    const ends = bars.map(({ tag }) => [
      y(number(tag, 'y')),
      y(number(tag, 'y') + number(tag, 'height')),
    ])
    expect(ends).toEqual([
      [expect.closeTo(20, 1), expect.closeTo(0, 1)],
      [expect.closeTo(5, 1), expect.closeTo(0, 1)],
      [expect.closeTo(0, 1), expect.closeTo(-30, 1)],
    ])
    expect(table.rows.map((row) => row[2])).toEqual([20, 5, -30, null])
    expect(texts(svg)).toContain('1 subject without a value')
    const [line] = tagged(svg, 'line')
    expect(y(pathPoints(attribute(line?.tag ?? '', 'd') ?? '')[0]?.[1] ?? 0)).toBeCloseTo(-30, 1)
  })

  it('says which bars are cut at the edge', () => {
    const { svg } = drawFigure(spec([500, 20, -10], { value: { label: 'change', max: 100 } }))
    expect(tagged(svg, 'cut').map((one) => one.value)).toEqual(['s0'])
    expect(texts(svg)).toContain('1 bar ends at the edge of the axis')
  })

  it.each([
    ['nobody', spec([])],
    ['all missing', spec([null, null])],
    ['one subject', spec([-3])],
    ['all zero', spec([0, 0, 0])],
    ['5,000 subjects', waterfallOf(5000)],
  ])('%s', (_, one) => {
    const { svg } = drawFigure(one)
    expect(svg).not.toContain('NaN')
    expect(textFaults(svg)).toEqual([])
  })
})

describe('spaghetti', () => {
  it('draws every subject and the mean of those with a value', () => {
    const { svg, table } = drawFigure({
      kind: 'spaghetti',
      title: 'S',
      x: { label: 'x', ticks: [0, 1, 2] },
      value: { label: 'y' },
      groups: [{ key: 'a', label: 'A' }],
      subjects: [
        {
          key: 's',
          group: 'a',
          points: [
            { x: 0, y: 10 },
            { x: 1, y: 20 },
            { x: 2, y: null },
          ],
        },
        {
          key: 't',
          group: 'a',
          points: [
            { x: 2, y: 40 },
            { x: 0, y: 30 },
          ],
        },
      ],
    })
    const [x, y] = [axisValue(svg, 'x'), axisValue(svg, 'y')]
    const points = (which: string, at: number) =>
      pathPoints(attribute(tagged(svg, which)[at]?.tag ?? '', 'd') ?? '').map(([px, py]) => [
        Math.round(x(px)) + 0,
        Math.round(y(py)) + 0,
      ])
    expect(points('subject', 1)).toEqual([
      [0, 30],
      [2, 40],
    ])
    expect(points('overlay', 0)).toEqual([
      [0, 20],
      [1, 20],
      [2, 40],
    ])
    expect(table.rows.slice(-3)).toEqual([
      ['mean', 'A', 0, 20],
      ['mean', 'A', 1, 20],
      ['mean', 'A', 2, 40],
    ])
  })

  it.each([
    ['nobody', spaghettiOf(0, 'linear')],
    ['one subject', spaghettiOf(1, 'log')],
    ['5,000 subjects', spaghettiOf(5000, 'log')],
  ])('%s', (_, spec) => {
    const { svg } = drawFigure(spec)
    expect(svg).not.toContain('NaN')
    expect(textFaults(svg)).toEqual([])
  })
})

describe('swimmer', () => {
  it('draws bars, states and marks along the time axis', () => {
    const { svg, table } = drawFigure(swimmerOf(4))
    const x = axisValue(svg, 'x')
    const bars = tagged(svg, 'bar')
    expect(bars.map((bar) => bar.value)).toEqual(['s2', 's0', 's3', 's1'])
    expect(bars.map(({ tag }) => x(number(tag, 'x') + number(tag, 'width')))).toEqual(
      [12, 10, 13, 11].map((end) => expect.closeTo(end, 1)),
    )
    expect(tagged(svg, 'ongoing').map((one) => one.value)).toEqual(['s0', 's3'])
    expect(tagged(svg, 'state')).toHaveLength(8)
    expect(table.rows[0]).toEqual([
      's2',
      'Group 1',
      0,
      12,
      null,
      'On treatment 0–5; Off treatment 5–12',
      'Death 8',
    ])
  })

  it.each([
    ['nobody', swimmerOf(0)],
    ['one subject', swimmerOf(1)],
    ['5,000 subjects', swimmerOf(5000)],
    [
      'nobody followed a day',
      {
        kind: 'swimmer',
        title: 'S',
        time: { unit: 'day' },
        subjects: [{ key: 'a', end: 0 }],
      } as FigureSpecInput,
    ],
  ])('%s', (_, spec) => {
    const { svg } = drawFigure(spec)
    expect(svg).not.toContain('NaN')
    expect(textFaults(svg)).toEqual([])
  })
})

describe('flow', () => {
  // The profile of the trial: 60 screened, 58 randomised, 30 and 28 allocated, 26 and 20 per protocol.
  const spec: FigureSpecInput = {
    kind: 'flow',
    title: 'Profile',
    root: {
      label: 'Screened',
      n: 60,
      excluded: [{ label: 'Not eligible', n: 2 }],
      next: [
        {
          label: 'Randomised',
          n: 58,
          next: [
            { label: 'TAC', n: 30, next: [{ label: 'Per protocol', n: 26 }] },
            {
              label: 'CSA',
              n: 28,
              excluded: [{ label: 'Progression', n: 8 }],
              next: [{ label: 'Per protocol', n: 20 }],
            },
          ],
        },
      ],
    },
  }

  it('has a box for every count, arms beside each other, exclusions at the side', () => {
    const { svg, table, textAlternative } = drawFigure(spec)
    const boxes = textBoxes(svg)
    const at = (text: string) =>
      boxes.find((box) => box.text === text) ?? { left: 0, top: 0, right: 0, bottom: 0 }
    for (const n of [60, 2, 58, 30, 28, 26, 20, 8])
      expect(boxes.map((box) => box.text)).toContain(`n = ${n}`)
    expect(at('TAC').top).toBe(at('CSA').top)
    expect(at('TAC').right).toBeLessThan(at('CSA').left)
    expect(at('Not eligible').left).toBeGreaterThan(at('Screened').left)
    expect(at('Not eligible').top).toBeGreaterThan(at('Screened').bottom)
    expect(at('Randomised').top).toBeGreaterThan(at('Not eligible').bottom)
    expect(table.rows).toContainEqual(['Progression', 'CSA', 8])
    expect(textAlternative).toContain('Randomised n = 58')
    expect(svg.match(/data-part="box"/g)).toHaveLength(8)
  })

  it('prints a count that is not known as nothing', () => {
    const { svg } = drawFigure({ kind: 'flow', title: 'P', root: { label: 'A', n: null } })
    expect(svg).not.toContain('n =')
  })
})
