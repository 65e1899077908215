import { describe, expect, it } from 'vitest'
import { filterAddress, filterFromAddress, type MatrixFilter } from './matrix-filter.ts'

describe('the filter in the address', () => {
  it('comes back as it went', () => {
    const filter: MatrixFilter = {
      text: '07-',
      siteId: 'a-site',
      state: 'randomised',
      overdue: true,
      queries: true,
      columns: { DIAG: 'DM', ARM: 'TAC' },
    }
    const params = Object.fromEntries(new URLSearchParams(filterAddress(filter)))
    expect(filterFromAddress(params)).toEqual(filter)
  })

  it('drops what it does not know', () => {
    expect(
      filterFromAddress({ state: 'asleep', overdue: '0', 'c.bad name': 'x', page: '3' }),
    ).toEqual({})
  })

  it('is empty for no filter', () => {
    expect(filterAddress({})).toBe('')
  })
})
