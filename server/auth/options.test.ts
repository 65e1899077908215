import { expect, it, vi } from 'vitest'
import { authLogger, authOptions } from './options.ts'

it('the sign-in service leaves nothing in the log but the name of what happened', () => {
  const printed: string[] = []
  const print = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.push(String(text))
    return true
  })
  const error: (code: string, told: unknown) => void = authLogger.error
  error('OAUTH_CALLBACK_ERROR', { error: new Error('Aya Suzuki'), id_token: 'eyJhbGciOi' })
  error('line\nbreak Aya Suzuki', {})
  print.mockRestore()
  expect(printed.map((line) => JSON.parse(line).code)).toEqual(['OAUTH_CALLBACK_ERROR', 'unnamed'])
  expect(printed.join('')).not.toMatch(/Suzuki|eyJ/)
  expect(authOptions().logger).toBe(authLogger)
})

it('goes on only to a path of its own site', async () => {
  const redirect = authOptions().callbacks?.redirect
  const baseUrl = 'https://casebook.test'
  const to = async (url: string) => redirect?.({ url, baseUrl })
  for (const url of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'https://casebook.test.evil.example/',
    'https://casebook.test@evil.example/',
  ]) {
    expect(await to(url)).toBe(baseUrl)
  }
  expect(await to('/studies/x')).toBe('https://casebook.test/studies/x')
  expect(new URL((await to('/\t/evil.example')) ?? '').host).toBe('casebook.test')
})
