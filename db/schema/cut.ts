import { sql } from 'drizzle-orm'
import { integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type { CutPurpose, CutReport, OpenLines } from '#domain/analysis/cut-views.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import { casebook, day, instant, studyId } from './columns.ts'

/** What a cut fixed, and what its reports came to; a row never changes. The data are the audit trail up to `asOf`. */
export const dataCut = casebook.table(
  'data_cut',
  {
    studyId: studyId(),
    cutId: uuid('cut_id').notNull(),
    number: integer('number').notNull(),
    name: text('name').notNull(),
    purpose: text('purpose').$type<CutPurpose>().notNull(),
    reason: text('reason').notNull(),
    asOf: instant('as_of').notNull(),
    /** What `today` means in expressions. */
    today: day('today').notNull(),
    versionNumber: integer('version_number').notNull(),
    versionHash: text('version_hash').notNull(),
    engineVersion: text('engine_version').notNull(),
    parameters: jsonb('parameters').$type<ReportParameters>().notNull(),
    arms: text('arms').$type<ArmView>().notNull(),
    /** Secret of the cut: the letters of masked arms come from it, and it salts the hashes. Never leaves the server. */
    maskSeed: text('mask_seed').notNull(),
    subjects: integer('subjects').notNull(),
    reports: jsonb('reports').$type<readonly CutReport[]>().notNull(),
    /** SHA-256 of the canonical JSON of `reports`. */
    sha256: text('sha256').notNull(),
    openLines: jsonb('open_lines').$type<OpenLines>().notNull(),
    takenAt: instant('taken_at').notNull().default(sql`casebook.instant()`),
    takenBy: uuid('taken_by').notNull(),
    takenRole: text('taken_role').notNull(),
  },
  (table) => [primaryKey({ columns: [table.studyId, table.cutId] })],
)
