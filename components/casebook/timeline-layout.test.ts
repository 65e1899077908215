import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '#domain/casebook/views.ts'
import { axisTicks, dateNumber, layOut, textWidth } from './timeline-layout.ts'

function entry(kind: TimelineEntry['kind'], from: string, to: string | null = null): TimelineEntry {
  return { kind, label: kind, from, to, detail: '', severity: null, form: 'F_AE', recordId: null }
}

describe('layOut', () => {
  it('puts overlapping adverse events below each other and re-uses a row that is free', () => {
    const layout = layOut(
      [
        entry('adverseEvent', '2016-01-01', '2016-02-01'),
        entry('adverseEvent', '2016-01-10', '2016-01-20'),
        entry('adverseEvent', '2016-02-02', '2016-02-10'),
      ],
      '2016-03-01',
    )
    expect(layout?.lanes[0]?.entries.map((one) => one.row)).toEqual([0, 1, 0])
    expect(layout?.lanes[0]?.rows).toBe(2)
  })

  it('lets what is not ended run to the last known day, never beyond it', () => {
    const layout = layOut([entry('dose', '2016-01-01'), entry('visit', '2016-03-01')], '2026-11-21')
    const dose = layout?.lanes.find((one) => one.lane === 'dose')?.entries[0]
    expect(dose?.end).toBe(Date.UTC(2016, 2, 1))
  })

  it('has no axis without a dated entry', () => {
    expect(layOut([entry('visit', '')], '2026-11-21')).toBeNull()
  })

  it('marks randomisation over all lanes', () => {
    const layout = layOut([entry('randomisation', '2016-01-05')], '2016-02-01')
    expect(layout?.marks.map((mark) => mark.at)).toEqual([Date.UTC(2016, 0, 5)])
  })
})

describe('a study without allocation', () => {
  it('marks day 1 over the lanes and puts stays, infections and relapses into theirs', () => {
    const layout = layOut(
      [
        entry('anchor', '2016-01-05'),
        entry('admission', '2016-02-01', '2016-02-09'),
        entry('infection', '2016-02-02'),
        entry('relapse', '2016-05-01'),
        entry('death', '2016-06-01'),
      ],
      '2016-07-01',
    )
    expect(layout?.marks.map((mark) => mark.entry.kind)).toEqual(['anchor', 'death'])
    expect(layout?.lanes.map((one) => [one.lane, one.entries.length])).toEqual([
      ['adverseEvent', 1],
      ['admission', 1],
      ['progression', 2],
    ])
  })
})

describe('textWidth', () => {
  it('gives an ideograph more room than a letter', () => {
    expect(textWidth('タクロリムス')).toBeGreaterThan(textWidth('Tacrol'))
  })
})

describe('dateNumber', () => {
  it('puts partial dates in the middle of what they leave open', () => {
    expect(dateNumber('2016-03')).toBe(Date.UTC(2016, 2, 15))
    expect(dateNumber('2016')).toBe(Date.UTC(2016, 6, 1))
    expect(dateNumber('unknown')).toBeNull()
  })
})

describe('axisTicks', () => {
  it('stands on first days and keeps to the number asked for', () => {
    const ticks = axisTicks(Date.UTC(2016, 0, 10), Date.UTC(2017, 0, 20), 8)
    expect(ticks.map((tick) => tick.iso)).toEqual([
      '2016-03',
      '2016-05',
      '2016-07',
      '2016-09',
      '2016-11',
      '2017-01',
    ])
  })
})
