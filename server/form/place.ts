/** Whether a form instance may be at a place, by the schedule of the study version. */
import type { RecordKey } from '#domain/casebook/record.ts'
import type { FormDef, StudyEventDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { PublishedStudy } from '../study/published.ts'

export type ScheduledForm = {
  form: FormDef
  event: StudyEventDef
  /** Fixed rows in use at this visit, by group; absent: all rows. */
  rowKeys: Readonly<Record<string, readonly string[]>>
  required: boolean
}

/** Throws `not-found` for a form that the schedule does not have there. */
export function scheduledForm(
  study: PublishedStudy,
  place: Pick<RecordKey, 'event' | 'eventRepeat' | 'form'> & { formRepeat: number | null },
): ScheduledForm {
  const form = study.forms.get(place.form)
  const event = study.events.get(place.event)
  const entry = event?.forms.find((scheduled) => scheduled.form === place.form)
  if (!form || !event || !entry) throw new Problem('not-found')
  if (place.eventRepeat > 1 && event.kind !== 'unscheduled') throw new Problem('not-found')
  if ((place.formRepeat ?? 1) > 1 && !form.repeats) throw new Problem('not-found')
  const rowKeys: Record<string, readonly string[]> = {}
  if (entry.rows !== undefined) {
    for (const group of form.groups) {
      const rows = group.rowSets?.[entry.rows]
      if (rows) rowKeys[group.oid] = rows
    }
  }
  return { form, event, rowKeys, required: entry.required }
}
