import { fillMarks, type ProblemCode, type ProblemMessage, problemTexts } from '#domain/problem.ts'

/**
 * Signs in against the sign-in service of the server. Written on `fetch`, because the sign-in page should not have to load
 * more than it needs. Provider `credentials` takes user name and password, `set-up` the one-time link's token with them.
 * @returns null when signed in, else why not.
 */
export async function signIn(
  input: Readonly<Record<string, string>>,
  provider: 'credentials' | 'set-up' = 'credentials',
): Promise<ProblemMessage | null> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
  const response = await fetch(`/api/auth/callback/${provider}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...input, csrfToken, json: 'true', callbackUrl: '/' }),
  })
  const answer = (await response.json().catch(() => null)) as { url?: string } | null
  const error = answer?.url
    ? new URL(answer.url, window.location.origin).searchParams.get('error')
    : null
  if (response.ok && !error) return null
  return signInProblem(error)
}

/** The refusal behind the `error` mark of the sign-in service: a problem code, or `code:details` as JSON. */
export function signInProblem(error: string | null): ProblemMessage {
  const [mark = '', rest] = (error ?? '').split(/:(.*)/s)
  const code: ProblemCode = mark in problemTexts ? (mark as ProblemCode) : 'wrong-credentials'
  const details = detailsOf(rest)
  return { code, message: fillMarks(problemTexts[code], details), details }
}

function detailsOf(text: string | undefined): Record<string, string | number> {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Record<string, string | number>)
      : {}
  } catch {
    return {}
  }
}

/** Leaves for the organisation's own sign-in; it comes back to `next`. */
export async function singleSignOn(next: string): Promise<void> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
  const response = await fetch('/api/auth/signin/oidc', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, json: 'true', callbackUrl: next }),
  })
  const { url } = (await response.json()) as { url: string }
  window.location.assign(url)
}

/** Ends this browser's session. */
export async function signOut(): Promise<void> {
  const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
  await fetch('/api/auth/signout', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, json: 'true', callbackUrl: '/sign-in' }),
  })
}
