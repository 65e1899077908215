'use client'

import { useMessages, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { type ProblemCatalogue, problemOf, problemText } from '#components/problem-text.ts'
import type { ProblemMessage } from '#domain/problem.ts'
import { Icon } from './icon.tsx'
import css from './problem-note.module.css'

/** Says a refusal, or that the server was not reached, in the reader's language. */
export function useProblemWords(): (error: unknown) => string {
  const messages = useMessages()
  const t = useTranslations('ui')
  return (error) => {
    const problem = problemOf(error)
    return problem ? problemText(problem, messages.problem as ProblemCatalogue) : t('notReached')
  }
}

/** Translates a problem that already is in wire form. */
export function useProblemText(): (problem: ProblemMessage) => string {
  const messages = useMessages()
  return (problem) => problemText(problem, messages.problem as ProblemCatalogue)
}

/** The refusal beside what caused it; announced at once. */
export function ProblemNote({ error, children }: { error: unknown; children?: ReactNode }) {
  const words = useProblemWords()
  if (!error) return null
  return (
    <div className={css.note} role="alert">
      <Icon name="warning" />
      <div>
        {words(error)}
        {children}
      </div>
    </div>
  )
}
