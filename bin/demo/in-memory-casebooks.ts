/**
 * The demo cohort filled in memory, by the rules but without a database: what the tests of cohort and reports stand on, and a
 * quick way to look at a changed definition.
 */
import { type CompiledStudy, compileStudy } from '#domain/casebook/compile-study.ts'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type {
  Casebook,
  FormEvaluation,
  FormRecordData,
  StoredValue,
} from '#domain/casebook/record.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'
import type { DemoForm, DemoPlan } from '#studies/tac-csa-rct/demo/plan.ts'
import { cohort } from './cohort.ts'
import { definitionFiles } from './definition-files.ts'
import { isRevised, revisedDiagnosis } from './revised-diagnosis.ts'

export type FilledSubject = { subjectKey: string; plan: DemoPlan; casebook: Casebook }
const today = '2026-11-21'

export async function demoStudy(): Promise<{
  definition: StudyDefinition
  compiled: CompiledStudy
  plans: DemoPlan[]
}> {
  const files = await definitionFiles()
  const isLibrary = (file: { path: string }) => file.path.startsWith('library/')
  const { definition, findings } = parseStudy(
    files.filter((file) => !isLibrary(file)),
    files.filter(isLibrary),
  )
  if (!definition)
    throw new Error(`The demo's definition has findings: ${JSON.stringify(findings.slice(0, 3))}`)
  return { definition, compiled: compileStudy(definition), plans: await cohort() }
}

/** Fills one subject's forms in order; `onSaid` hears what the rules say at each. */
export function fillSubject(
  compiled: CompiledStudy,
  plan: DemoPlan,
  onSaid: (place: string, said: FormEvaluation) => void = () => undefined,
  subjectKey = `${plan.site}-001`,
): FilledSubject {
  const records: FormRecordData[] = []
  const casebook: Casebook = {
    subject: { subjectId: subjectKey, subjectKey, siteCode: plan.site, siteId: plan.site },
    records,
    references: [],
    today,
  }
  const fill = ({ event, form, values, repeat }: DemoForm) => {
    const earlier = records.filter(
      (record) => record.key.form === form && record.key.event === event,
    ).length
    const key = { event, eventRepeat: 1, form, formRepeat: repeat === 'new' ? earlier + 1 : 1 }
    const record = newRecord(`${records.length}`, key, values)
    records.push(record)
    const said = evaluateForm(compiled, casebook, key)
    onSaid(`${event}/${form}`, said)
    record.derived = said.derived
    record.state = form === 'F_IE' ? 'signed' : 'complete'
  }
  plan.before.forEach(fill)
  if (plan.randomisedOn !== null) {
    records.push(
      newRecord(
        'allocation',
        { event: 'W0', eventRepeat: 1, form: 'F_RAND', formRepeat: 1 },
        {
          RANDSTR: plan.stratum as string,
          RANDNO: 'R1',
          RANDDTC: `${plan.randomisedOn}T10:30:00+09:00`,
          ARMCD: plan.arm as string,
          RANDBY: 'x',
        },
      ),
    )
  }
  plan.after.forEach(fill)
  if (isRevised(plan)) {
    const diagnosis = records.find((record) => record.key.form === 'F_IIM') as FormRecordData
    diagnosis.data = {
      ...diagnosis.data,
      ...Object.fromEntries(revisedDiagnosis.map((change) => [change.path, change.to])),
    }
  }
  for (const record of records)
    record.derived = evaluateForm(compiled, casebook, record.key).derived
  return { subjectKey, plan, casebook }
}

function newRecord(
  recordId: string,
  key: FormRecordData['key'],
  data: Readonly<Record<string, StoredValue>>,
): FormRecordData {
  return { recordId, key, versionNumber: 1, revision: 1, state: 'complete', data, derived: {} }
}
