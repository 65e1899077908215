import { z } from 'zod'
import type { SubjectState } from '#domain/casebook/views.ts'
import { reading } from '../command.ts'
import { containing } from '../cursor.ts'
import { id, plainText } from '../input.ts'

export type SubjectHit = {
  subjectId: string
  subjectKey: string
  siteCode: string
  state: SubjectState
}

/** Subjects whose key holds the text, exact and leading matches first, at most 20. */
export const findSubjects = reading({
  name: 'subject.find',
  permission: 'subject.read',
  input: z.strictObject({ studyId: id, text: plainText(60) }),
  run: ({ tx, input }): Promise<readonly SubjectHit[]> =>
    tx.query<SubjectHit>(
      `select b.subject_id as "subjectId", b.subject_key as "subjectKey", s.code as "siteCode", b.state
       from casebook.subject b
       join casebook.site s on s.study_id = b.study_id and s.site_id = b.site_id
       where b.study_id = $1 and b.subject_key ilike $2
       order by b.subject_key <> $3, b.subject_key not ilike $4, b.subject_key limit 20`,
      [input.studyId, containing(input.text), input.text, containing(input.text).slice(1)],
    ),
})
