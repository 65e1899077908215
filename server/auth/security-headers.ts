/**
 * What a browser is told about a page before it reads it. Scripts run only with the nonce of this one answer (Next puts it on
 * its own), so that text of a subject or of a definition which found its way into a page stays text.
 */
type Surroundings = {
  /** The public address is https, so the browser may refuse anything else from now on. */
  isSecure: boolean
  /** `next dev` compiles in the browser and talks over a web socket. */
  isDevelopment: boolean
}

/** The Content-Security-Policy of a page whose scripts carry `nonce` (W3C CSP Level 3). */
export function contentSecurityPolicy(nonce: string, { isDevelopment }: Surroundings): string {
  const rules: Record<string, string> = {
    'default-src': "'self'",
    // Not 'strict-dynamic': it would let a script that runs bring in others, of any text and any host.
    'script-src': `'self' 'nonce-${nonce}'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Mantine writes sizes and colours as style attributes; they carry no script.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'connect-src': `'self'${isDevelopment ? ' ws:' : ''}`,
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-src': "'none'",
    'frame-ancestors': "'none'",
  }
  return Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
}

/** Headers of a page that depend on the request; those that never change are in `next.config.js`. */
export function pageHeaders(nonce: string, surroundings: Surroundings): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(nonce, surroundings),
    ...(surroundings.isSecure
      ? {
          'strict-transport-security': 'max-age=31536000',
          'cross-origin-opener-policy': 'same-origin',
        }
      : {}),
  }
}
