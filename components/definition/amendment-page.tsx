'use client'
import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Section } from '#components/ui/page.tsx'
import type { AppRouter } from '#server/trpc/router.ts'
import css from './amendment.module.css'
import { ImpactPanel } from './impact-panel.tsx'
import { MigrateDialog } from './migrate-dialog.tsx'
import { MigrationRuns } from './migration-runs.tsx'
import { SiteApprovals } from './site-approvals.tsx'

type Sites = inferRouterOutputs<AppRouter>['amendment']['sites']
type Runs = inferRouterOutputs<AppRouter>['amendment']['runs']

/** Everything between publishing a version and having all subjects on it: approvals, impact, migration. */
export function AmendmentPage({
  studyId,
  studyPath,
  version,
  initial,
}: {
  studyId: string
  studyPath: string
  version: number
  initial: { sites: Sites; runs: Runs }
}) {
  const t = useTranslations('amendment')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [migrating, setMigrating] = useState(false)
  const sites = useQuery({
    ...trpc.amendment.sites.queryOptions({ studyId }),
    initialData: initial.sites,
  })
  const refresh = () => void queryClient.invalidateQueries({ queryKey: trpc.amendment.pathKey() })
  const { abilities } = sites.data
  return (
    <div className={css.page}>
      <Section title={t('sites.title')} id="sites">
        <p className={css.text}>{t('sites.text')}</p>
        <SiteApprovals
          studyId={studyId}
          version={version}
          sites={sites.data.sites}
          mayApprove={abilities.approve}
          onRecorded={refresh}
        />
      </Section>
      {abilities.readImpact ? (
        <Section title={t('impact.title')} id="impact">
          <p className={css.text}>{t('impact.text')}</p>
          <ImpactPanel studyId={studyId} studyPath={studyPath} version={version} />
        </Section>
      ) : null}
      <Section
        title={t('runs.title')}
        id="migrations"
        aside={
          abilities.migrate ? (
            <Button size="xs" onClick={() => setMigrating(true)}>
              {t('migrate.button')}
            </Button>
          ) : null
        }
      >
        <MigrationRuns
          studyId={studyId}
          initial={initial.runs}
          mayStep={abilities.migrate}
          onEnd={refresh}
        />
      </Section>
      {migrating ? (
        <MigrateDialog
          studyId={studyId}
          version={version}
          sites={sites.data.sites}
          onClose={() => setMigrating(false)}
          onStarted={() => {
            setMigrating(false)
            refresh()
          }}
        />
      ) : null}
    </div>
  )
}
