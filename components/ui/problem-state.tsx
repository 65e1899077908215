import { getMessages, getTranslations } from 'next-intl/server'
import { type ProblemCatalogue, problemText } from '#components/problem-text.ts'
import type { ProblemMessage } from '#domain/problem.ts'
import { EmptyState } from './page.tsx'

/** A page's place when the server refused it: what, why, and who can help. */
export async function ProblemState({ problem }: { problem: ProblemMessage }) {
  const [messages, t] = await Promise.all([getMessages(), getTranslations('ui.refused')])
  return (
    <EmptyState page title={t('title')} icon="lock">
      {problemText(problem, messages.problem as ProblemCatalogue)}
    </EmptyState>
  )
}
