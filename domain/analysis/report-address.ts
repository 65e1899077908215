/**
 * Parameters of a run as the query part of an address, so that a report can be linked to as it was seen:
 * `population=OID&subgroup=GROUPING.CODE&cutOff=2020-03-31&value.FVC_MODE=REL`.
 */
import type { ReportParameters } from './report-parameters.ts'

type Search = { readonly [name: string]: string | readonly string[] | undefined }

const valueMark = 'value.'

/**
 * Reads the parameters; empty ones count as absent and the first of several stands. Values are text: whoever knows the definition
 * gives them their type. What is malformed stays as it is, so that it is refused and not silently ignored.
 */
export function parametersOfSearch(search: URLSearchParams | Search): ReportParameters {
  const entries =
    search instanceof URLSearchParams
      ? [...search.entries()].reverse()
      : Object.entries(search).map(([name, text]) => [name, first(text)] as const)
  const found = new Map(entries.filter(([, text]) => text !== ''))
  const population = found.get('population')
  const subgroup = found.get('subgroup')
  const cutOff = found.get('cutOff')
  const values = [...found].flatMap(([name, text]) =>
    name.startsWith(valueMark) ? [[name.slice(valueMark.length), text] as const] : [],
  )
  return {
    ...(population === undefined ? {} : { population }),
    ...(subgroup === undefined ? {} : { subgroup: subgroupOf(subgroup) }),
    ...(cutOff === undefined ? {} : { cutOff }),
    ...(values.length === 0 ? {} : { values: Object.fromEntries(values) }),
  }
}

/** The query part without `?`; empty for a report as defined. */
export function searchOfParameters(parameters: ReportParameters): string {
  const { population, subgroup, cutOff, values = {} } = parameters
  const search = new URLSearchParams()
  if (population !== undefined) search.set('population', population)
  if (subgroup) search.set('subgroup', `${subgroup.grouping}.${subgroup.code}`)
  if (cutOff !== undefined) search.set('cutOff', cutOff)
  for (const [oid, value] of Object.entries(values)) search.set(`${valueMark}${oid}`, String(value))
  return search.toString()
}

const first = (text: string | readonly string[] | undefined): string =>
  (typeof text === 'string' ? text : text?.[0]) ?? ''

/** OIDs have no dot, codes may. */
export function subgroupOf(text: string): { grouping: string; code: string } {
  const dot = text.indexOf('.')
  return dot < 0
    ? { grouping: text, code: '' }
    : { grouping: text.slice(0, dot), code: text.slice(dot + 1) }
}
