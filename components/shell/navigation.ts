import type { IconName } from '#components/ui/icon.tsx'

export type NavigationItem = {
  id:
    | 'home'
    | 'subjects'
    | 'adverseEvents'
    | 'queries'
    | 'reports'
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

const all: readonly (NavigationItem & { permission: string })[] = [
  { id: 'home', path: '', icon: 'home', permission: 'study.read', key: 't' },
  { id: 'subjects', path: '/subjects', icon: 'grid', permission: 'subject.read', key: 's' },
  {
    id: 'adverseEvents',
    path: '/adverse-events',
    icon: 'heart',
    permission: 'safety.read',
    key: 'a',
  },
  { id: 'queries', path: '/queries', icon: 'query', permission: 'query.read', key: 'i' },
  { id: 'reports', path: '/reports', icon: 'report', permission: 'report.read', key: 'r' },
  { id: 'export', path: '/export', icon: 'download', permission: 'data.export', key: 'x' },
  { id: 'allocation', path: '/allocation', icon: 'shuffle', permission: 'allocation.manage' },
  { id: 'people', path: '/people', icon: 'people', permission: 'person.manage' },
  { id: 'audit', path: '/audit', icon: 'audit', permission: 'audit.read' },
  { id: 'definition', path: '/definition', icon: 'definition', permission: 'study.read' },
]

/** The pages a person's permissions in the study open, in the order of the rail. */
export function navigationFor(permissions: readonly string[]): readonly NavigationItem[] {
  return all
    .filter((item) => permissions.includes(item.permission))
    .map(({ permission: _, ...item }) => item)
}
