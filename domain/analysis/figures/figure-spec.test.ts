import { describe, expect, it } from 'vitest'
import { FigureProblem } from './figure-problem.ts'
import { figureKinds, parseFigureSpec } from './figure-spec.ts'
import { everyKind } from './testing/extremes.ts'

function problem(input: unknown): string {
  try {
    parseFigureSpec(input)
  } catch (error) {
    if (error instanceof FigureProblem) return `${error.code} ${error.message}`
    throw error
  }
  return 'none'
}

const survival = (more: object = {}) => ({
  kind: 'survival',
  title: 'S',
  time: { unit: 'day' },
  groups: [{ key: 'a', label: 'A', n: 2, events: 1, steps: [{ time: 1, value: 0.5 }], ...more }],
})

describe('specifications', () => {
  it('are plain data: they survive JSON', () => {
    for (const spec of everyKind()) {
      const parsed = parseFigureSpec(spec)
      expect(parseFigureSpec(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
    }
    expect(new Set(everyKind().map((spec) => spec.kind))).toEqual(new Set(figureKinds))
  })

  it.each([
    ['no object', 7, /bad-spec/],
    ['null', null, /bad-spec/],
    [
      'an unknown kind',
      { kind: 'pie', title: 'x' },
      /kind is one of survival, cumulative-incidence/,
    ],
    ['an unknown key', { ...survival(), colour: 'red' }, /colour/],
    ['no title', { ...survival(), title: '' }, /title/],
    ['NaN', survival({ n: Number.NaN }), /groups\[0\]\.n/],
    [
      'a curve that rises',
      survival({
        steps: [
          { time: 1, value: 0.5 },
          { time: 2, value: 0.6 },
        ],
      }),
      /groups\[0\]\.steps\[1\]\.value: a survival curve cannot rise/,
    ],
    [
      'times out of order',
      survival({
        steps: [
          { time: 2, value: 0.5 },
          { time: 1, value: 0.4 },
        ],
      }),
      /times must ascend/,
    ],
    [
      'a probability of 1.2',
      survival({ steps: [{ time: 1, value: 1.2 }] }),
      /groups\[0\]\.steps\[0\]\.value/,
    ],
    ['numbers at risk without ticks', survival({ atRisk: [2] }), /need the ticks/],
    [
      'a key twice',
      { ...survival(), groups: [...survival().groups, ...survival().groups] },
      /occurs twice/,
    ],
    [
      'a limit below the other',
      {
        kind: 'forest',
        title: 'F',
        effect: 'HR',
        rows: [{ type: 'estimate', label: 'a', estimate: 1, lower: 2, upper: 1 }],
      },
      /rows\[0\]\.upper: the upper limit is below/,
    ],
    [
      'a negative hazard ratio',
      {
        kind: 'forest',
        title: 'F',
        effect: 'HR',
        rows: [{ type: 'estimate', label: 'a', estimate: -1, lower: null, upper: null }],
      },
      /no place on a log scale/,
    ],
    [
      'a log axis from 0',
      {
        kind: 'box',
        title: 'B',
        value: { label: 'v', scale: 'log', min: 0 },
        visits: [{ key: 'v', label: 'v' }],
        groups: [{ key: 'g', label: 'g' }],
        boxes: [],
      },
      /positive ends/,
    ],
    [
      'a visit that is not there',
      {
        kind: 'box',
        title: 'B',
        value: { label: 'v' },
        visits: [{ key: 'v', label: 'v' }],
        groups: [{ key: 'g', label: 'g' }],
        boxes: [{ visit: 'w', group: 'g', values: [] }],
      },
      /there is no visit "w"/,
    ],
    [
      'quartiles in disorder',
      {
        kind: 'box',
        title: 'B',
        value: { label: 'v' },
        visits: [{ key: 'v', label: 'v' }],
        groups: [{ key: 'g', label: 'g' }],
        boxes: [{ visit: 'v', group: 'g', summary: { min: 1, q1: 3, median: 2, q3: 4, max: 5 } }],
      },
      /must ascend/,
    ],
    [
      'an end before the start',
      {
        kind: 'swimmer',
        title: 'S',
        time: { unit: 'day' },
        subjects: [{ key: 'a', start: 3, end: 1 }],
      },
      /ends before it starts/,
    ],
    [
      '25 groups',
      {
        ...survival(),
        groups: Array.from({ length: 25 }, (_, at) => ({ ...survival().groups[0], key: `g${at}` })),
      },
      /groups/,
    ],
    [
      'a number beyond any axis',
      {
        kind: 'waterfall',
        title: 'W',
        value: { label: 'v' },
        groups: [{ key: 'g', label: 'g' }],
        subjects: [{ key: 's', group: 'g', change: 1e308 }],
      },
      /subjects\[0\]\.change/,
    ],
  ])('%s is refused by name and place', (_, input, message) => {
    expect(problem(input)).toMatch(message)
  })

  it('is refused when boxes nest without end', () => {
    let node: object = { label: 'x', n: 1 }
    for (let depth = 0; depth < 20_000; depth++) node = { label: 'x', n: 1, next: [node] }
    expect(problem({ kind: 'flow', title: 'F', root: node })).toMatch(/bad-spec/)
  })
})
