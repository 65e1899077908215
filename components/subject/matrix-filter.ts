import type { SubjectState } from '#domain/casebook/views.ts'
import { subjectStates } from '#domain/definition/subject-states.ts'

export type MatrixFilter = {
  text?: string
  siteId?: string
  state?: SubjectState
  overdue?: boolean
  queries?: boolean
  columns?: Record<string, string>
}

/** The filter written in an address: `?text=07&site=<id>&state=randomised&overdue=1&queries=1&c.DIAG=DM`. */
export function filterFromAddress(
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): MatrixFilter {
  const one = (name: string): string | undefined => {
    const value = params[name]
    return (typeof value === 'string' ? value : value?.[0]) || undefined
  }
  const state = subjectStates.find((known) => known === one('state'))
  const columns = Object.fromEntries(
    Object.keys(params)
      .filter((name) => /^c\.[A-Z][A-Z0-9_]*$/.test(name))
      .map((name) => [name.slice(2), one(name) ?? ''])
      .filter(([, value]) => value !== ''),
  )
  return compact({
    text: one('text')?.slice(0, 60),
    siteId: one('site'),
    state,
    overdue: one('overdue') === '1' || undefined,
    queries: one('queries') === '1' || undefined,
    columns: Object.keys(columns).length > 0 ? columns : undefined,
  })
}

/** The query string of a filter, without the question mark; empty for none. */
export function filterAddress(filter: MatrixFilter): string {
  const query = new URLSearchParams()
  if (filter.text) query.set('text', filter.text)
  if (filter.siteId) query.set('site', filter.siteId)
  if (filter.state) query.set('state', filter.state)
  if (filter.overdue) query.set('overdue', '1')
  if (filter.queries) query.set('queries', '1')
  for (const [oid, code] of Object.entries(filter.columns ?? {})) query.set(`c.${oid}`, code)
  return query.toString()
}

/** Drops what is not set, so that equal filters have equal keys. */
export function compact(filter: MatrixFilter): MatrixFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined),
  ) as MatrixFilter
}
