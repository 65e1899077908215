'use client'
import { useTranslations } from 'next-intl'
import { EmptyState, PageHeader } from '#components/ui/page.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import css from './endpoint.module.css'
import { EndpointCard, type ShownEndpoint } from './endpoint-card.tsx'

type View = {
  subject: { subjectKey: string }
  studyVersion: { label: string; hash: string }
  dataAsOf: string
  endpoints: readonly ShownEndpoint[]
}

export function EndpointPage({ view, studyOid }: { view: View; studyOid: string }) {
  const t = useTranslations('endpoint')
  const format = useFormat()
  const { subject, studyVersion, dataAsOf, endpoints } = view
  if (endpoints.length === 0) return <EmptyState page title={t('none')} />
  return (
    <>
      <PageHeader
        title={t('of', { subject: subject.subjectKey })}
        meta={t('definition', {
          version: studyVersion.label,
          hash: studyVersion.hash.slice(0, 12),
          at: format.moment(dataAsOf),
        })}
      />
      <div className={css.cards}>
        {endpoints.map((endpoint) => (
          <EndpointCard
            key={endpoint.oid}
            endpoint={endpoint}
            studyOid={studyOid}
            subjectKey={subject.subjectKey}
          />
        ))}
      </div>
    </>
  )
}
