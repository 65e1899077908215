import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import type { Hints } from './hints.ts'

/** Hints that would be passed over in silence: addresses that the study does not have, codes outside their list, forms of no log. */
export function unknownHints(definition: StudyDefinition, hints: Hints): string[] {
  const lists = new Map(definition.codeLists.map(({ oid, codes }) => [oid, codes]))
  const profiles = Object.values(hints.profiles).flat()
  const entries = [...hints.entries, ...profiles.flatMap((profile) => profile.entries)]
  const addressed = [hints.values, ...profiles.map(({ values }) => values)].flatMap((values) =>
    Object.entries(values),
  )
  const entered = entries.flatMap(({ form, values }) =>
    Object.entries(values).map(([path, spread]) => [`${form}.${path}`, spread] as const),
  )
  const wrong: string[] = []
  for (const [address, spread] of [...addressed, ...entered]) {
    const [, event, oid, group, row, name] =
      /^(?:(\w+)\/)?(\w+)\.(?:(\w+)\[(\w+)\]\.)?(\w+)$/.exec(address) ?? []
    const form = definition.forms.find((one) => one.oid === oid)
    const found = (form?.groups ?? [])
      .filter((one) => group === undefined || one.oid === group)
      .filter((one) => row === undefined || one.rows?.some(({ key }) => key === row))
      .flatMap(({ items }) => items)
      .find((item) => item.oid === name)
    const planned = definition.events.some(
      ({ oid: visit, forms }) =>
        (event === undefined || visit === event) && forms.some((use) => use.form === oid),
    )
    if (!found || !planned) wrong.push(address)
    else if (found.codeList !== undefined)
      for (const code of Object.keys(spread).flatMap((key) => key.split('+')))
        if (!lists.get(found.codeList)?.some((one) => one.code === code))
          wrong.push(`${address}: ${code}`)
  }
  const isPlanned = (oid: string, kinds: (kind: StudyEventDef['kind']) => boolean) =>
    definition.events.some(
      ({ kind, forms }) => kinds(kind) && forms.some(({ form }) => form === oid),
    )
  for (const { form, before } of entries) {
    if (!isPlanned(form, (kind) => kind === 'log')) wrong.push(`${form} is in no log`)
    if (before !== undefined && !isPlanned(before, (kind) => kind !== 'log'))
      wrong.push(`${before} is in no visit`)
  }
  for (const oid of Object.keys(hints.logs))
    if (!isPlanned(oid, (kind) => kind === 'log')) wrong.push(`${oid} is in no log`)
  return [...new Set(wrong)]
}
