/** Every expression of a definition with the place it is written at, where it stands, and what it must result in. */
import type { CheckDef, StudyDefinition } from '#domain/definition/definition.ts'
import { criteriaOf } from '#domain/definition/endpoint-rule.ts'
import type { EndpointDef } from '#domain/definition/endpoint-schema.ts'
import { type Core, literalTexts } from '#domain/expression/core.ts'
import type { ValueType } from '#domain/expression/types.ts'
import { studyChecks } from './study-checks.ts'
import type { IndexedItem, StudyIndex } from './study-index.ts'
import { isRepeating } from './study-index.ts'
import { type Standpoint, subjectStandpoint, typeOfItem } from './type-scope.ts'

export type RulePurpose =
  | 'when'
  | 'required'
  | 'derive'
  | 'preset'
  | 'check'
  | 'mark'
  | 'date'
  | 'variable'
  | 'population'
  | 'subject'
  | 'criterion'
  | 'report'

export type StudyRule = {
  text: string
  /** Path into the definition; for a mark of a message the path of the message and the offset in it. */
  place: readonly (string | number)[]
  offset?: number
  at: Standpoint
  /** Undefined: any result will do. */
  expected: ValueType['kind'] | ValueType | undefined
  purpose: RulePurpose
  /** The check that a rule or a mark belongs to. */
  check?: CheckDef
}

/** `{AGE}` and `{at(W0, F_PFT.FVCPP)}` in a message. */
export const markPattern = /\{([^{}]+)\}/g

/** What a derivation of an item may result in. Codes Y and N also come from a yes/no rule, numbers fill numeric codes. */
export function derivedType(indexed: IndexedItem, core: Core): ValueType {
  const type = typeOfItem(indexed)
  const found = core.type
  // A text that is computed (siteCode()) is compared with the list when it is there.
  if (type.kind === 'code' && found.kind === 'text' && literalTexts(core) === null) return found
  if (type.kind === 'code' && found.kind === 'boolean') {
    return type.codes.includes('Y') && type.codes.includes('N') ? found : type
  }
  if (type.kind === 'code' && found.kind === 'number') {
    return type.codes.every((code) => /^\d+$/.test(code)) ? found : type
  }
  return type
}

