import { describe, expect, it } from 'vitest'
import { sampleBodies, sampleResult } from '#domain/analysis/printed/testing/report-samples.ts'
import type { ReportBody } from '#domain/analysis/report-result.ts'
import type { Language } from '#domain/definition/definition.ts'
import { pdfPages } from '../document/testing/pdf-text.ts'
import { type ReportFile, reportFile } from './book-file.ts'
import { sampleSource } from './testing/sample-book.ts'

const fileOf = (kind: ReportBody['kind'], file: ReportFile, language: Language = 'en', part = 0) =>
  reportFile(sampleSource({ results: [sampleResult(sampleBodies[kind])] }), {
    file,
    language,
    part,
  })

describe('files of one report', () => {
  it('are named by study, report, moment and language, each with its type', async () => {
    const { name, mediaType } = await fileOf('table', 'report.pdf', 'ja')
    expect(name).toBe('TACCSA_R_TABLE_2026-11-21_ja.pdf')
    expect(mediaType).toBe('application/pdf')
    const csv = await fileOf('listing', 'data.csv', 'zh')
    expect(csv.name).toBe('TACCSA_R_LISTING_2026-11-21_zh.csv')
    expect(csv.mediaType).toBe('text/csv; charset=utf-8')
    expect(csv.bytes.toString('utf8')).toContain('间质性肺病')
  })

  it('PNG: 170 mm wide at 300 dots per inch, and says so', async () => {
    const { bytes } = await fileOf('survival', 'figure.png', 'ja')
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG')
    expect(bytes.readUInt32BE(16)).toBe(2008)
    expect(bytes.readUInt32BE(20)).toBeGreaterThan(800)
    expect(bytes.toString('latin1', 37, 41)).toBe('pHYs')
    expect([bytes.readUInt32BE(41), bytes.readUInt32BE(45), bytes[49]]).toEqual([11811, 11811, 1])
  })

  it('SVG: with its fonts, in the asked language and for the asked subgroup', async () => {
    const whole = (await fileOf('survival', 'figure.svg', 'ja')).bytes.toString('utf8')
    expect(whole).toContain('@font-face')
    expect(whole).toContain('リスク集合')
    expect(whole).not.toContain('抗MDA5抗体陽性')
    const part = await fileOf('survival', 'figure.svg', 'ja', 1)
    expect(part.bytes.toString('utf8')).toContain('抗MDA5抗体陽性')
    expect(part.name).toBe('TACCSA_R_SURVIVAL_1_2026-11-21_ja.svg')
  })

  it.each(['survival', 'incidence', 'flow', 'cox', 'visit-means', 'visit-values'] as const)(
    'PDF of the figure of %s: one page of its own size, words as text',
    async (kind) => {
      const { bytes } = await fileOf(kind, 'figure.pdf', 'zh')
      const pages = pdfPages(bytes)
      expect(pages).toHaveLength(1)
      expect(pages[0]?.width).toBe(482)
      expect(pages[0]?.text).not.toContain('\uFFFD')
      expect(pages[0]?.text).toMatch(/[\u4e00-\u9fff]/)
    },
  )

  it('are the same bytes each time', async () => {
    for (const file of [
      'report.pdf',
      'report.docx',
      'figure.svg',
      'figure.png',
      'figure.pdf',
    ] as const) {
      const [first, second] = await Promise.all([fileOf('flow', file), fileOf('flow', file)])
      expect(second?.bytes.equals(first?.bytes as Buffer), file).toBe(true)
    }
  })

  it('are not there for a report without a figure, nor for one that cannot be computed', async () => {
    await expect(fileOf('table', 'figure.svg')).rejects.toMatchObject({ code: 'not-found' })
    const beyond = fileOf('survival', 'figure.svg', 'en', 2)
    await expect(beyond).rejects.toMatchObject({ code: 'not-found' })
    const results = [sampleResult(sampleBodies.flow, { problem: { en: 'Nobody.' } })]
    const options = { file: 'figure.png', language: 'en' } as const
    await expect(reportFile(sampleSource({ results }), options)).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(reportFile(sampleSource({ results: [] }), options)).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
