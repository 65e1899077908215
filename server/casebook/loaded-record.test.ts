import { expect, it, vi } from 'vitest'
import { type LoadedRow, loadedRecord } from './loaded-record.ts'

const row: LoadedRow = {
  subjectId: 'subject',
  recordId: 'record',
  event: 'W0',
  eventRepeat: 1,
  form: 'F_VS',
  formRepeat: 2,
  versionNumber: 3,
  revision: 4,
  state: 'complete',
  data: '{"WEIGHT":"3.50","LB[CREAT].LBORRES":{"missing":"ND"}}',
  openCount: 1,
}
const values = { WEIGHT: '3.50', 'LB[CREAT].LBORRES': { missing: 'ND' } }

it('has the values of its row, the same object each time', () => {
  const record = loadedRecord(row)
  expect(record).toEqual({
    subjectId: 'subject',
    recordId: 'record',
    key: { event: 'W0', eventRepeat: 1, form: 'F_VS', formRepeat: 2 },
    versionNumber: 3,
    revision: 4,
    state: 'complete',
    openCount: 1,
    data: values,
    derived: {},
  })
  // What was parsed of a record is found by this object.
  expect(record.data).toBe(record.data)
})

it('parses values when they are read, once, and a copy has them too', () => {
  const parse = vi.spyOn(JSON, 'parse')
  const record = loadedRecord(row)
  expect(parse).not.toHaveBeenCalled()
  const copy = { ...record, revision: 5 }
  expect(copy.data).toEqual(values)
  expect(record.data).toBe(copy.data)
  expect(parse).toHaveBeenCalledTimes(1)
  parse.mockRestore()
})
