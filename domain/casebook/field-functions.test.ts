import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileText } from '#domain/expression/compile.ts'
import { CasebookEnvironment } from './environment.ts'
import { fieldFunctions } from './field-functions.ts'
import type { FormValues } from './record.ts'
import { casebookOf, sampleStudy } from './testing/sample-study.ts'
import { scopeAt } from './type-scope.ts'

const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8')
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}
const examples = blocks('study-examples')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => {
    const at = line.lastIndexOf(' -> ')
    return { text: line.slice(0, at), result: line.slice(at + 4) }
  })

const study = sampleStudy()
const records = JSON.parse(blocks('json')[1] ?? '{}') as Record<string, FormValues>
const plain = casebookOf(records)
const casebook = {
  ...plain,
  records: plain.records.map((record) =>
    record.key.form === 'F_DM' ? { ...record, state: 'signed' as const } : record,
  ),
}
const environment = new CasebookEnvironment(study, casebook)
const record = environment.records.find(({ data }) => data.key.form === 'F_LB')

describe('functions of the study in docs/expressions.md', () => {
  test.each(examples)('$text -> $result', ({ text, result }) => {
    const scope = scopeAt(study.index, { form: 'F_LB', group: 'LB' })
    const { compiled, findings } = compileText(text, scope)
    const error = /^error (.+)$/.exec(result)?.[1]
    if (error !== undefined) {
      expect(findings.map(({ code }) => code)).toContain(error)
      return
    }
    expect(findings).toEqual([])
    const value = compiled?.evaluate(environment, { record: record?.index ?? -1, row: 'CREAT' })
    const expected: unknown = result === 'missing' ? null : JSON.parse(result)
    expect(value).toEqual(expected)
  })

  test('every one stands in the table and in an example', () => {
    expect(fieldFunctions.size).toBeGreaterThan(10)
    for (const name of fieldFunctions.keys()) {
      expect(page, `table of ${name}`).toMatch(new RegExp(`^\\|[^\\n]*\`${name}\\(`, 'm'))
      expect(
        examples.some(({ text }) => text.includes(`${name}(`)),
        `example of ${name}`,
      ).toBe(true)
    }
  })
})
