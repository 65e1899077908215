/** What every page of a subject shows at its head. */
import { armItem } from '#domain/casebook/concealed.ts'
import { studyDay } from '#domain/casebook/schedule.ts'
import type { MatrixView, SubjectHeader } from '#domain/casebook/views.ts'
import type { CodeListDef, Label } from '#domain/definition/definition.ts'
import type { SubjectRow } from '../casebook/load.ts'
import type { PublishedStudy } from '../study/published.ts'
import { dayOf } from '../today.ts'
import { concealedCode, concealedLabel } from './allocation-view.ts'

export function subjectHeader(
  study: PublishedStudy,
  subject: SubjectRow,
  now: string,
): SubjectHeader {
  return {
    subjectId: subject.subjectId,
    subjectKey: subject.subjectKey,
    siteId: subject.siteId,
    siteCode: subject.siteCode,
    siteName: subject.siteName,
    state: subject.state,
    withdrawnOn: subject.withdrawnOn,
    columns: columnCodes(study).map(({ oid, label, codes }) => {
      if (study.keptBack?.columns.has(oid)) {
        return { oid, label, code: null, text: concealedLabel }
      }
      const code = subject.columns[oid] ?? null
      return { oid, label, code, text: code === null ? null : (codes[code] ?? { en: code }) }
    }),
    anchor: subject.anchor,
    day: studyDay(subject.anchor, dayOf(now)),
  }
}

const known = new WeakMap<PublishedStudy, MatrixView['columns']>()

/** The subject columns with the words of their codes; a column's list is that of the item or variable it reads. */
export function columnCodes(study: PublishedStudy): MatrixView['columns'] {
  const before = known.get(study)
  if (before) return before
  const columns = study.definition.subjectColumns.map(({ oid, label, value }) => ({
    oid,
    label,
    codes: study.keptBack?.columns.has(oid)
      ? { [concealedCode]: concealedLabel }
      : codesOf(study, value),
  }))
  known.set(study, columns)
  return columns
}

function codesOf(study: PublishedStudy, expression: string): Record<string, Label> {
  const { allocation } = study.definition
  const codes: Record<string, Label> = {}
  const add = (list: CodeListDef | undefined) => {
    for (const { code, label } of list?.codes ?? []) codes[code] ??= label
  }
  const compiled = study.compiled.subject(expression)
  for (const { form, item } of compiled?.references ?? []) {
    if (form === allocation?.form) {
      const own = item === armItem ? allocation.arms : allocation.strata
      for (const { code, label } of own) codes[code] ??= label
    }
    const list = study.items.get(form)?.get(item)?.item.codeList
    if (list !== undefined) add(study.codeLists.get(list))
  }
  for (const oid of compiled?.variables ?? []) {
    const list = study.definition.variables.find((variable) => variable.oid === oid)?.codeList
    if (list !== undefined) add(study.codeLists.get(list))
  }
  return codes
}
