import { describe, expect, it } from 'vitest'
import { ownPath } from './own-path.ts'

describe('where a sign-in goes on to', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    ' //evil.example',
    '',
    undefined,
    ['/studies'],
  ])('%j leads to the start page', (next) => {
    const path = ownPath(next)
    expect(path).toBe('/')
  })

  it.each(['/studies/taccsa/subjects/03-001', '/studies/taccsa/queries?state=open#q'])(
    '%s is kept',
    (next) => {
      expect(ownPath(next)).toBe(next)
      expect(new URL(ownPath(next), 'http://casebook.test').host).toBe('casebook.test')
    },
  )
})
