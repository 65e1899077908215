import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { pdfPages } from '#server/document/testing/pdf-text.ts'
import { report } from './report.ts'

const root = mkdtempSync(join(tmpdir(), 'casebook-book-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const study = join(import.meta.dirname, '..', '..', 'studies', 'tac-csa-rct')

function listener() {
  const said = { out: [] as string[], error: [] as string[] }
  const say = {
    out: (text: string) => void said.out.push(text),
    error: (text: string) => void said.error.push(text),
  }
  return { said, say }
}

it('writes the book of a demo cohort, in the asked language, each time the same bytes', async () => {
  const { said, say } = listener()
  const files = ['a.pdf', 'b.pdf'].map((name) => join(root, name))
  for (const out of files)
    expect(await report(['book', study, '--out', out, '--language', 'ja'], say)).toBe(0)
  const [first, second] = files.map((file) => readFileSync(file))
  expect(second?.equals(first as Buffer)).toBe(true)
  const pages = pdfPages(first as Buffer)
  const text = pages.map((page) => page.text).join('')
  expect(pages.length).toBeGreaterThan(10)
  for (const words of ['統計解析報告書', '患者背景', '61.6(11.0)', 'リスク集合', 'p=0.16'])
    expect(text).toContain(words)
  expect(said.error).toEqual([])
  expect(said.out[0]).toMatch(/^\d+ reports, \d+ bytes in /)
}, 60_000)

it.each([
  [['book', study]],
  [['book', study, '--out', join(root, 'x.txt')]],
  [['book', study, '--out', join(root, 'x.pdf'), '--language', 'fr']],
  [['book', root, '--out', join(root, 'x.pdf')]],
])('refuses what it cannot write: %#', async (words) => {
  const { said, say } = listener()
  expect(await report(words, say)).toBe(2)
  expect(said.error.join('\n')).not.toBe('')
})
