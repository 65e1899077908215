import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ExportPage } from '#components/export/export-page.tsx'
import { ProblemState } from '#components/ui/problem-state.tsx'
import { asked, studyOf } from '../../../session.ts'
import { StudyTrail } from '../study-trail.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('export'))('title') }
}

export default async function StudyExportPage({ params }: { params: Promise<{ study: string }> }) {
  const [{ study: oid }, t] = await Promise.all([params, getTranslations('export')])
  const study = await studyOf(oid)
  const { studyId } = study
  const { data, problem } = await asked(async (api) => {
    const [history, { definition }, cuts] = await Promise.all([
      api.export.history({ studyId }),
      api.study.definition({ studyId, asRead: true }),
      // Who exports need not be one who may read cuts.
      api.cut.list({ studyId }).then(
        (list) => list.cuts.map(({ number, name }) => ({ number, name })),
        () => [],
      ),
    ])
    return {
      history,
      cuts,
      forms: definition.forms.map((form) => ({ oid: form.oid, label: form.label })),
    }
  })
  return (
    <>
      <StudyTrail study={study} items={[{ text: t('title') }]} />
      {problem ? (
        <ProblemState problem={problem} />
      ) : (
        <ExportPage studyId={studyId} forms={data.forms} history={data.history} cuts={data.cuts} />
      )}
    </>
  )
}
