/** The papers against the reports of the demo cohorts, cell by cell, and what the command says of it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkPaper } from '#domain/analysis/paper-check.ts'
import { lineOf, paperOf, readPaper, report } from './report.ts'
import { cohortReports, studiesWithCohort } from './report-cohort.ts'

const studies = join(import.meta.dirname, '..', '..', 'studies')
const withPaper = studiesWithCohort.filter((name) => existsSync(paperOf(join(studies, name))))

function listener() {
  const said = { out: [] as string[], error: [] as string[] }
  const say = {
    out: (text: string) => void said.out.push(text),
    error: (text: string) => void said.error.push(text),
  }
  return { said, say }
}

it('five studies have a paper', () => {
  expect([...withPaper].sort()).toEqual(
    ['mda5-tof-tac', 'tac-csa-rct', 'tac-pirfenidone', 'tac-pms', 'us-ma-ild'].sort(),
  )
})

const computed = new Map<string, ReturnType<typeof cohortReports>>()
function reportsOf(name: string) {
  const known = computed.get(name) ?? cohortReports(name)
  computed.set(name, known)
  return known
}

/**
 * Sizes of the analysis populations as the publications give them, and how many each reason took. A dash at the start marks a
 * reason. What is in no publication (screening of the charts) is said in the line above it.
 */
const sizes: Readonly<Record<string, { report: string; source: string; rows: readonly string[] }>> =
  {
    'tac-csa-rct': {
      report: 'R1_POP',
      source: 'Fujisawa 2021, figure 1 and tables 1 to 3',
      rows: [
        'Screened 60 30 28',
        'Screen failure 2 0 0',
        'Intention to treat (randomised) 58 30 28',
        '- Not eligible 2 0 0',
        '- Not randomised 0 0 0',
        'Safety (randomised, at least one dose) 58 30 28',
        '- No dose of the study drug 0 0 0',
        'Per protocol (PFT) 46 26 20',
        '- Disease progression or death 12 4 8',
        '- 52 weeks not completed 0 0 0',
        '- %FVC missing at baseline or week 52 0 0 0',
        '- Major protocol deviation 0 0 0',
        'Anti-ARS positive 29 15 14',
        'Anti-MDA5 positive 18 8 10',
      ],
    },
    'us-ma-ild': {
      report: 'R1_POP',
      // 67 less 54 and 23 less 18 are printed, the reasons of those 13 and 5 are the cohort's own.
      source: 'Sharma 2017, figure 1',
      rows: [
        'Identified 67',
        'Not included 13',
        'Included (analysis 1) 54',
        '- Overlap myositis 4',
        '- Inclusion body myositis 1',
        '- Cancer with chemotherapy before treatment 1',
        '- Not definite or probable PM, DM or CADM 3',
        '- No conventional treatment 4',
        '- Another criterion not met 0',
        '- Eligibility not decided 0',
        'Conventional responders 31',
        'Conventional failures 23',
        'Tacrolimus set (analysis 2) 18',
        '- No tacrolimus 3',
        '- Data not sufficient 2',
        'Tacrolimus responders 13',
        'Tacrolimus non-responders 5',
      ],
    },
    'tac-pms': {
      report: 'R0_POP',
      source: 'Kuwana 2022, results and tables 1 and 4',
      rows: [
        'Registered 179',
        'CRF retrieved 171',
        '- CRF not retrieved 8',
        'Safety 170',
        '- No dose of tacrolimus recorded 1',
        '- Safety not evaluable 0',
        '- Safety evaluability not decided 0',
        'Clinical outcome 169',
        '- Outcome not evaluable 1',
        '- Outcome evaluability not decided 0',
        'Safety, PM 46',
        'Safety, CADM 61',
        'Safety, classic DM 63',
        'Clinical outcome, PM 46',
        'Clinical outcome, CADM 61',
        'Clinical outcome, classic DM 62',
        'Safety, oral corticosteroid at drug start 168',
        'Safety, tacrolimus stopped 49',
      ],
    },
    'tac-pirfenidone': {
      report: 'R8_POP',
      // The three subsets with one other drug overlap in the tacrolimus group of 93; their sizes are the cohort's own.
      source: 'Chen 2022, supplementary figures 1 and 3, table 2 and figure 4',
      rows: [
        'Charts, retrospective 252',
        'Retrospective comparison 250',
        '- Tacrolimus and other immunosuppressants 1',
        '- No immunosuppressant 0',
        '- Not eligible 1',
        '- In none of the two groups 0',
        'Tacrolimus and azathioprine 115',
        'Tacrolimus and methotrexate 133',
        'Tacrolimus and cyclophosphamide 163',
        'Screened, prospective 42',
        'Enrolled, prospective 41',
        '- Not eligible 1',
        '- Treatment not started 0',
        'Analysed, prospective 34',
        '- Lost to follow-up 2',
        '- Intervention stopped early 2',
        '- Other 3',
        'CT analysed: baseline and final scan 26',
        '- Died before the final scan 8',
        '- No baseline scan 0',
        '- No final scan 0',
        'Lung function at baseline 23',
        '- No lung function at baseline 11',
      ],
    },
    'mda5-tof-tac': {
      report: 'R0_POP',
      source: 'Fan 2022, tables 1 and 2',
      rows: [
        'Abstracted 61 26 35',
        'Not eligible 0 0 0',
        'Analysed 61 26 35',
        '- Anti-MDA5 negative 0 0 0',
        '- No definite or probable IIM 0 0 0',
        '- No ILD 0 0 0',
        '- ILD diagnosed outside 6 months before treatment 0 0 0',
        '- No glucocorticoid with tofacitinib or tacrolimus 0 0 0',
        '- Combination for less than 6 months 0 0 0',
        '- Tofacitinib later than 1 month 0 0 0',
        '- Seen outside the period 0 0 0',
        '- Both drugs at the same time 0 0 0',
        '- Eligibility not decided 0 0 0',
        '- In none of the two groups 0 0 0',
        'RP-ILD 35 13 22',
        'Tofacitinib 26 26 0',
        'Tacrolimus 35 0 35',
      ],
    },
  }

