import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { evaluateAffected, evaluateForm } from '#domain/casebook/evaluate.ts'
import { Problem } from '#domain/problem.ts'
import { sameKey } from '../casebook/consequences.ts'
import { casebookOf, type StoredRecord } from '../casebook/load.ts'
import { loadForSave } from '../casebook/load-for-save.ts'
import { writeRecord } from '../casebook/write-record.ts'
import { command, type StudyRow } from '../command.ts'
import { commandKey, id, isoDate } from '../input.ts'
import { siteForUpdate, versionInForce } from '../site/reads.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'

/** The library's screening log, which every subject starts with where the study uses it. */
const screeningForm = { form: 'F_SUBJ', date: 'SCRNDTC' } as const
const earliest = '1950-01-01'

/** Enters a subject into the screening log; the site's next number becomes the key for good. */
export const screenSubject = command({
  name: 'subject.screen',
  permission: 'subject.screen',
  input: z.strictObject({ studyId: id, siteId: id, screenedOn: isoDate, key: commandKey }),
  target: siteForUpdate,
  run: async ({
    tx,
    input,
    target: site,
    now,
    study,
  }): Promise<{ subjectId: string; subjectKey: string }> => {
    if (!site.open)
      throw new Problem('randomisation-closed', { what: `site ${site.code} is closed` })
    const { screenedOn } = input
    if (screenedOn > dayOf(now)) {
      throw new Problem('future-date', { label: 'Screening date', value: screenedOn }, 'screenedOn')
    }
    if (screenedOn < earliest) {
      const what = `lies before ${earliest}`
      throw new Problem('invalid-input', { where: 'Screening date', what }, 'screenedOn')
    }
    const number =
      (await versionInForce(tx, input.studyId, site.siteId, dayOf(now))) ?? study.latestVersion
    if (number === 0) throw new Problem('study-not-open', { state: 'not published yet' })
    const published = await publishedStudy(tx, input.studyId, number)
    const [last] = await tx.query<{ sequence: number }>(
      `select coalesce(max(sequence), 0) as sequence from casebook.subject
       where study_id = $1 and site_id = $2`,
      [input.studyId, site.siteId],
    )
    const sequence = (last?.sequence ?? 0) + 1
    const digits = published.definition.subjectKeyDigits
    const subjectKey = `${site.code}-${String(sequence).padStart(digits, '0')}`
    const subjectId = uuidv7()
    await tx.query(
      `insert into casebook.subject
         (study_id, subject_id, site_id, subject_key, sequence, screened_at, version_number)
       values ($1, $2, $3, $4, $5, $6::date, $7)`,
      [input.studyId, subjectId, site.siteId, subjectKey, sequence, screenedOn, number],
    )
    await startScreeningLog(tx, study, published, subjectId, screenedOn, now)
    return { subjectId, subjectKey }
  },
})

async function startScreeningLog(
  tx: Transaction,
  study: StudyRow,
  published: PublishedStudy,
  subjectId: string,
  screenedOn: string,
  now: string,
) {
  const { form, date } = screeningForm
  const event = published.definition.events.find((one) =>
    one.forms.some((entry) => entry.form === form),
  )
  if (!event || !published.items.get(form)?.has(date)) return
  const key = { event: event.oid, eventRepeat: 1, form, formRepeat: 1 }
  const loaded = await loadForSave(tx, study, subjectId, key)
  if (!loaded) throw new Problem('not-found')
  const record: StoredRecord = {
    recordId: uuidv7(),
    key,
    versionNumber: published.number,
    revision: 0,
    state: 'inProgress',
    data: { [date]: screenedOn },
    derived: {},
    openCount: 0,
  }
  const casebook = casebookOf(loaded.subject, [record], loaded.references, now)
  const { evaluations } = evaluateAffected(published.compiled, casebook, [{ key, paths: [] }])
  const own = evaluations.find((found) => sameKey(found.key, key))
  await writeRecord(
    tx,
    loaded,
    {
      before: null,
      record,
      evaluation: own?.evaluation ?? evaluateForm(published.compiled, casebook, key),
      others: [],
      paths: [date],
      reasons: {},
    },
    now,
  )
}
