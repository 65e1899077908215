/**
 * Proves that a definition holds together before a study goes live: every name exists, every expression has the type it is used
 * with, nothing depends on itself, nothing can never happen. Returns findings with places; `parseStudy(..).locate` adds
 * file and line. Errors stop a publication, warnings ask for a look, notes are for information.
 */
import { indexStudy, type StudyIndex } from '#domain/casebook/study-index.ts'
import { checkCycles } from './check-cycles.ts'
import { checkLabels } from './check-labels.ts'
import { checkRules } from './check-rules.ts'
import type { ItemDef, ItemGroupDef, StudyDefinition } from './definition.ts'
import type { StudyFinding } from './finding.ts'

type Place = readonly (string | number)[]
type Report = (
  severity: StudyFinding['severity'],
  code: string,
  message: string,
  place: Place,
) => void

/** All findings of a definition, errors first in order of place. */
export function checkStudy(definition: StudyDefinition): StudyFinding[] {
  const findings: StudyFinding[] = []
  const report: Report = (severity, code, message, place) => {
    findings.push({ severity, code, message, place })
  }
  const index = indexStudy(definition)
  checkDuplicates(definition, report)
  checkCodeLists(definition, index, report)
  checkForms(definition, index, report)
  checkSchedule(definition, index, report)
  checkReferences(definition, index, report)
  findings.push(...checkRules(definition, index))
  findings.push(...checkCycles(definition, index))
  findings.push(...checkLabels(definition))
  const weight = { error: 0, warning: 1, note: 2 }
  return findings.sort((a, b) => weight[a.severity] - weight[b.severity])
}

