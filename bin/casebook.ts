import { StartError } from '#bin/start/start-error.ts'
import { EmbeddedServerError } from '#db/embedded/embedded-error.ts'

/** One noun of the command line: `run` gets the words behind it and gives the exit status. */
interface Noun {
  usage: readonly string[]
  run(words: string[]): Promise<number>
}

/** Loaded when asked for, so that a small command does not wait for the whole system. */
const nouns: Record<string, Noun> = {
  analysis: {
    usage: [
      'analysis sets <study folder> --out DIR [--format csv|json|ndjson]  analysis sets of the demo cohort',
    ],
    run: async (words) => (await import('#bin/commands/analysis.ts')).analysis(words),
  },
  audit: {
    usage: [
      'audit verify [--json]                 proves the audit trail of the database, names the first wrong row',
      'audit anchor [--json]                 seals all chains and prints the digests, to be kept outside',
    ],
    run: async (words) => (await import('#bin/commands/audit.ts')).audit(words),
  },
  cut: {
    usage: [
      'cut list [<study>] [--json]           the data cuts of a study, or of all',
      'cut verify [<study>] [--cut N] [...]  runs data cuts again: are they still the same, byte for byte?',
    ],
    run: async (words) => (await import('#bin/commands/cut.ts')).cut(words),
  },
  crf: {
    usage: [
      'crf print <folder> [--annotated] [...]  prints the case report form of a study as PDF',
    ],
    run: async (words) => (await import('#bin/commands/crf.ts')).crf(words),
  },
  figure: {
    usage: [
      'figure draw <spec.json> [--out f.svg] draws a figure from its specification as SVG',
      'figure <verb> --data file.csv [...]   draws Kaplan-Meier curves, forests, boxes ... from a CSV file',
    ],
    run: async (words) => (await import('#bin/commands/figure.ts')).figure(words),
  },
  library: {
    usage: [
      'library diff <old> <new> [...]        what a change of the shared library does to every study, in words',
    ],
    run: async (words) => (await import('#bin/commands/library.ts')).library(words),
  },
  report: {
    usage: [
      'report check <study folder> [--json]  the reports of the demo cohort against the printed paper, cell by cell',
      'report script <study folder> --out DIR  an R script per report that computes it again, with its data',
      'report book <study folder> --out FILE.pdf|.docx [--language ja]  all reports of the demo cohort as one document',
    ],
    run: async (words) => (await import('#bin/commands/report.ts')).report(words),
  },
  statistics: {
    usage: ['statistics <verb> [...]               runs one statistical method on a CSV file'],
    run: async (words) => (await import('#bin/commands/statistics.ts')).statistics(words),
  },
  study: {
    usage: [
      'study check <folder> [--json]         checks a study definition: findings with file and line',
      'study test <folder> [--json]          runs the tests beside checks and derivations, and their coverage',
      'study diff <folder|hash> <folder|hash>  what one definition changes of another, in words',
      'study simulate <folder> [...]         sends simulated subjects through a study: a dry run',
    ],
    run: async (words) => (await import('#bin/commands/study.ts')).study(words),
  },
}

/**
 * The command line over the same verbs as the screens: `casebook <noun> <verb>`. Sets the exit status:
 * 0 all is well, 1 a finding or a failure, 2 bad use.
 */
export async function casebook(words: string[]): Promise<void> {
  process.exitCode = await dispatch(words, nouns, {
    out: (text) => process.stdout.write(`${text}\n`),
    error: (text) => process.stderr.write(`${text}\n`),
  })
}

/** Finds the noun and runs it; separate from the process so that it can be tested. */
export async function dispatch(
  words: string[],
  table: Record<string, Noun>,
  say: { out(text: string): void; error(text: string): void },
): Promise<number> {
  const [name, ...rest] = words
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    say.out(helpText(table))
    return name === undefined ? 2 : 0
  }
  const noun = Object.hasOwn(table, name) ? table[name] : undefined
  if (!noun) {
    say.error(`Unknown command "${name}": known are ${Object.keys(table).join(', ')}.`)
    return 2
  }
  if (rest.length === 0 || rest[0] === '--help') {
    say.out(noun.usage.map((line) => `casebook ${line}`).join('\n'))
    return rest.length === 0 ? 2 : 0
  }
  try {
    return await noun.run(rest)
  } catch (error) {
    const isForPeople = error instanceof StartError || error instanceof EmbeddedServerError
    say.error(
      isForPeople ? error.message : error instanceof Error ? String(error.stack) : String(error),
    )
    return 1
  }
}

function helpText(table: Record<string, Noun>): string {
  return [
    'casebook <noun> <verb>',
    '',
    ...Object.values(table).flatMap((noun) => noun.usage.map((line) => `  ${line}`)),
    '',
    'Exit status: 0 all is well, 1 a finding, 2 bad use.',
  ].join('\n')
}
