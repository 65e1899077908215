import { numberInJson } from '#domain/statistics/reference/read-case.ts'

/** One value that is not what the reference says. `relative` is |actual − expected| / |expected|. */
export interface Difference {
  path: string
  expected: unknown
  actual: unknown
  relative: number | null
}

/** Greatest gaps that count as equal. */
export interface Tolerance {
  relative: number
  /** For a value near 0 that is not a probability. */
  absolute: number
  /**
   * Solved by iteration: a p-value is then as exact as its statistic z, whose relative error it shows z² = −2 log p
   * times, and a value below 0.001 (a squared statistic near 0) has the absolute exactness of that scale.
   */
  iterative?: boolean
  /** Smallest step of the reference's p-values, where it computed them as 1 − cdf. */
  resolution?: number
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
  'method',
  'data_name',
])

/** Probabilities are compared by relative error however small they are; other values near 0 absolutely. */
const probability = /^(p|value|p[_.]?values?|p_.*|.*_p|p_hat|pratt_p_.*|binom_test_p.*)$/

/** Names that R users give to the same result; each line is one result. */
const synonyms: readonly (readonly string[])[] = [
  ['p', 'p_value', 'pvalue', 'p_val', 'pval', 'pr(>f)'],
  ['df', 'parameter', 'degrees_of_freedom', 'dof'],
  [
    'statistic',
    'stat',
    'chisq',
    'x_squared',
    'chi_square',
    'chi2',
    'x2',
    'fvalue',
    'f_value',
    'z_value',
    't_value',
    'z',
    't',
    'f',
    'h',
    'w',
    'v',
  ],
  ['conf_int', 'ci', 'ci95', 'confint', 'conf_interval', 'interval'],
  ['lower', 'lcl', 'conf_low', 'ci_lower', 'lwr', 'lbound'],
  ['upper', 'ucl', 'conf_high', 'ci_upper', 'upr', 'ubound'],
  ['estimate', 'mean_difference', 'mean'],
  ['se', 'std_err', 'stderr', 'std_error', 'se_greenwood', 'sem'],
  ['coef', 'beta', 'coefficients', 'log_hr'],
  ['hr', 'exp_coef', 'hazard_ratio'],
  ['odds_ratio', 'common_odds_ratio', 'odds_ratio_cmle', 'or'],
  ['n_risk', 'nrisk', 'at_risk', 'n_at_risk'],
  ['n_event', 'nevent', 'n_events', 'events'],
  ['n_censor', 'ncensor', 'n_censored', 'censored'],
  ['surv', 'survival', 's'],
  ['n_missing', 'missing', 'n_na'],
  ['sd', 'standard_deviation', 'std_dev'],
  ['var', 'variance'],
]

/** Lower case with underscores, so that `p.value`, `p-value` and `P_value` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[.\-\s]+/g, '_')
}

/** The key of a result under which the reference's name is found: itself, another spelling, or one synonym. */
function keyOf(record: Record<string, unknown>, name: string): string | undefined {
  const present = Object.keys(record).filter((key) => record[key] !== undefined)
  if (present.includes(name)) return name
  const spelled = present.filter((key) => plain(key) === plain(name))
  if (spelled.length > 0) return spelled[0]
  const group = synonyms.find((names) => names.includes(plain(name))) ?? []
  const found = present.filter((key) => group.includes(plain(key)))
  return found.length === 1 ? found[0] : undefined
}

/** Whether a reference expects nothing of a value but that it is not estimable. */
export function expectsNothing(expected: unknown): boolean {
  if (expected === null || expected === 'NaN' || expected === 'NA') return true
  if (Array.isArray(expected)) return expected.length > 0 && expected.every(expectsNothing)
  if (typeof expected !== 'object') return false
  const values = Object.entries(expected as object).filter(([name]) => !commentary.has(name))
  return values.length > 0 && values.every(([, value]) => expectsNothing(value))
}

/** Whether a reference expects any value at all, beside comments. */
export function expectsSomething(expected: Record<string, unknown>): boolean {
  return Object.keys(expected).some((name) => !commentary.has(name))
}

/**
 * Compares what was recomputed with a reference, key by key of the reference. null and "NaN" both mean not estimable.
 * A key of the reference that was not recomputed is a difference: nothing passes by being left out.
 */
export function differences(
  expected: unknown,
  actual: unknown,
  tolerance: Tolerance | number,
  path = '',
  key = '',
): Difference[] {
  const allowed =
    typeof tolerance === 'number' ? { relative: tolerance, absolute: tolerance } : tolerance
  const number = numberInJson(expected)
  if (number !== undefined) return compareNumber(number, expected, actual, allowed, path, key)
  if (Array.isArray(expected)) {
    const list =
      Array.isArray(actual) || ArrayBuffer.isView(actual)
        ? Array.from(actual as ArrayLike<unknown>)
        : [actual]
    if (list.length !== expected.length)
      return [
        { path: `${path}.length`, expected: expected.length, actual: list.length, relative: null },
      ]
    return expected.flatMap((item, i) => differences(item, list[i], allowed, `${path}[${i}]`, key))
  }
  if (typeof expected === 'object') {
    const record = (typeof actual === 'object' && actual !== null ? actual : {}) as Record<
      string,
      unknown
    >
    return Object.entries(expected as Record<string, unknown>).flatMap(([name, item]) => {
      if (commentary.has(name)) return []
      const next = path === '' ? name : `${path}.${name}`
      const found = keyOf(record, name)
      if (found === undefined)
        return [{ path: next, expected: item, actual: 'not computed', relative: null }]
      return differences(item, record[found], allowed, next, name)
    })
  }
  const single = Array.isArray(actual) && actual.length === 1 ? actual[0] : actual
  return expected === single || String(expected) === String(single)
    ? []
    : [{ path, expected, actual, relative: null }]
}

function compareNumber(
  number: number | null,
  expected: unknown,
  given: unknown,
  tolerance: Tolerance,
  path: string,
  key: string,
): Difference[] {
  const actual = Array.isArray(given) && given.length === 1 ? given[0] : given
  const value =
    typeof actual === 'boolean'
      ? Number(actual)
      : actual === undefined || Number.isNaN(actual)
        ? null
        : numberInJson(
            typeof actual === 'string' && actual !== '' && !Number.isNaN(Number(actual))
              ? Number(actual)
              : actual,
          )
  const fault = (relative: number | null) => [{ path, expected, actual, relative }]
  if (value === undefined) return fault(null)
  if (number === null || value === null) return number === value ? [] : fault(null)
  if (!Number.isFinite(number) || !Number.isFinite(value))
    return number === value ? [] : fault(null)
  const gap = Math.abs(value - number)
  const relative = number === 0 ? gap : gap / Math.abs(number)
  if (number === 0 ? gap === 0 : relative <= tolerance.relative) return []
  if (probability.test(key) && !(key === 'value' && number === 0)) {
    const spread = tolerance.iterative && number > 0 ? 1 - 2 * Math.log(number) : 1
    if (number !== 0 && relative <= tolerance.relative * spread) return []
    // R prints 0 for what underflows, or for 1 minus a probability that is 1 to the last digit.
    const floor = number === 0 ? 1e-15 : number < 1e-300 ? 1e-300 : 0
    return gap <= Math.max(tolerance.resolution ?? 0, floor) ? [] : fault(relative)
  }
  if (tolerance.iterative && gap <= tolerance.relative * 1e-3) return []
  const nearZero = Math.abs(number) < tolerance.absolute
  return nearZero && gap <= tolerance.absolute ? [] : fault(relative)
}
