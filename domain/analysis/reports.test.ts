import { describe, expect, it } from 'vitest'
import type { EndpointDef, ReportDef, TableRowDef } from '#domain/definition/definition.ts'
import type { Value } from '#domain/expression/types.ts'
import type { AnalysisSubject } from './analysis-subject.ts'
import { drawFigure } from './figures/draw-figure.ts'
import { reportFigureSpec } from './figures/spec-from-report.ts'
import { flowReport } from './flow-report.ts'
import type { ReportResult } from './report-result.ts'
import { followUp, survivalReport } from './survival-report.ts'
import { type Arm, tableReport } from './table-report.ts'
import { csvLine, reportCsv } from './take-away.ts'
import { visitMeansReport } from './visit-means-report.ts'

function subject(subjectKey: string, values: Readonly<Record<string, Value>>): AnalysisSubject {
  return { subjectKey, value: (expression) => values[expression] ?? null }
}

/** An arm in which `count` subjects answer yes to each named question and the others no. */
function armOf(key: string, n: number, counts: Readonly<Record<string, number>>): Arm {
  const subjects = Array.from({ length: n }, (_, index) =>
    subject(
      `${key}-${index + 1}`,
      Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, index < count])),
    ),
  )
  return { key, label: { en: key }, subjects }
}

const countRow = (value: string, test: TableRowDef['test'] = 'fisher'): TableRowDef => ({
  label: { en: value },
  value,
  statistic: 'count',
  test,
  indent: 0,
})
const table = (rows: TableRowDef[], percentDigits = 0) =>
  ({
    kind: 'table',
    oid: 'T',
    title: { en: 'T' },
    population: 'ITT',
    columns: 'arm',
    rows,
    percentDigits,
  }) as Extract<ReportDef, { kind: 'table' }>
const nothing = () => null

describe('tables', () => {
  // Counts and p-values of Fujisawa et al., Respirology 2021;26:370-7, Table 1 and 3.
  const arms = [
    armOf('TAC', 30, {
      female: 19,
      never: 24,
      acute: 16,
      dyspnoea: 24,
      crackles: 28,
      ars: 15,
      mda5: 8,
      infection: 7,
      renal: 4,
      hyperglycaemia: 4,
    }),
    armOf('CSA', 28, {
      female: 22,
      never: 24,
      acute: 20,
      dyspnoea: 21,
      crackles: 25,
      ars: 14,
      mda5: 10,
      infection: 3,
      renal: 7,
      hyperglycaemia: 0,
    }),
  ]
  it.each([
    ['female', '19 (63)', '22 (79)', 0.2549],
    ['never', '24 (80)', '24 (86)', 0.7316],
    ['acute', '16 (53)', '20 (71)', 0.1844],
    ['dyspnoea', '24 (80)', '21 (75)', 0.7569],
    ['crackles', '28 (93)', '25 (89)', 0.6651],
    ['ars', '15 (50)', '14 (50)', 1],
    ['mda5', '8 (27)', '10 (36)', 0.5729],
    ['infection', '7 (23)', '3 (11)', 0.3007],
    ['renal', '4 (13)', '7 (25)', 0.3248],
    ['hyperglycaemia', '4 (13)', '0 (0)', 0.1129],
  ])('%s: counts, percentages and Fisher as published', (name, tac, csa, p) => {
    const [line] = tableReport(table([countRow(name)]), arms, nothing).lines
    expect(line?.cells.map((cell) => cell.text)).toEqual([tac, csa])
    expect(line?.test?.p).toBeCloseTo(p, 4)
  })

  it('traces a number to the subjects it counts', () => {
    const [line] = tableReport(table([countRow('renal')], 1), arms, nothing).lines
    expect(line?.cells[0]).toMatchObject({
      text: '4 (13.3)',
      subjects: ['TAC-1', 'TAC-2', 'TAC-3', 'TAC-4'],
      n: 30,
      missing: 0,
    })
  })

  it('leaves missing values out of the denominator and says how many', () => {
    const arm: Arm = {
      key: 'A',
      label: { en: 'A' },
      subjects: [subject('1', { x: true }), subject('2', { x: false }), subject('3', {})],
    }
    const [line] = tableReport(table([countRow('x', 'none')]), [arm], nothing).lines
    expect(line?.cells[0]).toMatchObject({ text: '1 (50)', n: 2, missing: 1 })
  })

  it('counts codes with one chi-square over all of them', () => {
    const list = {
      oid: 'CL_IIM',
      codes: ['PM', 'DM', 'CADM'].map((code) => ({ code, label: { en: code } })),
    }
    const ofType = (key: string, counts: readonly number[]): Arm => ({
      key,
      label: { en: key },
      subjects: counts.flatMap((count, at) =>
        Array.from({ length: count }, (_, index) =>
          subject(`${key}${at}${index}`, { IIM: list.codes[at]?.code ?? null }),
        ),
      ),
    })
    const row: TableRowDef = {
      label: { en: 'IIM' },
      value: 'IIM',
      statistic: 'count-per-code',
      test: 'chi-square',
      indent: 0,
    }
    const body = tableReport(
      table([row]),
      [ofType('TAC', [6, 10, 14]), ofType('CSA', [4, 13, 11])],
      () => list,
    )
    expect(body.lines.map((line) => line.cells.map((cell) => cell.text))).toEqual([
      [],
      ['6 (20)', '4 (14)'],
      ['10 (33)', '13 (46)'],
      ['14 (47)', '11 (39)'],
    ])
    expect(body.lines[0]?.test?.p).toBeCloseTo(0.5817, 4)
  })

  it('puts a sentence where a test cannot be done', () => {
    const none: Arm = { key: 'B', label: { en: 'B' }, subjects: [] }
    const row: TableRowDef = {
      label: { en: 'age' },
      value: 'age',
      statistic: 'mean-sd',
      test: 't-test',
      indent: 0,
    }
    const [line] = tableReport(table([row]), [armOf('A', 0, {}), none], nothing).lines
    expect(line?.cells.map((cell) => cell.text)).toEqual(['–', '–'])
    expect(line?.test).toMatchObject({ p: null, text: '–' })
    expect(line?.test?.note?.en).not.toBe('')
  })
})

