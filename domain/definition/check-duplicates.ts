/** OIDs that stand twice, and names of one space that an expression could not tell apart. */
import { studyChecks } from '#domain/casebook/study-checks.ts'
import type { StudyDefinition } from './definition.ts'
import type { Place, Report } from './finding.ts'

export function checkDuplicates(definition: StudyDefinition, report: Report): void {
  const unique = (entries: readonly object[], key: string, place: Place, what: string): void => {
    const seen = new Set<unknown>()
    entries.forEach((entry, i) => {
      const value = (entry as Record<string, unknown>)[key]
      if (seen.has(value)) {
        report('error', 'duplicate-oid', `${what} ${String(value)} exists twice.`, [
          ...place,
          i,
          key,
        ])
      }
      seen.add(value)
    })
  }
  unique(definition.plannedSites, 'code', ['plannedSites'], 'Site')
  unique(definition.subjectColumns, 'oid', ['subjectColumns'], 'Column')
  unique(definition.codeLists, 'oid', ['codeLists'], 'Code list')
  unique(definition.forms, 'oid', ['forms'], 'Form')
  unique(definition.events, 'oid', ['events'], 'Event')
  const checks = new Set<string>()
  for (const { check, place } of studyChecks(definition)) {
    if (checks.has(check.id))
      report('error', 'duplicate-oid', `Check ${check.id} exists twice.`, [...place, 'id'])
    checks.add(check.id)
  }
  unique(definition.populations, 'oid', ['populations'], 'Population')
  unique(definition.endpoints, 'oid', ['endpoints'], 'Endpoint')
  unique(definition.groupings ?? [], 'oid', ['groupings'], 'Grouping')
  unique(definition.booklets ?? [], 'oid', ['booklets'], 'Booklet')
  unique(definition.derivationTests ?? [], 'name', ['derivationTests'], 'Test')
  unique(definition.reports, 'oid', ['reports'], 'Report')
  unique(definition.allocation?.arms ?? [], 'code', ['allocation', 'arms'], 'Arm')
  unique(definition.allocation?.strata ?? [], 'code', ['allocation', 'strata'], 'Stratum')
  definition.codeLists.forEach((list, i) => {
    unique(list.codes, 'code', ['codeLists', i, 'codes'], 'Code')
  })
  definition.forms.forEach((form, f) => {
    unique(form.groups, 'oid', ['forms', f, 'groups'], 'Group')
    const seen = new Set<string>()
    form.groups.forEach((group, g) => {
      unique(group.rows ?? [], 'key', ['forms', f, 'groups', g, 'rows'], 'Row')
      group.items.forEach((item, i) => {
        if (seen.has(item.oid)) {
          const place = ['forms', f, 'groups', g, 'items', i, 'oid']
          report('error', 'duplicate-oid', `Item ${item.oid} exists twice in ${form.oid}.`, place)
        }
        seen.add(item.oid)
      })
    })
  })
  // Names of one space: an expression could not tell them apart.
  const names = new Map<string, string>()
  const spaces: [string, string, readonly { oid: string }[]][] = [
    ['forms', 'form', definition.forms],
    ['events', 'event', definition.events],
    ['variables', 'variable', definition.variables],
    ['parameters', 'parameter', definition.parameters],
  ]
  for (const [key, what, entries] of spaces) {
    entries.forEach(({ oid }, i) => {
      const other = names.get(oid)
      // Forms and events that exist twice are reported above.
      if (other !== undefined && (other !== what || what === 'variable' || what === 'parameter')) {
        report('error', 'duplicate-oid', `${oid} is the name of a ${other} too.`, [key, i, 'oid'])
      }
      names.set(oid, what)
    })
  }
}
