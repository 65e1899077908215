import { describe, expect, it } from 'vitest'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { parametersOfSearch, searchOfParameters } from './report-address.ts'
import { differences, parametersProblem, reportChoices, typedParameters } from './report-choices.ts'
import { type ReportParameters, reportParametersSchema } from './report-parameters.ts'

const label = (en: string) => ({ en })
const definition = {
  populations: [
    { oid: 'ITT', label: label('All randomised'), rule: 'true' },
    { oid: 'PP', label: label('Per protocol'), rule: 'true' },
  ],
  groupings: [
    {
      oid: 'SEX',
      label: label('Sex'),
      value: 'SEX',
      groups: [{ code: 'F.1', label: label('Women') }],
    },
  ],
  endpoints: [{ oid: 'PFS', population: 'ITT' }],
  parameters: [
    {
      oid: 'MODE',
      label: label('Mode'),
      type: 'text',
      value: 'ABS',
      choices: [
        { value: 'ABS', label: label('absolute') },
        { value: 'REL', label: label('relative') },
      ],
    },
    {
      oid: 'STRICT',
      label: label('Strict'),
      type: 'boolean',
      value: true,
      choices: [
        { value: true, label: label('yes') },
        { value: false, label: label('no') },
      ],
    },
    { oid: 'FIXED', label: label('Fixed'), type: 'number', value: 10 },
  ],
} as unknown as StudyDefinition
const survival = { kind: 'survival', oid: 'R', title: label('R'), endpoint: 'PFS' } as never
const flow = { kind: 'flow', oid: 'R', title: label('R'), steps: [] } as never

describe('parameters that name something unknown are refused with what it is', () => {
  it.each<[ReportParameters, string, Record<string, string>]>([
    [{ population: 'ITX' }, 'no-such-population', { name: 'ITX' }],
    [{ subgroup: { grouping: 'SEXX', code: 'F.1' } }, 'no-such-subgroup', { name: 'SEXX:F.1' }],
    [{ subgroup: { grouping: 'SEX', code: 'M' } }, 'no-such-subgroup', { name: 'SEX:M' }],
    [{ values: { NOTHING: 1 } }, 'not-a-choice', { name: 'NOTHING' }],
    [{ values: { FIXED: 11 } }, 'not-a-choice', { name: 'FIXED' }],
    [
      { values: { MODE: 'HALF' } },
      'no-such-choice',
      { name: 'MODE', value: 'HALF', allowed: 'ABS, REL' },
    ],
    [
      { values: { STRICT: 'maybe' } },
      'no-such-choice',
      { name: 'STRICT', value: 'maybe', allowed: 'true, false' },
    ],
  ])('%j', (parameters, code, details) => {
    expect(parametersProblem(definition, parameters)).toMatchObject({ code, details })
  })

  it('and all others are taken', () => {
    const parameters = {
      population: 'PP',
      subgroup: { grouping: 'SEX', code: 'F.1' },
      values: { MODE: 'REL', STRICT: false },
    }
    expect(parametersProblem(definition, parameters)).toBeNull()
  })

  it('prototype names are no parameters', () => {
    const values = JSON.parse('{"constructor": 1}') as Record<string, number>
    expect(parametersProblem(definition, { values })).toMatchObject({ code: 'not-a-choice' })
  })
})

describe('what differs from the definition', () => {
  it('leaves out what the definition says anyway', () => {
    expect(
      differences(survival, definition, { population: 'ITT', values: { MODE: 'ABS' } }),
    ).toEqual({})
    expect(
      differences(survival, definition, {
        population: 'PP',
        values: { MODE: 'REL', STRICT: true },
      }),
    ).toEqual({
      population: 'PP',
      values: { MODE: 'REL' },
    })
    expect(differences(flow, definition, { population: 'ITT', cutOff: '2020-01-01' })).toEqual({
      population: 'ITT',
      cutOff: '2020-01-01',
    })
  })

  it('texts of an address get the type of the choice they name', () => {
    expect(
      typedParameters(definition, { values: { STRICT: 'false', MODE: 'REL', OTHER: 'x' } }).values,
    ).toEqual({
      STRICT: false,
      MODE: 'REL',
      OTHER: 'x',
    })
  })

  it('only parameters with choices can be chosen', () => {
    const { ownPopulation, values, groupings } = reportChoices(survival, definition)
    expect(ownPopulation).toBe('ITT')
    expect(values.map(({ oid }) => oid)).toEqual(['MODE', 'STRICT'])
    expect(groupings[0]?.groups).toEqual([{ code: 'F.1', label: { en: 'Women' } }])
    expect(reportChoices(flow, definition).ownPopulation).toBeNull()
  })
})

describe('parameters in an address', () => {
  const all: ReportParameters = {
    population: 'PP',
    subgroup: { grouping: 'SEX', code: 'F.1' },
    cutOff: '2020-03-31',
    values: { MODE: 'REL', STRICT: 'false' },
  }
  it('come back as they went', () => {
    const search = searchOfParameters(all)
    expect(search).toBe(
      'population=PP&subgroup=SEX.F.1&cutOff=2020-03-31&value.MODE=REL&value.STRICT=false',
    )
    expect(parametersOfSearch(new URLSearchParams(search))).toEqual(all)
    expect(parametersOfSearch(Object.fromEntries(new URLSearchParams(search)))).toEqual(all)
    expect(searchOfParameters({})).toBe('')
  })

  it('are absent when empty, and the first of several stands', () => {
    expect(parametersOfSearch(new URLSearchParams('population=&cutOff=&other=1'))).toEqual({})
    expect(parametersOfSearch(new URLSearchParams('population=A&population=B'))).toEqual({
      population: 'A',
    })
    expect(parametersOfSearch({ population: ['A', 'B'], subgroup: undefined })).toEqual({
      population: 'A',
    })
  })

  it('keep what is malformed, so that it is refused', () => {
    for (const search of ['cutOff=2020-02-31', 'subgroup=SEX', 'population=a%20b', 'value.x=1']) {
      const parameters = parametersOfSearch(new URLSearchParams(search))
      expect(parameters).not.toEqual({})
      expect(reportParametersSchema.safeParse(parameters).success).toBe(false)
    }
  })
})
