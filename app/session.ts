/**
 * What every page asks first: who is here, which study the address names, and whether the server lets them see it. All of
 * it is cached for one request, so a layout and its page ask once.
 */
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { problemOf } from '#components/problem-text.ts'
import type { SessionView } from '#domain/casebook/views.ts'
import { Problem, type ProblemMessage, problemMessage } from '#domain/problem.ts'
import { type Caller, caller } from '#server/trpc/caller.ts'

export type StudyEntry = SessionView['studies'][number]

function refusal(error: unknown): ProblemMessage | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if (at instanceof Problem) return problemMessage(at)
  }
  return problemOf(error)
}

/** A page's answer, or the refusal that the page shows in its place. */
export type Asked<T> =
  | { data: T; problem?: undefined }
  | { data?: undefined; problem: ProblemMessage }

/**
 * Asks the server for what a page shows. Nobody signed in leads to the sign-in page, what does not exist (or is not to be
 * seen) to "not found" unless the page has a better answer; any other refusal comes back to be shown in its place.
 */
export async function asked<T>(
  ask: (api: Caller) => Promise<T>,
  { missing = 'page' }: { missing?: 'page' | 'answer' } = {},
): Promise<Asked<T>> {
  try {
    return { data: await ask(await caller()) }
  } catch (error) {
    const problem = refusal(error)
    if (!problem) throw error
    if (problem.code === 'not-signed-in') redirect('/sign-in')
    if (problem.code === 'password-change-needed') redirect('/new-password')
    if (problem.code === 'not-found' && missing === 'page') notFound()
    return { problem }
  }
}

/** The signed-in person with studies, roles and permissions; the sign-in page for anybody else. */
export const currentSession = cache(async (): Promise<SessionView> => {
  const { data, problem } = await asked((api) => api.session.current({}))
  if (problem) throw new Problem(problem.code, problem.details)
  return data
})

/** The study an address names (`/studies/taccsa`), as far as this person takes part in it. */
export const studyOf = cache(async (oid: string): Promise<StudyEntry> => {
  const session = await currentSession()
  return session.studies.find((study) => study.oid.toLowerCase() === oid) ?? notFound()
})

/** The subject key of an address; one that was cut off in the middle of a letter is an address of nothing. */
export function subjectKeyOf(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return notFound()
  }
}

/** The id of the subject with exactly this key. */
export const subjectOf = cache(async (studyId: string, subjectKey: string): Promise<string> => {
  const key = subjectKeyOf(subjectKey)
  const { data } = await asked((api) => api.subject.find({ studyId, text: key }))
  return data?.find((subject) => subject.subjectKey === key)?.subjectId ?? notFound()
})
