/** Significance marks over points and boxes, and the lines at the foot that say which test each mark stands for. */

import { minus } from './axes.ts'
import type { Sheet } from './sheet.ts'
import type { MarkDef } from './spec-parts.ts'

/** Marks of a visit and group, all symbols whose p-value is below their level; `group` undefined: over the whole visit. */
export function marksAt(
  marks: readonly MarkDef[],
  visit: string,
  group: string | undefined,
): string {
  return marks
    .filter((mark) =>
      mark.cells.some(
        (cell) =>
          cell.visit === visit && cell.group === group && cell.p !== null && cell.p < mark.level,
      ),
    )
    .map((mark) => mark.symbol)
    .join('')
}

export function markNotes(sheet: Sheet, marks: readonly MarkDef[]): string[] {
  return marks.map((mark) =>
    sheet.words.levelOf(
      sheet.say(mark.symbol, 3),
      minus(String(mark.level)),
      sheet.say(mark.test, 120),
      mark.against ? sheet.say(mark.against, 160) : '',
    ),
  )
}

/** Where marks of neighbours would touch, each kind of mark has a row of its own above the plot. */
export function crowded(marks: readonly MarkDef[], groups: number, pitch: number): boolean {
  return (
    groups > 1 &&
    pitch < 8.5 &&
    marks.some((mark) => mark.cells.some((cell) => cell.group !== undefined))
  )
}

export const markRow = 13

export function drawMarkRows(
  sheet: Sheet,
  marks: readonly MarkDef[],
  visits: readonly { key: string }[],
  places: readonly number[],
  bottom: number,
): void {
  sheet.part('marks', () => {
    marks.forEach((mark, row) => {
      visits.forEach((visit, at) => {
        const below = mark.cells.some(
          (cell) => cell.visit === visit.key && cell.p !== null && cell.p < mark.level,
        )
        if (below)
          sheet.text(sheet.say(mark.symbol, 3), places[at] as number, bottom - row * markRow, {
            anchor: 'middle',
            weight: 600,
          })
      })
    })
  })
}