function checkDuplicates(definition: StudyDefinition, report: Report): void {
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
  unique(definition.checks, 'id', ['checks'], 'Check')
  unique(definition.populations, 'oid', ['populations'], 'Population')
  unique(definition.endpoints, 'oid', ['endpoints'], 'Endpoint')
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

function checkCodeLists(definition: StudyDefinition, index: StudyIndex, report: Report): void {
  const used = new Set<string>()
  definition.forms.forEach((form, f) => {
    form.groups.forEach((group, g) => {
      group.items.forEach((item, i) => {
        const place = ['forms', f, 'groups', g, 'items', i]
        if (item.codeList !== undefined) used.add(item.codeList)
        checkItemCodes(item, index, place, report)
      })
    })
  })
  definition.variables.forEach((variable, v) => {
    if (variable.codeList !== undefined) {
      used.add(variable.codeList)
      if (!index.codeLists.has(variable.codeList)) {
        const message = `There is no code list ${variable.codeList}.`
        report('error', 'unknown-code-list', message, ['variables', v, 'codeList'])
      }
    } else if (variable.type === 'code') {
      const message = `The variable ${variable.oid} is a code and names no code list.`
      report('warning', 'no-code-list', message, ['variables', v])
    }
  })
  definition.codeLists.forEach((list, i) => {
    if (!used.has(list.oid)) {
      report('note', 'unused-code-list', `No item uses ${list.oid}.`, ['codeLists', i])
    }
  })
}

function checkItemCodes(item: ItemDef, index: StudyIndex, place: Place, report: Report): void {
  const coded = item.type === 'code' || item.type === 'codes'
  if (item.codeList === undefined) {
    if (coded)
      report('error', 'no-code-list', `${item.oid} is a code and names no code list.`, place)
    return
  }
  if (!coded) {
    const message = `${item.oid} is of type ${item.type} and has a code list.`
    report('error', 'code-list-type', message, [...place, 'codeList'])
  }
  const list = index.codeLists.get(item.codeList)
  if (list === undefined) {
    const message = `There is no code list ${item.codeList}.`
    report('error', 'unknown-code-list', message, [...place, 'codeList'])
    return
  }
  item.codes?.forEach((code, c) => {
    if (!list.codes.some((entry) => entry.code === code)) {
      const message = `${item.codeList} has no code ${code}.`
      report('error', 'unknown-code', message, [...place, 'codes', c])
    }
  })
}

function checkForms(definition: StudyDefinition, index: StudyIndex, report: Report): void {
  definition.forms.forEach((form, f) => {
    const place = ['forms', f]
    const indexed = index.forms.get(form.oid)
    for (const key of ['title', 'date'] as const) {
      const oid = form[key]
      if (oid === undefined) continue
      const item = indexed?.items.get(oid)
      if (!item) {
        report('error', 'unknown-item', `${form.oid} has no item ${oid}.`, [...place, key])
      } else if (key === 'date' && !['date', 'partialDate', 'dateTime'].includes(item.item.type)) {
        report('error', 'date-type', `${oid} is no date.`, [...place, key])
      } else if (key === 'date' && item.repeating) {
        const message = `${oid} is in a repeating group and cannot date the form.`
        report('error', 'date-type', message, [...place, key])
      }
    }
    if (indexed && indexed.events.length === 0) {
      report('warning', 'form-not-scheduled', `${form.oid} belongs to no event.`, [...place, 'oid'])
    }
    form.groups.forEach((group, g) => {
      checkGroup(group, index, [...place, 'groups', g], report)
    })
  })
}

function checkGroup(group: ItemGroupDef, index: StudyIndex, place: Place, report: Report): void {
  const fixed = group.repeats === 'fixed' || group.repeats === 'fixedOpen'
  const keys = new Set((group.rows ?? []).map((row) => row.key))
  if (fixed && keys.size === 0) {
    report('error', 'no-rows', `${group.oid} has fixed rows and lists none.`, place)
  }
  if (!fixed && keys.size > 0) {
    report('error', 'rows', `${group.oid} lists rows but repeats: ${group.repeats}.`, [
      ...place,
      'rows',
    ])
  }
  for (const [name, set] of Object.entries(group.rowSets ?? {})) {
    set.forEach((key, i) => {
      if (!keys.has(key)) {
        const message = `${group.oid} has no row ${key}.`
        report('error', 'unknown-row', message, [...place, 'rowSets', name, i])
      }
    })
  }
  if (group.rowItem !== undefined) {
    const item = group.items.find(({ oid }) => oid === group.rowItem)
    if (!item) {
      const message = `${group.oid} has no item ${group.rowItem}.`
      report('error', 'unknown-item', message, [...place, 'rowItem'])
    } else if (item.codeList !== undefined && group.repeats === 'fixed') {
      const codes = index.codeLists.get(item.codeList)?.codes.map(({ code }) => code) ?? []
      for (const key of keys) {
        if (codes.length > 0 && !codes.includes(key)) {
          const message = `Row ${key} is not a code of ${item.codeList}.`
          report('warning', 'row-code', message, [...place, 'rows'])
        }
      }
    }
  }
  group.rows?.forEach((row, r) => {
    for (const key of ['soft', 'hard', 'reference'] as const) {
      checkRange(row[key], [...place, 'rows', r, key], report)
    }
    checkNesting(row.soft, row.hard, row.key, [...place, 'rows', r, 'soft'], report)
  })
  for (const [i, item] of group.items.entries()) {
    checkItem(item, group, [...place, 'items', i], report)
  }
}

type Range = readonly [number | null, number | null]

function checkRange(range: Range | 'row' | undefined, place: Place, report: Report): void {
  if (range === undefined || range === 'row') return
  const [low, high] = range
  if (low !== null && high !== null && low > high) {
    report('error', 'range', `The range ${low} to ${high} is empty.`, place)
  }
}

/** A plausible range wider than the possible one never raises a query at that end. */
function checkNesting(
  soft: Range | 'row' | undefined,
  hard: Range | 'row' | undefined,
  name: string,
  place: Place,
  report: Report,
): void {
  if (soft === undefined || hard === undefined || soft === 'row' || hard === 'row') return
  const outside =
    (soft[0] !== null && hard[0] !== null && soft[0] < hard[0]) ||
    (soft[1] !== null && hard[1] !== null && soft[1] > hard[1])
  if (outside) {
    report('warning', 'range', `The soft range of ${name} reaches beyond its hard range.`, place)
  }
}

function checkItem(item: ItemDef, group: ItemGroupDef, place: Place, report: Report): void {
  checkRange(item.soft, [...place, 'soft'], report)
  checkRange(item.hard, [...place, 'hard'], report)
  checkNesting(item.soft, item.hard, item.oid, [...place, 'soft'], report)
  const numeric = item.type === 'integer' || item.type === 'decimal'
  for (const key of ['soft', 'hard'] as const) {
    if (item[key] !== undefined && !numeric) {
      report('error', 'range-type', `${item.oid} is no number and has a ${key} range.`, [
        ...place,
        key,
      ])
    }
    if (item[key] === 'row' && group.rows === undefined) {
      report('error', 'range', `${group.oid} has no fixed rows to take ${key} from.`, [
        ...place,
        key,
      ])
    }
  }
  if (item.unit === 'row' && group.rows === undefined) {
    report('error', 'unit', `${group.oid} has no fixed rows to take the unit from.`, [
      ...place,
      'unit',
    ])
  }
  if (item.entry !== undefined && item.derive === undefined) {
    report('error', 'entry', `${item.oid} has entry but no derivation.`, [...place, 'entry'])
  }
  if (item.derive !== undefined && item.preset !== undefined) {
    report('error', 'preset', `${item.oid} has both a derivation and a preset.`, [
      ...place,
      'preset',
    ])
  }
  if (item.length !== undefined && item.digits !== undefined && item.digits > item.length) {
    report('error', 'digits', `${item.oid} has more decimals than digits.`, [...place, 'digits'])
  }
}

function checkSchedule(definition: StudyDefinition, index: StudyIndex, report: Report): void {
  const planned: { oid: string; from: number; to: number; place: Place }[] = []
  definition.events.forEach((event, e) => {
    const place = ['events', e]
    const seen = new Set<string>()
    event.forms.forEach((entry, i) => {
      const at = [...place, 'forms', i]
      const form = index.forms.get(entry.form)
      if (!form) {
        report('error', 'unknown-form', `There is no form ${entry.form}.`, [...at, 'form'])
        return
      }
      if (seen.has(entry.form)) {
        report('error', 'duplicate-oid', `${entry.form} is listed twice.`, [...at, 'form'])
      }
      seen.add(entry.form)
      const sets = form.form.groups.flatMap((group) => Object.keys(group.rowSets ?? {}))
      if (entry.rows !== undefined && !sets.includes(entry.rows)) {
        const message = `${entry.form} has no row set ${entry.rows}.`
        report('error', 'unknown-row-set', message, [...at, 'rows'])
      }
    })
    if (event.day === 0) {
      report('error', 'day-zero', 'There is no day 0; the day before day 1 is day -1.', [
        ...place,
        'day',
      ])
    }
    if (event.kind === 'scheduled' && event.day === undefined) {
      report('warning', 'no-day', `${event.oid} is scheduled and has no target day.`, place)
    }
    if (event.window === undefined) return
    const [before, after] = event.window
    if (before > after || before > 0 || after < 0) {
      const message = 'A window is [days before, days after], such as [-3, 3].'
      report('error', 'window', message, [...place, 'window'])
    } else if (event.day !== undefined) {
      const at = [...place, 'window']
      planned.push({ oid: event.oid, from: event.day + before, to: event.day + after, place: at })
    }
  })
  planned.sort((a, b) => a.from - b.from)
  planned.forEach((visit, i) => {
    const next = planned[i + 1]
    if (next && next.from <= visit.to) {
      const message = `The windows of ${visit.oid} and ${next.oid} overlap.`
      report('warning', 'window-overlap', message, next.place)
    }
  })
}

function checkReferences(definition: StudyDefinition, index: StudyIndex, report: Report): void {
  for (const key of ['visitDate', 'visitOccurred'] as const) {
    const text = definition[key]
    if (text !== undefined && index[key] === null) {
      report('error', 'unknown-item', `${text} is no item (FORM.ITEM).`, [key])
    }
  }
  const visit = index.visitDate
  if (visit && index.forms.get(visit.form)?.items.get(visit.item)?.item.type !== 'date') {
    report('error', 'date-type', `${definition.visitDate} is no full date.`, ['visitDate'])
  }
  definition.checks.forEach((check, c) => {
    const form = index.forms.get(check.form)
    if (!form) {
      report('error', 'unknown-form', `There is no form ${check.form}.`, ['checks', c, 'form'])
    } else if (!form.items.has(check.item)) {
      const message = `${check.form} has no item ${check.item}.`
      report('error', 'unknown-item', message, ['checks', c, 'item'])
    }
    const fires = check.tests?.some((test) => test.expect === 'fires') ?? false
    if (!fires) {
      const message = `No test shows that ${check.id} fires.`
      report('warning', 'untested-check', message, ['checks', c, 'id'])
    }
  })
  const { allocation } = definition
  if (allocation) {
    if (!index.forms.has(allocation.form)) {
      const message = `There is no form ${allocation.form}.`
      report('error', 'unknown-form', message, ['allocation', 'form'])
    }
    allocation.preconditions.forEach((condition, i) => {
      if (!index.forms.has(condition.form)) {
        const place = ['allocation', 'preconditions', i, 'form']
        report('error', 'unknown-form', `There is no form ${condition.form}.`, place)
      }
    })
  }
  const populations = new Set(definition.populations.map(({ oid }) => oid))
  const endpoints = new Set(definition.endpoints.map(({ oid }) => oid))
  definition.endpoints.forEach((endpoint, e) => {
    if (!populations.has(endpoint.population)) {
      const message = `There is no population ${endpoint.population}.`
      report('error', 'unknown-population', message, ['endpoints', e, 'population'])
    }
  })
  definition.reports.forEach((entry, r) => {
    if ('population' in entry && !populations.has(entry.population)) {
      const message = `There is no population ${entry.population}.`
      report('error', 'unknown-population', message, ['reports', r, 'population'])
    }
    if (entry.kind === 'survival' && !endpoints.has(entry.endpoint)) {
      const message = `There is no endpoint ${entry.endpoint}.`
      report('error', 'unknown-endpoint', message, ['reports', r, 'endpoint'])
    }
    if (entry.kind === 'visit-means') {
      ;[...entry.visits, entry.baseline].forEach((oid, i) => {
        if (index.events.has(oid)) return
        const place = i < entry.visits.length ? ['visits', i] : ['baseline']
        report('error', 'unknown-event', `There is no event ${oid}.`, ['reports', r, ...place])
      })
    }
  })
}
