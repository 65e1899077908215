import { describe, expect, it } from 'vitest'
import type { ReportResult } from '#domain/analysis/report-result.ts'
import { keptHash, reportBytes, wholeHash } from './fingerprint.ts'

const result: ReportResult = {
  oid: 'R1',
  title: { en: 'Flow', ja: '流れ' },
  footnote: null,
  population: null,
  dataAsOf: '2026-11-21T00:00:00.000Z',
  studyVersion: { number: 1, label: '1.0', hash: 'a'.repeat(64) },
  engineVersion: '1',
  parameters: {},
  arms: 'shown',
  body: { kind: 'flow', steps: [] },
  problem: null,
}

describe('the fingerprint of a report', () => {
  it('is of what it says, not of the engine or the cut that it names', () => {
    const hash = keptHash(result, 's')
    const cut = { number: 1, name: 'Interim', asOf: '', hash: 'b'.repeat(64) }
    expect(keptHash({ ...result, engineVersion: '2', cut }, 's')).toBe(hash)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    const others: ReportResult[] = [
      { ...result, dataAsOf: '2026-11-22T00:00:00.000Z' },
      { ...result, arms: 'masked' },
      { ...result, title: { en: 'Flow', ja: '流れ図' } },
      { ...result, parameters: { cutOff: '2026-01-01' } },
      { ...result, studyVersion: { ...result.studyVersion, number: 2 } },
    ]
    expect(new Set([hash, ...others.map((other) => keptHash(other, 's'))]).size).toBe(6)
  })

  it('does not depend on the order of keys, and numbers that JSON does not know are null', () => {
    const turned = Object.fromEntries(Object.entries(result).reverse()) as ReportResult
    expect(reportBytes(turned)).toBe(reportBytes(result))
    const infinite = { ...result, body: { kind: 'flow', steps: [{ x: Number.NaN }] } }
    expect(reportBytes(infinite as unknown as ReportResult)).toContain('"x":null')
  })

  it('needs the secret of its cut', () => {
    expect(keptHash(result, 's')).not.toBe(keptHash(result, 't'))
  })
})

it('the hash of a whole cut follows names, hashes and order of its reports', () => {
  const one = { oid: 'R1', sha256: '1' }
  const two = { oid: 'R2', sha256: '2' }
  const all = [[one, two], [two, one], [one], [one, { ...two, sha256: '3' }], []]
  expect(new Set(all.map(wholeHash)).size).toBe(5)
})
