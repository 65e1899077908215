import type { StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'
import type { Named } from './renames.ts'

type Place = StudyFinding['place']

/** Declared renames that cannot be meant: from something that is still there, or two from the same. */
export function checkRenames(definition: StudyDefinition): StudyFinding[] {
  const findings: StudyFinding[] = []
  const report = (code: string, message: string, place: Place) =>
    findings.push({ code, severity: 'error', message, place })
  const check = (defs: readonly (Named & { place: Place })[], kind: string) => {
    const present = new Set(defs.map(({ oid }) => oid))
    const claimed = new Set<string>()
    for (const { oid, renamedFrom, place } of defs) {
      if (renamedFrom === undefined) continue
      const at = [...place, 'renamedFrom']
      if (present.has(renamedFrom)) {
        report('rename', `${oid} is renamed from ${renamedFrom}, which is still ${kind}.`, at)
      } else if (claimed.has(renamedFrom)) {
        report('rename', `More than one is renamed from ${renamedFrom}.`, at)
      }
      claimed.add(renamedFrom)
    }
  }
  const placed = (defs: readonly Named[], ...place: (string | number)[]) =>
    defs.map((def, at) => ({
      oid: def.oid,
      renamedFrom: def.renamedFrom,
      place: [...place, at],
    }))
  check(placed(definition.events, 'events'), 'an event')
  check(placed(definition.forms, 'forms'), 'a form')
  definition.forms.forEach((form, f) => {
    check(placed(form.groups, 'forms', f, 'groups'), 'a group of the form')
    const items = form.groups.flatMap((group, g) =>
      placed(group.items, 'forms', f, 'groups', g, 'items'),
    )
    check(items, 'an item of the form')
  })
  definition.codeLists.forEach((list, l) => {
    const codes = list.codes.map(({ code, replaces }, c) => ({
      oid: code,
      renamedFrom: replaces,
      place: ['codeLists', l, 'codes', c],
    }))
    for (const finding of checkCodes(codes, list.oid)) findings.push(finding)
  })
  return findings
}

function checkCodes(codes: readonly (Named & { place: Place })[], list: string): StudyFinding[] {
  const present = new Set(codes.map(({ oid }) => oid))
  const claimed = new Set<string>()
  return codes.flatMap(({ oid, renamedFrom, place }): StudyFinding[] => {
    if (renamedFrom === undefined) return []
    const message = present.has(renamedFrom)
      ? `${oid} replaces ${renamedFrom}, which is still a code of ${list}.`
      : claimed.has(renamedFrom)
        ? `More than one code of ${list} replaces ${renamedFrom}.`
        : null
    claimed.add(renamedFrom)
    if (message === null) return []
    return [{ code: 'rename', severity: 'error', message, place: [...place, 'replaces'] }]
  })
}
