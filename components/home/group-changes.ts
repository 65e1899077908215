import type { HomeView } from '#domain/casebook/views.ts'

type Change = HomeView['changes'][number]
export type ChangeGroup = {
  at: string
  who: string
  subjectKey: string | null
  /** Actions in the order they were last seen, with how often. */
  actions: readonly { what: string; count: number }[]
}

/** One line for what one person did to one subject within an hour; newest first, as the changes come. */
export function groupChanges(changes: readonly Change[]): readonly ChangeGroup[] {
  const groups = new Map<string, { first: Change; counts: Map<string, number> }>()
  for (const change of changes) {
    const key = [change.subjectKey, change.who, change.at.slice(0, 13)].join('|')
    const group = groups.get(key) ?? { first: change, counts: new Map() }
    group.counts.set(change.what, (group.counts.get(change.what) ?? 0) + 1)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ first, counts }) => ({
    at: first.at,
    who: first.who,
    subjectKey: first.subjectKey,
    actions: [...counts].map(([what, count]) => ({ what, count })),
  }))
}
