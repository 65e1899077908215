import { getLocale, getTranslations } from 'next-intl/server'
import { Trail, type TrailItem } from '#components/shell/trail.tsx'
import { labelText, languageOf } from '#domain/definition/label-text.ts'
import type { StudyEntry } from '../../session.ts'

/** The breadcrumb of a page of a study; it starts with the study. */
export async function StudyTrail({
  study,
  items,
}: {
  study: StudyEntry
  items: readonly TrailItem[]
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('shell')])
  return (
    <Trail
      label={t('trail')}
      items={[
        {
          text: labelText(study.name, languageOf(locale)),
          href: `/studies/${study.oid.toLowerCase()}`,
        },
        ...items,
      ]}
    />
  )
}
