import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2019 from 'ajv/dist/2019.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Dataset,
  type DatasetCell,
  DatasetJsonProblem,
  datasetJson,
  datasetNdjson,
  readDatasetJson,
} from './dataset-json.ts'

const dataset = (rows: readonly (readonly DatasetCell[])[]): Dataset => ({
  datasetJSONCreationDateTime: '2026-11-21T10:00:00Z',
  datasetJSONVersion: '1.1.0',
  fileOID: 'S.1.ADX',
  originator: 'Casebook',
  sourceSystem: { name: 'Casebook', version: '1' },
  studyOID: 'S',
  itemGroupOID: 'IG.ADX',
  records: rows.length,
  name: 'ADX',
  label: 'Anything',
  columns: [
    {
      itemOID: 'IT.ADX.A',
      name: 'A',
      label: 'Text',
      dataType: 'string',
      length: 9,
      keySequence: 1,
    },
    { itemOID: 'IT.ADX.N', name: 'N', label: 'Number', dataType: 'float' },
    {
      itemOID: 'IT.ADX.D',
      name: 'D',
      label: 'Day',
      dataType: 'date',
      targetDataType: 'integer',
      displayFormat: 'E8601DA.',
    },
  ],
  rows,
})

const json = (one: Dataset) => [...datasetJson(one)].join('')
const ndjson = (one: Dataset) => [...datasetNdjson(one)].join('')

const hostile: readonly (readonly DatasetCell[])[] = [
  ['=cmd|calc', 1e308, '2016-03-01'],
  ['line one\nline "two"\r\n', -0.1, null],
  ['被験者 𠮷', 5e-324, '0001-01-01'],
  ['', 0, null],
  [null, null, null],
  ["'quoted", 0.1 + 0.2, '9999-12-31'],
]

describe('Dataset-JSON', () => {
  it('comes back as it was written, in both forms, whatever is in it', () => {
    const all = dataset(hostile)
    expect(readDatasetJson(json(all))).toEqual(all)
    expect(readDatasetJson(ndjson(all))).toEqual(all)
  })

  it('is the same data in both forms, for any rows', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      // JSON has no negative zero.
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell)), (rows) => {
        const all = dataset(rows)
        expect(readDatasetJson(ndjson(all))).toEqual(all)
        expect(readDatasetJson(json(all))).toEqual(all)
        expect(ndjson(all).trimEnd().split('\n')).toHaveLength(rows.length + 1)
      }),
    )
  })

  it('says how many records there are, whatever was asked', () => {
    const wrong = { ...dataset(hostile), records: 99 }
    expect(JSON.parse(json(wrong)).records).toBe(hostile.length)
    expect(JSON.parse(ndjson(wrong).split('\n')[0] as string).records).toBe(hostile.length)
  })

  it('without rows is a whole file', () => {
    expect(JSON.parse(json(dataset([]))).rows).toEqual([])
    expect(readDatasetJson(ndjson(dataset([]))).rows).toEqual([])
  })

  it.each([
    ['nothing', '', /JSON|object/],
    ['an array', '[1,2]', /metadata|object/],
    ['half a file', json(dataset(hostile)).slice(0, -20), /JSON/],
    ['a half line', ndjson(dataset(hostile)).slice(0, -9), /line 7/],
    ['an unknown key', json(dataset([])).replace('{', '{"extra":1,'), /extra/],
    [
      'a version to come',
      json(dataset([])).replace('"1.1.0"', '"2.0.0"'),
      /metadata\.datasetJSONVersion/,
    ],
    [
      'a month 13',
      json(dataset([])).replace('2026-11-21T', '2026-13-21T'),
      /datasetJSONCreationDateTime/,
    ],
    ['other records', json(dataset(hostile)).replace('"records":6', '"records":7'), /says 7/],
    [
      'a row too short',
      ndjson(dataset(hostile)).replace('[null,null,null]', '[null,null]'),
      /row 5 has 2 values/,
    ],
    [
      'an object in a row',
      ndjson(dataset(hostile)).replace('[null,null,null]', '[null,null,{}]'),
      /line 6/,
    ],
    [
      'a type of its own',
      json(dataset([])).replace('"dataType":"float"', '"dataType":"number"'),
      /dataType/,
    ],
  ])('%s is refused with its place', (_, text, message) => {
    expect(() => readDatasetJson(text)).toThrow(DatasetJsonProblem)
    expect(() => readDatasetJson(text)).toThrow(message)
  })
})

// The standard's own schema and examples are no part of the project; where they lie beside it they are used.
const standard = join(import.meta.dirname, '../../../shared/reference/dataset-json')
if (existsSync(join(standard, 'dataset.schema.json'))) {
  describe('against the standard', () => {
    const read = (name: string) => readFileSync(join(standard, name), 'utf8')
    // The schema carries words of its generator.
    const validator = new Ajv2019({ strict: false, validateFormats: false })
    const isValid = validator.compile(JSON.parse(read('dataset.schema.json')))

    it('what is written is valid', () => {
      for (const one of [dataset(hostile), dataset([])]) {
        expect(isValid(JSON.parse(json(one))), JSON.stringify(isValid.errors)).toBe(true)
        const [head, ...rows] = ndjson(one).trimEnd().split('\n')
        const whole = { ...JSON.parse(head as string), rows: rows.map((row) => JSON.parse(row)) }
        expect(isValid(whole), JSON.stringify(isValid.errors)).toBe(true)
      }
    })

    it('the examples are read, and both forms are the same data', () => {
      const whole = readDatasetJson(read('dm.json'))
      expect(whole.rows).toHaveLength(whole.records)
      expect(whole.records).toBe(18)
      expect(readDatasetJson(read('dm.ndjson'))).toEqual(whole)
      expect(readDatasetJson(ndjson(whole))).toEqual(whole)
      expect(JSON.parse(json(whole))).toEqual(JSON.parse(read('dm.json')))
    })
  })
}
