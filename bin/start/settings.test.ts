import { expect, it } from 'vitest'
import { readSettings } from './settings.ts'

const from = (env: Record<string, string>) =>
  readSettings([], { NODE_ENV: 'production', ...env }).demoStudies

it('loads every demo study unless some are named', () => {
  expect(from({})).toBeNull()
  expect(from({ CASEBOOK_DEMO_STUDIES: ' , ' })).toBeNull()
  expect(from({ CASEBOOK_DEMO_STUDIES: 'tac-pms, us-ma-ild' })).toEqual(['tac-pms', 'us-ma-ild'])
})
