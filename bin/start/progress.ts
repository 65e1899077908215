/** One line a phase: what is done, what it is at, how long it took. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  #label = ''
  #begun = 0
  #open = false

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out
  }

  /** Opens the line of a phase. */
  begin(label: string): void {
    this.#label = label
    this.#begun = Date.now()
    this.#open = true
    this.#out.write(`  ${label} ...${this.#out.isTTY ? '' : '\n'}`)
  }

  /** Says how far the phase is; on a terminal in place, elsewhere not at all. */
  at(detail: string): void {
    if (this.#open && this.#out.isTTY) this.#out.write(`\r\u001b[2K  ${this.#label} ... ${detail}`)
  }

  /** Closes the line of the phase. */
  end(detail = ''): void {
    if (!this.#open) return
    this.#open = false
    const seconds = ((Date.now() - this.#begun) / 1000).toFixed(1)
    const text = `${this.#label}${detail ? `, ${detail}` : ''} (${seconds} s)`
    this.#out.write(this.#out.isTTY ? `\r\u001b[2K  ${text}\n` : `  ${text}\n`)
  }

  /** Leaves the line as it stands, before an error is printed. */
  abandon(): void {
    if (this.#open && this.#out.isTTY) this.#out.write('\n')
    this.#open = false
  }

  line(text: string): void {
    this.#out.write(`${text}\n`)
  }
}
