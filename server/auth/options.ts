/**
 * next-auth, used for its cookie and its OIDC client only. The encrypted cookie holds nothing but the token of our session
 * row; who that is, since when and with which roles is asked of the database with every request (`auth/actor.ts`).
 */
import type { NextAuthOptions } from 'next-auth'
import credentialsProvider from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { Problem } from '#domain/problem.ts'
import { absoluteHours } from '../account/sessions.ts'
import { setUpAdministrator } from '../account/set-up.ts'
import { type Origin, signIn, signOut } from '../account/sign-in.ts'
import { startInvitedSession } from '../account/single-sign-on.ts'
import { environment } from '../environment.ts'
import { log } from '../log.ts'
import { unexpected } from '../problem.ts'
import { originOf } from './origin.ts'

/** What a provider hands to the jwt callback: our session token, in the place next-auth keeps for a user id. */
type SignedIn = { id: string }
type OidcProfile = {
  sub: string
  iss?: string
  email?: string
  email_verified?: boolean
  name?: string
}

const credentials = credentialsProvider({
  id: 'credentials',
  name: 'Casebook',
  credentials: { userName: {}, password: {} },
  authorize: (input, request) =>
    opened(request.headers, (origin) =>
      signIn(String(input?.userName ?? ''), String(input?.password ?? ''), origin),
    ),
})

const setUp = credentialsProvider({
  id: 'set-up',
  name: 'Set up',
  credentials: { token: {}, userName: {}, displayName: {}, password: {} },
  authorize: (input, request) =>
    opened(request.headers, (origin) =>
      setUpAdministrator(
        String(input?.token ?? ''),
        {
          userName: String(input?.userName ?? ''),
          displayName: String(input?.displayName ?? ''),
          password: String(input?.password ?? ''),
        },
        origin,
      ),
    ),
})

/** next-auth carries only an error text to the browser: the problem's code and details, which the screen turns into words. */
async function opened(
  headers: Record<string, unknown> | undefined,
  open: (origin: Origin) => Promise<string>,
): Promise<SignedIn> {
  try {
    return { id: await open(originOf((name) => headers?.[name] as string | undefined)) }
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(error)
    throw new Error(`${problem.code}:${JSON.stringify(problem.details)}`)
  }
}

function oidc(): OAuthConfig<OidcProfile>[] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = environment()
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return []
  return [
    {
      id: 'oidc',
      name: OIDC_NAME,
      type: 'oauth',
      wellKnown: `${OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
      authorization: { params: { scope: 'openid email profile' } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      profile: (profile) => ({ id: profile.sub }),
    },
  ]
}

/** Instead of next-auth's own, which prints messages, tokens' claims and stacks; `code` is all that is safe to keep. */
export const authLogger = {
  error: (code: string) => logged('error', code),
  warn: (code: string) => logged('warning', code),
  debug: () => undefined,
}

function logged(level: 'error' | 'warning', code: unknown) {
  const isName = typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,60}$/i.test(code)
  log(level, { event: 'auth', code: isName ? code : 'unnamed' })
}

/** Built at first use, because the environment is not there while Next builds. */
export function authOptions(): NextAuthOptions {
  const { NEXTAUTH_SECRET } = environment()
  return {
    ...(NEXTAUTH_SECRET === undefined ? {} : { secret: NEXTAUTH_SECRET }),
    providers: [credentials, setUp, ...oidc()],
    session: { strategy: 'jwt', maxAge: absoluteHours * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    logger: authLogger,
    callbacks: {
      async signIn({ account, profile, user }) {
        if (account?.provider !== 'oidc') return true
        const claims = profile as OidcProfile | undefined
        const token = await startInvitedSession(claims ?? null)
        if (!token) return '/sign-in?error=wrong-credentials'
        user.id = token
        return true
      },
      jwt({ token, user }) {
        if (user) return { sid: user.id }
        return { sid: token.sid }
      },
      /** Nothing of the session is readable in the browser; screens ask `session.current`. */
      session: ({ session }) => ({ expires: session.expires }),
      redirect({ url, baseUrl }) {
        if (url.startsWith('/') && !url.startsWith('//') && !url.startsWith('/\\')) {
          return `${baseUrl}${url}`
        }
        return URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin ? url : baseUrl
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sid === 'string') await signOut(token.sid)
      },
    },
  }
}
