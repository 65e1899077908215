/** What the verbs of `casebook figure` have in common: their shape, labels, groups and time axes from options. */
import type { FigureSpecInput } from '#domain/analysis/figures/figure-spec.ts'
import type { TimeOptions } from '#domain/analysis/figures/spec-from-statistics.ts'
import { timeUnits } from '#domain/analysis/figures/spec-parts.ts'
import { ensure } from '#domain/statistics/problem.ts'
import type { VerbInput } from '#domain/statistics/verbs/verb.ts'

export type FigureVerb = {
  usage: string
  options: readonly string[]
  flags?: readonly string[]
  required: readonly string[]
  spec: (v: VerbInput) => FigureSpecInput
}

export type Cell = string | number | null

export const timeWords = ['unit', 'per-unit', 'ticks', 'max']
export const timeUsage = '[--unit day|week|month|year] [--per-unit 7] [--ticks 0,12,24] [--max 52]'

/** `--labels "TAC=Tacrolimus;CSA=Ciclosporin A"`: what codes are called in the figure. */
export function labelsOf(v: VerbInput): Record<string, string> {
  if (!v.has('labels')) return {}
  return Object.fromEntries(
    v
      .text('labels')
      .split(';')
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const at = part.indexOf('=')
        ensure(
          at > 0 && part.slice(at + 1).trim() !== '',
          'bad-option',
          '--labels is code=name;code=name',
        )
        return [part.slice(0, at).trim(), part.slice(at + 1).trim()]
      }),
  )
}

export function named(v: VerbInput, code: string): string {
  const labels = labelsOf(v)
  return (Object.hasOwn(labels, code) ? labels[code] : undefined) ?? code
}

export function timeOptions(v: VerbInput, title: string): TimeOptions {
  const perUnit = v.number('per-unit', 1)
  ensure(perUnit > 0 && Number.isFinite(perUnit), 'bad-option', '--per-unit must be positive')
  const ticks = v.has('ticks') ? [...v.numbers('ticks')].sort((a, b) => a - b) : undefined
  return {
    title: v.text('title', title),
    unit: v.choice('unit', timeUnits, 'day'),
    perUnit,
    ...(ticks ? { ticks } : {}),
    ...(v.has('max') ? { max: v.number('max') } : {}),
    labels: labelsOf(v),
  }
}

export const distinct = (cells: readonly Cell[]): string[] =>
  [...new Set(cells.filter((cell): cell is string | number => cell !== null))]
    .sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0))
    .map(String)

/** Groups in the order of the file; without a column everybody is in one. */
export function groupsOf(v: VerbInput): { keys: string[]; of: (row: number) => string | null } {
  const cells = v.labels('group')
  if (!cells) return { keys: ['all'], of: () => 'all' }
  return {
    keys: distinct(cells),
    of: (row) => (cells[row] === null || cells[row] === undefined ? null : String(cells[row])),
  }
}
