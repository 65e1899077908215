import { describe, expect, it } from 'vitest'
import { svgInFaces, svgInOutlines } from './svg-text.ts'
import { withPlainTints } from './svg-tints.ts'

const svg = (inner: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" font-family="'Noto Sans', sans-serif" font-size="12">${inner}</svg>`

describe('text of a figure', () => {
  it('is cut into runs by face, each at its place', () => {
    const faces: string[] = []
    const made = svgInFaces(
      svg('<text x="100" y="20" text-anchor="end" fill="#112233">KL-6 の値</text>'),
      'ja',
      (face) => void faces.push(face.name),
    )
    expect(faces).toContain('noto-sans-jp-japanese')
    const places = [...made.matchAll(/<text x="([\d.]+)" y="20"[^>]*>([^<]*)</g)]
    expect(places.map((place) => place[2])).toEqual(['KL-6', 'の値'])
    const [first, second] = places.map((place) => Number(place[1]))
    expect(first).toBeLessThan(second as number)
    // Two characters of 12 units end where the text should end.
    expect(second).toBeCloseTo(100 - 24, 1)
    expect(made).toContain('<g fill="#112233">')
    expect(made).not.toContain('sans-serif')
  })

  it('keeps its turn, weight and hostile signs', () => {
    const made = svgInFaces(
      svg(
        '<text x="1" y="2" font-weight="600" transform="rotate(-90 1 2)">a &lt;b&gt; &amp; &quot;c&quot;</text>',
      ),
      'en',
      () => undefined,
    )
    expect(made).toContain('<g transform="rotate(-90 1 2)">')
    expect(made).toContain('font-weight="bold"')
    expect(made).toContain('a &lt;b&gt; &amp; &quot;c&quot;')
  })

  it('becomes outlines that need no font, the description stays', () => {
    const made = svgInOutlines(
      svg(
        '<title>T</title><desc>試験</desc><text x="10" y="10" text-anchor="middle">試験 A</text>',
      ),
      'ja',
    )
    expect(made).not.toContain('<text')
    expect(made).not.toContain('font-family')
    expect(made).toContain('<desc>試験</desc>')
    expect(made.match(/<path /g)).toHaveLength(2)
    expect(made).not.toMatch(/NaN|undefined/)
  })

  it('of spaces alone is nothing', () => {
    expect(svgInOutlines(svg('<text x="1" y="1"> </text>'), 'en')).not.toContain('<path')
  })
})

describe('fill patterns', () => {
  const rects =
    '<rect width="8" height="8" fill="#ffffff"/><rect width="8" height="8" fill="#0072b2" fill-opacity="0.75"/>'

  it('of one tint become that colour', () => {
    const made = withPlainTints(
      `<defs><pattern id="a-h0" width="8">${rects}</pattern></defs><rect fill="url(#a-h0)"/><rect fill="url(#a-h01)"/>`,
    )
    expect(made).toBe('<defs></defs><rect fill="#4095c5"/><rect fill="url(#a-h01)"/>')
  })

  it('with lines or colours of the page stay', () => {
    const hatched = `<pattern id="h1">${rects}<path d="M0,0"/></pattern><rect fill="url(#h1)"/>`
    expect(withPlainTints(hatched)).toBe(hatched)
    const screen = '<pattern id="h2"><rect fill="var(--x)"/></pattern><rect fill="url(#h2)"/>'
    expect(withPlainTints(screen)).toBe(screen)
  })
})
