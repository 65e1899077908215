import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { siteCookie } from '#components/shell/site-cookie.ts'
import { filterFromAddress, type MatrixFilter } from '#components/subject/matrix-filter.ts'
import { SubjectMatrix } from '#components/subject/subject-matrix.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('subjects'))('title') }
}

export default async function SubjectsPage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, jar, t] = await Promise.all([
    params,
    searchParams,
    cookies(),
    getTranslations('subjects'),
  ])
  const study = await studyOf(oid)
  const filter: MatrixFilter = filterFromAddress(address)
  const remembered = study.sites.find((site) => site.siteId === jar.get(siteCookie)?.value)
  if (!filter.siteId && remembered && study.sites.length > 1) filter.siteId = remembered.siteId
  const { data, problem } = await asked((api) =>
    api.subject.matrix({ studyId: study.studyId, limit: 100, filter }),
  )
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <SubjectMatrix
          // Another site or another address is another list.
          key={JSON.stringify(filter)}
          studyId={study.studyId}
          study={oid}
          initial={data}
          initialFilter={filter}
        />
      )}
    </>
  )
}
