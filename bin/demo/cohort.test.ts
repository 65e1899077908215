import { expect, it } from 'vitest'
import { compileStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormRecordData } from '#domain/casebook/record.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import type { DemoForm } from '#studies/tac-csa-rct/demo/plan.ts'
import { cohort } from './cohort.ts'
import { definitionFiles } from './definition-files.ts'

it('gives every form of the demo cohort whole: nothing open, nothing impossible', async () => {
  const files = await definitionFiles()
  const isLibrary = (file: { path: string }) => file.path.startsWith('library/')
  const { definition } = parseStudy(
    files.filter((file) => !isLibrary(file)),
    files.filter(isLibrary),
  )
  expect(definition).not.toBeNull()
  const compiled = compileStudy(definition as NonNullable<typeof definition>)
  const plans = await cohort()
  expect(plans).toHaveLength(60)
  const troubles = new Map<string, number>()
  const soft = new Map<string, number>()
  const count = (tally: Map<string, number>, what: string) =>
    tally.set(what, (tally.get(what) ?? 0) + 1)
  for (const plan of plans) {
    const records: FormRecordData[] = []
    const fill = ({ event, form, values, repeat }: DemoForm) => {
      const earlier = records.filter(
        (record) => record.key.form === form && record.key.event === event,
      ).length
      const key = { event, eventRepeat: 1, form, formRepeat: repeat === 'new' ? earlier + 1 : 1 }
      const record: FormRecordData = {
        recordId: `${records.length}`,
        key,
        versionNumber: 1,
        revision: 1,
        state: 'inProgress',
        data: values,
        derived: {},
      }
      records.push(record)
      const subject = {
        subjectId: 'x',
        subjectKey: `${plan.site}-001`,
        siteCode: plan.site,
        siteId: 'x',
      }
      const said = evaluateForm(
        compiled,
        { subject, records, references: [], today: '2026-11-21' },
        key,
      )
      record.derived = said.derived
      record.state = form === 'F_IE' ? 'signed' : 'complete'
      // Whether a form can be completed shows at the end; what bites at saving must not bite at any step.
      for (const finding of said.findings) {
        if (finding.level === 'hard' && finding.at === 'save')
          count(
            troubles,
            `${finding.check} ${event}/${form} ${finding.path}: ${finding.message.en}`,
          )
      }
    }
    plan.before.forEach(fill)
    if (plan.randomisedOn !== null) {
      const data = {
        RANDSTR: plan.stratum as string,
        RANDNO: 'R1',
        RANDDTC: `${plan.randomisedOn}T10:30:00+09:00`,
        ARMCD: plan.arm as string,
        RANDBY: 'x',
      }
      records.push({
        recordId: 'allocation',
        key: { event: 'W0', eventRepeat: 1, form: 'F_RAND', formRepeat: 1 },
        versionNumber: 1,
        revision: 1,
        state: 'complete',
        data,
        derived: {},
      })
    }
    plan.after.forEach(fill)
    if (plan.randomisedOn === null) continue
    const subject = {
      subjectId: 'x',
      subjectKey: `${plan.site}-001`,
      siteCode: plan.site,
      siteId: 'x',
    }
    for (const record of records.filter((one) => one.recordId !== 'allocation')) {
      const place = `${record.key.event}/${record.key.form}`
      const said = evaluateForm(
        compiled,
        { subject, records, references: [], today: '2026-11-21' },
        record.key,
      )
      for (const path of said.open) count(troubles, `open ${place} ${path}`)
      for (const finding of said.findings) {
        if (finding.level === 'hard') count(troubles, `${finding.check} ${place} ${finding.path}`)
        if (finding.level === 'soft') count(soft, `${finding.check} ${finding.path}`)
      }
    }
  }
  // A cohort without any question would be no trial, one with hundreds no good one.
  const questions = [...soft.values()].reduce((sum, n) => sum + n, 0)
  expect(questions).toBeGreaterThan(5)
  expect(questions, [...soft].map(([what, n]) => `${n} ${what}`).join('; ')).toBeLessThan(60)
  expect([...troubles].map(([what, n]) => `${n} ${what}`)).toEqual([])
})
