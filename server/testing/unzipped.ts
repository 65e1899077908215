import { inflateRawSync } from 'node:zlib'

/** The files of a ZIP by name, in their order; sizes are read from the central directory. */
export function unzippedFiles(bytes: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const size = bytes.readUInt32LE(at + 20)
    const local = bytes.readUInt32LE(at + 42)
    const nameLength = bytes.readUInt16LE(local + 26)
    const start = local + 30 + nameLength + bytes.readUInt16LE(local + 28)
    const name = bytes.subarray(local + 30, local + 30 + nameLength).toString('utf8')
    files[name] = inflateRawSync(bytes.subarray(start, start + size)).toString('utf8')
    at +=
      46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

/** Every file of a ZIP one after the other, with its name. */
export function unzipped(bytes: Buffer): string {
  return Object.entries(unzippedFiles(bytes))
    .map(([name, text]) => `${name}\n${text}`)
    .join('')
}
