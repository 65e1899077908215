import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')
const documented = new Set(
  page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)])
    .map((match) => match[1] as string),
)

/** Codes as they are written where findings are made. */
function codesIn(folder: string): Set<string> {
  const found = new Set<string>()
  const directory = new URL(`../${folder}/`, import.meta.url)
  for (const name of readdirSync(directory)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.startsWith('diff')) continue
    const text = readFileSync(new URL(name, directory), 'utf8')
    const patterns = [
      /\bcode: '([a-z][a-z-]+)'/g,
      /\b(?:report|finding)\(\s*'(?:error|warning|note)',\s*'([a-z-]+)'/g,
      /\breport\(\s*(?:checking|reading|merging)\s*,[^'`]*?'([a-z][a-z-]+)'/g,
      /\bplainFinding\(\s*'([a-z-]+)'/g,
      /\['(?:error|warning|note)', '([a-z-]+)'/g,
      /\b(?:this\.)?report\('(?!error|warning|note)([a-z][a-z-]+)'/g,
    ]
    for (const pattern of patterns) {
      for (const match of text.matchAll(pattern)) found.add(match[1] as string)
    }
  }
  return found
}

const written = new Set([...codesIn('definition'), ...codesIn('expression')])
// Given on by the tests of the command and by readers of rows, which have no code of their own.
written.delete('use')
written.delete('test')

test('every code that the checker writes is in the table, with its severity', () => {
  expect(written.size).toBeGreaterThan(70)
  expect([...written].filter((code) => !documented.has(code))).toEqual([])
})

test('the table has no code that nothing writes', () => {
  expect([...documented].filter((code) => !written.has(code))).toEqual([])
})

test('every row of the table says how bad it is', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const row of rows) expect(row.split('|')[2]).toMatch(/\b(error|warning|note)\b/)
})
