const pattern = /<pattern id="([^"]+)"[^>]*>((?:(?!<\/pattern>).)*)<\/pattern>/gs
const hexColour = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i

/**
 * Fill patterns that are an even tint become that colour: tiles of one colour show seams in PDF readers and in Word. Patterns
 * with lines stay.
 */
export function withPlainTints(svg: string): string {
  let plain = svg
  for (const [whole, id, content = ''] of svg.matchAll(pattern)) {
    if (content.includes('<path')) continue
    const layers = [...content.matchAll(/<rect[^>]*>/g)].map(([rect]) => ({
      colour: / fill="([^"]*)"/.exec(rect)?.[1] ?? '',
      opacity: Number(/ fill-opacity="([^"]*)"/.exec(rect)?.[1] ?? 1),
    }))
    const tint = blended(layers)
    if (tint) plain = plain.replace(whole, '').replaceAll(`url(#${id})`, tint)
  }
  return plain
}

/** Layers of colour over each other, on white; null for a colour that is not written as six digits. */
function blended(layers: readonly { colour: string; opacity: number }[]): string | null {
  let mixed = [255, 255, 255]
  for (const { colour, opacity } of layers) {
    const parts = hexColour.exec(colour)?.slice(1)
    if (!parts) return null
    mixed = mixed.map(
      (under, at) => under * (1 - opacity) + Number.parseInt(parts[at] as string, 16) * opacity,
    )
  }
  return `#${mixed.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}
