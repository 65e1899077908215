/** Names of at most eight characters, as analysis data sets ask for, out of the longer names of a definition. */

/**
 * Gives each name asked for one of its own: the name itself where it is short and free, else without its underscores, else
 * its first characters with a number behind them. The same names asked for in the same order give the same result.
 */
export class SetNames {
  readonly #taken = new Set<string>()
  readonly #longest: number

  constructor(reserved: readonly string[] = [], longest = 8) {
    this.#longest = longest
    for (const name of reserved) this.#taken.add(name)
  }

  /** `ending` (such as FL or DT) stays at the end of the name. */
  shorten(oid: string, ending = ''): string {
    const room = this.#longest - ending.length
    const plain = oid.replaceAll(/[^A-Z0-9_]/g, '').replace(/^[^A-Z]+/, '') || 'X'
    const bare = plain.replaceAll('_', '')
    for (const candidate of [plain, bare, bare.slice(0, room)]) {
      if (candidate.length <= room && this.#take(candidate + ending)) return candidate + ending
    }
    for (let number = 2; ; number++) {
      const digits = String(number)
      const name = bare.slice(0, room - digits.length) + digits + ending
      if (this.#take(name)) return name
    }
  }

  /** True when the name was free; it is taken from then on. */
  #take(name: string): boolean {
    if (this.#taken.has(name)) return false
    this.#taken.add(name)
    return true
  }
}

/** Names that reviewers know, for populations that have them under other names. */
const knownFlags: Readonly<Record<string, string>> = {
  ITT: 'ITTFL',
  SAFETY: 'SAFFL',
  SAF: 'SAFFL',
  PP: 'PPROTFL',
  PPS: 'PPROTFL',
  FAS: 'FASFL',
  SCREENED: 'SCRNFL',
  SCRNFAIL: 'SCRFFL',
  ENROLLED: 'ENRLFL',
  RANDOMISED: 'RANDFL',
  RANDOMIZED: 'RANDFL',
}

/** The flag of each population by its OID, in the order of the definition. */
export function populationFlags(
  populations: readonly { oid: string }[],
): ReadonlyMap<string, string> {
  const names = new SetNames()
  const flags = new Map<string, string>()
  const known = new Set<string>()
  for (const { oid } of populations) {
    const flag = knownFlags[oid]
    if (flag === undefined || known.has(flag)) continue
    known.add(flag)
    flags.set(oid, names.shorten(flag.slice(0, -2), 'FL'))
  }
  for (const { oid } of populations)
    if (!flags.has(oid)) flags.set(oid, names.shorten(oid.replace(/FL$/, ''), 'FL'))
  return new Map(populations.map(({ oid }) => [oid, flags.get(oid) as string]))
}
