import { expect, it } from 'vitest'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { itemUsage } from './item-usage.ts'

const { definition } = studyDefinition('tac-csa-rct')
const usage = itemUsage(definition)
const of = (form: string, item: string) =>
  usage.find((one) => one.form === form && one.item === item)?.usages ?? []
const named = (form: string, item: string, kind: string) =>
  of(form, item)
    .filter((one) => one.kind === kind)
    .map((one) => one.name)

it('lists every item of every form once', () => {
  const items = definition.forms.flatMap((form) => form.groups.flatMap((group) => group.items))
  expect(usage).toHaveLength(items.length)
})

it('finds checks, derivations, conditions and what the system reads', () => {
  expect(named('F_ABG', 'PO2', 'derivation')).toContain('F_ABG.PFRATIO')
  expect(named('F_ABG', 'ABGPERF', 'condition')).toContain('F_ABG.ABG')
  expect(named('F_VS', 'SYSBP', 'check')).toContain('IC-SYSBP')
  expect(named('F_SV', 'SVSTDTC', 'schedule')).toContain('visitDate')
  expect(named('F_IIM', 'IIMTYPE', 'allocation')).toContain('stratum')
})

it('finds uses inside collections', () => {
  expect(named('F_AE', 'AEOUT', 'check').length).toBeGreaterThan(0)
})

it('follows variables to the reports and endpoints that rest on an item, and names the way', () => {
  const survival = of('F_DTH', 'DTHDTC').find((one) => one.kind === 'endpoint')
  expect(survival).toBeDefined()
  expect(survival?.via.length).toBeGreaterThan(0)
  const variables = new Set(definition.variables.map((one) => one.oid))
  for (const { usages } of usage)
    for (const one of usages) for (const step of one.via) expect(variables.has(step)).toBe(true)
})

it('does not hang on a definition whose variables form a cycle', () => {
  const [first] = definition.variables
  if (!first) throw new Error('The trial has variables')
  const cyclic = {
    ...definition,
    variables: [
      { ...first, oid: 'ROUND_A', value: 'ROUND_B' },
      { ...first, oid: 'ROUND_B', value: 'ROUND_A' },
    ],
  }
  expect(itemUsage(cyclic).length).toBe(usage.length)
})
