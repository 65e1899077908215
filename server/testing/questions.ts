/**
 * Every question of the router with inputs that reach what a test made, so that tests can ask all of them and look for what must
 * never come back. A question that is not here fails those tests: whoever adds one adds its line.
 */

import { openLineIds } from '#domain/analysis/cut-views.ts'

type Input = Readonly<Record<string, unknown>>

/** What there is to ask about. */
export type Asked = {
  subjectIds: readonly string[]
  subjectKeys: readonly string[]
  /** Records with the paths whose history is asked for. */
  records: readonly { recordId: string; paths: readonly string[] }[]
  queryIds: readonly string[]
  /** Forms at visits, each asked for as a form to look at. */
  places: readonly { event: string; form: string }[]
  forms: readonly string[]
  reports: readonly string[]
  /** Numbers of data cuts. */
  cuts: readonly number[]
  /** A later version than the one of the subjects. */
  nextVersion: number
  /** A text that stands in values, to be searched for. */
  text: string
}

/** By name of the question, without the study. */
export function questionsAbout(asked: Asked): Readonly<Record<string, readonly Input[]>> {
  const { subjectIds, nextVersion, text } = asked
  const subjects = subjectIds.map((subjectId) => ({ subjectId }))
  const forms = asked.forms.map((form) => ({ form }))
  const reports = asked.reports.map((report) => ({ report }))
  const cuts = asked.cuts.map((number) => ({ number }))
  return {
    'session.current': [{}],
    'study.home': [{}],
    'study.definition': [{}, { asRead: true }],
    'study.versions': [{}],
    'study.blinding': [{}],
    'study.compare': [{ from: 1, to: nextVersion }],
    'site.list': [{}],
    'person.list': [{}],
    'subject.matrix': [{}, { filter: { columns: { ARM: 'A' } } }, { filter: { queries: true } }],
    'subject.find': [{ text: '01' }],
    'subject.casebook': [...subjects, ...subjects.map((one) => ({ ...one, asOf: soon }))],
    'subject.randomisation': subjects,
    'form.entry': asked.places.flatMap(({ event, form }) =>
      subjects.map((one) => ({ ...one, event, form, eventRepeat: 1, formRepeat: 1 })),
    ),
    'form.history': asked.records.flatMap(({ recordId, paths }) =>
      paths.map((path) => ({ recordId, path })),
    ),
    'form.readings': [{}],
    'form.readingEntry': asked.records.flatMap(({ recordId }) =>
      asked.forms.map((form) => ({ image: recordId, form })),
    ),
    'form.log': [...forms, ...forms.map((one) => ({ ...one, text }))],
    'query.inbox': [{}, { text }],
    'query.thread': asked.queryIds.map((queryId) => ({ queryId })),
    'safety.adverseEvents': [{}, { text }],
    'report.list': [{}],
    'report.run': reports,
    'study.parts': [{}],
    'dashboard.reach': [{}],
    'dashboard.recruitment': [{}],
    'dashboard.visits': [{}],
    'dashboard.completeness': [{}],
    'dashboard.queries': [{}],
    'dashboard.safety': [{}],
    'dashboard.survival': [{}],
    'endpoint.subject': subjects,
    'report.options': reports,
    'report.book': [{}],
    'report.paper': [{}],
    'report.paperKnown': [{}],
    'report.source': reports,
    'report.words': [{}],
    'report.trace': reports.flatMap(({ report }) =>
      asked.subjectKeys.flatMap((subjectKey) =>
        ['ALL', 'A', 'Q', 'PM', '0'].map((column) => ({
          report,
          subjectKey,
          place: { line: 0, column },
        })),
      ),
    ),
    'cut.list': [{}],
    'cut.facts': cuts,
    'cut.report': cuts.flatMap((cut) => reports.map((report) => ({ ...cut, ...report }))),
    'cut.book': cuts,
    'cut.checklist': [{}],
    'cut.findings': openLineIds.map((line) => ({ line, limit: 100 })),
    'cut.verify': cuts,
    'export.preview': forms,
    'export.history': [{}],
    'audit.trail': [{ limit: 100 }, ...subjects.map((one) => ({ ...one, limit: 100 }))],
    'allocation.lists': [{}],
    'amendment.impact': [{ version: nextVersion }],
    'amendment.subject': subjects.map((one) => ({ ...one, version: nextVersion })),
    'amendment.retired': subjects,
    'amendment.runs': [{}],
    'amendment.sites': [{}],
  }
}

/** A moment after everything that a test does. */
const soon = new Date(Date.now() + 60_000).toISOString()
