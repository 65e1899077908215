import { describe, expect, it } from 'vitest'
import { runStudyTests } from '#domain/casebook/study-tests.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { demoStudies } from './demo-studies.ts'

describe.each(demoStudies)('$name', ({ name, oid }) => {
  const { definition, compiled } = studyDefinition(name)

  it('has the OID that a start looks for', () => {
    expect(definition.oid).toBe(oid)
  })

  it('can be published with what its demo sets otherwise: tests name the parameters they rest on', () => {
    const report = runStudyTests(compiled)
    const failed = [
      ...report.checks.filter((one) => !one.ok).map((one) => `${one.check}: ${one.message}`),
      ...report.derivations.filter((one) => !one.ok).map((one) => one.message),
    ]
    expect(failed).toEqual([])
  })
})
