import { describe, expect, it } from 'vitest'
import { checkParameters } from './check-parameters.ts'
import { type ParameterDef, parameterSchema, type StudyDefinition } from './definition.ts'

const parameter = (part: object): ParameterDef =>
  parameterSchema.parse({ oid: 'P', label: { en: 'P' }, ...part })
const choices = (...values: ParameterDef['value'][]) =>
  values.map((value) => ({ value, label: { en: String(value) } }))

function found(part: object): string[] {
  const codes: string[] = []
  checkParameters(
    { parameters: [parameter(part)] } as StudyDefinition,
    (severity, code, _, place) => {
      codes.push(`${severity} ${code} ${place.join('.')}`)
    },
  )
  return codes
}

describe('a parameter', () => {
  it.each([
    [{ type: 'number', value: 10 }],
    [{ type: 'text', value: 'ABS', choices: choices('ABS', 'REL') }],
    [{ type: 'boolean', value: false, choices: choices(true, false) }],
    [{ type: 'date', value: '2020-03-31' }],
  ])('%j is sound', (part) => {
    expect(found(part)).toEqual([])
  })

  it.each([
    [{ type: 'number', value: '10' }],
    [{ type: 'text', value: 3 }],
    [{ type: 'boolean', value: 'true' }],
    [{ type: 'date', value: '2020-03' }],
    [{ type: 'date', value: '2020-02-31' }],
  ])('%j has a value of another type', (part) => {
    expect(found(part)).toEqual(['error parameter-value parameters.0.value'])
  })

  it('has choices of its type, each once, and its own value among them', () => {
    expect(found({ type: 'number', value: 5, choices: choices(5, 'six') })).toEqual([
      'error parameter-value parameters.0.choices.1.value',
    ])
    expect(found({ type: 'text', value: 'A', choices: choices('A', 'B', 'A') })).toEqual([
      'error parameter-choices parameters.0.choices.2.value',
    ])
    expect(found({ type: 'text', value: 'C', choices: choices('A', 'B') })).toEqual([
      'error parameter-choices parameters.0.value',
    ])
  })

  it('has more than one choice or none', () => {
    expect(() => parameter({ type: 'text', value: 'A', choices: choices('A') })).toThrow()
  })
})
