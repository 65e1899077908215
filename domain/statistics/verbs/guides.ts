/* What each verb of the statistics command is: shapes, units, missing values, definition, the same call in R, an example. */
import { sampleGuides } from '#domain/statistics/verbs/sample-guides.ts'
import { survivalGuides } from '#domain/statistics/verbs/survival-guides.ts'
import { tableGuides } from '#domain/statistics/verbs/table-guides.ts'
import type { Verb, VerbGuide } from '#domain/statistics/verbs/verb.ts'

export const guides: Readonly<Record<string, VerbGuide>> = {
  ...survivalGuides,
  ...tableGuides,
  ...sampleGuides,
}

/** Text of `--help` of one verb. */
export function guideText(name: string, verb: Verb, guide: VerbGuide): string {
  const rows: [string, string][] = [
    ['input', guide.input],
    ['result', guide.result],
    ['missing', guide.missing],
    ['limits', guide.limits ?? ''],
    ['reference', guide.reference],
    ['in R', guide.r],
    ['proved by', guide.proof],
  ]
  return [
    `${name}: ${guide.title}`,
    '',
    `casebook statistics ${name} ${verb.usage} [--json | --table]`,
    '',
    ...rows.filter(([, text]) => text !== '').map(([label, text]) => `${label.padEnd(11)}${text}`),
    '',
    `example    casebook statistics ${name} ${guide.example}`,
  ].join('\n')
}

/** The table of procedures of docs/statistics.md; a test keeps the page the same as this. */
export function proceduresTable(verbs: Readonly<Record<string, Verb>>): string {
  const cellText = (text: string) => text.replaceAll('|', '\\|')
  const rows = Object.entries(verbs).map(([name, verb]) => {
    const guide = guides[name] as VerbGuide
    return `| \`${name}\` | ${guide.title} | \`${cellText(verb.usage)}\` | \`${cellText(guide.r)}\` | ${guide.missing} | ${cellText(guide.limits ?? '')} | ${guide.proof} |`
  })
  return [
    '| verb | procedure | options and defaults | the same in R | missing values | limits | proved by cases of |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