describe('survival', () => {
  const endpoint: EndpointDef = {
    oid: 'PFS',
    label: { en: 'PFS' },
    kind: 'time-to-event',
    population: 'ITT',
    timeZero: 'zero',
    event: 'event',
    censor: 'censor',
    horizon: 364,
  }
  const report: Extract<ReportDef, { kind: 'survival' }> = {
    kind: 'survival',
    oid: 'R3',
    title: { en: 'PFS' },
    endpoint: 'PFS',
    by: 'arm',
    unit: 'week',
    ticks: [0, 12, 24, 36, 52],
    test: 'log-rank',
    threshold: 0.2,
  }
  const day = (offset: number) => new Date(Date.UTC(2016, 0, 1 + offset)).toISOString().slice(0, 10)
  const followed = (key: string, n: number, eventWeeks: readonly number[]): Arm => ({
    key,
    label: { en: key },
    subjects: Array.from({ length: n }, (_, index) => {
      const week = eventWeeks[index]
      return subject(`${key}-${index}`, {
        zero: day(0),
        event: week === undefined ? null : day(week * 7),
        censor: day(370),
      })
    }),
  })

  it('gives the witness set its published rates and p-values', () => {
    // Event weeks of the trial's witness set: 4 of 30 and 8 of 28 events, log-rank p = 0.159.
    const body = survivalReport(report, endpoint, [
      followed('TAC', 30, [12, 14, 16, 20]),
      followed('CSA', 28, [3, 10, 10, 12, 20, 32, 36, 36]),
    ])
    const [whole] = body.parts
    expect(whole?.groups.map((group) => group.atHorizon?.text)).toEqual(['87 %', '71 %'])
    expect(whole?.groups.map((group) => group.atRisk)).toEqual([
      [30, 30, 26, 26, 26],
      [28, 25, 23, 22, 20],
    ])
    expect(whole?.test?.p).toBeCloseTo(0.159, 3)
    const deaths = survivalReport(report, endpoint, [
      followed('TAC', 30, [20]),
      followed('CSA', 28, [8, 16]),
    ])
    expect(deaths.parts[0]?.test?.p).toBeCloseTo(0.503, 3)
  })

  it('censors at the horizon: a later event does not count', () => {
    const late = subject('1', { zero: day(0), event: day(400), censor: day(400) })
    expect(followUp(late, endpoint, 'A')).toMatchObject({ time: 364, event: false })
    expect(
      followUp(subject('2', { zero: day(0), event: day(364), censor: day(400) }), endpoint, 'A'),
    ).toMatchObject({ time: 364, event: true })
    expect(
      followUp(subject('3', { zero: null, event: day(2), censor: day(3) }), endpoint, 'A'),
    ).toBeNull()
    expect(
      followUp(subject('4', { zero: day(5), event: day(2), censor: day(3) }), endpoint, 'A'),
    ).toBeNull()
  })

  it('draws every curve, escapes labels and says the numbers in words', () => {
    const arms = [followed('A<b>&', 4, [3]), followed('CSA', 4, [])]
    const body = survivalReport(report, endpoint, arms)
    const spec = reportFigureSpec(body, { en: 'PFS' })
    if (!spec) throw new Error('no figure')
    const { svg } = drawFigure(spec)
    expect(svg).toContain('A&lt;b&gt;&amp;')
    expect(svg).not.toContain('<b>')
    expect(svg).toContain('A&lt;b&gt;&amp;: n = 4, 1 event, 75 %')
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('survives an arm without anybody', () => {
    const body = survivalReport(report, endpoint, [followed('TAC', 3, [2]), followed('CSA', 0, [])])
    expect(body.parts[0]?.groups[1]).toMatchObject({ n: 0, events: 0, atHorizon: null })
    expect(body.parts[0]?.test).toBeNull()
    const spec = reportFigureSpec(body, { en: 'PFS' })
    if (!spec) throw new Error('no figure')
    const { svg } = drawFigure(spec, { language: 'ja' })
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('hands out subject-level data and an R script that names the same p-value', () => {
    const body = survivalReport(report, endpoint, [followed('TAC', 2, [2]), followed('CSA', 2, [])])
    const result: ReportResult = {
      oid: 'R3',
      title: { en: 'PFS' },
      footnote: null,
      population: null,
      dataAsOf: '2026-01-01T00:00:00Z',
      studyVersion: { number: 1, label: '1.0', hash: 'abc' },
      engineVersion: '1',
      parameters: {},
      arms: 'shown',
      body,
      problem: null,
    }
    expect(reportCsv(result, 'en').split('\r\n').slice(0, 3)).toEqual([
      'subject,group,time_days,event',
      'TAC-0,TAC,14,1',
      'TAC-1,TAC,364,0',
    ])
  })
})

it('counts a flow in all and by arm; undecided is not counted', () => {
  const arms = [armOf('TAC', 3, { itt: 2 }), armOf('CSA', 2, { itt: 1 })]
  const all = [...arms.flatMap((arm) => arm.subjects), subject('x', {})]
  const body = flowReport(
    {
      kind: 'flow',
      oid: 'F',
      title: { en: 'F' },
      steps: [{ label: { en: 'Randomised' }, rule: 'itt', byArm: true, exclusion: false }],
    },
    all,
    arms,
    { populations: [] },
  )
  expect(body.steps[0]).toMatchObject({
    total: { text: '3' },
    byArm: [
      { key: 'TAC', cell: { text: '2' } },
      { key: 'CSA', cell: { text: '1' } },
    ],
  })
})

it('compares each visit with baseline on subjects that have both', () => {
  const arm: Arm = {
    key: 'TAC',
    label: { en: 'TAC' },
    subjects: Array.from({ length: 8 }, (_, index) =>
      subject(String(index), {
        'at(SCR, X)': 60 + index,
        'at(W4, X)': index === 7 ? null : 66 + 2 * index,
      }),
    ),
  }
  const body = visitMeansReport(
    {
      kind: 'visit-means',
      oid: 'V',
      title: { en: 'V' },
      population: 'PP',
      item: 'X',
      visits: ['SCR', 'W4'],
      baseline: 'SCR',
      level: 0.01,
    },
    [arm],
    [],
  )
  const [baseline, week4] = body.groups[0]?.points ?? []
  expect(baseline).toMatchObject({ mean: 63.5, test: null, cell: { n: 8 } })
  expect(week4).toMatchObject({ mean: 72, cell: { n: 7, missing: 1 } })
  // Seven positive differences without ties: V = 28; normal approximation without correction.
  expect(week4?.test).toMatchObject({ statistic: 28 })
  expect(week4?.test?.p).toBeCloseTo(0.01796, 4)
})

it('writes CSV by RFC 4180, and nothing that a spreadsheet would run', () => {
  expect(csvLine(['a,b', 'c"d', 1, null, 'e\nf'])).toBe('"a,b","c""d",1,,"e\nf"')
  expect(csvLine(['=1+1', '-0.5', -0.5, '-0.5 (0.1)'])).toBe("'=1+1,-0.5,-0.5,'-0.5 (0.1)")
})
