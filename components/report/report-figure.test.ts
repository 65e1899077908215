import { describe, expect, it } from 'vitest'
import type { SurvivalBody } from '#domain/analysis/report-result.ts'
import { reportFigure } from './report-figure.tsx'

const group = (key: string) => ({
  key,
  label: { en: key, ja: `${key}群` },
  n: 2,
  events: 1,
  subjects: [],
  eventSubjects: [],
  steps: [{ time: 14, survival: 0.5, lower: null, upper: null, atRisk: 2, events: 1, censored: 0 }],
  atHorizon: { survival: 0.5, lower: null, upper: null, text: '50 %' },
  median: { time: 14, lower: null, upper: null },
  atRisk: [2, 1],
})
const body = (groups: number): SurvivalBody => ({
  kind: 'survival',
  endpoint: { en: 'PFS', ja: '無増悪生存' },
  unit: 'week',
  daysPerUnit: 7,
  ticks: [0, 4],
  horizon: 28,
  threshold: null,
  parts: [
    {
      label: null,
      groups: Array.from({ length: groups }, (_, at) => group(`G${at}`)),
      test: null,
      excluded: 0,
    },
  ],
  data: [],
})

describe('the figure of a report', () => {
  it('follows the page on screen, and is fixed in the file that is taken away', () => {
    const screen = reportFigure(body(2), { en: 'R' }, { language: 'ja', theme: 'screen' })
    const file = reportFigure(body(2), { en: 'R' }, { language: 'ja' })
    if (typeof screen === 'string' || typeof file === 'string') throw new Error('no figure')
    expect(screen?.svg).toContain('currentColor')
    expect(screen?.svg).not.toContain('<rect width="760"')
    expect(file?.svg).toContain('fill="#ffffff"')
    expect(file?.svg).toContain('無増悪生存')
  })

  it('is drawn for many arms, and is a sentence where a value is no number', () => {
    const many = reportFigure(body(30), { en: 'R' }, { language: 'en' })
    if (many === null || typeof many === 'string') throw new Error('no figure')
    expect(many.svg).not.toContain('NaN')
    const broken = body(1)
    const [first] = broken.parts[0]?.groups ?? []
    const [step] = first?.steps ?? []
    if (step) Object.assign(step, { survival: Number.NaN })
    expect(reportFigure(broken, { en: 'R' }, {})).toMatch(/not a number/)
  })

  it('is nothing for a table', () => {
    expect(reportFigure({ kind: 'table', columns: [], lines: [] }, { en: 'T' }, {})).toBeNull()
  })
})
