import { expect, test } from 'vitest'
import { earlyClicks } from './early-clicks-script.ts'

test('the script is small and whole: it stands in every page before anything else', () => {
  expect(() => new Function(earlyClicks)).not.toThrow()
  expect(earlyClicks.length).toBeLessThan(700)
  expect(earlyClicks).not.toContain('</')
})
