'use client'

import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { type Column, DataTable } from '#components/ui/data-table.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { EmptyState, PageHeader, Section } from '#components/ui/page.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Role } from '#domain/access/permissions.ts'
import css from './people-page.module.css'
import type { GrantView, PersonView, SiteView } from './people-types.ts'
import { SiteTable } from './site-table.tsx'

const AddPerson = dynamic(() => import('./add-person.tsx').then((m) => m.AddPerson), { ssr: false })
const GiveRole = dynamic(() => import('./give-role.tsx').then((m) => m.GiveRole), { ssr: false })
const TakeRole = dynamic(() => import('./take-role.tsx').then((m) => m.TakeRole), { ssr: false })

type Open =
  | { kind: 'add' }
  | { kind: 'give'; person: Pick<PersonView, 'userId' | 'displayName'> }
  | { kind: 'take'; person: PersonView; grant: GrantView }

/** Who has which role for which sites, and the sites themselves. */
export function PeoplePage({
  studyId,
  people: initialPeople,
  sites: initialSites,
}: {
  studyId: string
  people: readonly PersonView[]
  sites: { rows: readonly SiteView[]; abilities: { manage: boolean } }
}) {
  const t = useTranslations('people')
  const shell = useTranslations('shell')
  const format = useFormat()
  const trpc = useTRPC()
  const notify = useNotify()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<Open | null>(null)
  const people = useQuery({
    ...trpc.person.list.queryOptions({ studyId }),
    initialData: { rows: initialPeople },
  })
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.person.pathKey() })
  const roleName = (role: Role) => shell(`role.${role}`)

  const columns: Column<PersonView>[] = [
    {
      id: 'name',
      header: t('name'),
      heading: true,
      value: (person) => person.displayName,
      cell: (person) => (
        <>
          <strong>{person.displayName}</strong>
          <div className={css.quiet}>
            {person.userName}
            {person.isDemo ? ` · ${t('demo')}` : ''}
            {person.disabled ? ` · ${t('disabled')}` : ''}
          </div>
        </>
      ),
    },
    {
      id: 'roles',
      header: t('roles'),
      value: (person) =>
        current(person)
          .map((grant) => roleName(grant.role))
          .join(', '),
      cell: (person) => (
        <ul className={css.grants}>
          {current(person).map((grant) => (
            <li key={grant.grantId} className={css.grant}>
              <span>
                {roleName(grant.role)}{' '}
                <span className={css.quiet}>
                  {grant.site ? `${grant.site.code} ${grant.site.name}` : t('allSites')}
                </span>
              </span>
              <button
                type="button"
                className={css.take}
                onClick={() => setOpen({ kind: 'take', person, grant })}
              >
                {t('take')}
                <span className="cb-hidden">: {roleName(grant.role)}</span>
              </button>
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'seen',
      header: t('lastSeen'),
      nowrap: true,
      value: (person) => person.lastSeenAt,
      cell: (person) => (person.lastSeenAt ? format.moment(person.lastSeenAt) : t('never')),
    },
    {
      id: 'give',
      header: t('give'),
      action: true,
      value: () => null,
      cell: (person) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => setOpen({ kind: 'give', person })}
        >
          {t('give')}
        </Button>
      ),
    },
  ]

  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <Button leftSection={<Icon name="plus" />} onClick={() => setOpen({ kind: 'add' })}>
            {t('add')}
          </Button>
        }
      />
      <Section id="people" title={t('people')}>
        <ProblemNote error={people.error} />
        <div className={css.table}>
          <DataTable
            id="people"
            label={t('people')}
            columns={columns}
            rows={people.data.rows}
            rowKey={(person) => person.userId}
            empty={
              <EmptyState icon="people" title={t('emptyTitle')}>
                {t('emptyText')}
              </EmptyState>
            }
          />
        </div>
      </Section>
      <SiteTable studyId={studyId} initial={initialSites} />
      {open?.kind === 'add' ? (
        <AddPerson
          studyId={studyId}
          onClose={() => setOpen(null)}
          onAdded={(person) => {
            void refresh()
            notify.done(t('added', { person: person.displayName }))
            setOpen({ kind: 'give', person })
          }}
        />
      ) : null}
      {open?.kind === 'give' ? (
        <GiveRole
          key={open.person.userId}
          studyId={studyId}
          person={open.person}
          sites={initialSites.rows}
          onClose={() => setOpen(null)}
          onDone={() => {
            void refresh()
            notify.done(t('given'))
            setOpen(null)
          }}
        />
      ) : null}
      {open?.kind === 'take' ? (
        <TakeRole
          studyId={studyId}
          person={open.person}
          grant={open.grant}
          onClose={() => setOpen(null)}
          onDone={() => {
            void refresh()
            notify.done(t('taken'))
            setOpen(null)
          }}
        />
      ) : null}
    </>
  )
}

function current(person: PersonView): readonly GrantView[] {
  return person.grants.filter((grant) => grant.revokedAt === null)
}
