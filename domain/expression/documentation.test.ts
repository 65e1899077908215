import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileText } from '#domain/expression/compile.ts'
import { languageFunctions, specialFunctions } from '#domain/expression/functions.ts'
import {
  type SampleRecord,
  sampleEnvironment,
  sampleScope,
} from '#domain/expression/sample-scope.ts'

const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8')

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (m) => m[1] ?? '',
  )
}

const examples = blocks('examples')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => {
    const at = line.lastIndexOf(' -> ')
    return { text: line.slice(0, at), result: line.slice(at + 4) }
  })
const records = JSON.parse(blocks('json')[0] ?? '[]') as SampleRecord[]
const environment = sampleEnvironment(records, {
  parameters: { LIMIT: 10 },
  variables: { PULSES: 2 },
})

describe('docs/expressions.md', () => {
  test('holds examples', () => expect(examples.length).toBeGreaterThan(90))

  test.each(examples)('$text -> $result', ({ text, result }) => {
    const { compiled, findings } = compileText(text, sampleScope('F_DM'))
    const error = /^error (.+)$/.exec(result)?.[1]
    if (error !== undefined) {
      expect(findings.map((f) => f.code)).toContain(error)
      return
    }
    expect(findings).toEqual([])
    const value = compiled?.evaluate(environment, { record: 0, row: null })
    const expected: unknown = result === 'missing' ? null : JSON.parse(result)
    expect(value).toEqual(expected)
  })

  test('shows every function in a table and in an example', () => {
    for (const name of [...Object.keys(languageFunctions), ...specialFunctions]) {
      expect(page, `table of ${name}`).toMatch(new RegExp(`^\\|[^\\n]*\`[^\`]*\\b${name}\\(`, 'm'))
      expect(
        examples.some((e) => new RegExp(`\\b${name}\\(`).test(e.text)),
        `example of ${name}`,
      ).toBe(true)
    }
  })
})