describe('populations', () => {
  it.each(Object.entries(sizes))(
    '%s: sizes and reasons',
    (name, { report: oid, rows }) => {
      const body = reportsOf(name).find((one) => one.oid === oid)?.body
      if (body?.kind !== 'table') throw new Error(`${name} has no ${oid}`)
      const told = body.lines
        .filter(({ label }) => label.en !== 'Not of this subset')
        .map(({ indent, label, cells }) =>
          [indent > 0 ? '-' : '', label.en, ...cells.map(({ text }) => text)].join(' ').trim(),
        )
      expect(told).toEqual(rows)
    },
    120_000,
  )

  it('every reason is traced to the subjects it took, and nobody is taken twice', () => {
    for (const [name, { report: oid }] of Object.entries(sizes)) {
      const body = reportsOf(name).find((one) => one.oid === oid)?.body
      if (body?.kind !== 'table') throw new Error(`${name} has no ${oid}`)
      let taken = new Set<string>()
      for (const { indent, cells } of body.lines) {
        const { text, subjects } = cells[0] ?? { text: '', subjects: [] }
        expect(subjects.length).toBe(Number(text))
        if (indent === 0) taken = new Set(subjects)
        else
          for (const subject of subjects)
            expect(taken.has(subject), `${name} ${subject}`).toBe(false)
        for (const subject of subjects) taken.add(subject)
      }
    }
  }, 120_000)
})

describe('every printed cell', () => {
  it.each(withPaper)(
    '%s',
    (name) => {
      const paper = readPaper(paperOf(join(studies, name)))
      const results = reportsOf(name)
      const cells = checkPaper(paper, results)
      expect(cells.filter((cell) => !cell.passed).map(lineOf)).toEqual([])
      expect(cells.length).toBeGreaterThan(100)
      // Nothing may come out as NaN or Infinity, whether a paper prints it or not.
      expect(JSON.stringify(results)).not.toMatch(/NaN|Infinity/)
    },
    120_000,
  )
})

describe('casebook report check', () => {
  it('prints a line a cell and the count, exit status 0', async () => {
    const { said, say } = listener()
    expect(await report(['check', join(studies, 'tac-csa-rct')], say)).toBe(0)
    expect(said.out).toContain('OK   Table 1 | Sex, female | TAC: 19 (63)')
    expect(said.out).toContain(
      'BAD  Table 1 | Smoking, never | CSA: printed 24 (88), ours 24 (86) (24 of 28 are 85.7 %)',
    )
    expect(said.out.at(-1)).toMatch(/^\d+ passed, 0 failed$/)
  }, 60_000)

  it('as JSON', async () => {
    const { said, say } = listener()
    expect(await report(['check', join(studies, 'tac-csa-rct'), '--json'], say)).toBe(0)
    const answer = JSON.parse(said.out.join('')) as { failed: number; cells: { class: string }[] }
    expect(answer.failed).toBe(0)
    expect(new Set(answer.cells.map((cell) => cell.class))).toEqual(new Set(['OK', 'SLD', 'BAD']))
  }, 60_000)

  it('a changed figure fails: exit status 1, named with ours', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'casebook-paper-'))
    try {
      const path = join(folder, 'paper.yaml')
      const own = join(studies, 'us-ma-ild')
      const text = readFileSync(paperOf(own), 'utf8')
      expect(text).toContain("['Identified with MA-ILD', '67']")
      writeFileSync(
        path,
        text.replace("['Identified with MA-ILD', '67']", "['Identified with MA-ILD', '68']"),
      )
      const { said, say } = listener()
      expect(await report(['check', own, '--failed', '--paper', path], say)).toBe(1)
      expect(said.out[0]).toBe(
        'FAILED OK   Figure 1 | Identified with MA-ILD | n: printed 68, ours 67 (differs from the print)',
      )
      expect(said.out.at(-1)).toMatch(/^\d+ passed, 1 failed$/)
      writeFileSync(path, 'paper: P\nparts: [{ report: R1 }]\n')
      expect(await report(['check', own, '--paper', path], say)).toBe(2)
      expect(said.error.at(-1)).toContain('parts.0.')
      expect(await report(['check', own, '--paper', join(folder, 'none.yaml')], say)).toBe(2)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 60_000)

  it.each([
    [[], 'casebook report check'],
    [['check'], 'casebook report check'],
    [['check', 'studies/library'], 'no demo/paper.yaml'],
    [['check', 'studies/tac-pms', '--unknown'], 'casebook report check'],
  ])('%j is bad use', async (words, expected) => {
    const { said, say } = listener()
    expect(await report(words, say)).toBe(2)
    expect(said.error.join('\n')).toContain(expected)
  })
})
