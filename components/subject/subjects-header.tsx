'use client'

import { Button } from '@mantine/core'
import dynamic from 'next/dynamic'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { cellGlyph, Glyph } from '#components/ui/glyph.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { PageHeader } from '#components/ui/page.tsx'
import { usePanel } from '#components/ui/panel.tsx'
import type { MatrixView } from '#domain/casebook/views.ts'
import css from './subject-matrix.module.css'

const NewSubject = dynamic(() => import('./new-subject.tsx').then((module) => module.NewSubject), {
  ssr: false,
})

export function SubjectsHeader({
  studyId,
  study,
  total,
  sites,
  mayScreen,
  chosenSite,
}: {
  studyId: string
  study: string
  total: number
  sites: MatrixView['sites']
  mayScreen: boolean
  chosenSite: string | null
}) {
  const t = useTranslations('subjects')
  const panel = usePanel()
  const [adding, setAdding] = useState(false)
  return (
    <>
      <PageHeader
        title={t('title')}
        meta={t('count', { count: total })}
        actions={
          <>
            <Button
              variant="default"
              onClick={() =>
                panel.shown === 'legend'
                  ? panel.close()
                  : panel.show({ id: 'legend', title: t('legend'), body: <Legend /> })
              }
            >
              {t('legend')}
            </Button>
            {mayScreen ? (
              <Button leftSection={<Icon name="plus" />} onClick={() => setAdding(true)}>
                {t('screen')}
              </Button>
            ) : null}
          </>
        }
      />
      {adding ? (
        <NewSubject
          studyId={studyId}
          study={study}
          sites={sites}
          chosenSite={chosenSite}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </>
  )
}

const legendStates = [
  'notStarted',
  'inProgress',
  'complete',
  'verified',
  'signed',
  'locked',
  'missed',
] as const

function Legend() {
  const t = useTranslations('subjects')
  const ui = useTranslations('ui')
  return (
    <div className={css.legend}>
      {legendStates.map((state) => (
        <div key={state} className={`${css.legendRow} ${css.cell}`} data-state={state}>
          <span className={css.mark}>
            <Glyph name={cellGlyph[state]} />
          </span>
          {ui(`cellState.${state}`)}
        </div>
      ))}
      <div className={`${css.legendRow} ${css.cell}`} data-overdue="true">
        <span className={css.mark}>
          <Glyph name="ring" />
        </span>
        {t('legendOverdue')}
      </div>
      <div className={`${css.legendRow} ${css.cell}`} data-outside="true">
        <span className={css.mark}>
          <Glyph name="full" />
        </span>
        {t('legendOutside')}
      </div>
      <div className={`${css.legendRow} ${css.cell}`}>
        <span className={css.mark}>
          <Glyph name="full" />
          <span className={css.dot}>2</span>
        </span>
        {t('legendQueries')}
      </div>
    </div>
  )
}
