import { gather, sortedOrder } from '#domain/statistics/samples.ts'
import type { PreparedSurvival } from '#domain/statistics/survival-data.ts'

/**
 * Standard error of a sum over event times by the infinitesimal jackknife: root of the summed squares of weight ×
 * influence (Therneau and Grambsch 2000, 7.1). A row's own event adds `jump[k]`, being at risk costs `increment[k]` at
 * every event time; the result has one element per time. log S takes d/(y(y−d)) and 1/(y−d), Nelson-Aalen d/y² and 1/y.
 */
export function jackknifeErrors(
  data: PreparedSurvival,
  rows: Uint32Array,
  time: Float64Array,
  increment: Float64Array,
  jump: Float64Array,
): Float64Array {
  const { time: times, event, weight, entry } = data
  const hazards = new Float64Array(time.length + 1)
  for (let k = 0; k < time.length; k++)
    hazards[k + 1] = (hazards[k] as number) + (increment[k] as number)
  const hazardBefore = (t: number) => {
    let lo = 0
    let hi = time.length
    while (lo < hi) {
      const mid = (lo + hi) >> 1
      if ((time[mid] as number) <= t) lo = mid + 1
      else hi = mid
    }
    return hazards[lo] as number
  }
  const byEntry = entry ? sortedOrder(gather(entry, rows)) : null
  // An influence stays fixed after exit: running sums over those at risk and those gone give every time in one pass.
  let in0 = 0
  let in1 = 0
  let in2 = 0
  let gone = 0
  let next = 0
  const squareOf = (row: number) => (weight ? (weight[row] as number) ** 2 : 1)
  const admit = (row: number, sign: number) => {
    const h0 = entry ? hazardBefore(entry[row] as number) : 0
    const w2 = sign * squareOf(row)
    in0 += w2
    in1 += w2 * h0
    in2 += w2 * h0 * h0
    return h0
  }
  if (!byEntry) for (const row of rows) admit(row, 1)
  const errors = new Float64Array(time.length)
  let j = 0
  for (let k = 0; k < time.length; k++) {
    if (byEntry && entry) {
      while (next < rows.length) {
        const row = rows[byEntry[next] as number] as number
        if ((entry[row] as number) >= (time[k] as number)) break
        admit(row, 1)
        next++
      }
    }
    const h = hazards[k + 1] as number
    while (j < rows.length && times[rows[j] as number] === time[k]) {
      const row = rows[j++] as number
      const h0 = admit(row, -1)
      const own = event[row] ? (jump[k] as number) : 0
      gone += squareOf(row) * (own - (h - h0)) ** 2
    }
    // Between events nothing changes; computed anew it would, in the last digit.
    if (increment[k] === 0) {
      errors[k] = k > 0 ? (errors[k - 1] as number) : 0
      continue
    }
    const living = h * h * in0 - 2 * h * in1 + in2
    errors[k] = Math.sqrt(Math.max(0, gone + living))
  }
  return errors
}
