/** Preferences live in cookies, so that the server's first answer already follows them. */
export const schemeCookie = 'casebook-scheme'

/** Stores a preference for a year, for this site only. */
export function rememberPreference(name: string, value: string): void {
  const secure = window.location.protocol === 'https:' ? '; Secure' : ''
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`
}

/** A preference as stored, null when it was never set. */
export function readPreference(name: string): string | null {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null
}

/** Tells the server this computer's time zone, so that its first answer shows times in it. */
export function rememberZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (readPreference('casebook-zone') !== zone) rememberPreference('casebook-zone', zone)
}