export function rulesOf(definition: StudyDefinition, index: StudyIndex): StudyRule[] {
  const rules: StudyRule[] = []
  const add = (
    text: string | undefined,
    place: StudyRule['place'],
    at: Standpoint,
    expected: StudyRule['expected'],
    purpose: RulePurpose,
  ): void => {
    if (text !== undefined) rules.push({ text, place, at, expected, purpose })
  }
  const subject = subjectStandpoint
  add(definition.anchor, ['anchor'], subject, 'date', 'date')
  add(definition.consent, ['consent'], subject, 'date', 'date')
  definition.subjectColumns.forEach((column, i) => {
    add(column.value, ['subjectColumns', i, 'value'], subject, undefined, 'subject')
  })
  definition.subjectStates?.forEach((state, i) => {
    add(state.rule, ['subjectStates', i, 'rule'], subject, 'boolean', 'subject')
    add(state.on, ['subjectStates', i, 'on'], subject, 'date', 'subject')
  })
  definition.forms.forEach((form, f) => {
    form.groups.forEach((group, g) => {
      const here = ['forms', f, 'groups', g]
      const inForm: Standpoint = { form: form.oid, group: null }
      const inRow: Standpoint = { form: form.oid, group: isRepeating(group) ? group.oid : null }
      add(group.when, [...here, 'when'], inForm, 'boolean', 'when')
      group.items.forEach((item, i) => {
        const place = [...here, 'items', i]
        const indexed = index.forms.get(form.oid)?.items.get(item.oid)
        const type = indexed && indexed.item === item ? typeOfItem(indexed) : undefined
        add(item.when, [...place, 'when'], inRow, 'boolean', 'when')
        if (typeof item.required === 'string') {
          add(item.required, [...place, 'required'], inRow, 'boolean', 'required')
        }
        add(item.derive, [...place, 'derive'], inRow, type, 'derive')
        add(item.preset, [...place, 'preset'], inRow, type, 'preset')
      })
    })
  })
  definition.events.forEach((event, e) => {
    add(event.anchor, ['events', e, 'anchor'], subject, 'date', 'date')
    add(event.when, ['events', e, 'when'], subject, 'boolean', 'when')
    event.forms.forEach((entry, i) => {
      const at = { form: entry.form, group: null }
      add(entry.when, ['events', e, 'forms', i, 'when'], at, 'boolean', 'when')
    })
  })
  for (const { check, place, rulePlace, ruleOffset } of studyChecks(definition)) {
    const item = index.forms.get(check.form)?.items.get(check.item)
    const at = { form: check.form, group: item?.repeating ? item.group.oid : null }
    const offset = ruleOffset === 0 ? {} : { offset: ruleOffset }
    rules.push({
      text: check.rule,
      place: rulePlace,
      ...offset,
      at,
      expected: 'boolean',
      purpose: 'check',
      check,
    })
    for (const [language, message] of Object.entries(check.message)) {
      for (const mark of message.matchAll(markPattern)) {
        rules.push({
          text: mark[1] as string,
          place: [...place, 'message', language],
          offset: mark.index + 1,
          at,
          expected: undefined,
          purpose: 'mark',
          check,
        })
      }
    }
  }
  definition.variables.forEach((variable, v) => {
    const kind = variable.type
    const expected: StudyRule['expected'] =
      kind === 'code'
        ? variableCode(index, variable.codeList)
        : kind === 'number'
          ? {
              kind,
              unit: variable.unit === undefined ? null : variable.unit === '1' ? '' : variable.unit,
            }
          : kind
    add(variable.value, ['variables', v, 'value'], subject, expected, 'variable')
  })
  const { allocation } = definition
  if (allocation) {
    add(allocation.stratum, ['allocation', 'stratum'], subject, undefined, 'subject')
    allocation.preconditions.forEach((condition, i) => {
      add(condition.rule, ['allocation', 'preconditions', i, 'rule'], subject, 'boolean', 'subject')
    })
  }
  definition.populations.forEach((population, p) => {
    const place = ['populations', p]
    add(population.rule, [...place, 'rule'], subject, 'boolean', 'population')
    population.exclude?.forEach((exclusion, i) => {
      add(exclusion.rule, [...place, 'exclude', i, 'rule'], subject, 'boolean', 'population')
    })
  })
  definition.endpoints.forEach((endpoint, e) => {
    for (const { text, place, kind, isCriterion } of endpointRules(endpoint))
      add(text, ['endpoints', e, ...place], subject, kind, isCriterion ? 'criterion' : 'report')
  })
  definition.groupings?.forEach((grouping, g) => {
    const place = ['groupings', g]
    add(grouping.value, [...place, 'value'], subject, undefined, 'report')
    grouping.groups.forEach((group, i) => {
      add(group.rule, [...place, 'groups', i, 'rule'], subject, 'boolean', 'report')
    })
  })
  definition.reports.forEach((report, r) => {
    const place = ['reports', r]
    if (report.kind === 'flow') {
      report.steps.forEach((step, s) => {
        add(step.rule, [...place, 'steps', s, 'rule'], subject, 'boolean', 'report')
      })
    } else if (report.kind === 'table') {
      report.rows.forEach((row, i) => {
        add(row.value, [...place, 'rows', i, 'value'], subject, undefined, 'report')
        add(row.against, [...place, 'rows', i, 'against'], subject, undefined, 'report')
      })
    } else if (report.kind === 'survival') {
      report.subgroups?.forEach((subgroup, s) => {
        add(subgroup.rule, [...place, 'subgroups', s, 'rule'], subject, 'boolean', 'report')
      })
    } else if (report.kind === 'cox') {
      add(report.time, [...place, 'time'], subject, 'number', 'report')
      add(report.event, [...place, 'event'], subject, 'boolean', 'report')
      report.covariates.forEach((covariate, c) => {
        add(covariate.value, [...place, 'covariates', c, 'value'], subject, undefined, 'report')
      })
    } else if (report.kind === 'agreement') {
      report.rows.forEach((row, i) => {
        const kind = row.statistic === 'icc' ? 'number' : undefined
        add(row.first, [...place, 'rows', i, 'first'], subject, kind, 'report')
        add(row.second, [...place, 'rows', i, 'second'], subject, kind, 'report')
      })
    } else if (report.kind === 'listing') {
      add(report.rule, [...place, 'rule'], subject, 'boolean', 'report')
      report.shows.forEach((column, c) => {
        const here = [...place, 'shows', c]
        add(column.value, [...here, 'value'], subject, undefined, 'report')
        column.each?.forEach((one, i) => {
          add(one.rule, [...here, 'each', i, 'rule'], subject, 'boolean', 'report')
        })
      })
    } else if (report.kind === 'visit-means' || report.kind === 'visit-values') {
      // The visit is filled in for each one: where VISIT stands, else around the item. Checked as seen from every one of them.
      const { baseline, visits, item } = report
      for (const visit of new Set(baseline === undefined ? visits : [...visits, baseline])) {
        const before = /\bVISIT\b/.test(item) ? '' : `at(${visit}, `
        rules.push({
          text: before === '' ? atVisit(item, visit) : `${before}${item})`,
          place: [...place, 'item'],
          offset: -before.length,
          at: subject,
          expected: 'number',
          purpose: 'report',
        })
      }
    } else if (report.kind === 'visit-table') {
      report.rows.forEach((row, i) => {
        for (const key of ['value', 'against'] as const) {
          const text = row[key]
          if (text === undefined) continue
          for (const visit of new Set(report.visits.map((oid) => atVisit(text, oid))))
            add(visit, [...place, 'rows', i, key], subject, undefined, 'report')
        }
      })
    }
  })
  return rules
}

