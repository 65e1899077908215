/** Records, items and values of either version in the words people know them by. */
import type { RecordName } from '#domain/casebook/amendment-views.ts'
import { setAside } from '#domain/casebook/migrate-values.ts'
import type { FormRecordData, RecordKey, StoredValue } from '#domain/casebook/record.ts'
import type { Label } from '#domain/definition/definition.ts'
import { displayValue, itemLabel } from '../display.ts'
import type { PublishedStudy } from '../study/published.ts'

export function recordName(
  study: PublishedStudy,
  record: Pick<FormRecordData, 'key'> & { recordId: string },
): RecordName {
  const { event, eventRepeat, form, formRepeat } = record.key
  return {
    recordId: record.recordId,
    event: study.events.get(event)?.label ?? { en: event },
    eventRepeat,
    form: study.forms.get(form)?.label ?? { en: form },
    formRepeat,
  }
}

/** The label of an item in the first of the versions that knows it. */
export function nameOf(
  places: readonly { study: PublishedStudy; key: RecordKey; path: string }[],
): Label {
  for (const { study, key, path } of places) {
    const asked = setAside(path)?.path ?? path
    const label = itemLabel(study, key.form, asked)
    if (label.en !== asked) return label
  }
  return { en: places[0]?.path ?? '' }
}

/** What is stored, as that version shows it; the stored text itself where it has no item for it. */
export function shown(
  study: PublishedStudy,
  form: string,
  path: string,
  value: StoredValue,
  language: string,
): string {
  const asked = setAside(path)?.path ?? path
  return displayValue(study, form, asked, value, language) ?? ''
}
