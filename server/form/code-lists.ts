import type { CodeListDef, FormDef } from '#domain/definition/definition.ts'
import type { PublishedStudy } from '../study/published.ts'

/** The code lists that a form's items use, each once. */
export function codeListsOf(study: PublishedStudy, form: FormDef): CodeListDef[] {
  const oids = new Set(
    form.groups.flatMap((group) => group.items.flatMap((item) => item.codeList ?? [])),
  )
  return [...oids].flatMap((oid) => study.codeLists.get(oid) ?? [])
}
