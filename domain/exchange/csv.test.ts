import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine, csvRows } from './csv.ts'

/** What a reader does: unquote, then take the one apostrophe away. */
const read = (cell: string) => {
  const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
  return plain.startsWith("'") ? plain.slice(1) : plain
}

describe('csvRows', () => {
  it('reads back what csvLine wrote, whatever the texts', () => {
    const cell = fc.string({ unit: 'grapheme' })
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width })))
    fc.assert(
      fc.property(table, (rows) => {
        expect(csvRows(rows.map(csvLine).join(''))).toEqual(rows)
      }),
    )
  })

  it('reads LF lines, a byte order mark and a last line without an end', () => {
    expect(csvRows('\uFEFFa,b\n1,"2\n3"\r\n,')).toEqual([
      ['a', 'b'],
      ['1', '2\n3'],
      ['', ''],
    ])
    expect(csvRows('')).toEqual([])
  })

  it('refuses broken quotes', () => {
    expect(() => csvRows('a,"b')).toThrow(/never closed/)
    expect(() => csvRows('"a"b,c')).toThrow(/after a closing quote/)
  })
})

describe('CSV cells', () => {
  it('leaves numbers alone, also negative and signed ones', () => {
    for (const number of ['-5', '+3.50', '12', '-0.5', '1e-5', '-2E3'])
      expect(csvCell(number)).toBe(number)
  })

  it('defuses what a spreadsheet would run', () => {
    expect(csvCell('=1+1')).toBe("'=1+1")
    expect(csvCell('-2+3+cmd|x')).toBe("'-2+3+cmd|x")
    expect(csvCell('@SUM(A1)')).toBe("'@SUM(A1)")
    expect(csvCell('\t=1')).toBe("'\t=1")
    expect(csvCell("'quoted")).toBe("''quoted")
  })

  it('gives every text back exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(read(csvCell(text))).toBe(text)
      }),
    )
  })

  it('never lets a cell begin with a formula', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const shown = csvCell(text).replace(/^"/, '')
        if (/^[=@\t\r]/.test(shown)) throw new Error(shown)
        if (/^[+-]/.test(shown)) expect(Number.isFinite(Number(text))).toBe(true)
      }),
    )
  })

  it('ends lines as RFC 4180 says', () => {
    expect(csvLine(['a', 'b"c', 'd,e', ''])).toBe('a,"b""c","d,e",\r\n')
  })
})
