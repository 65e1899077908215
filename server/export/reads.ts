import { z } from 'zod'
import type { ExportRow } from '#domain/casebook/views.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { languageOf } from '../display.ts'
import { id, oid } from '../input.ts'
import { exportedStudy } from './all-versions.ts'
import { columnNames, type ExportRecord, filesOf, rowsOf } from './form-file.ts'

const mostRows = 50

/** The first rows of a form's export file, exactly as the file will hold them. */
export const exportPreview = reading({
  name: 'export.preview',
  permission: 'data.export',
  input: z.strictObject({ studyId: id, form: oid }),
  run: async ({
    tx,
    input,
    actor,
    study: { latestVersion },
  }): Promise<{ columns: readonly string[]; rows: readonly (readonly string[])[] }> => {
    const study = await exportedStudy(tx, input.studyId, latestVersion)
    const form = study.forms.find(({ oid }) => oid === input.form)
    const [file] = form ? filesOf(form) : []
    if (!form || !file) throw new Problem('not-found')
    const records = await tx.query<ExportRecord>(
      `select b.subject_key as "subjectKey", s.code as "siteCode", r.event_oid as event,
         r.event_repeat as "eventRepeat", r.form_repeat as "formRepeat", r.state,
         r.version_number as "versionNumber", r.data, r.derived
       from casebook.form_record r
       join casebook.subject b on b.study_id = r.study_id and b.subject_id = r.subject_id
       join casebook.site s on s.study_id = r.study_id and s.site_id = r.site_id
       where r.study_id = $1 and r.form_oid = $2 and r.state <> 'removed'
       order by b.subject_key, r.event_oid, r.event_repeat, r.form_repeat limit $3`,
      [input.studyId, form.oid, mostRows],
    )
    const rows = records.flatMap(rowsOf(study, file, languageOf(actor.language)))
    return { columns: columnNames(file), rows: rows.slice(0, mostRows) }
  },
})

export const exportHistory = reading({
  name: 'export.history',
  permission: 'data.export',
  input: z.strictObject({ studyId: id }),
  run: ({ tx, input }): Promise<readonly ExportRow[]> =>
    tx.query<ExportRow>(
      `select e.export_id as "exportId", e.at, coalesce(u.display_name, 'Casebook') as who, e.kind, e.sha256,
         e.bytes, e.subjects, e.forms, e.version_number as "studyVersion"
       from casebook.export_log e left join casebook.app_user u on u.user_id = e.by
       where e.study_id = $1 order by e.at desc, e.export_id desc limit 200`,
      [input.studyId],
    ),
})
