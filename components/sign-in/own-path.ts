/** The path of this site that an address asks to go on to, else `/`. Browsers drop tabs and line ends, so `/<tab>/x.org` is x.org. */
export function ownPath(next: unknown): string {
  const here = 'http://here.invalid'
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, here)) return '/'
  const { origin, pathname, search, hash } = new URL(next, here)
  const path = `${pathname}${search}${hash}`
  return origin === here && !path.startsWith('//') ? path : '/'
}
