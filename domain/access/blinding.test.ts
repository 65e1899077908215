import { describe, expect, it } from 'vitest'
import { armSightOf, type Blinding } from './blinding.ts'
import { type Role, roles } from './permissions.ts'

const open: Blinding = { openLabel: true }
const doubleBlind: Blinding = { openLabel: false }
const none = { arm: [], byArm: [], conceals: [], board: 'masked' as const }
const blindSponsor: Blinding = {
  openLabel: true,
  blinding: { ...none, arm: ['monitor'], byArm: ['statistician'] },
}

describe('what somebody may know of arms', () => {
  it('is what the permission page says, in an open study', () => {
    const sees = roles.filter((role) => armSightOf([role], [open], false).arm)
    expect(sees).toEqual([
      'investigator',
      'coordinator',
      'monitor',
      'data-manager',
      'medical-monitor',
      'statistician',
      'auditor',
    ])
    for (const role of sees) expect(armSightOf([role], [open], false).arms, role).toBe('shown')
    expect(armSightOf(['dsmb-member'], [open], false)).toEqual({ arms: 'shown', arm: false })
  })

  it('is nothing for anybody in a double-blind study, but letters for the board', () => {
    for (const role of roles) {
      expect(armSightOf([role], [doubleBlind], false), role).toEqual({
        arms: role === 'dsmb-member' ? 'masked' : 'pooled',
        arm: false,
      })
    }
  })

  it('shows the board names where the study says so, and only the board', () => {
    const told: Blinding = { openLabel: false, blinding: { ...none, board: 'shown' } }
    expect(armSightOf(['dsmb-member'], [told], false).arms).toBe('shown')
    expect(armSightOf(['dsmb-member', 'statistician'], [told], false).arms).toBe('pooled')
    expect(armSightOf(['statistician'], [told], false).arms).toBe('pooled')
  })

  it('can be narrowed for roles, for single arms and for numbers by arm apart', () => {
    const sight = (...held: Role[]) => armSightOf(held, [blindSponsor], false)
    expect(sight('investigator')).toEqual({ arms: 'shown', arm: true })
    expect(sight('statistician')).toEqual({ arms: 'pooled', arm: true })
    expect(sight('monitor')).toEqual({ arms: 'pooled', arm: false })
    expect(sight('dsmb-member')).toEqual({ arms: 'masked', arm: false })
  })

  it('is what the strictest of several roles allows', () => {
    expect(armSightOf(['investigator', 'monitor'], [blindSponsor], false).arm).toBe(false)
    expect(armSightOf(['investigator', 'statistician'], [blindSponsor], false).arms).toBe('pooled')
    expect(armSightOf(['investigator', 'study-administrator'], [open], false).arm).toBe(true)
    for (const lifted of [false, true])
      expect(armSightOf(['investigator', 'image-reader'], [open], lifted)).toEqual({
        arms: 'pooled',
        arm: false,
      })
  })

  it('is never widened by a later version, only by unblinding, and then not beyond the page', () => {
    expect(armSightOf(['investigator'], [doubleBlind, open], false).arm).toBe(false)
    expect(armSightOf(['investigator'], [open, doubleBlind], false).arms).toBe('pooled')
    expect(armSightOf(['investigator'], [doubleBlind], true)).toEqual({ arms: 'shown', arm: true })
    expect(armSightOf(['study-administrator'], [doubleBlind], true)).toEqual({
      arms: 'pooled',
      arm: false,
    })
  })

  it('is nothing without a role', () => {
    expect(armSightOf([], [open], false)).toEqual({ arms: 'pooled', arm: false })
  })
})
