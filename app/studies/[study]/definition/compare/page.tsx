import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ChangeList } from '#components/definition/change-list.tsx'
import { CompareForm } from '#components/definition/compare-form.tsx'
import css from '#components/definition/definition.module.css'
import { PageHeader } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('amendment'))('compareTitle') }
}

/** What changed between any two published versions. */
export default async function ComparePage({
  params,
  searchParams,
}: {
  params: Promise<{ study: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}) {
  const [{ study: oid }, address, t, definition] = await Promise.all([
    params,
    searchParams,
    getTranslations('amendment'),
    getTranslations('definition'),
  ])
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked(async (api) => {
    const versions = await api.study.versions({ studyId })
    const newest = versions[0]?.number ?? 1
    const to = wanted(address.to) ?? newest
    const from = wanted(address.from) ?? Math.max(1, to - 1)
    return { versions, comparison: await api.study.compare({ studyId, from, to }) }
  })
  return (
    <>
      <StudyTrail
        study={study}
        items={[
          { text: definition('title'), href: `/studies/${oid}/definition?view=versions` },
          { text: t('compareTitle') },
        ]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader
            title={t('compareTitle')}
            meta={t('changes', { count: data.comparison.changes.length })}
          >
            <p>
              {t('compareText', {
                from: data.comparison.from.number,
                to: data.comparison.to.number,
              })}
            </p>
          </PageHeader>
          <div className={css.body}>
            <CompareForm
              action={`/studies/${oid}/definition/compare`}
              versions={data.versions}
              from={data.comparison.from.number}
              to={data.comparison.to.number}
            />
            <ChangeList changes={data.comparison.changes} />
          </div>
        </>
      )}
    </>
  )
}

function wanted(text: string | string[] | undefined): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}
