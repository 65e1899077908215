/** Forms, groups, items and code lists: what they name exists, and their limits, units and lists fit their types. */
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { ItemDef, ItemGroupDef, StudyDefinition } from './definition.ts'
import type { Place, Report } from './finding.ts'

export function checkCodeLists(
  definition: StudyDefinition,
  index: StudyIndex,
  report: Report,
): void {
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

export function checkForms(definition: StudyDefinition, index: StudyIndex, report: Report): void {
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
