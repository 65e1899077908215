/** What the rules say of a whole demo cohort filled in memory, counted, for the tests of every study. */
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import type { FormEvaluation } from '#domain/casebook/record.ts'
import { fillSubject } from '#studies/demo/fill-subject.ts'
import type { Correction, DemoForm, DemoPlan } from '#studies/demo/plan.ts'
import type { ReadStudy } from '#studies/demo/study-definition.ts'

export type CohortTroubles = {
  /** What a site could not have done: refused values, items left open, hard checks, items filled though closed. */
  impossible: string[]
  /** Soft findings in all, and what they are, for a message. */
  questions: number
  asked: string
}

/**
 * Fills every plan. Whether a form can be completed shows at the end; what bites at saving must not bite at any step. Of
 * subjects whose work broke off only the saving is looked at.
 */
export function cohortTroubles(
  study: ReadStudy,
  plans: readonly DemoPlan[],
  corrections?: (plan: DemoPlan) => readonly Correction[],
): CohortTroubles {
  const troubles = new Map<string, number>()
  const soft = new Map<string, number>()
  const count = (tally: Map<string, number>, what: string) =>
    tally.set(what, (tally.get(what) ?? 0) + 1)
  plans.forEach((plan, index) => {
    for (const form of [...plan.before, ...plan.after])
      for (const what of misplaced(study, form)) count(troubles, what)
    const onSaid = (place: string, said: FormEvaluation) => {
      for (const finding of said.findings)
        if (finding.level === 'hard' && finding.at === 'save')
          count(troubles, `${finding.check} ${place} ${finding.path}: ${finding.message.en}`)
    }
    const subjectKey = `${plan.site}-${String(index + 1).padStart(3, '0')}`
    const { casebook } = fillSubject(study, plan, {
      onSaid,
      subjectKey,
      ...(corrections ? { corrections } : {}),
    })
    if (plan.brokenOff) return
    const isCorrected = (corrections?.(plan) ?? []).length > 0
    for (const record of casebook.records) {
      // The allocation is the system's own, not a form that a site fills.
      if (record.recordId === 'allocation') continue
      const place = `${record.key.event}/${record.key.form}`
      const said = evaluateForm(study.compiled, casebook, record.key)
      for (const path of said.open) count(troubles, `open ${place} ${path}`)
      // A correction may close an item that was rightly filled before it; its value is kept.
      const closed = new Set(isCorrected ? [] : said.closed)
      for (const path of Object.keys(record.data))
        if (closed.has(path)) count(troubles, `typed into closed ${place} ${path}`)
      for (const finding of said.findings) {
        if (finding.level === 'hard') count(troubles, `${finding.check} ${place} ${finding.path}`)
        if (finding.level === 'soft') count(soft, `${finding.check} ${finding.path}`)
      }
    }
  })
  const listed = (tally: Map<string, number>) => [...tally].map(([what, n]) => `${n} ${what}`)
  return {
    impossible: listed(troubles),
    questions: [...soft.values()].reduce((sum, n) => sum + n, 0),
    asked: listed(soft).join('; '),
  }
}

/** What the server would call "not found": a form that the schedule does not have there, an entry of a log without its mark. */
function misplaced(
  { definition }: ReadStudy,
  { event: oid, eventRepeat = 1, form: name, repeat }: DemoForm,
): string[] {
  const place = `${oid}/${name}`
  const event = definition.events.find((one) => one.oid === oid)
  const form = definition.forms.find((one) => one.oid === name)
  if (!event || !form || !event.forms.some((use) => use.form === name))
    return [`${place} is not in the schedule`]
  const findings: string[] = []
  if (eventRepeat > 1 && event.kind !== 'unscheduled') findings.push(`${place} is held only once`)
  if (form.repeats !== (repeat === 'new'))
    findings.push(`${place} ${form.repeats ? 'is a log: its entries are new' : 'stands once'}`)
  return findings
}
