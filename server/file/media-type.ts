/** Which files are taken, told by their first bytes and not by what their name or sender claims. */
const kinds: readonly { mediaType: string; extension: RegExp; is: (bytes: Buffer) => boolean }[] = [
  {
    mediaType: 'application/pdf',
    extension: /\.pdf$/i,
    is: (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-',
  },
  {
    mediaType: 'image/png',
    extension: /\.png$/i,
    is: (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  },
  {
    mediaType: 'image/jpeg',
    extension: /\.jpe?g$/i,
    is: (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  },
  {
    mediaType: 'application/dicom',
    extension: /\.(dcm|dicom)$/i,
    is: (bytes) => bytes.subarray(128, 132).toString('latin1') === 'DICM',
  },
]

/** The media type of content whose bytes and name agree; null for everything that is not taken. */
export function mediaTypeOf(name: string, bytes: Buffer): string | null {
  return kinds.find((kind) => kind.extension.test(name) && kind.is(bytes))?.mediaType ?? null
}

export const kindsInWords = 'PDF, PNG, JPEG or DICOM'
