/** Where a form instance lives, as verbs take it; `formRepeat` null means a new instance of a log form. */
import { z } from 'zod'
import { id, oid, repeat } from '../input.ts'

export const formAddress = {
  studyId: id,
  subjectId: id,
  event: oid,
  eventRepeat: repeat,
  form: oid,
  formRepeat: repeat.nullable(),
}
export const formAddressInput = z.strictObject(formAddress)
