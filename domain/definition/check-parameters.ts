/** Study parameters hold a value of their type, and what a reader may choose instead is of that type, too. */
import { isFullDate } from '#domain/values/partial-date.ts'
import type { ParameterDef, StudyDefinition } from './definition.ts'
import type { Report } from './finding.ts'

const names = {
  number: 'a number',
  text: 'a text',
  boolean: 'true or false',
  date: 'a full date',
} as const

export function checkParameters({ parameters }: StudyDefinition, report: Report): void {
  parameters.forEach((parameter, p) => {
    const { oid, type, value, choices } = parameter
    const mistyped = (one: ParameterDef['value'], place: readonly (string | number)[]): void => {
      if (isOfType(type, one)) return
      report('error', 'parameter-value', `${one} of ${oid} is not ${names[type]}.`, place)
    }
    mistyped(value, ['parameters', p, 'value'])
    if (!choices) return
    choices.forEach((choice, c) => {
      const place = ['parameters', p, 'choices', c, 'value']
      mistyped(choice.value, place)
      if (choices.findIndex((other) => other.value === choice.value) < c) {
        report('error', 'parameter-choices', `${oid} has the choice ${choice.value} twice.`, place)
      }
    })
    if (!choices.some((choice) => choice.value === value)) {
      const message = `${value}, the value of ${oid}, is none of its choices.`
      report('error', 'parameter-choices', message, ['parameters', p, 'value'])
    }
  })
}

function isOfType(type: ParameterDef['type'], value: ParameterDef['value']): boolean {
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'date') return typeof value === 'string' && isFullDate(value)
  return typeof value === 'string'
}
