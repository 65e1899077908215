/** PostgreSQL forms of the language's functions. Each takes the arguments as SQL; null means it has no form for them. */
import type { Core } from '#domain/expression/core.ts'

type Write = (args: readonly string[], cores: readonly Core[]) => string | null

const float = (sql: string) => `((${sql})::double precision)`
const one = (write: (x: string) => string): Write => {
  return ([x = '']) => write(x)
}
const two = (write: (a: string, b: string) => string): Write => {
  return ([a = '', b = '']) => write(a, b)
}

/** LEAST and GREATEST pass over nulls; min and max of the language do not. */
const strict =
  (name: string): Write =>
  (args) => {
    const nulls = args.map((arg) => `${arg} IS NULL`).join(' OR ')
    return `(CASE WHEN ${nulls} THEN NULL ELSE ${name}(${args.join(', ')}) END)`
  }
const lenient =
  (name: string): Write =>
  (args) =>
    `${name}(${args.join(', ')})`

const counted = (args: readonly string[], of: (arg: string) => string) =>
  `(${args.map((arg) => `CASE WHEN ${of(arg)} THEN 1 ELSE 0 END`).join(' + ')})`

const monthDay = (date: string) => `(extract(month FROM ${date}) * 100 + extract(day FROM ${date}))`

const decimalText = '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$'

export const sqlFunctions: Readonly<Record<string, Write>> = {
  missing: one((x) => `(${x} IS NULL)`),
  known: one((x) => `(${x} IS NOT NULL)`),
  coalesce: lenient('COALESCE'),
  countTrue: (args) => float(counted(args, (arg) => arg)),
  atLeast: ([needed = '', ...args]) => {
    const yes = counted(args, (arg) => arg)
    const possible = counted(args, (arg) => `${arg} IS NOT FALSE`)
    return `(CASE WHEN ${yes} >= ${needed} THEN TRUE WHEN ${possible} < ${needed} THEN FALSE END)`
  },
  abs: one((x) => `abs(${x})`),
  round: ([x], [, digits]) => {
    if (digits?.op !== 'constant' || typeof digits.value !== 'number') return null
    return float(`round(${x}::numeric, ${digits.value})`)
  },
  floor: one((x) => float(`floor(${x}::numeric)`)),
  ceil: one((x) => float(`ceil(${x}::numeric)`)),
  sqrt: one((x) => `(CASE WHEN ${x} >= 0 THEN sqrt(${x}) END)`),
  // PostgreSQL refuses results that are too large or too small for double precision; the language has none and 0.
  exp: one(
    (x) =>
      `(CASE WHEN ${x} > 709.782712893384 THEN NULL WHEN ${x} < -745 THEN 0 ELSE exp(${x}) END)`,
  ),
  log: one((x) => `(CASE WHEN ${x} > 0 THEN ln(${x}) END)`),
  log10: one((x) => `(CASE WHEN ${x} > 0 THEN log(${x}) END)`),
  min: strict('LEAST'),
  max: strict('GREATEST'),
  days: two((a, b) => float(`${b} - ${a}`)),
  months: two((a, b) => `(${float(`${b} - ${a}`)} / 30.4375::double precision)`),
  years: two((a, b) => `(${float(`${b} - ${a}`)} / 365.25::double precision)`),
  ageAt: two((birth, reference) => {
    const before = `CASE WHEN ${monthDay(reference)} < ${monthDay(birth)} THEN 1 ELSE 0 END`
    return float(`extract(year FROM ${reference}) - extract(year FROM ${birth}) - ${before}`)
  }),
  earliest: lenient('LEAST'),
  latest: lenient('GREATEST'),
  impute: one((d) => d),
  isPartial: one((d) => `(CASE WHEN ${d} IS NOT NULL THEN FALSE END)`),
  yearOf: one((d) => float(`extract(year FROM ${d})`)),
  contains: two((codes, code) => `(${code} = ANY(${codes}))`),
  size: one((codes) => float(`cardinality(${codes})`)),
  length: one((text) => float(`char_length(${text})`)),
  number: one((text) => {
    const trimmed = `btrim(${text}, ' ')`
    return `(CASE WHEN ${trimmed} ~ '${decimalText}' THEN ${trimmed}::double precision END)`
  }),
}
