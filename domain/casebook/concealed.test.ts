import { describe, expect, it } from 'vitest'
import { concealedOf, concealsItem } from './concealed.ts'
import { concealingStudy } from './testing/concealing-study.ts'
import { withoutConcealed } from './without-concealed.ts'

const list = (set: ReadonlySet<string>) => [...set].sort()

describe('what is concealed with the arm', () => {
  const found = concealedOf(concealingStudy())

  it('are items that read it, through skip logic and derivations, and no others', () => {
    expect(list(found.items)).toEqual([
      'F_EX.DOSE',
      'F_LB.AGAIN',
      'F_LB.ASKED',
      'F_LB.COPY',
      'F_LB.TROUGH',
      'F_ONE.ONE',
      'F_RAND.ARMCD',
      'F_VISIT.SEEN',
    ])
  })

  it('are forms and visits that only one arm has', () => {
    expect(list(found.forms)).toEqual(['F_EX', 'F_ONE', 'F_VISIT'])
    expect(list(found.events)).toEqual(['WZ'])
  })

  it('are variables, columns, populations and checks, by rule, message or place', () => {
    expect(list(found.variables)).toEqual(['VVZ', 'VZ'])
    expect(list(found.columns)).toEqual(['ARM'])
    expect(list(found.populations)).toEqual(['Z_P', 'Z_SUB'])
    expect(list(found.checks)).toEqual(['EC-01', 'EC-02', 'EC-04'])
  })

  it('is asked of any expression, rows of a concealed form included', () => {
    expect(found.reads("F_LB.CREAT == 'x'")).toBe(false)
    expect(found.reads('VVZ')).toBe(true)
    expect(found.reads('count(F_EX) > 0')).toBe(true)
    expect(found.reads('signed(F_EX)')).toBe(true)
    expect(found.reads('at(WZ, F_VISIT.SEEN)')).toBe(true)
    // A rule that cannot be read might read anything.
    expect(found.reads('F_LB.NOWHERE ==')).toBe(true)
  })

  it('goes by grid rows, and by values that an amendment set aside', () => {
    expect(concealsItem(found, 'F_LB', 'G[x].TROUGH')).toBe(true)
    expect(concealsItem(found, 'F_LB', 'TROUGH__V2')).toBe(true)
    expect(concealsItem(found, 'F_LB', 'CREAT')).toBe(false)
    expect(concealsItem(found, 'F_EX', 'ANYTHING')).toBe(true)
  })

  it('names rules whose outcome everybody sees as betrayals', () => {
    expect(found.betrayals).toEqual([])
    const states = { subjectStates: [{ state: 'discontinued', rule: 'VZ' }] }
    const [betrayal] = concealedOf(concealingStudy(states)).betrayals
    expect(betrayal?.place).toEqual(['subjectStates', 0, 'rule'])
  })

  it('is nothing without an allocation, whatever is broken', () => {
    const nothing = concealedOf({ ...concealingStudy(), allocation: undefined })
    expect(nothing.items.size + nothing.checks.size + nothing.betrayals.length).toBe(0)
    expect(nothing.reads('known(')).toBe(false)
  })
})

describe('a definition without what is concealed', () => {
  const definition = concealingStudy()
  const less = withoutConcealed(definition, concealedOf(definition))

  it('has no part left that could ask for it', () => {
    expect(less.forms.map(({ oid }) => oid)).toEqual(['F_RAND', 'F_LB'])
    expect(less.forms[0]?.groups[0]?.items.map(({ oid }) => oid)).toEqual(['RANDDTC', 'RANDNO'])
    expect(less.events.map(({ oid }) => oid)).toEqual(['W0'])
    expect(less.events[0]?.forms.map((entry) => entry.form)).toEqual(['F_RAND', 'F_LB'])
    expect(less.checks.map(({ id }) => id)).toEqual(['EC-03'])
    expect(less.variables.map(({ oid }) => oid)).toEqual(['VC'])
    // Nothing more follows from what is left but the arm's own place and its column.
    const again = concealedOf(less)
    expect(list(again.columns)).toEqual(['ARM'])
    expect(again.checks.size + again.variables.size + again.events.size).toBe(0)
  })
})
