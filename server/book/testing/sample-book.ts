/** A book of one small report of every kind, for tests of documents. */
import { sampleBodies, sampleResult } from '#domain/analysis/printed/testing/report-samples.ts'
import type { ReportBody, ReportResult } from '#domain/analysis/report-result.ts'
import type { BookSource } from '../book.ts'

export const sampleHash = 'ab12cd34ef56'.repeat(5)

export function sampleSource(more: Partial<BookSource> = {}): BookSource {
  return {
    study: {
      oid: 'TACCSA',
      name: { en: 'TAC-CSA-RCT', ja: 'TAC-CSA試験', zh: 'TAC-CSA研究' },
      title: { en: 'Tacrolimus or ciclosporin', ja: '無作為化試験', zh: '随机试验' },
      protocol: { version: '3.0', registry: 'UMIN1', sponsor: 'A University & <Co>' },
    },
    version: { number: 2, label: '1.1', hash: sampleHash },
    dataAsOf: '2026-11-21T10:20:30.123Z',
    cut: null,
    arms: 'shown',
    parameters: {},
    engineVersion: '7',
    names: { populations: [], groupings: [], parameters: [] },
    results: sampleResults(),
    ...more,
  }
}

/** Titles differ, so that contents can be told apart. */
export function sampleResults(): ReportResult[] {
  return Object.values(sampleBodies).map((body: ReportBody) =>
    sampleResult(body, {
      title: {
        en: `Report of kind ${body.kind}`,
        ja: `種類 ${body.kind} の報告`,
        zh: `类型 ${body.kind} 的报告`,
      },
    }),
  )
}
