/** SHA-256 (FIPS 180-4) of UTF-8 text in lower-case hex, without a platform: letters of arms must be the same everywhere. */

const primes = firstPrimes(64)
/** The first 32 bits of the fractional part of a root of a prime. */
const fraction = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32)
const rounds = primes.map((prime) => fraction(Math.cbrt(prime)))
const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate += 1)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by))

/** See the file head. */
export function digestOf(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const blocks = Math.ceil((bytes.length + 9) / 64)
  const padded = new DataView(new ArrayBuffer(blocks * 64))
  for (const [at, byte] of bytes.entries()) padded.setUint8(at, byte)
  padded.setUint8(bytes.length, 0x80)
  padded.setBigUint64(blocks * 64 - 8, BigInt(bytes.length) * 8n)
  const state = Uint32Array.from(start)
  for (let block = 0; block < blocks; block += 1) mix(state, padded, block * 64)
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('')
}

function mix(state: Uint32Array, text: DataView, from: number): void {
  const words = new Uint32Array(64)
  const word = (at: number) => words[at] as number
  for (let at = 0; at < 64; at += 1) {
    if (at < 16) {
      words[at] = text.getUint32(from + at * 4)
      continue
    }
    const [a, b] = [word(at - 15), word(at - 2)]
    const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3)
    const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10)
    words[at] = word(at - 16) + low + word(at - 7) + high
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let at = 0; at < 64; at += 1) {
    const chosen = (e & f) ^ (~e & g)
    const major = (a & b) ^ (a & c) ^ (b & c)
    const first = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    const second = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    const one = (h + first + chosen + (rounds[at] as number) + word(at)) >>> 0
    const two = (second + major) >>> 0
    h = g
    g = f
    f = e
    e = (d + one) >>> 0
    d = c
    c = b
    b = a
    a = (one + two) >>> 0
  }
  for (const [at, value] of [a, b, c, d, e, f, g, h].entries())
    state[at] = (state[at] as number) + value
}
