import { describe, expect, it } from 'vitest'
import { dashboardHref, sitesFromAddress } from './address.ts'

const known = [{ siteId: 'a' }, { siteId: 'b' }, { siteId: 'c' }]

describe('sites of an address', () => {
  it.each([
    ['one', 'b', undefined, ['b']],
    ['several, in the order of the study', ['c', 'a'], undefined, ['a', 'c']],
    ['all of them', ['a', 'b', 'c'], undefined, null],
    ['all by name, whatever the rail has', 'all', 'b', null],
    ['the rail where the address has none', undefined, 'b', ['b']],
    ['nothing', undefined, undefined, null],
    ['a site that is not known', 'x', undefined, null],
    ['known and unknown', ['x', 'b'], undefined, ['b']],
    ['junk', "' or 1=1", undefined, null],
    ['a rail that is not known here', undefined, 'x', null],
  ] as const)('%s', (_, asked, remembered, expected) => {
    expect(sitesFromAddress(asked, known, remembered)).toEqual(expected)
  })

  it('come back from the address that is written for them', () => {
    for (const chosen of [null, ['a'], ['a', 'b']]) {
      const { searchParams } = new URL(dashboardHref('taccsa', 'visits', chosen), 'http://x')
      expect(sitesFromAddress(searchParams.getAll('site'), known, 'c')).toEqual(chosen)
    }
    expect(dashboardHref('taccsa', null, ['a'])).toBe('/studies/taccsa/dashboards?site=a')
    expect(dashboardHref('taccsa', 'survival', null, 'PFS')).toContain(
      '/survival?site=all&endpoint=PFS',
    )
  })
})
