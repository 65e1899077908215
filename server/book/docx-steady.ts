/**
 * The same document, the same bytes: a DOCX as it comes says when it was made, in its properties and in the times of its
 * ZIP entries, and numbers its bookmarks through the life of the process. All of that is set from the data here.
 */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

type Entry = { name: string; method: number; crc: number; size: number; packed: Buffer }

const endOfDirectory = 0x06054b50
const directoryEntry = 0x02014b50
const localEntry = 0x04034b50
/** Names are UTF-8. */
const flags = 0x0800

/** `moment` (ISO) becomes the date of the document and of every part in it. Throws when the bytes are no ZIP. */
export function steadyDocx(bytes: Buffer, moment: string): Buffer {
  const entries = entriesOf(bytes).map((entry) => {
    if (entry.name === 'docProps/core.xml')
      return changed(entry, (xml) =>
        xml.replace(
          /(<dcterms:(created|modified)[^>]*>)[^<]*/g,
          `$1${new Date(moment).toISOString().slice(0, 19)}Z`,
        ),
      )
    return entry.name === 'word/document.xml' ? changed(entry, renumbered) : entry
  })
  return written(entries, moment)
}

/** Numbers that the process counts on: names of bookmarks, their ids, and the ids of pictures. */
const counted = [
  /(<w:hyperlink [^>]*w:anchor="_Toc|<w:bookmarkStart [^>]*w:name="_Toc|<w:instrText[^>]*>PAGEREF _Toc)(\d+)/g,
  /(<w:bookmark(?:Start|End) (?:[^>]* )?w:id=")(\d+)/g,
  /(<wp:docPr id=")(\d+)/g,
] as const

/** Each kind of number from 1, in the order in which they are met. */
function renumbered(xml: string): string {
  return counted.reduce((text, pattern) => {
    const numbers = new Map<string, number>()
    return text.replace(pattern, (_, before: string, number: string) => {
      const known = numbers.get(number) ?? numbers.size + 1
      numbers.set(number, known)
      return `${before}${known}`
    })
  }, xml)
}

function changed(entry: Entry, edit: (xml: string) => string): Entry {
  const plain = entry.method === 0 ? entry.packed : inflateRawSync(entry.packed)
  const edited = Buffer.from(edit(plain.toString('utf8')))
  return {
    name: entry.name,
    method: 8,
    crc: crc32(edited),
    size: edited.length,
    packed: deflateRawSync(edited),
  }
}

/** The parts of a ZIP, by its directory (APPNOTE 4.3). */
export function entriesOf(zip: Buffer): Entry[] {
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end -= 1
  if (end < 0) throw new Error('The file is no ZIP')
  const entries: Entry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error('The ZIP has no directory')
    const nameLength = zip.readUInt16LE(at + 28)
    const place = zip.readUInt32LE(at + 42)
    const from = place + 30 + zip.readUInt16LE(place + 26) + zip.readUInt16LE(place + 28)
    const packedSize = zip.readUInt32LE(at + 20)
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      size: zip.readUInt32LE(at + 24),
      packed: zip.subarray(from, from + packedSize),
    })
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return entries
}

/** What a part of a ZIP holds. */
export function contentOf({ method, packed }: Pick<Entry, 'method' | 'packed'>): Buffer {
  return method === 0 ? packed : inflateRawSync(packed)
}

function written(entries: readonly Entry[], moment: string): Buffer {
  const { time, date } = dosMoment(moment)
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let place = 0
  for (const { name, method, crc, size, packed } of entries) {
    const path = Buffer.from(name)
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(flags, 2)
    facts.writeUInt16LE(method, 4)
    facts.writeUInt16LE(time, 6)
    facts.writeUInt16LE(date, 8)
    facts.writeUInt32LE(crc, 10)
    facts.writeUInt32LE(packed.length, 14)
    facts.writeUInt32LE(size, 18)
    facts.writeUInt16LE(path.length, 22)
    const local = Buffer.alloc(4)
    local.writeUInt32LE(localEntry)
    parts.push(local, facts, path, packed)
    const head = Buffer.alloc(6)
    head.writeUInt32LE(directoryEntry)
    head.writeUInt16LE(20, 4)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(place, 10)
    directory.push(head, facts, tail, path)
    place += 30 + path.length + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(endOfDirectory)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(place, 16)
  return Buffer.concat([...parts, list, end])
}

/** A moment as ZIP writes it: two seconds are its smallest step, 1980 its first year. */
function dosMoment(moment: string): { time: number; date: number } {
  const at = new Date(moment)
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date:
      ((Math.max(at.getUTCFullYear(), 1980) - 1980) << 9) |
      ((at.getUTCMonth() + 1) << 5) |
      at.getUTCDate(),
  }
}
