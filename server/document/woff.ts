import { inflateSync } from 'node:zlib'

/** WOFF 1.0 header and table directory entry, in bytes (W3C WOFF File Format 1.0, sections 3 and 4). */
const header = 44
const entry = 20

/**
 * The TrueType or OpenType font inside a WOFF 1.0 file. A PDF takes only the former, and unpacking a WOFF anew for every
 * glyph is what makes PDF libraries slow. Throws when the bytes are no WOFF.
 */
export function fontOfWoff(woff: Buffer): Buffer {
  if (woff.length < header || woff.toString('latin1', 0, 4) !== 'wOFF')
    throw new Error('The file is no WOFF font')
  const count = woff.readUInt16BE(12)
  const log2 = Math.floor(Math.log2(count))
  const directory = Buffer.alloc(12 + 16 * count)
  directory.writeUInt32BE(woff.readUInt32BE(4), 0)
  directory.writeUInt16BE(count, 4)
  directory.writeUInt16BE(16 * 2 ** log2, 6)
  directory.writeUInt16BE(log2, 8)
  directory.writeUInt16BE(16 * (count - 2 ** log2), 10)
  const parts: Buffer[] = [directory]
  let at = directory.length
  for (let table = 0; table < count; table += 1) {
    const from = header + entry * table
    const offset = woff.readUInt32BE(from + 4)
    const packed = woff.readUInt32BE(from + 8)
    const size = woff.readUInt32BE(from + 12)
    const bytes = woff.subarray(offset, offset + packed)
    const to = 12 + 16 * table
    woff.copy(directory, to, from, from + 4)
    directory.writeUInt32BE(woff.readUInt32BE(from + 16), to + 4)
    directory.writeUInt32BE(at, to + 8)
    directory.writeUInt32BE(size, to + 12)
    const padding = Buffer.alloc((4 - (size % 4)) % 4)
    parts.push(packed < size ? inflateSync(bytes) : bytes, padding)
    at += size + padding.length
  }
  return Buffer.concat(parts)
}
