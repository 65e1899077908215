/** Somebody who is signed in, as far as HTTP sees him: a cookie. */
export type Visitor = { cookie: string; cookies: { name: string; value: string }[] }

/** Signs in as the sign-in page does. */
export async function signIn(
  baseUrl: string,
  { userName, password }: { userName: string; password: string },
): Promise<Visitor> {
  const jar = new Map<string, string>()
  const keep = (answer: Response) => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
  }
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const asked = await fetch(`${baseUrl}/api/auth/csrf`)
  keep(asked)
  const { csrfToken } = (await asked.json()) as { csrfToken: string }
  const answer = await fetch(`${baseUrl}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { cookie: cookie(), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, userName, password, json: 'true' }).toString(),
    redirect: 'manual',
  })
  keep(answer)
  if (![...jar.keys()].some((name) => name.endsWith('session-token'))) {
    throw new Error(`${userName} could not sign in: ${answer.status}`)
  }
  return { cookie: cookie(), cookies: [...jar].map(([name, value]) => ({ name, value })) }
}
