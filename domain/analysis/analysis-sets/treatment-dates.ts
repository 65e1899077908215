/** First and last dose, from the variables of the definition that say so or from a dose log. */
import type { SetContext } from './set-subject.ts'

/** Expressions of a full date, null where the study has nothing to answer with. */
export type TreatmentDates = { first: string | null; last: string | null; drug: DoseLog | null }
export type DoseLog = { form: string; drug: string }

/** `TRTSDT` and its kin by the names that definitions use; the dose log is the form with the item ECSTDTC. */
export function treatmentDates({ definition, compiled }: SetContext): TreatmentDates {
  const variable = (names: readonly string[]) =>
    names.find((name) =>
      definition.variables.some(({ oid, type }) => oid === name && type === 'date'),
    ) ?? null
  const log = definition.forms.find((form) =>
    form.groups.some(({ items }) => items.some(({ oid }) => oid === 'ECSTDTC')),
  )
  const has = (oid: string) => log !== undefined && compiled.forms.get(log.oid)?.items.has(oid)
  const usable = (text: string) => (compiled.subject(text, 'date') ? text : null)
  const start = log ? usable(`${log.oid}.min(r, impute(r.ECSTDTC))`) : null
  const ongoing = has('ECONGO') ? `${log?.oid}.exists(r, coalesce(r.ECONGO == 'Y', false))` : null
  const end = `${log?.oid}.max(r, impute(r.ECENDTC))`
  const last = log && has('ECENDTC') ? (ongoing ? `${ongoing} ? null : ${end}` : end) : null
  return {
    first: variable(['TRTSDT', 'TRTSTDT', 'TRTSTDTC']) ?? start,
    last: variable(['TRTEDT', 'TRTENDT', 'TRTENDTC']) ?? (last === null ? null : usable(last)),
    drug: log && has('ECTRT') ? { form: log.oid, drug: 'ECTRT' } : null,
  }
}
