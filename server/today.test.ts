import { describe, expect, it, vi } from 'vitest'

vi.hoisted(() => {
  process.env.CASEBOOK_TIME_ZONE = 'Asia/Tokyo'
})

describe('today', () => {
  it('is the date where the installation is, not that of Greenwich', async () => {
    const { dayOf } = await import('./today.ts')
    expect(dayOf('2026-11-20T14:59:59Z')).toBe('2026-11-20')
    expect(dayOf('2026-11-20T15:00:00Z')).toBe('2026-11-21')
  })

  it('writes a moment by the local clock with its offset', async () => {
    const { momentOf } = await import('./today.ts')
    expect(momentOf('2026-11-20T15:04:05.678Z')).toBe('2026-11-21T00:04:05+09:00')
  })
})
