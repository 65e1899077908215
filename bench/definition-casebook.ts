/** A full casebook of the made-up study: every visit held, every log with some entries, every entered item filled. */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import type { Casebook, FormRecordData, StoredValue } from '#domain/casebook/record.ts'
import { addDays } from '#domain/values/partial-date.ts'

const instancesOfLogs = 5

/** New data objects at every call, so that nothing parsed before is found again. */
export function fullCasebook(compiled: CompiledStudy): Casebook {
  const records: FormRecordData[] = []
  compiled.definition.events.forEach((event, v) => {
    for (const { form } of event.forms) {
      const repeats = event.kind === 'log' ? instancesOfLogs : 1
      for (let formRepeat = 1; formRepeat <= repeats; formRepeat++) {
        const key = { event: event.oid, eventRepeat: 1, form, formRepeat }
        const date = addDays('2020-01-01', v * 28 + formRepeat - 1) ?? '2020-01-01'
        records.push({
          recordId: `${event.oid}/${form}#${formRepeat}`,
          key,
          versionNumber: 1,
          revision: 2,
          state: 'inProgress',
          data: dataOf(compiled, form, date, v + formRepeat),
          derived: {},
        })
      }
    }
  })
  return {
    subject: { subjectId: 's', subjectKey: '01-001', siteCode: '01', siteId: 'site' },
    records,
    references: [],
    today: '2026-01-01',
  }
}

function dataOf(
  compiled: CompiledStudy,
  form: string,
  date: string,
  seed: number,
): Record<string, StoredValue> {
  const data: Record<string, StoredValue> = {}
  for (const { item } of compiled.index.forms.get(form)?.items.values() ?? []) {
    if (item.derive !== undefined) continue
    if (item.type === 'date' || item.type === 'partialDate') data[item.oid] = date
    else if (item.type === 'decimal') data[item.oid] = `${50 + (seed % 40)}.0`
    else if (item.type === 'code') data[item.oid] = item.codeList === 'CL_NY' ? 'Y' : '2'
    else data[item.oid] = 'as entered'
  }
  return data
}
