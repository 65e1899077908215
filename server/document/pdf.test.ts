import { create, type Font } from 'fontkit'
import { describe, expect, it } from 'vitest'
import { runsOf } from './faces.ts'
import { pdfOf } from './pdf.ts'

const names = (text: string, language: 'en' | 'ja' | 'zh') =>
  runsOf(text, language).map((run) => [run.face.name, run.text])

describe('faces', () => {
  it('cuts a text by script, with the shapes of its language first', () => {
    expect(names('KL-6 の値', 'ja')).toEqual([
      ['noto-sans-latin', 'KL-6 '],
      ['noto-sans-jp-japanese', 'の値'],
    ])
    expect(names('骨', 'zh')).toEqual([['noto-sans-sc-chinese-simplified', '骨']])
    expect(names('γ-GT', 'en').map(([name]) => name)).toEqual([
      'noto-sans-greek',
      'noto-sans-latin',
    ])
  })

  it('has every sign that forms print, in every language', () => {
    const signs = '≥≤→√①●○±×–—“”·°²µαβγΔΩ％〜～・「」、。药剂间质治験'
    for (const language of ['en', 'ja', 'zh'] as const) {
      const runs = runsOf(signs, language)
      expect(runs.map((run) => run.text).join('')).toBe(signs.normalize('NFC'))
      for (const run of runs)
        for (const sign of run.text)
          expect(run.face.has(sign.codePointAt(0) as number), sign).toBe(true)
    }
  })

  it('leaves out what prints nothing and falls back to plain signs, then to a box', () => {
    expect(runsOf('a\u0000\u202eb\u200bc\n', 'en').map((run) => run.text)).toEqual(['abc\n'])
    expect(runsOf('Ⅲ', 'ja').map((run) => run.text)).toEqual(['III'])
    expect(runsOf('\u{1F9EC}', 'en').map((run) => run.text)).toEqual(['\u25A1'])
  })

  it('gives TrueType files that a font reader takes, in both weights', () => {
    for (const text of ['A', '試', '药']) {
      const [run] = runsOf(text, 'ja')
      for (const weight of [400, 700] as const) {
        const file = run?.face.file(weight) as Buffer
        expect(['\u0000\u0001\u0000\u0000', 'OTTO']).toContain(file.toString('latin1', 0, 4))
        expect((create(file) as Font).hasGlyphForCodePoint(text.codePointAt(0) as number)).toBe(
          true,
        )
      }
    }
  })
})

describe('PDF', () => {
  it('embeds the faces of header, nested texts, lists and tables', async () => {
    const bytes = await pdfOf({
      language: 'ja',
      compress: false,
      header: () => ({ text: 'γ' }),
      content: [
        { text: ['plain ', { text: ['nested ', '治験'], bold: true }] },
        { ul: ['药'] },
        { table: { body: [['a', { text: '2' }]] } },
      ],
    })
    const text = bytes.toString('latin1')
    expect(text.startsWith('%PDF-')).toBe(true)
    const fonts = [...text.matchAll(/\/BaseFont \/([\w+-]+)/g)].map((match) => match[1] as string)
    expect(
      fonts.some((font) => /JP.*Bold/i.test(font)),
      fonts.join(),
    ).toBe(true)
    expect(
      fonts.some((font) => /SC/i.test(font)),
      fonts.join(),
    ).toBe(true)
  })

  it('opens neither files nor addresses that a text names', async () => {
    const image = { image: '/etc/passwd' }
    await expect(pdfOf({ language: 'en', content: [image] })).rejects.toThrow()
    const remote = { image: 'http://127.0.0.1:9/x.png' }
    await expect(pdfOf({ language: 'en', content: [remote] })).rejects.toThrow()
  })
})
