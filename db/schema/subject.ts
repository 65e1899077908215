import { bigint, boolean, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { SubjectState } from '#domain/casebook/views.ts'
import { casebook, day, instant, studyId } from './columns.ts'

/** Values of the matrix, copied by saves so that a page of subjects is one query. Not source data, not audited. */
export type SubjectColumns = Record<string, string | null>
export type SubjectVisits = Record<string, { date?: string | null; occurred?: boolean | null }>

export const subject = casebook.table(
  'subject',
  {
    studyId: studyId(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    subjectKey: text('subject_key').notNull(),
    /** Running number within the site. */
    sequence: integer('sequence').notNull(),
    state: text('state').$type<SubjectState>().notNull().default('screening'),
    anchorDate: day('anchor_date'),
    /** Day of a withdrawal of consent as recorded in the step; and the day that counts, worked out from it and from forms. */
    recordedWithdrawal: day('recorded_withdrawal'),
    withdrawnOn: day('withdrawn_on'),
    columns: jsonb('columns').$type<SubjectColumns>().notNull().default({}),
    visits: jsonb('visits').$type<SubjectVisits>().notNull().default({}),
    screenedAt: instant('screened_at').notNull(),
    versionNumber: integer('version_number').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.subjectId] })],
)

/** How often what rules read of a subject was changed; kept by triggers, read by whoever keeps something worked out from it. */
export const subjectChanges = casebook.table(
  'subject_changes',
  {
    studyId: studyId(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    changes: bigint('changes', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.subjectId] })],
)

/** What a subject answered to the rules of endpoints, for one state of its records (`stamp`). Worked out, not entered; not audited. */
export const keptAnswers = casebook.table(
  'kept_answers',
  {
    studyId: studyId(),
    subjectId: uuid('subject_id').notNull(),
    siteId: uuid('site_id').notNull(),
    versionNumber: integer('version_number').notNull(),
    engine: text('engine').notNull(),
    changes: bigint('changes', { mode: 'number' }).notNull(),
    stamp: text('stamp').notNull(),
    day: day('day').notNull(),
    dayMatters: boolean('day_matters').notNull(),
    answers: jsonb('answers').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.subjectId] })],
)