/** The expressions of an endpoint and where each is written in it; those of its adjudication are not written. */
export function endpointRules(endpoint: EndpointDef): {
  text: string
  place: readonly (string | number)[]
  kind: 'date' | 'boolean'
  isCriterion: boolean
}[] {
  const date = (text: string, ...place: (string | number)[]) =>
    ({ text, place, kind: 'date', isCriterion: false }) as const
  const found = criteriaOf(endpoint)
  const event =
    typeof endpoint.event === 'string'
      ? [date(endpoint.event, 'event')]
      : (found?.criteria ?? []).flatMap((one, c) => {
          const place = ['event', found?.key ?? 'any', c]
          const text = one.rule
          const rule = {
            text,
            place: [...place, 'rule'],
            kind: 'boolean',
            isCriterion: true,
          } as const
          return [rule, date(one.date, ...place, 'date')]
        })
  return [
    date(endpoint.timeZero, 'timeZero'),
    ...event,
    ...(endpoint.competing ?? []).map((one, c) => date(one.date, 'competing', c, 'date')),
    date(endpoint.censor, 'censor'),
  ]
}

/** An expression with the visit in place of `VISIT`. */
function atVisit(text: string, visit: string): string {
  return text.replace(/\bVISIT\b/g, visit)
}

function variableCode(index: StudyIndex, list: string | undefined): ValueType {
  const codes = index.codeLists.get(list ?? '')?.codes ?? []
  return {
    kind: 'code',
    list: list ?? '',
    codes: codes.filter((code) => code.missing === undefined).map(({ code }) => code),
    missing: codes.filter((code) => code.missing !== undefined).map(({ code }) => code),
  }
}
