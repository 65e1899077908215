import type { SubjectImpact } from '#domain/casebook/amendment-views.ts'

/** What is counted by subject, in the order of what people ask about first. */
export const impactCounts = [
  { id: 'signaturesShort', count: (row: SubjectImpact) => row.signatures.length },
  { id: 'reopened', count: (row: SubjectImpact) => row.reopened },
  { id: 'refused', count: (row: SubjectImpact) => row.refused },
  { id: 'retired', count: (row: SubjectImpact) => row.retired },
  { id: 'renamed', count: (row: SubjectImpact) => row.renamed },
  { id: 'replaced', count: (row: SubjectImpact) => row.replaced },
  { id: 'derived', count: (row: SubjectImpact) => row.derived },
  { id: 'queriesOpened', count: (row: SubjectImpact) => row.queriesOpened },
  { id: 'queriesClosed', count: (row: SubjectImpact) => row.queriesClosed },
] as const

export const impactFilters = [
  'all',
  'touched',
  'signatures',
  'atRisk',
  'reopened',
  'waiting',
] as const
export type ImpactFilter = (typeof impactFilters)[number]

export function matches(row: SubjectImpact, filter: ImpactFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'touched':
      return impactCounts.some(({ count }) => count(row) > 0)
    case 'signatures':
      return row.signatures.length > 0
    case 'atRisk':
      return row.retired > 0 || row.refused > 0
    case 'reopened':
      return row.reopened > 0
    case 'waiting':
      return !row.live
  }
}

export const totalOf = (
  rows: readonly SubjectImpact[],
  count: (row: SubjectImpact) => number,
): number => rows.reduce((sum, row) => sum + count(row), 0)
