import type { IconName } from '#components/ui/icon.tsx'

export type NavigationItem = {
  id:
    | 'home'
    | 'subjects'
    | 'dashboards'
    | 'adverseEvents'
    | 'queries'
    | 'readings'
    | 'reports'
    | 'cuts'
    | 'export'
    | 'people'
    | 'audit'
    | 'definition'
    | 'allocation'
  path: string
  icon: IconName
  /** Alt with this letter goes there. */
  key?: string
}

type Entry = NavigationItem & {
  permission: string | readonly string[]
  /** Only in a study that has this part. */
  needs?: keyof Parts
}

/** What of a study decides about entries. */
export type Parts = { recordsEvents: boolean; readsImages: boolean }

const all: readonly Entry[] = [
  { id: 'home', path: '', icon: 'home', permission: 'study.read', key: 't' },
  { id: 'subjects', path: '/subjects', icon: 'grid', permission: 'subject.read', key: 's' },
  {
    id: 'dashboards',
    path: '/dashboards',
    icon: 'dashboard',
    permission: ['subject.read', 'casebook.read', 'query.read', 'safety.read', 'report.read'],
    key: 'b',
  },
  {
    id: 'adverseEvents',
    path: '/adverse-events',
    icon: 'heart',
    permission: 'safety.read',
    key: 'a',
    needs: 'recordsEvents',
  },
  { id: 'queries', path: '/queries', icon: 'query', permission: 'query.read', key: 'i' },
  {
    id: 'readings',
    path: '/readings',
    icon: 'eye',
    permission: 'reading.enter',
    needs: 'readsImages',
  },
  { id: 'reports', path: '/reports', icon: 'report', permission: 'report.read', key: 'r' },
  { id: 'cuts', path: '/cuts', icon: 'cut', permission: 'cut.read' },
  { id: 'export', path: '/export', icon: 'download', permission: 'data.export', key: 'x' },
  { id: 'allocation', path: '/allocation', icon: 'shuffle', permission: 'allocation.manage' },
  { id: 'people', path: '/people', icon: 'people', permission: 'person.manage' },
  { id: 'audit', path: '/audit', icon: 'audit', permission: 'audit.read' },
  { id: 'definition', path: '/definition', icon: 'definition', permission: 'study.read' },
]

/** The pages a person's permissions in the study open, in the order of the rail; without those the study has no use for. */
export function navigationFor(
  permissions: readonly string[],
  parts: Parts,
): readonly NavigationItem[] {
  return all
    .filter(({ permission, needs }) => {
      const any = typeof permission === 'string' ? [permission] : permission
      return (needs === undefined || parts[needs]) && any.some((one) => permissions.includes(one))
    })
    .map(({ permission: _, needs: __, ...item }) => item)
}
