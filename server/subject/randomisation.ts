import { z } from 'zod'
import { nextSubjectState } from '#domain/casebook/subject-state.ts'
import type { RandomisationView } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { concealsArms } from '../blinding/sight.ts'
import { unblindingsOf } from '../blinding/unblinding-row.ts'
import { casebookOf, recordsOf, referencesFor, subjectRow } from '../casebook/load.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { allocationView, issuedTo, preconditionsOf, stratumOf } from './allocation-view.ts'
import { subjectHeader } from './header.ts'

export const subjectRandomisation = reading({
  name: 'subject.randomisation',
  permission: 'subject.read',
  input: z.strictObject({ studyId: id, subjectId: id }),
  run: async ({ tx, input, actor, now, study, may }): Promise<RandomisationView> => {
    const { studyId, subjectId } = input
    const subject = await subjectRow(tx, studyId, subjectId)
    if (!subject) throw new Problem('not-found')
    const published = await publishedStudy(tx, studyId, subject.versionNumber)
    const { allocation } = published.definition
    if (!allocation) throw new Problem('not-found')
    const records = await recordsOf(tx, studyId, subjectId)
    const references = await referencesFor(tx, studyId, subject.siteId)
    const casebook = casebookOf(subject, records, references, now)
    const preconditions = preconditionsOf(published, allocation, casebook)
    const stratum = stratumOf(published, allocation, casebook)
    const issued = await issuedTo(tx, studyId, subjectId)
    const unblindings = await unblindingsOf(tx, studyId, subjectId, actor.userId)
    const isConcealed = concealsArms(tx.leftOut)
    // Whoever lifted the blinding of this subject in an emergency has seen the arm and finds it here again.
    const known = unblindings.some(({ mine }) => mine)
    const allocated = known ? await issuedTo(tx.knowing, studyId, subjectId) : issued
    const eventOf = (form: string) =>
      published.definition.events.find((event) => event.forms.some((entry) => entry.form === form))
        ?.oid ?? ''
    return {
      subject: subjectHeader(published, subject, now),
      preconditions: preconditions.map(({ id, label, form, met }) => ({
        id,
        label,
        met,
        form,
        event: eventOf(form),
        detail: null,
      })),
      stratum,
      allocation: allocated
        ? allocationView(
            allocation,
            allocated,
            known || (!isConcealed && may('arm.read', subject.siteId)),
          )
        : null,
      unblindings,
      abilities: {
        randomise:
          issued === null &&
          stratum !== null &&
          study.state === 'open' &&
          subject.siteOpen &&
          preconditions.every(({ met }) => met === true) &&
          !(nextSubjectState(subject.state, 'randomise') instanceof Problem) &&
          may('subject.randomise', subject.siteId),
        unblind:
          issued !== null &&
          isConcealed &&
          !known &&
          study.state !== 'draft' &&
          may('subject.unblind', subject.siteId),
      },
    }
  },
})
