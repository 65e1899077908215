import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import { isDone, isEditable, nextFormState } from '#domain/casebook/form-state.ts'
import {
  imageForms,
  readerForms,
  resolvedIn,
  withoutImageItem,
} from '#domain/casebook/image-readings.ts'
import type { FormRecordData, FormState } from '#domain/casebook/record.ts'
import type { FormView } from '#domain/casebook/views.ts'
import { noCell } from '#domain/casebook/visit-cell.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { type RawRecord, recordColumnsSql, storedRecord } from '../casebook/load.ts'
import { blankRecord } from '../casebook/visit-view.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { publishedStudy } from '../study/published.ts'
import { codeListsOf } from './code-lists.ts'
import { scheduledForm } from './place.ts'
import {
  enoughReadings,
  ownEvaluation,
  readerImage,
  readersCasebook,
  readingAddressInput,
  readingsOf,
  shownPlace,
} from './reader-image.ts'

export type ReadingsView = {
  images: readonly {
    /** Id by which a reader opens the image; it says nothing of its subject. */
    image: string
    imageKey: string
    /** `state` is that of the reader's own entry; `open` false where it is not his turn; `resolves` differences of others. */
    forms: readonly {
      form: string
      label: Label
      state: FormState
      open: boolean
      resolves: boolean
    }[]
  }[]
}

type ImageRow = { image: string; subjectId: string; imageKey: string }
type EntryRow = {
  form: string
  subjectId: string
  imageKey: string
  state: FormState
  mine: boolean
}

/** The images of the study in order of their keys, with the state of the reader's own entries. */
export const imageReadings = reading({
  name: 'form.readings',
  permission: 'reading.enter',
  input: z.strictObject({ studyId: id }),
  run: async ({ tx, input, actor, study }): Promise<ReadingsView> => {
    if (study.latestVersion === 0) return { images: [] }
    const { definition } = await publishedStudy(tx, input.studyId, study.latestVersion)
    const forms = readerForms(definition).map((one) => ({
      ...one,
      reads: resolvedIn(definition, one.form.oid),
    }))
    const sources = imageForms(definition)
    const images = await tx.query<ImageRow>(
      `select r.record_id as image, r.subject_id as "subjectId", r.data ->> s.item as "imageKey"
       from unnest($2::text[], $3::text[]) s(form, item)
       join casebook.form_record r on r.study_id = $1 and r.form_oid = s.form
       where r.state <> 'removed' and jsonb_typeof(r.data -> s.item) = 'string'
       order by 3, r.record_id`,
      [input.studyId, sources.map(({ form }) => form), sources.map(({ item }) => item)],
    )
    const entries = await entriesOf(tx, input.studyId, forms, actor.userId)
    return {
      images: images.map(({ image, imageKey, subjectId }) => {
        const here = entries.get(placeOf({ subjectId, imageKey })) ?? []
        return {
          image,
          imageKey,
          forms: forms.map(({ form, after, reads }) => {
            const own = here.find((entry) => entry.mine && entry.form === form.oid)
            const done = here.filter((entry) => isDone(entry.state) && reads.has(entry.form))
            const taken = here.some((entry) => entry.form === form.oid)
            const open = own !== undefined || after === null || (!taken && done.length >= after)
            const state = own?.state ?? 'notStarted'
            return { form: form.oid, label: form.label, state, open, resolves: after !== null }
          }),
        }
      }),
    }
  },
})

const placeOf = ({ subjectId, imageKey }: Pick<EntryRow, 'subjectId' | 'imageKey'>) =>
  `${subjectId} ${imageKey}`

/** What is entered of each image, by `placeOf`. */
async function entriesOf(
  tx: Transaction,
  studyId: string,
  forms: ReturnType<typeof readerForms>,
  reader: string,
): Promise<ReadonlyMap<string, readonly EntryRow[]>> {
  const rows = await tx.query<EntryRow>(
    `select r.form_oid as form, r.subject_id as "subjectId", r.data ->> f.item as "imageKey", r.state,
       coalesce(r.created_by = $4, false) as mine
     from unnest($2::text[], $3::text[]) f(form, item)
     join casebook.form_record r on r.study_id = $1 and r.form_oid = f.form and r.state <> 'removed'`,
    [studyId, forms.map(({ form }) => form.oid), forms.map(({ imageItem }) => imageItem), reader],
  )
  const entries = new Map<string, EntryRow[]>()
  for (const row of rows) {
    const here = entries.get(placeOf(row))
    if (here) here.push(row)
    else entries.set(placeOf(row), [row])
  }
  return entries
}

/** A reading to fill in, or one's own to look at: the form of an image, with neither subject, site, visit nor other readings. */
export const readingForEntry = reading({
  name: 'form.readingEntry',
  permission: 'reading.enter',
  input: readingAddressInput,
  run: async ({ tx, input, actor, now, study, may }): Promise<FormView> => {
    const image = await readerImage(tx, input)
    const { study: published, imageKey, readerForm } = image
    const { form, imageItem, after } = readerForm
    const readings = await readingsOf(tx, image, actor.userId)
    const mine = readings.find((one) => one.mine)
    const isTurn =
      after === null || (readings.length === 0 && (await enoughReadings(tx, image, after)))
    if (!mine && !isTurn) throw new Problem('not-found')
    const key = shownPlace(image)
    const record: FormRecordData = mine
      ? { ...(await storedReading(tx, input.studyId, mine.recordId)), key }
      : { ...blankRecord(published, key), data: { [imageItem]: imageKey } }
    const standing = record.recordId === null ? 'inProgress' : record.state
    const isOpen = study.state === 'open' && may('reading.enter', image.siteId)
    const { event, rowKeys } = scheduledForm(published, key)
    return {
      reading: { image: input.image },
      subject: {
        subjectId: input.image,
        subjectKey: imageKey,
        siteId: '',
        siteCode: '',
        siteName: '',
        state: 'enrolled',
        withdrawnOn: null,
        columns: [],
        anchor: null,
        day: null,
      },
      event: { oid: event.oid, label: { en: '' }, kind: 'log', cell: noCell(event.oid) },
      form: withoutImageItem(form, imageItem),
      keptBack: [],
      rowKeys,
      codeLists: codeListsOf(published, form),
      record,
      studyVersion: { number: published.number, label: published.label, hash: published.hash },
      evaluation: ownEvaluation(image, record, now),
      context: [],
      references: [],
      today: readersCasebook([], now).today,
      queries: [],
      changed: {},
      signature: null,
      siblings: [],
      abilities: {
        enter: isOpen && isEditable(record.state),
        complete: isOpen && !(nextFormState(standing, 'complete') instanceof Problem),
        reopen: isOpen && !(nextFormState(standing, 'reopen') instanceof Problem),
        sign: false,
        remove: false,
        raiseQuery: false,
        answerQuery: false,
        closeQuery: false,
        readAudit: false,
      },
    }
  },
})

async function storedReading(tx: Transaction, studyId: string, recordId: string) {
  const [row] = await tx.query<RawRecord>(
    `select ${recordColumnsSql} from casebook.form_record r where r.study_id = $1 and r.record_id = $2`,
    [studyId, recordId],
  )
  if (!row) throw new Problem('not-found')
  return storedRecord(row)
}
