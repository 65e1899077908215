/** A study as an export sees it: the newest version, and whatever only older ones had and data were entered under. */
import type { Transaction } from '#db/client.ts'
import type { CodeListDef, FormDef, ItemDef, ItemGroupDef } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { type PublishedStudy, publishedStudy } from '../study/published.ts'

export type ExportedStudy = Pick<
  PublishedStudy,
  'studyId' | 'number' | 'label' | 'hash' | 'codeLists' | 'definition'
> & {
  forms: readonly FormDef[]
  /** Items that are concealed from the reader: no file has them, the dictionary names them. */
  concealed: readonly { form: FormDef; group: ItemGroupDef; item: ItemDef }[]
}

/** Throws `not-found` before the first publication. */
export async function exportedStudy(
  tx: Transaction,
  studyId: string,
  latestVersion: number,
): Promise<ExportedStudy> {
  if (latestVersion === 0) throw new Problem('not-found')
  const latest = await publishedStudy(tx, studyId, latestVersion)
  const used = await tx.query<{ number: number }>(
    `select distinct version_number as number from casebook.form_record
     where study_id = $1 and version_number <> $2 order by 1 desc`,
    [studyId, latestVersion],
  )
  let { forms } = latest.definition
  let lists = latest.definition.codeLists
  for (const { number } of used) {
    const { definition } = await publishedStudy(tx, studyId, number)
    forms = merged(forms, definition.forms, mergedForm)
    lists = merged(lists, definition.codeLists, mergedList)
  }
  const { number, label, hash, definition } = latest
  const codeLists = new Map(lists.map((list) => [list.oid, list]))
  const concealed = await concealedItems(tx, studyId, latestVersion)
  return { studyId, number, label, hash, definition, codeLists, forms, concealed }
}

async function concealedItems(
  tx: Transaction,
  studyId: string,
  latestVersion: number,
): Promise<ExportedStudy['concealed']> {
  const { leftOut } = tx
  if (!leftOut) return []
  const { definition } = await publishedStudy(tx.knowing, studyId, latestVersion)
  return definition.forms.flatMap((form) =>
    form.groups.flatMap((group) =>
      group.items.flatMap((item) =>
        leftOut.items.has(`${form.oid}.${item.oid}`) ? [{ form, group, item }] : [],
      ),
    ),
  )
}

/** Everything of the newer list, merged with its namesake of the older one, then what only the older one has. */
function merged<Def extends { oid: string }>(
  newer: readonly Def[],
  older: readonly Def[],
  merge: (newer: Def, older: Def) => Def,
): Def[] {
  const gone = older.filter(({ oid }) => !newer.some((one) => one.oid === oid))
  const kept = newer.map((one) => {
    const before = older.find(({ oid }) => oid === one.oid)
    return before ? merge(one, before) : one
  })
  return [...kept, ...gone]
}

const mergedForm = (newer: FormDef, older: FormDef): FormDef => ({
  ...newer,
  groups: merged(newer.groups, older.groups, mergedGroup),
})

const mergedGroup = (newer: ItemGroupDef, older: ItemGroupDef): ItemGroupDef => ({
  ...newer,
  items: merged(newer.items, older.items, (item) => item),
})

const mergedList = (newer: CodeListDef, older: CodeListDef): CodeListDef => ({
  ...newer,
  codes: [
    ...newer.codes,
    ...older.codes.filter(({ code }) => !newer.codes.some((one) => one.code === code)),
  ],
})
