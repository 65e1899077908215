import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { subjectReader } from '#domain/casebook/evaluate.ts'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { CasebookView } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { concealsArms } from '../blinding/sight.ts'
import { unblindingsOf } from '../blinding/unblinding-row.ts'
import { casebookAsOf } from '../casebook/as-of.ts'
import {
  casebookOf,
  recordsOf,
  referencesFor,
  type StoredRecord,
  type SubjectRow,
  subjectRow,
} from '../casebook/load.ts'
import { openQueries } from '../casebook/open-queries.ts'
import { visitsAnew } from '../casebook/subject-facts.ts'
import { timelineOf } from '../casebook/timeline.ts'
import { type CasebookFacts, logViews, visitViews } from '../casebook/visit-view.ts'
import { reading } from '../command.ts'
import { id, isoDateTime } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { issuedTo } from './allocation-view.ts'
import { subjectHeader } from './header.ts'

/** The casebook of a subject, now or as it was at a moment; the past can only be looked at. */
export const subjectCasebook = reading({
  name: 'subject.casebook',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, subjectId: id, asOf: isoDateTime.optional() }),
  run: async ({ tx, input, actor, now, study, may }): Promise<CasebookView> => {
    const { studyId, subjectId } = input
    const asOf = input.asOf ?? null
    const current = await subjectRow(tx, studyId, subjectId)
    if (!current) throw new Problem('not-found')
    const then = asOf === null ? null : await casebookAsOf(tx, studyId, current, asOf)
    if (asOf !== null && !then) throw new Problem('not-found')
    const facts = then
      ? await pastFacts(tx, studyId, then, asOf ?? now, actor.language)
      : await presentFacts(tx, studyId, current, now, actor.language)
    const site = current.siteId
    const unblindings = await unblindingsOf(tx, studyId, input.subjectId, actor.userId)
    const isLive = asOf === null
    const isOpen = isLive && study.state === 'open'
    const mayEnter = isOpen && may('casebook.enter', site)
    return {
      subject: subjectHeader(facts.study, facts.subject, asOf ?? now),
      unblindings: unblindings.filter(({ at }) => asOf === null || at <= asOf),
      visits: visitViews(facts),
      logs: logViews(facts),
      timeline: timelineOf(facts),
      asOf,
      recordedWithdrawal: facts.subject.recordedWithdrawal,
      abilities: {
        enter: mayEnter,
        withdraw: mayEnter && !(nextSubjectState(current.state, 'withdraw') instanceof Problem),
        correctWithdrawal: mayEnter && current.recordedWithdrawal !== null,
        randomise:
          isOpen &&
          facts.study.definition.allocation !== undefined &&
          !(nextSubjectState(current.state, 'randomise') instanceof Problem) &&
          may('subject.randomise', site),
        unblind:
          isLive &&
          concealsArms(tx.leftOut) &&
          study.state !== 'draft' &&
          !unblindings.some(({ mine }) => mine) &&
          may('subject.unblind', site) &&
          (await issuedTo(tx, studyId, input.subjectId)) !== null,
        raiseQuery: isLive && study.state === 'open' && may('query.raise', site),
        readAudit: may('audit.read', site),
        export: may('data.export', site),
      },
    }
  },
})

async function presentFacts(
  tx: Transaction,
  studyId: string,
  subject: SubjectRow,
  now: string,
  language: string,
): Promise<CasebookFacts> {
  const study = await publishedStudy(tx, studyId, subject.versionNumber)
  const records = await recordsOf(tx, studyId, subject.subjectId)
  const references = await referencesFor(tx, studyId, subject.siteId)
  const queries = await openQueries(tx, studyId, subject.subjectId)
  const casebook = casebookOf(subject, records, references, now)
  return { study, subject, casebook, records, queries, language }
}

/** The facts of the subject's row are not kept over time; they are worked out anew from the records of that moment. */
async function pastFacts(
  tx: Transaction,
  studyId: string,
  then: { subject: SubjectRow; records: StoredRecord[] },
  asOf: string,
  language: string,
): Promise<CasebookFacts> {
  const { records } = then
  const study = await publishedStudy(tx, studyId, then.subject.versionNumber)
  const references = await referencesFor(tx, studyId, then.subject.siteId)
  const queries = await openQueries(tx, studyId, then.subject.subjectId, asOf)
  const casebook = casebookOf(then.subject, records, references, asOf)
  const reader = subjectReader(study.compiled, casebook)
  const subject = {
    ...then.subject,
    visits: visitsAnew(study, casebook),
    columns: reader.columns(),
    anchor: reader.anchor(),
  }
  return { study, subject, casebook, records, queries, language }
}
