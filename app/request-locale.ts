import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import { messageAreas } from '#components/message-areas.ts'
import { type Language, languages } from '#domain/definition/definition.ts'

export const languageCookie = 'casebook-language'
export const zoneCookie = 'casebook-zone'

function asLanguage(text: string | undefined): Language | null {
  return (languages as readonly string[]).includes(text ?? '') ? (text as Language) : null
}

/** The first of the browser's languages that Casebook speaks; English when none. */
export function preferredLanguage(acceptLanguage: string | null): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', q] = part.trim().split(';q=')
      return { tag: tag.slice(0, 2).toLowerCase(), weight: q === undefined ? 1 : Number(q) || 0 }
    })
    .sort((a, b) => b.weight - a.weight)
  for (const { tag } of wanted) {
    const language = asLanguage(tag)
    if (language) return language
  }
  return 'en'
}

function zoneOrUtc(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone ?? 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

export default getRequestConfig(async () => {
  const jar = await cookies()
  const language =
    asLanguage(jar.get(languageCookie)?.value) ??
    preferredLanguage((await headers()).get('accept-language'))
  const entries = await Promise.all(
    messageAreas.map(async (area) => {
      const file = (await import(`../messages/${language}/${area}.json`)) as { default: object }
      return [area, file.default] as const
    }),
  )
  return {
    locale: language,
    messages: Object.fromEntries(entries),
    timeZone: zoneOrUtc(decodeURIComponent(jar.get(zoneCookie)?.value ?? '') || undefined),
    now: new Date(),
  }
})
