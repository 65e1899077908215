/** One value that is not what the reference says. `relative` is |actual − expected| / |expected|. */
export interface Difference {
  path: string
  expected: unknown
  actual: unknown
  relative: number | null
}

/** Keys of `expected` that comment on the case or record what R prints for information; they are not compared. */
const commentary = new Set([
  'r_default_estimate',
  'r_default_ci',
  'what_R_prints',
  'p_exact_definition',
  'sas_default_pctldef5',
  'spss_default',
  'comment',
  'note',
])

/** Probabilities are compared by relative error however small they are; other values near 0 absolutely. */
const probability = /^(p|value|p_.*|.*_p|p_hat|pratt_p_.*|binom_test_p.*)$/

function numberOf(value: unknown): number | null | undefined {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (value === 'Infinity') return Infinity
  if (value === '-Infinity') return -Infinity
  return value === 'NaN' || value === 'NA' ? null : undefined
}

/**
 * Compares what was recomputed with a reference, key by key of the reference. null and "NaN" both mean not estimable.
 * A key of the reference that was not recomputed is a difference: nothing passes by being left out.
 */
export function differences(
  expected: unknown,
  actual: unknown,
  tolerance: number,
  path = '',
  key = '',
): Difference[] {
  const number = numberOf(expected)
  if (number !== undefined && typeof expected !== 'object')
    return compareNumber(number, expected, actual, tolerance, path, key)
  if (expected === null) return compareNumber(null, expected, actual, tolerance, path, key)
  if (Array.isArray(expected)) {
    const list =
      Array.isArray(actual) || ArrayBuffer.isView(actual)
        ? Array.from(actual as ArrayLike<unknown>)
        : [actual]
    if (list.length !== expected.length)
      return [
        { path: `${path}.length`, expected: expected.length, actual: list.length, relative: null },
      ]
    return expected.flatMap((item, i) =>
      differences(item, list[i], tolerance, `${path}[${i}]`, key),
    )
  }
  if (typeof expected === 'object') {
    const record = (typeof actual === 'object' && actual !== null ? actual : {}) as Record<
      string,
      unknown
    >
    return Object.entries(expected as Record<string, unknown>).flatMap(([name, item]) => {
      if (commentary.has(name)) return []
      const next = path === '' ? name : `${path}.${name}`
      if (!(name in record) || record[name] === undefined)
        return [{ path: next, expected: item, actual: 'not computed', relative: null }]
      return differences(item, record[name], tolerance, next, name)
    })
  }
  return expected === actual || String(expected) === String(actual)
    ? []
    : [{ path, expected, actual, relative: null }]
}

function compareNumber(
  number: number | null,
  expected: unknown,
  actual: unknown,
  tolerance: number,
  path: string,
  key: string,
): Difference[] {
  const value = numberOf(actual)
  const fault = (relative: number | null) => [{ path, expected, actual, relative }]
  if (value === undefined) return fault(null)
  if (number === null || value === null) return number === value ? [] : fault(null)
  if (!Number.isFinite(number) || !Number.isFinite(value))
    return number === value ? [] : fault(null)
  const gap = Math.abs(value - number)
  const relative = number === 0 ? gap : gap / Math.abs(number)
  if (relative <= tolerance) return []
  const nearZero = Math.abs(number) < (probability.test(key) ? 1e-300 : tolerance)
  return nearZero && gap <= tolerance ? [] : fault(relative)
}
