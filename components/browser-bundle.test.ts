import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

// zod is a quarter of a megabyte and probes for eval, which the pages' Content-Security-Policy refuses and reports.
// Screens need of the schemas only their types; those imports are gone at run time.

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const valueImport = /^(?:import|export) (?!type\b)[^;]*?from '([^']+)'/gm
const onlyTypes = /^(?:import|export) \{(?:\s*type [^,}]+,?)+\s*\}/

/** Modules that a file needs at run time. */
function needs(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(valueImport)]
    .filter(([statement]) => !onlyTypes.test(statement))
    .map(([, name = '']) => {
      if (name.startsWith('#')) return name.slice(1)
      return name.startsWith('.') ? posix.join(posix.dirname(path), name) : name
    })
}

/** The way by which zod gets into the browser, file by file; null when it does not. */
function wayToZod(start: string): string[] | null {
  const seen = new Map<string, string | null>([[start, null]])
  for (const path of seen.keys()) {
    for (const next of needs(path)) {
      if (next === 'zod') {
        const way = [next]
        for (let at: string | null = path; at !== null; at = seen.get(at) ?? null) way.unshift(at)
        return way
      }
      if (!seen.has(next) && /\.tsx?$/.test(next) && existsSync(join(root, next))) {
        seen.set(next, path)
      }
    }
  }
  return null
}

it('follows imports at all', () => {
  expect(wayToZod('domain/definition/parse-study.ts')?.at(-1)).toBe('zod')
})

it('no screen brings zod into the browser', () => {
  const screens = readdirSync(join(root, 'components'), { recursive: true })
    .map((name) => posix.join('components', String(name).replaceAll('\\', '/')))
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  expect(screens.length).toBeGreaterThan(50)
  expect(screens.map(wayToZod).filter((way) => way !== null)).toEqual([])
})
