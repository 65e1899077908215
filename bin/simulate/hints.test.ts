import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readHints, spreadOf } from './hints.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casebook-hints-'))
  await mkdir(join(folder, 'demo'))
})
afterAll(() => rm(folder, { recursive: true }))
const write = (text: string) => writeFile(join(folder, 'demo', 'simulation.yaml'), text)

it('has rates for a study that says nothing', () => {
  expect(readHints('studies/none').rates).toMatchObject({ missedVisit: 0.04, dirty: 0.02 })
})

it('takes the most particular address of an item', async () => {
  await write(`values:
  F_MH.MHOCCUR: { Y: 0.1, N: 0.9 }
  F_MH.MH[TB].MHOCCUR: { N: 1 }
  W4/F_MH.MHOCCUR: { Y: 1 }
`)
  const hints = readHints(folder)
  const at = (event: string, row: string) =>
    spreadOf(hints, { event, form: 'F_MH', path: `MH[${row}].MHOCCUR`, item: 'MHOCCUR' })
  expect(at('SCR', 'RA')).toEqual({ spread: { Y: 0.1, N: 0.9 }, ofVisit: false })
  expect(at('SCR', 'TB')).toEqual({ spread: { N: 1 }, ofVisit: false })
  expect(at('W4', 'RA')).toEqual({ spread: { Y: 1 }, ofVisit: true })
})

it('says what is wrong with a file', async () => {
  await write('rates: { dropout: 2 }')
  expect(() => readHints(folder)).toThrow(/simulation\.yaml.*dropout/s)
  await write('entries: [{ form: F_EC, day: [9, 2] }]')
  expect(() => readHints(folder)).toThrow(/after the last/)
  await write('ends: { leaves: [1, 2] }')
  expect(() => readHints(folder)).toThrow(/leaves/)
  await write('value: {}')
  expect(() => readHints(folder)).toThrow(/value/)
  await write('values: &a { x: *a }')
  expect(() => readHints(folder)).toThrow()
})
