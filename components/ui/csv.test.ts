import { describe, expect, it } from 'vitest'
import { csvText } from './csv.ts'

describe('csvText', () => {
  it('quotes commas, quotes and line breaks', () => {
    expect(csvText([['a,b', 'say "x"', 'two\nlines']])).toBe(
      '\uFEFF"a,b","say ""x""","two\nlines"\r\n',
    )
  })

  it('disarms what a spreadsheet would calculate, and leaves numbers alone', () => {
    expect(csvText([['=1+1', '@cmd', '-3.5', '-']])).toBe("\uFEFF'=1+1,'@cmd,-3.5,'-\r\n")
  })
})
