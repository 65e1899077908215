import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readHints } from '#bin/simulate/hints.ts'
import { runSimulation } from '#bin/simulate/run-simulation.ts'
import { summaryOf, summaryText } from '#bin/simulate/summary.ts'
import { unknownHints } from '#bin/simulate/unknown-hints.ts'
import { reportCsv } from '#domain/analysis/take-away.ts'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { findingText, hasErrors } from '#domain/definition/finding.ts'
import type { Say } from './say.ts'
import { loadStudy, readYamlFiles } from './study-files.ts'

const usage = [
  'casebook study simulate <folder> [--subjects 500] [--seed 7] [--out FOLDER] [--json]',
  '    sends simulated subjects through the study on a database of its own, and says what the checks, forms and reports made',
  '    of them; <folder>/demo/simulation.yaml tells which answers are common; --out keeps summary and reports as files',
  'Exit status: 0 done, 1 the definition has errors or simulation.yaml says what it does not have, 2 bad use.',
].join('\n')

/** No simulated date lies after this day, so that the same seed gives the same result on every day. */
const today = '2026-01-01'
const mostSubjects = 20_000

/** `casebook study simulate`: a dry run of a study before its first subject. */
export async function simulate(words: string[], say: Say): Promise<number> {
  const asked = readWords(words)
  if (!asked || !existsSync(asked.folder) || !statSync(asked.folder).isDirectory()) {
    if (asked) say.error(`There is no folder ${asked.folder}.`)
    say.error(usage)
    return 2
  }
  const { definition, findings } = loadStudy(asked.folder)
  if (!definition || hasErrors(findings)) {
    for (const finding of findings.filter(({ severity }) => severity === 'error'))
      say.error(findingText(finding))
    return 1
  }
  const hints = readHints(asked.folder)
  const unknown = unknownHints(definition, hints)
  if (unknown.length > 0) {
    say.error(`demo/simulation.yaml says what the study does not have: ${unknown.join('; ')}.`)
    return 1
  }
  const begun = Date.now()
  const run = await runSimulation(
    {
      study: { definition, compiled: compileStudy(definition) },
      files: ownFiles(asked.folder),
      hints,
      subjects: asked.subjects,
      seed: asked.seed,
      today,
    },
    progressBar(),
  )
  const summary = summaryOf(definition, run)
  if (asked.out) {
    mkdirSync(asked.out, { recursive: true })
    writeFileSync(join(asked.out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
    for (const { oid, result } of run.reports)
      if (result) writeFileSync(join(asked.out, `${oid}.csv`), reportCsv(result, 'en'))
  }
  say.out(asked.json ? JSON.stringify(summary, null, 2) : summaryText(summary))
  const seconds = ((Date.now() - begun) / 1000).toFixed(0)
  if (!asked.json) say.error(`Seed ${asked.seed}; ${seconds} s.`)
  return 0
}

/** Files with paths as publishing expects them. */
function ownFiles(folder: string) {
  return readYamlFiles(folder).map(({ path, text }) => ({
    path: relative(resolve(folder), resolve(path)).replaceAll('\\', '/') || basename(path),
    text,
  }))
}

/** On a terminal one line that fills up; elsewhere nothing, so that the output stays the same text. */
function progressBar(): (phase: string, done: number, of: number) => void {
  const { stderr } = process
  if (!stderr.isTTY) return () => undefined
  return (phase, done, of) => {
    const width = 30
    const filled = of === 0 ? width : Math.round((done / of) * width)
    const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`
    stderr.write(`\r\u001b[2K${phase.padEnd(16)} ${bar} ${done}/${of}${done >= of ? '\n' : ''}`)
  }
}

type Asked = {
  folder: string
  subjects: number
  seed: number
  out: string | undefined
  json: boolean
}

function readWords(words: string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        subjects: { type: 'string', default: '500' },
        seed: { type: 'string', default: '7' },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const [folder, ...rest] = positionals
    const subjects = Number(values.subjects)
    const seed = Number(values.seed)
    const isGood =
      Number.isInteger(subjects) &&
      subjects >= 1 &&
      subjects <= mostSubjects &&
      Number.isSafeInteger(seed) &&
      seed >= 0
    if (folder === undefined || rest.length > 0 || !isGood) return null
    return { folder, subjects, seed, out: values.out, json: values.json }
  } catch {
    return null
  }
}
