import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Modules that `file` loads at run time, and everything they load. */
function loaded(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  if (!file.startsWith('domain/')) return seen
  const text = readFileSync(join(root, file), 'utf8')
  for (const match of text.matchAll(/^(?:import|export) (?!type )([^;]*?) from '([^']+)'/gms)) {
    const [, names = '', from = ''] = match
    const parts = names.replace(/^.*?\{|\}$/gs, '').split(',')
    if (parts.every((part) => part.trim() === '' || part.trim().startsWith('type '))) continue
    const target = from.startsWith('#')
      ? from.slice(1)
      : from.startsWith('.')
        ? join(dirname(file), from)
        : from
    loaded(target, seen)
  }
  return seen
}

test('what a browser runs loads no platform module, no YAML and no zod', () => {
  const modules = new Set<string>()
  for (const file of [
    'compile-study.ts',
    'evaluate.ts',
    'schedule.ts',
    'form-state.ts',
    'check-tests.ts',
  ]) {
    loaded(`domain/casebook/${file}`, modules)
  }
  expect(modules.size).toBeGreaterThan(20)
  expect([...modules].filter((module) => !module.startsWith('domain/'))).toEqual([])
  expect(modules.has('domain/definition/definition.ts')).toBe(false)
})
