import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { QueryInbox } from '#components/query/query-inbox.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { queryStates } from '#domain/casebook/views.ts'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('query'))('title') }
}

export default async function QueriesPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('query'),
  ])
  const study = await studyOf(oid)
  const mine = address.mine === '1'
  const site = study.sites.find(({ siteId }) => siteId === address.site)
  const state = queryStates.find((known) => known === address.state) ?? (mine ? null : 'open')
  const { data, problem } = await asked((api) =>
    api.query.inbox({
      studyId: study.studyId,
      limit: 50,
      ...(state ? { state } : {}),
      ...(mine ? { mine } : {}),
      ...(site ? { siteId: site.siteId } : {}),
    }),
  )
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <QueryInbox
          key={`${state}-${mine}-${site?.siteId}`}
          studyId={study.studyId}
          study={oid}
          initial={data}
          initialState={state}
          initialMine={mine}
          site={site ?? null}
        />
      )}
    </>
  )
}
