/**
 * A ZIP written to a stream, one entry after the other. The archiver would begin to read every entry as soon as it hears of
 * it, and all of them read from one database connection; so each is named only when the one before it is in.
 */
import { createHash } from 'node:crypto'
import { Readable, Transform, type TransformCallback, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipArchive } from 'archiver'

export type AddEntry = (
  name: string,
  text: Iterable<string> | AsyncIterable<string>,
) => Promise<void>

/** Ends the sink when all entries are in; a failure on either side ends both and is thrown. */
export async function zip(
  meter: Meter,
  sink: Writable,
  at: string,
  fill: (add: AddEntry) => Promise<void>,
): Promise<void> {
  const archive = new ZipArchive({ zlib: { level: 6 } })
  const date = new Date(at)
  let source: Readable | undefined
  let reader: { ended: Promise<void> } | undefined
  const add: AddEntry = (name, text) =>
    new Promise((resolve, reject) => {
      const entry = watched(text)
      reader = entry
      source = Readable.from(entry.text)
      source.once('error', reject)
      archive.once('entry', () => resolve())
      archive.append(source, { name, date })
    })
  const flowing = pipeline(archive, meter, sink)
  try {
    const filled = fill(add).then(() => archive.finalize())
    await Promise.all([Promise.race([filled, flowing]), flowing])
  } catch (error) {
    archive.destroy()
    source?.destroy()
    // What reads the entry may be in the middle of a query; the connection is not given back under it.
    await reader?.ended
    sink.destroy(error instanceof Error ? error : new Error('The archive was broken off'))
    await flowing.catch(() => undefined)
    throw error
  }
}

/** The text, and a promise that settles when nothing reads it any more (at once while nobody began). */
function watched(text: Iterable<string> | AsyncIterable<string>) {
  let settle: () => void = () => undefined
  const reader = { text: read(), ended: Promise.resolve() }
  async function* read() {
    reader.ended = new Promise((resolve) => {
      settle = resolve
    })
    try {
      yield* text
    } finally {
      settle()
    }
  }
  return reader
}

/** Counts and hashes what goes by. */
export class Meter extends Transform {
  readonly #hash = createHash('sha256')
  bytes = 0

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk)
    this.bytes += chunk.length
    done(null, chunk)
  }

  /** Once all has gone by; the hash in hex. */
  result(): { sha256: string; bytes: number } {
    return { sha256: this.#hash.digest('hex'), bytes: this.bytes }
  }
}
