import { expect, it } from 'vitest'
import { readSettings } from './settings.ts'

it('loads every demo study unless some are named', () => {
  expect(readSettings([], {}).demoStudies).toBeNull()
  expect(readSettings([], { CASEBOOK_DEMO_STUDIES: ' , ' }).demoStudies).toBeNull()
  expect(readSettings([], { CASEBOOK_DEMO_STUDIES: 'tac-pms, us-ma-ild' }).demoStudies).toEqual([
    'tac-pms',
    'us-ma-ild',
  ])
})
