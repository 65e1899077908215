import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy, pageHeaders } from './security-headers.ts'

const production = { isSecure: true, isDevelopment: false }
const policyOf = (text: string) =>
  new Map(
    text.split('; ').map((rule) => {
      const [name = '', ...values] = rule.split(' ')
      return [name, values] as const
    }),
  )

describe('the policy of a page', () => {
  const policy = policyOf(contentSecurityPolicy('abc123==', production))

  it('runs scripts of this answer alone: no inline script without the nonce, no eval, no other host', () => {
    expect(policy.get('script-src')).toEqual(["'self'", "'nonce-abc123=='"])
    expect(policy.get('object-src')).toEqual(["'none'"])
    expect(policy.get('base-uri')).toEqual(["'none'"])
    expect([...policy.values()].flat().filter((value) => /\*|https?:/.test(value))).toEqual([])
  })

  it('lets nobody frame the page, and forms go nowhere else', () => {
    expect(policy.get('frame-ancestors')).toEqual(["'none'"])
    expect(policy.get('form-action')).toEqual(["'self'"])
    expect(policy.get('connect-src')).toEqual(["'self'"])
  })

  it('allows eval and web sockets only where Next compiles in the browser', () => {
    const open = policyOf(contentSecurityPolicy('n', { isSecure: false, isDevelopment: true }))
    expect(open.get('script-src')).toContain("'unsafe-eval'")
    expect(open.get('connect-src')).toContain('ws:')
  })
})

it('insists on https only where the public address is https', () => {
  expect(pageHeaders('n', production)['strict-transport-security']).toBe('max-age=31536000')
  const plain = pageHeaders('n', { ...production, isSecure: false })
  expect(Object.keys(plain)).toEqual(['content-security-policy'])
})
