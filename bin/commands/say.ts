/** Where a command writes; the process's own streams unless a test listens. */
export interface Say {
  out(text: string): void
  error(text: string): void
}

export const streams: Say = {
  out: (text) => void process.stdout.write(`${text}\n`),
  error: (text) => void process.stderr.write(`${text}\n`),
}
