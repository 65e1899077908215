import { describe, expect, it } from 'vitest'
import { groupChanges } from './group-changes.ts'

const change = (at: string, who: string, what: string, subjectKey: string | null) => ({
  at,
  who,
  what,
  subjectKey,
  subjectId: subjectKey,
})

describe('groupChanges', () => {
  it('counts what one person did to one subject within an hour', () => {
    const groups = groupChanges([
      change('2026-11-21T10:53:10Z', 'Emi', 'form.save', '04-005'),
      change('2026-11-21T10:52:10Z', 'Riku', 'form.save', '03-008'),
      change('2026-11-21T10:51:10Z', 'Emi', 'form.complete', '04-005'),
      change('2026-11-21T10:50:10Z', 'Emi', 'form.save', '04-005'),
      change('2026-11-21T09:59:10Z', 'Emi', 'form.save', '04-005'),
    ])
    expect(groups.map((group) => [group.who, group.subjectKey, group.actions])).toEqual([
      [
        'Emi',
        '04-005',
        [
          { what: 'form.save', count: 2 },
          { what: 'form.complete', count: 1 },
        ],
      ],
      ['Riku', '03-008', [{ what: 'form.save', count: 1 }]],
      ['Emi', '04-005', [{ what: 'form.save', count: 1 }]],
    ])
  })
})
