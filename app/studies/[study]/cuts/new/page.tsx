import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import css from '#components/cut/cut.module.css'
import { OpenLinesTable } from '#components/cut/open-lines-table.tsx'
import { TakeCutForm } from '#components/cut/take-cut-form.tsx'
import { PageHeader, Section } from '#components/ui/page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../../session.ts'
import { StudyTrail } from '../../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('cut'))('take') }
}

export default async function TakeCutPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('cut')])
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked((api) => api.cut.checklist({ studyId }))
  return (
    <>
      <StudyTrail
        study={study}
        items={[{ text: t('title'), href: `/studies/${oid}/cuts` }, { text: t('take') }]}
      />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <>
          <PageHeader title={t('take')}>
            <p className={css.text}>{t('intro')}</p>
          </PageHeader>
          <Section
            id="checklist"
            title={t('check.title')}
            aside={t('check.total', {
              count: data.lines.reduce((sum, { count }) => sum + count, 0),
            })}
          >
            <p className={css.text}>{t('check.text')}</p>
            <OpenLinesTable open={data} study={oid} links={data.links} />
          </Section>
          <Section id="cut" title={t('form.title')}>
            <TakeCutForm
              studyId={studyId}
              study={oid}
              version={data.version.label}
              allocates={data.allocates}
              choices={data.choices}
            />
          </Section>
        </>
      )}
    </>
  )
}
