import Link from 'next/link'
import { getTranslations } from 'next-intl/server'

/** To change an added report, and to begin another one from any. */
export async function WriteLinks({
  studyOid,
  report,
  isAdded,
}: {
  studyOid: string
  report: string
  /** Reports of the definition change with its next version, not here. */
  isAdded: boolean
}) {
  const t = await getTranslations('reportWriting')
  const path = `/studies/${studyOid}/reports/write`
  return (
    <span style={{ display: 'flex', gap: 16 }}>
      {isAdded ? (
        <Link href={`${path}?report=${report}`} prefetch={false}>
          {t('change')}
        </Link>
      ) : null}
      <Link href={`${path}?copy=${report}`} prefetch={false}>
        {t('copy')}
      </Link>
    </span>
  )
}
