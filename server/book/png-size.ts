import { crc32 } from 'node:zlib'

const signature = 8
const metresPerInch = 0.0254

/** Says the resolution in a PNG (chunk pHYs, PNG specification 11.3.5.3). Throws when the bytes are no PNG. */
export function withPhysicalSize(png: Buffer, dotsPerInch: number): Buffer {
  const header = png.readUInt32BE(signature)
  if (png.toString('latin1', signature + 4, signature + 8) !== 'IHDR')
    throw new Error('The file is no PNG')
  const at = signature + 12 + header
  const chunk = Buffer.alloc(21)
  const perMetre = Math.round(dotsPerInch / metresPerInch)
  chunk.writeUInt32BE(9, 0)
  chunk.write('pHYs', 4, 'latin1')
  chunk.writeUInt32BE(perMetre, 8)
  chunk.writeUInt32BE(perMetre, 12)
  chunk[16] = 1
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17)
  return Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)])
}
