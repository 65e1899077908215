import { z } from 'zod'
import type { ItemChange, SaveResult } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { type LoadedCasebook, loadForSave } from '../casebook/load-for-save.ts'
import { command } from '../command.ts'
import { inLanguage } from '../display.ts'
import {
  enoughReadings,
  ownEvaluation,
  type ReaderImage,
  readerImage,
  readingAddress,
  readingsOf,
} from './reader-image.ts'
import { saveChanges, saveInput } from './save-changes.ts'

type ReadingTarget = LoadedCasebook & { image: ReaderImage }

/**
 * Saves what a reader found in an image, in an entry of his own: the first save makes it, nobody else's can be reached. The answer
 * tells of no other reading: findings are those that his own values give.
 */
export const saveReading = command({
  name: 'form.saveReading',
  permission: 'reading.enter',
  input: z.strictObject({ ...readingAddress, changes: saveInput.changes, key: saveInput.key }),
  target: async (tx, input, study): Promise<ReadingTarget | null> => {
    const image = await readerImage(tx, input)
    const place = { ...image.place, formRepeat: null }
    const loaded = await loadForSave(tx, study, image.subjectId, place)
    return loaded && { ...loaded, image }
  },
  run: async ({ tx, input, target, actor, now }): Promise<SaveResult> => {
    const { image } = target
    const { imageItem, form, after } = image.readerForm
    // Under the lock of the subject, so that two saves at once do not make two entries of one reader.
    const readings = await readingsOf(tx, image, actor.userId)
    const mine = readings.find((reading) => reading.mine)
    if (after !== null && !mine) {
      if (readings.length > 0) {
        throw new Problem('duplicate', { what: inLanguage(form.label, actor.language) })
      }
      if (!(await enoughReadings(tx, image, after))) {
        throw new Problem('readings-open', { count: after })
      }
    }
    const record = target.records.find(({ recordId }) => recordId === mine?.recordId) ?? null
    const key: ItemChange = { path: imageItem, from: null, to: image.imageKey }
    const entered = input.changes.filter(({ path }) => path !== imageItem)
    const result = await saveChanges({
      tx,
      input: {
        studyId: input.studyId,
        ...image.place,
        formRepeat: mine?.formRepeat ?? null,
        changes: record ? entered : [key, ...entered],
      },
      loaded: { ...target, record },
      actor,
      now,
      concealed: null,
    })
    return {
      ...result,
      formRepeat: 1,
      evaluation: ownEvaluation(image, result, now),
      queries: [],
      alsoChanged: [],
    }
  },
})
