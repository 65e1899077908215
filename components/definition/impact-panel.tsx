'use client'
import { Button } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useTRPCClient } from '#components/trpc.ts'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { SubjectImpact } from '#domain/casebook/amendment-views.ts'
import css from './amendment.module.css'
import { FallingSignatures } from './falling-signatures.tsx'
import { ImpactTable } from './impact-table.tsx'

type Progress = { done: number; total: number }

/** Asks for the impact subject by subject, so that a large study shows how far it is and can be left at any time. */
export function ImpactPanel({
  studyId,
  studyPath,
  version,
}: {
  studyId: string
  studyPath: string
  version: number
}) {
  const t = useTranslations('amendment')
  const format = useFormat()
  const client = useTRPCClient()
  const [rows, setRows] = useState<readonly SubjectImpact[] | null>(null)
  const [progress, setProgress] = useState<Progress | null>(null)
  const [error, setError] = useState<unknown>(null)
  const turn = useRef(0)

  async function workOut() {
    turn.current += 1
    const mine = turn.current
    setError(null)
    setRows(null)
    setProgress({ done: 0, total: 0 })
    const found: SubjectImpact[] = []
    try {
      let cursor: string | undefined
      do {
        const page = await client.amendment.impact.query({
          studyId,
          version,
          limit: 100,
          ...(cursor === undefined ? {} : { cursor }),
        })
        if (turn.current !== mine) return
        found.push(...page.rows)
        setProgress({ done: found.length, total: page.total })
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      setRows(found)
    } catch (problem) {
      setError(problem)
    }
    setProgress(null)
  }

  return (
    <div className={css.impact}>
      <div className={css.ask}>
        <Button
          variant={rows === null ? 'filled' : 'default'}
          loading={progress !== null}
          onClick={() => void workOut()}
        >
          {t(rows === null ? 'impact.workOut' : 'impact.again')}
        </Button>
        {progress ? (
          <span className={css.quiet} role="status">
            {t('impact.progress', {
              done: format.count(progress.done),
              total: format.count(progress.total),
            })}
          </span>
        ) : null}
      </div>
      <ProblemNote error={error} />
      {rows === null ? null : rows.length === 0 ? (
        <p>{t('impact.nobody')}</p>
      ) : (
        <>
          <FallingSignatures rows={rows} studyPath={studyPath} version={version} />
          <ImpactTable rows={rows} studyPath={studyPath} version={version} />
        </>
      )}
    </div>
  )
}
