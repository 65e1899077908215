/**
 * How many sign-ins one address may try. Kept in memory: it slows guessing over many accounts, while the lock of a single
 * account is in the database and holds over all processes.
 */
const windowMs = 10 * 60_000
const mostTries = 40
const mostAddresses = 20_000

export class TryLimit {
  readonly #tries = new Map<string, { count: number; since: number }>()

  /** Counts a try; the minutes to wait when there were too many, else 0. An unknown address is not limited. */
  count(address: string | null, now = Date.now()): number {
    if (address === null) return 0
    const entry = this.#tries.get(address)
    if (!entry || now - entry.since > windowMs) {
      if (this.#tries.size >= mostAddresses) this.#forgetOldest()
      this.#tries.delete(address)
      this.#tries.set(address, { count: 1, since: now })
      return 0
    }
    entry.count += 1
    if (entry.count <= mostTries) return 0
    return Math.ceil((entry.since + windowMs - now) / 60_000)
  }

  /** A success ends the suspicion. */
  clear(address: string | null): void {
    if (address !== null) this.#tries.delete(address)
  }

  #forgetOldest() {
    const oldest = this.#tries.keys().next()
    if (!oldest.done) this.#tries.delete(oldest.value)
  }
}
