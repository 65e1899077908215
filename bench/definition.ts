/** Checking a large definition, and evaluating a whole casebook from scratch and after one change. See bench/README.md. */
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { CasebookEnvironment } from '#domain/casebook/environment.ts'
import { evaluateAffected, evaluateForm, evaluateRecord } from '#domain/casebook/evaluate.ts'
import { rulesOf } from '#domain/casebook/rules.ts'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import { checkStudy } from '#domain/definition/check-study.ts'
import { findingText } from '#domain/definition/finding.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import { fullCasebook } from './definition-casebook.ts'
import { definitionFiles, largeStudy } from './definition-files.ts'
import { quantile, surroundings } from './measure.ts'

const rounds = Number(process.env.ROUNDS || 20)

/** Milliseconds of each round, in order of size; the first is not counted. */
function timed(act: () => unknown, times = rounds): number[] {
  act()
  return Array.from({ length: times }, () => {
    const begun = performance.now()
    act()
    return performance.now() - begun
  }).sort((a, b) => a - b)
}

const cold = performance.now()
const files = definitionFiles(largeStudy)
const first = parseStudy(files)
if (!first.definition) throw new Error(first.findings.map(findingText).join('\n'))
const { definition } = first
checkStudy(definition)
const coldCheck = performance.now() - cold

const compiled = compileStudy(definition)
const rules = rulesOf(definition, compiled.index).filter(({ purpose }) =>
  ['derive', 'when', 'required', 'check'].includes(purpose),
)
const items = definition.forms.flatMap((form) => form.groups.flatMap((group) => group.items))
const casebook = fullCasebook(compiled)
const values = casebook.records.reduce((sum, { data }) => sum + Object.keys(data).length, 0)

const evaluateAll = (book: typeof casebook): number => {
  const environment = new CasebookEnvironment(compiled, book)
  return environment.records.filter((record) => evaluateRecord(environment, record)).length
}
const changedRecord = casebook.records.find(({ recordId }) => recordId === 'V6/F_030#1')
if (!changedRecord) throw new Error('The casebook has no V6/F_030.')
const after = {
  ...casebook,
  records: casebook.records.map((one) =>
    one === changedRecord ? { ...one, data: { ...one.data, I4: '123.0' } } : one,
  ),
}
const affected = () =>
  evaluateAffected(compiled, after, [{ key: changedRecord.key, paths: ['I4'] }]).evaluations
const asked = affected().length

const rows: [string, number[], string][] = [
  ['read and merge the files', timed(() => parseStudy(files), 5), ''],
  ['check (all findings)', timed(() => checkStudy(definition), 5), ''],
  ['compile', timed(() => compileStudy(definition), 5), ''],
  ['run all tests and the coverage', timed(() => runStudyTests(compiled), 3), ''],
  [
    'whole casebook, nothing parsed before',
    timed(() => evaluateAll(fullCasebook(compiled)), rounds),
    `${casebook.records.length} records`,
  ],
  [
    'whole casebook again',
    timed(() => evaluateAll(casebook)),
    `${casebook.records.length} records`,
  ],
  ['after one changed item', timed(affected), `${asked} records`],
  [
    'one form alone, as a screen does',
    timed(() => evaluateForm(compiled, after, changedRecord.key)),
    '1 record',
  ],
]
const median = (name: string): number =>
  quantile(rows.find(([row]) => row === name)?.[1] ?? [], 0.5)
process.stdout.write(
  `${definition.forms.length} forms, ${items.length} items, ${rules.length} rules, ${definition.events.length} events; ` +
    `casebook of ${casebook.records.length} records and ${values} values\n\n` +
    '| what | median ms | slowest ms | evaluated |\n|---|---|---|---|\n',
)
for (const [name, times, more] of rows) {
  const slowest = times.at(-1) ?? Number.NaN
  process.stdout.write(
    `| ${name} | ${quantile(times, 0.5).toFixed(2)} | ${slowest.toFixed(2)} | ${more} |\n`,
  )
}
const ratio = median('whole casebook, nothing parsed before') / median('after one changed item')
process.stdout.write(
  `\nfirst read, merge and check of the process: ${coldCheck.toFixed(0)} ms (goal: under 1000)\n` +
    `whole casebook from scratch to one change: ${ratio.toFixed(0)} to 1; ` +
    `records asked after the change: ${asked} of ${casebook.records.length}\n${surroundings()}\n`,
)
