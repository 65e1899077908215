'use client'

import { Button, NativeSelect } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { Section } from '#components/ui/page.tsx'
import { setFormats } from '#domain/analysis/analysis-sets/set-formats.ts'
import type { CutSummary } from '#domain/analysis/cut-views.ts'
import css from './export-page.module.css'

/** Analysis sets in each format, of the data as they are or of a cut. */
export function AnalysisSets({
  studyId,
  cuts,
  onTaken,
}: {
  studyId: string
  cuts: readonly Pick<CutSummary, 'number' | 'name'>[]
  onTaken: () => void
}) {
  const t = useTranslations('analysisSets')
  const [cut, setCut] = useState('')
  const of = cut === '' ? '' : `&cut=${cut}`
  return (
    <Section id="analysis-sets" title={t('title')}>
      <p className={css.text}>{t('text')}</p>
      <div className={css.sets}>
        {cuts.length > 0 ? (
          <NativeSelect
            label={t('data')}
            value={cut}
            onChange={(event) => setCut(event.currentTarget.value)}
            data={[
              { value: '', label: t('now') },
              ...cuts.map(({ number, name }) => ({
                value: String(number),
                label: t('cut', { number, name }),
              })),
            ]}
          />
        ) : null}
        {setFormats.map((format) => (
          <Button
            key={format}
            component="a"
            variant="default"
            href={`/api/studies/${studyId}/analysis-sets.zip?format=${format}${of}`}
            download
            leftSection={<Icon name="download" />}
            onClick={onTaken}
          >
            {t(format)}
          </Button>
        ))}
      </div>
    </Section>
  )
}
