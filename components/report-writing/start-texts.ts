import type { ReportVocabulary } from '#domain/definition/report-vocabulary.ts'

export type StartText = { kind: string; text: string }

/** Beginnings of a report of each kind, with names of the study where it has them. */
export function startTexts(words: ReportVocabulary | undefined): StartText[] {
  if (!words) return []
  const population = words.populations[0]?.name ?? 'POPULATION'
  const endpoint = words.endpoints[0]?.name
  const by = words.groupings[0]?.name ?? 'arm'
  const visits = words.events.map(({ name }) => name).filter((name) => name !== 'LOG')
  const number = words.items.find(({ detail }) => detail.startsWith('decimal'))?.name
  const listed = words.items[0]?.name
  const head = (kind: string, title: string) =>
    `kind: ${kind}\noid: X_${kind.toUpperCase().replaceAll('-', '_')}\ntitle: { en: ${title} }\n`
  const among = `population: ${population}\n`
  const texts: (StartText | null)[] = [
    {
      kind: 'table',
      text: `${head('table', 'New table')}${among}columns: ${by}\nrows:\n  - { label: { en: Subjects }, statistic: size }\n${number ? `  - { label: { en: Mean }, value: ${number}, statistic: mean-sd, digits: 1 }\n` : ''}`,
    },
    endpoint
      ? {
          kind: 'survival',
          text: `${head('survival', 'New curve')}endpoint: ${endpoint}\nby: ${by}\nunit: month\nticks: [0, 6, 12, 18, 24]\n`,
        }
      : null,
    number
      ? {
          kind: 'visit-means',
          text: `${head('visit-means', 'New course')}${among}item: ${number}\nvisits: [${visits.join(', ')}]\nlevel: 0.05\n`,
        }
      : null,
    number
      ? {
          kind: 'visit-values',
          text: `${head('visit-values', 'New distribution')}${among}item: ${number}\nvisits: [${visits.join(', ')}]\nfigure: box\n`,
        }
      : null,
    {
      kind: 'flow',
      text: `${head('flow', 'New profile')}steps:\n  - { label: { en: Entered }, rule: 'true' }\n`,
    },
    listed
      ? {
          kind: 'listing',
          text: `${head('listing', 'New listing')}${among}shows:\n  - { label: { en: First column }, value: ${listed} }\n`,
        }
      : null,
  ]
  return texts.filter((one) => one !== null)
}
