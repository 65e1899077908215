/** The trial profile as boxes: steps downward, exclusions to the side, one column an arm after allocation. */
import type { Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import type { FlowBody, FlowStep } from '../report-result.ts'
import { element, figure, textElement } from './svg.ts'

const width = 760
const boxHeight = 46
const gap = 34

export function flowFigure(body: FlowBody, title: string, language: Language): string {
  const parts: string[] = []
  let y = 12
  let previous: { y: number; split: boolean } | null = null
  const centre = width / 2
  for (const step of body.steps) {
    const text = labelText(step.label, language)
    if (step.exclusion && step.byArm.length === 0) {
      const from: number = previous?.y ?? y
      const middle = from + gap / 2 + boxHeight / 2
      const branch = `M${centre},${from}V${middle}H${centre + 60}`
      parts.push(element('path', { d: branch, fill: 'none', stroke: 'currentColor' }))
      parts.push(box(centre + 60, middle - boxHeight / 2, 240, text, step.total.text))
      y = middle + boxHeight / 2 - gap / 2
      parts.push(element('path', { d: `M${centre},${middle}V${y}`, stroke: 'currentColor' }))
      previous = { y, split: false }
      continue
    }
    if (step.byArm.length > 0) {
      y += gap
      parts.push(armRow(step, y, previous, centre, text, language))
      previous = { y: y + boxHeight, split: true }
      y += boxHeight
      continue
    }
    if (previous) {
      y += gap
      parts.push(element('path', { d: `M${centre},${previous.y}V${y}`, stroke: 'currentColor' }))
    }
    parts.push(box(centre - 130, y, 260, text, step.total.text))
    y += boxHeight
    previous = { y, split: false }
  }
  const description = body.steps
    .map(
      (step) =>
        `${labelText(step.label, language)}: ${step.byArm.length > 0 ? step.byArm.map((arm) => `${labelText(arm.label, language)} ${arm.cell.text}`).join(', ') : step.total.text}`,
    )
    .join('; ')
  return figure(width, y + 16, title, description, parts.join(''))
}

function armRow(
  step: FlowStep,
  y: number,
  previous: { y: number; split: boolean } | null,
  centre: number,
  text: string,
  language: Language,
): string {
  const count = step.byArm.length
  const boxWidth = Math.min(300, (width - 40) / count - 20)
  return step.byArm
    .map((arm, index) => {
      const x = (width / count) * (index + 0.5)
      const from =
        previous === null
          ? ''
          : previous.split
            ? `M${x},${previous.y}V${y}`
            : `M${centre},${previous.y}V${previous.y + gap / 2}H${x}V${y}`
      return [
        from === '' ? '' : element('path', { d: from, fill: 'none', stroke: 'currentColor' }),
        box(
          x - boxWidth / 2,
          y,
          boxWidth,
          `${labelText(arm.label, language)}: ${text}`,
          arm.cell.text,
        ),
      ].join('')
    })
    .join('')
}

function box(x: number, y: number, boxWidth: number, label: string, count: string): string {
  return [
    element('rect', {
      x,
      y,
      width: boxWidth,
      height: boxHeight,
      rx: 4,
      fill: 'none',
      stroke: 'currentColor',
    }),
    textElement(label, x + boxWidth / 2, y + 19, { 'text-anchor': 'middle' }),
    textElement(`n = ${count}`, x + boxWidth / 2, y + 36, {
      'text-anchor': 'middle',
      'font-weight': 600,
    }),
  ].join('')
}
