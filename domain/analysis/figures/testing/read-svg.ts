/** For tests: reads a drawn figure back: boxes of its texts, scales from its ticks, points of its paths. */
import { scaleLinear, scaleLog } from 'd3-scale'
import { textWidth, type Weight } from '../text-metrics.ts'

export type TextBox = { text: string; left: number; right: number; top: number; bottom: number }

export function attribute(tag: string, name: string): string | null {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null
}

const plain = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')

/** Box of the ink of each text: from the top of its capitals to the foot of its descenders. */
export function textBoxes(svg: string): TextBox[] {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].map(([, tag = '', inner = '']) => {
    const text = plain(inner)
    const size = Number(attribute(tag, 'font-size') ?? 12)
    const weight = (Number(attribute(tag, 'font-weight') ?? 400) as Weight) === 600 ? 600 : 400
    const width = textWidth(text, size, weight)
    const [x, y] = [Number(attribute(tag, 'x')), Number(attribute(tag, 'y'))]
    const anchor = attribute(tag, 'text-anchor') ?? 'start'
    const from = anchor === 'start' ? 0 : anchor === 'middle' ? -width / 2 : -width
    const up = size * 0.76
    const down = size * 0.2
    if (attribute(tag, 'transform')?.startsWith('rotate(-90'))
      return { text, left: x - up, right: x + down, top: y - from - width, bottom: y - from }
    return { text, left: x + from, right: x + from + width, top: y - up, bottom: y + down }
  })
}

/** Pairs of texts that lie on each other, and texts that leave the picture; empty when all is well. */
export function textFaults(svg: string): string[] {
  const [width, height] = (attribute(svg, 'viewBox') ?? '').split(' ').slice(2).map(Number) as [
    number,
    number,
  ]
  const boxes = textBoxes(svg)
  const faults: string[] = []
  for (const [at, a] of boxes.entries()) {
    if (a.left < -0.5 || a.right > width + 0.5 || a.top < -0.5 || a.bottom > height + 0.5)
      faults.push(`outside: ${a.text}`)
    for (const b of boxes.slice(at + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      if (across > 0.5 && down > 0.5) faults.push(`on each other: ${a.text} | ${b.text}`)
    }
  }
  return faults
}

/** What is inside the group of that name, all of them joined. */
export function part(svg: string, name: string): string {
  const found: string[] = []
  const open = new RegExp(`<g data-part="${name}"[^>]*>`, 'g')
  for (const match of svg.matchAll(open)) {
    let depth = 1
    const from = match.index + match[0].length
    const tags = /<(\/?)g\b[^>]*?(\/?)>/g
    tags.lastIndex = from
    for (let tag = tags.exec(svg); tag; tag = tags.exec(svg)) {
      depth += tag[1] === '/' ? -1 : tag[2] === '/' ? 0 : 1
      if (depth === 0) {
        found.push(svg.slice(from, tag.index))
        break
      }
    }
  }
  return found.join('')
}

const numberOf = (text: string) => Number(text.replace('−', '-').replace(' %', ''))

/** The scale of an axis, recovered from the places of its tick labels: units of the figure to values. */
export function axisValue(svg: string, axis: 'x' | 'y', log = false): (place: number) => number {
  const ticks = [...part(svg, `axis-${axis}`).matchAll(/<text([^>]*)>([^<]*)<\/text>/g)]
    .map(([, tag = '', text = '']) => ({
      value: /^[−\d.]+( %)?$/.test(text) ? numberOf(text) : Number.NaN,
      // A tick label of the y axis stands 4 units below its tick.
      place: axis === 'x' ? Number(attribute(tag, 'x')) : Number(attribute(tag, 'y')) - 4,
    }))
    .filter((tick) => Number.isFinite(tick.value))
  const [first, last] = [ticks[0], ticks.at(-1)]
  if (!first || !last || first === last) throw new Error('the axis has no two ticks')
  const range: [number, number] = [first.place, last.place]
  const scale = log
    ? scaleLog([first.value, last.value], range)
    : scaleLinear([first.value, last.value], range)
  return (place) => scale.invert(place)
}

/** Corners of a path made of M, L, H, V and h, v with absolute or relative numbers. */
export function pathPoints(d: string): [number, number][] {
  const points: [number, number][] = []
  let [x, y] = [0, 0]
  for (const [, command = '', rest = ''] of d.matchAll(/([MLHVhvmlZ])([^MLHVhvmlZ]*)/g)) {
    const numbers = (rest.match(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g) ?? []).map(Number)
    if (command === 'H') x = numbers[0] as number
    else if (command === 'V') y = numbers[0] as number
    else if (command === 'h') x += numbers[0] as number
    else if (command === 'v') y += numbers[0] as number
    else if (command === 'Z') continue
    else
      for (let at = 0; at + 1 < numbers.length; at += 2) {
        const relative = command === 'm' || command === 'l'
        x = (relative ? x : 0) + (numbers[at] as number)
        y = (relative ? y : 0) + (numbers[at + 1] as number)
        points.push([x, y])
      }
    if ('HVhv'.includes(command)) points.push([x, y])
  }
  return points
}

/** All tags with a data attribute of that name. */
export function tagged(svg: string, name: string): { value: string; tag: string }[] {
  return [...svg.matchAll(new RegExp(`<\\w+[^>]*\\sdata-${name}="([^"]*)"[^>]*>`, 'g'))].map(
    (match) => ({
      value: plain(match[1] as string),
      tag: match[0],
    }),
  )
}

/** Opening and closing tags match and every & is an entity: enough to know that XML parsers read it. */
export function xmlFault(svg: string): string | null {
  const open: string[] = []
  if (/&(?!(amp|lt|gt|quot);)/.test(svg)) return 'a bare &'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(svg)) return 'a control character'
  for (const [, close, name = '', empty] of svg.matchAll(
    /<(\/?)(\w+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (close) {
      if (open.pop() !== name) return `</${name}> closes nothing`
    } else if (!empty) open.push(name)
  }
  const tags = svg.match(/</g)?.length ?? 0
  const known = svg.match(/<(\/?)(\w+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)?.length ?? 0
  if (tags !== known) return 'a tag that is none'
  return open.length === 0 ? null : `<${open.join('><')}> left open`
}
