/** Dense symmetric algebra for the few rows of a model; matrices are row-major Float64Arrays of n × n. */

/** Cholesky factor L Lᵀ D form of a symmetric matrix; pivots below the tolerance are set aside (rank deficiency). */
export interface Cholesky {
  n: number
  /** Unit lower triangle below the diagonal, pivots on it; a pivot of 0 marks a dependent row. */
  factor: Float64Array
  rank: number
  dependent: number[]
}

/** Generalised Cholesky decomposition of a non-negative definite matrix; relative pivot tolerance. */
export function cholesky(matrix: ArrayLike<number>, n: number, tolerance = 1e-12): Cholesky {
  const f = Float64Array.from(matrix)
  const original = Float64Array.from({ length: n }, (_, i) => Math.abs(f[i * n + i] as number))
  const dependent: number[] = []
  for (let i = 0; i < n; i++) {
    const pivot = f[i * n + i] as number
    if (!(pivot > tolerance * (original[i] as number)) || !Number.isFinite(pivot)) {
      f[i * n + i] = 0
      dependent.push(i)
      for (let j = i + 1; j < n; j++) f[j * n + i] = 0
      continue
    }
    for (let j = i + 1; j < n; j++) {
      const value = f[i * n + j] as number
      const ratio = value / pivot
      f[j * n + i] = ratio
      for (let k = j; k < n; k++)
        f[j * n + k] = (f[j * n + k] as number) - ratio * (f[i * n + k] as number)
    }
  }
  return { n, factor: f, rank: n - dependent.length, dependent }
}

/** Solves A x = b from the decomposition; components of dependent rows are 0. */
export function choleskySolve({ n, factor }: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number
    for (let j = 0; j < i; j++) sum -= (factor[i * n + j] as number) * (x[j] as number)
    x[i] = sum
  }
  for (let i = n - 1; i >= 0; i--) {
    const pivot = factor[i * n + i] as number
    if (pivot === 0) {
      x[i] = 0
      continue
    }
    let sum = (x[i] as number) / pivot
    for (let j = i + 1; j < n; j++) sum -= (factor[j * n + i] as number) * (x[j] as number)
    x[i] = sum
  }
  return x
}

/** Inverse (generalised for dependent rows: their rows and columns are 0). */
export function choleskyInverse(c: Cholesky): Float64Array {
  const { n } = c
  const inverse = new Float64Array(n * n)
  const unit = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    if (c.dependent.includes(i)) continue
    unit.fill(0)
    unit[i] = 1
    const column = choleskySolve(c, unit)
    for (let j = 0; j < n; j++) inverse[j * n + i] = column[j] as number
  }
  return inverse
}

/** log of the determinant of the independent part. */
export function logDeterminant({ n, factor }: Cholesky): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    const pivot = factor[i * n + i] as number
    if (pivot > 0) sum += Math.log(pivot)
  }
  return sum
}

/** xᵀ A⁻¹ x through the decomposition of A. */
export function quadraticForm(c: Cholesky, x: ArrayLike<number>): number {
  const solved = choleskySolve(c, x)
  let sum = 0
  for (let i = 0; i < c.n; i++) sum += (x[i] as number) * (solved[i] as number)
  return sum
}

/** Rows of a row-major matrix as nested arrays, for results. */
export function toRows(matrix: ArrayLike<number>, rows: number, columns = rows): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => matrix[i * columns + j] as number),
  )
}
