import { describe, expect, it } from 'vitest'
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { concealedOf, concealsItem } from './concealed.ts'
import { withoutConcealed } from './without-concealed.ts'

const label = (en: string) => ({ en })
const text = (oid: string, over: object = {}) => ({
  oid,
  label: label(oid),
  type: 'text',
  length: 20,
  ...over,
})
const form = (oid: string, ...items: object[]) => ({
  oid,
  label: label(oid),
  groups: [{ oid: `G_${oid}`, items }],
})
const zebra = "F_RAND.ARMCD == 'Z'"

function study(over: object = {}, blinding: object = { conceals: ['F_EX', 'F_LB.TROUGH'] }) {
  return studyDefinitionSchema.parse({
    oid: 'S',
    name: label('S'),
    title: label('S'),
    protocol: { version: '1' },
    version: '1',
    languages: ['en'],
    mode: 'prospective',
    anchor: 'dateOf(F_RAND.RANDDTC)',
    codeLists: [
      {
        oid: 'CL_ARM',
        codes: [
          { code: 'Z', label: label('Z') },
          { code: 'L', label: label('L') },
        ],
      },
    ],
    forms: [
      form(
        'F_RAND',
        { oid: 'RANDDTC', label: label('When'), type: 'dateTime' },
        { oid: 'ARMCD', label: label('Arm'), type: 'code', codeList: 'CL_ARM' },
        text('RANDNO'),
      ),
      form('F_EX', text('DOSE')),
      form(
        'F_LB',
        text('CREAT'),
        text('TROUGH'),
        text('COPY', { derive: 'TROUGH' }),
        text('AGAIN', { derive: 'COPY' }),
        text('ASKED', { when: 'known(AGAIN)' }),
        text('FREE', { when: 'known(CREAT)' }),
      ),
      form('F_ONE', text('ONE')),
      form('F_VISIT', text('SEEN')),
    ],
    events: [
      {
        oid: 'W0',
        label: label('W0'),
        kind: 'baseline',
        day: 1,
        forms: [
          { form: 'F_RAND' },
          { form: 'F_EX' },
          { form: 'F_LB' },
          { form: 'F_ONE', when: zebra },
        ],
      },
      {
        oid: 'WZ',
        label: label('WZ'),
        kind: 'scheduled',
        day: 8,
        when: zebra,
        forms: [{ form: 'F_VISIT' }],
      },
    ],
    variables: [
      { oid: 'VZ', label: label('VZ'), type: 'boolean', value: zebra },
      { oid: 'VVZ', label: label('VVZ'), type: 'boolean', value: 'VZ' },
      { oid: 'VC', label: label('VC'), type: 'text', value: 'F_LB.CREAT' },
    ],
    checks: [
      {
        id: 'EC-01',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'VVZ',
        message: label('x'),
      },
      {
        id: 'EC-02',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('With {TROUGH}'),
      },
      {
        id: 'EC-03',
        form: 'F_LB',
        item: 'CREAT',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('Plain'),
      },
      {
        id: 'EC-04',
        form: 'F_LB',
        item: 'TROUGH',
        level: 'soft',
        rule: 'known(CREAT)',
        message: label('Plain'),
      },
    ],
    subjectColumns: [
      { oid: 'ARM', label: label('Arm'), value: 'F_RAND.ARMCD' },
      { oid: 'CRE', label: label('Creatinine'), value: 'F_LB.CREAT' },
    ],
    allocation: {
      form: 'F_RAND',
      stratum: 'F_LB.CREAT',
      strata: [{ code: 'A', label: label('A') }],
      arms: [
        { code: 'Z', label: label('Z'), ratio: 1 },
        { code: 'L', label: label('L'), ratio: 1 },
      ],
      openLabel: false,
      blinding,
      preconditions: [],
    },
    populations: [
      { oid: 'ALL_P', label: label('All'), rule: 'true' },
      { oid: 'Z_P', label: label('Z'), rule: 'VVZ' },
      { oid: 'Z_SUB', label: label('Sub'), of: 'Z_P', rule: 'true' },
    ],
    ...over,
  }) as StudyDefinition
}

const list = (set: ReadonlySet<string>) => [...set].sort()

describe('what is concealed with the arm', () => {
  const found = concealedOf(study())

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
    const [betrayal] = concealedOf(study(states)).betrayals
    expect(betrayal?.place).toEqual(['subjectStates', 0, 'rule'])
  })

  it('is nothing without an allocation, whatever is broken', () => {
    const nothing = concealedOf({ ...study(), allocation: undefined })
    expect(nothing.items.size + nothing.checks.size + nothing.betrayals.length).toBe(0)
    expect(nothing.reads('known(')).toBe(false)
  })
})

describe('a definition without what is concealed', () => {
  const definition = study()
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
