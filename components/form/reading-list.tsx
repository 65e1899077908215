'use client'

import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { DataTable } from '#components/ui/data-table.tsx'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { FormStatus } from '#components/ui/status.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { AppRouter } from '#server/trpc/router.ts'
import classes from './form.module.css'

type Images = inferRouterOutputs<AppRouter>['form']['readings']['images']
type Image = Images[number]

/** The images of a study by their keys, with what the reader has entered of each. */
export function ReadingList({ study, images }: { study: string; images: Images }) {
  const t = useTranslations('form.readings')
  const ui = useTranslations('ui')
  const format = useFormat()
  const forms = images[0]?.forms ?? []
  const entryOf = (image: Image, oid: string) => image.forms.find(({ form }) => form === oid)
  return (
    <>
      <PageHeader title={t('title')} meta={t('count', { count: images.length })}>
        <p>{t('text')}</p>
      </PageHeader>
      <DataTable
        id="readings"
        label={t('title')}
        rows={images}
        rowKey={({ image }) => image}
        empty={
          <EmptyState icon="eye" title={t('emptyTitle')}>
            {t('emptyText')}
          </EmptyState>
        }
        columns={[
          {
            id: 'key',
            header: t('key'),
            heading: true,
            cell: ({ imageKey }) => imageKey,
            value: ({ imageKey }) => imageKey,
          },
          ...forms.map(({ form, label }) => ({
            id: form,
            header: format.label(label),
            cell: (image: Image) => {
              const entry = entryOf(image, form)
              if (!entry?.open) return <span className={classes.later}>{t('later')}</span>
              return (
                <Link href={`/studies/${study}/readings/${image.image}/${form}`}>
                  <FormStatus state={entry.state} />
                </Link>
              )
            },
            value: (image: Image) => {
              const entry = entryOf(image, form)
              return entry?.open ? ui(`formState.${entry.state}`) : t('later')
            },
          })),
        ]}
      />
    </>
  )
}
