import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseDocument } from 'yaml'
import { type CheckedCell, checkPaper } from '#domain/analysis/paper-check.ts'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { type Paper, paperSchema } from '#domain/definition/paper-schema.ts'
import { type Say, streams } from './say.ts'

const usage = [
  'casebook report check <study folder> [--failed] [--paper FILE] [--json]',
  '    computes every report of the demo cohort and compares each printed cell of the paper (demo/paper.yaml) with it:',
  '    OK equal, SLD within the stated tolerance, BAD the paper contradicts itself (ours, with the reason);',
  '    --failed: only the cells that fail; --paper: printed figures from another file',
  'casebook report script <study folder> --out DIR',
  '    writes an R script per report of the demo cohort with the data it computes from; Rscript run-all.R there runs all of them',
  'casebook report book <study folder> --out FILE.pdf|.docx [--language en|ja|zh]',
  '    writes all reports of the demo cohort as one document, with title page and contents',
  'Exit status: 0 every cell passed, 1 a cell failed, 2 bad use.',
].join('\n')

/** Where the printed figures of a study's paper stand. */
export function paperOf(folder: string): string {
  return join(folder, 'demo', 'paper.yaml')
}

/** The printed figures of a paper. Throws what is wrong with the file, with its place. */
export function readPaper(path: string): Paper {
  const document = parseDocument(readFileSync(path, 'utf8'))
  const [broken] = document.errors
  if (broken) throw new Error(`${path}: ${broken.message}`)
  const read = paperSchema.safeParse(document.toJS())
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new Error(`${path}: ${issue?.path.join('.')}: ${issue?.message}`)
}

/** `casebook report check`: the demo cohort's reports against the paper; `script`: as R scripts; `book`: as one document. */
export async function report(words: string[], say: Say = streams): Promise<number> {
  if (words[0] === 'script') return scripts(words, say)
  if (words[0] === 'book') return book(words, say)
  const asked = readWords(words)
  if (asked === null) {
    say.error(usage)
    return 2
  }
  const folder = resolve(asked.folder)
  const path = asked.paper ?? paperOf(folder)
  if (!existsSync(path)) {
    say.error(
      asked.paper
        ? `There is no file ${asked.paper}.`
        : `${asked.folder} has no demo/paper.yaml with the printed figures.`,
    )
    return 2
  }
  const { cohortReports, studiesWithCohort } = await import('./report-cohort.ts')
  const name = basename(folder)
  const own = resolve(import.meta.dirname, '..', '..', 'studies', name)
  if (!studiesWithCohort.includes(name) || own !== folder) {
    say.error(`${asked.folder} is no study with a demo cohort: ${studiesWithCohort.join(', ')}.`)
    return 2
  }
  let paper: Paper
  let results: readonly ReportResult[]
  try {
    paper = readPaper(path)
    results = cohortReports(name)
  } catch (error) {
    // A definition with errors says all its notes too; only the errors matter here.
    const lines = (error instanceof Error ? error.message : String(error)).split('\n')
    const errors = lines.filter((line) => !/: (?:note|warning): /.test(line))
    say.error(errors.join('\n'))
    return 2
  }
  const cells = checkPaper(paper, results)
  const failed = cells.filter((cell) => !cell.passed).length
  const passed = cells.length - failed
  if (asked.json) {
    const { notCompared = [] } = paper
    const plain = cells.map((cell) => ({ ...cell, reason: cell.reason.en }))
    const told = { study: name, paper: paper.paper, passed, failed, cells: plain, notCompared }
    say.out(JSON.stringify(told))
  } else {
    for (const cell of cells) if (!asked.failed || !cell.passed) say.out(lineOf(cell))
    for (const { what, why } of paper.notCompared ?? []) say.out(`not compared: ${what} (${why})`)
    say.out(`${passed} passed, ${failed} failed`)
  }
  return failed === 0 ? 0 : 1
}

/** `OK   Table 1 | Sex, female | TAC: 19 (63)`; a failed cell says so first. */
export function lineOf(cell: CheckedCell): string {
  const place = `${cell.what} | ${cell.row} | ${cell.column}`
  const verdict = cell.passed ? cell.class.padEnd(4) : `FAILED ${cell.class.padEnd(4)}`
  if (cell.passed && cell.class === 'OK') return `${verdict} ${place}: ${cell.printed}`
  const ours = cell.ours === '' ? '' : `, ours ${cell.ours}`
  return `${verdict} ${place}: printed ${cell.printed}${ours} (${cell.reason.en})`
}

async function scripts(words: string[], say: Say): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { out: { type: 'string' } },
    })
    const [, folder, more] = positionals
    if (folder !== undefined && more === undefined && values.out !== undefined) {
      const { reportScripts } = await import('./report-script.ts')
      return reportScripts(folder, values.out, say)
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  say.error(usage)
  return 2
}

async function book(words: string[], say: Say): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { out: { type: 'string' }, language: { type: 'string' } },
    })
    const [, folder, more] = positionals
    if (folder !== undefined && more === undefined && values.out !== undefined) {
      const { reportBook } = await import('./report-book.ts')
      return reportBook({ folder, out: values.out, language: values.language }, say)
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  say.error(usage)
  return 2
}

type Asked = { folder: string; json: boolean; failed: boolean; paper?: string }

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        failed: { type: 'boolean', default: false },
        paper: { type: 'string' },
      },
    })
    const [verb, folder, more] = positionals
    if (verb !== 'check' || folder === undefined || more !== undefined) return null
    const { json, failed, paper } = values
    return { folder, json, failed, ...(paper === undefined ? {} : { paper }) }
  } catch {
    return null
  }
}
