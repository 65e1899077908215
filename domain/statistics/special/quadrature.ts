const nodeCache = new Map<number, { nodes: Float64Array; weights: Float64Array }>()

/** Gauss-Legendre nodes and weights on −1..1 by Newton on the Legendre recursion. */
export function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
  const cached = nodeCache.get(n)
  if (cached) return cached
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 0
    for (let step = 0; step < 100; step++) {
      let p0 = 1
      let p1 = x
      for (let k = 2; k <= n; k++) {
        const p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
        p0 = p1
        p1 = p2
      }
      slope = (n * (x * p1 - p0)) / (x * x - 1)
      const move = p1 / slope
      x -= move
      if (Math.abs(move) < 1e-16) break
    }
    nodes[i] = x
    weights[i] = 2 / ((1 - x * x) * slope * slope)
  }
  const result = { nodes, weights }
  nodeCache.set(n, result)
  return result
}

/** Integral of a smooth function over a..b in equal panels of 32-point Gauss-Legendre. */
export function integrate(f: (x: number) => number, a: number, b: number, panels: number): number {
  const { nodes, weights } = gaussLegendre(32)
  const half = (b - a) / panels / 2
  let sum = 0
  for (let p = 0; p < panels; p++) {
    const middle = a + (2 * p + 1) * half
    for (let i = 0; i < nodes.length; i++)
      sum += (weights[i] as number) * f(middle + half * (nodes[i] as number))
  }
  return sum * half
}
