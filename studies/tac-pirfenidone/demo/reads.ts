/**
 * CT acquisitions and the two blinded reads. Both readers come close to the final score: where no adjudication is due, one of
 * them reads at most one point less, so that the rounded mean is the final score; in about every sixth scan they differ in pattern or
 * by two points in a lobe, and the adjudicated score is the final one.
 */
import { chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { Scores } from './subjects.ts'

const lobes = ['RLL', 'LLL', 'RML', 'LUL', 'RUL'] as const
const findings = ['GGA', 'CONS', 'RETIC', 'TBX'] as const
type LobeScores = Record<string, number>

export type Scan = { event: 'BL' | 'M12'; on: string; pattern: string; scores: Scores }

/** A read key of six letters and digits without those that look alike. */
export function readKey(seed: number): string {
  const luck = chance(seed)
  const letters = [...'ABCDEFGHJKLMNPQRSTUVWXYZ23456789']
  return Array.from({ length: 6 }, () => luck.pick(letters)).join('')
}

export function acquisition(scan: Scan, key: string): DemoForm {
  return {
    event: scan.event,
    form: 'F_HRACQ',
    values: {
      HRTP: scan.event === 'BL' ? 'BASELINE' : 'FINAL',
      HRDTC: scan.on,
      HRKEY: key,
      HRPOS: 'Y',
      HRSLICE: '1.0',
      HRQUAL: 'Y',
    },
  }
}

/** The reads of one scan, done centrally after the last subject had finished. */
export function reads(scan: Scan, key: string, seed: number, readFrom: string): DemoForm[] {
  const luck = chance(seed)
  const final = spread(scan.scores)
  const first = { ...final }
  const second = { ...final }
  const disputed = luck.next() < 0.17
  const scored = Object.keys(final).filter((cell) => (final[cell] as number) > 0)
  const other = { NSIP: 'NSIPOP', NSIPOP: 'OP', OP: 'NSIPOP', AIP: 'UNCL' }[scan.pattern] ?? 'UNCL'
  let otherPattern = scan.pattern
  if (disputed && scored.length > 2) {
    const cell = luck.pick(scored.filter((one) => (final[one] as number) <= 2))
    const reader = luck.pick([first, second])
    if (cell !== undefined) reader[cell] = (final[cell] as number) + 2
    if (luck.next() < 0.4) otherPattern = other
  } else {
    // At most one point in one lobe of a finding: the mean is then at least the final score less a half, and rounds up to it.
    for (const finding of findings) {
      const cells = scored.filter((one) => one.startsWith(`${finding}_`))
      if (cells.length === 0 || luck.next() < 0.45) continue
      const reader = luck.pick([first, second])
      const cell = luck.pick(cells)
      reader[cell] = (final[cell] as number) - 1
    }
  }
  const day = plusDays(readFrom, luck.whole(0, 40))
  const forms = [
    readForm(key, 'R1', day, scan.pattern, first),
    readForm(key, 'R2', plusDays(day, luck.whole(1, 9)), otherPattern, second),
  ]
  if (needsAdjudication(first, second, scan.pattern !== otherPattern)) {
    const [gga, cons, retic, tbx] = scan.scores
    forms.push({
      event: 'LOG',
      form: 'F_HRADJ',
      repeat: 'new',
      values: {
        HRKEY: key,
        HRFINPAT: scan.pattern,
        HRFIN_GGA: String(gga),
        HRFIN_CONS: String(cons),
        HRFIN_RETIC: String(retic),
        HRFIN_TBX: String(tbx),
        HRADJBY: 'HQJ / LYM',
      },
    })
  }
  return forms
}

/** Two readers agree well enough when pattern and lobes fit; the total then differs by at most four. */
function needsAdjudication(
  first: LobeScores,
  second: LobeScores,
  patternDiffers: boolean,
): boolean {
  const cells = Object.keys(first)
  const lobe = cells.some(
    (cell) => Math.abs((first[cell] as number) - (second[cell] as number)) >= 2,
  )
  return patternDiffers || lobe
}

/** A subtotal over five lobes, lower lobes first, none above 4. */
function spread(scores: Scores): LobeScores {
  const cells: LobeScores = {}
  findings.forEach((finding, position) => {
    for (const lobe of lobes) cells[`${finding}_${lobe}`] = 0
    for (let left = scores[position] as number, turn = 0; left > 0; turn++) {
      const cell = `${finding}_${lobes[turn % lobes.length]}`
      if ((cells[cell] as number) >= 4) continue
      cells[cell] = (cells[cell] as number) + 1
      left -= 1
    }
  })
  return cells
}

function readForm(
  key: string,
  reader: string,
  on: string,
  pattern: string,
  cells: LobeScores,
): DemoForm {
  const values: Record<string, DemoValue> = {
    HRKEY: key,
    HRREADER: reader,
    HRRDDTC: on,
    HRPAT: pattern,
  }
  for (const lobe of ['RUL', 'RML', 'RLL', 'LUL', 'LLL'])
    for (const finding of findings)
      values[`HRL[${lobe}].HR_${finding}`] = String(cells[`${finding}_${lobe}`])
  return { event: 'LOG', form: 'F_HRREAD', repeat: 'new', values }
}
