/** All analysis sets of a study, filled subject by subject. */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import { AdverseEventTable } from './adae.ts'
import { subjectLevelTable } from './adsl.ts'
import { TimeToEventTable } from './adtte.ts'
import type { AnalysisSet } from './analysis-set.ts'
import { ByVisitTables } from './by-visit.ts'
import { setContext, setSubject } from './set-subject.ts'

/**
 * ADSL, ADTTE where the study has endpoints, a set per form with numbers by visit, ADAE where the study has a form of adverse
 * events. Arms are in them only where `conceals` is null; else nothing is that tells them, nor the forms and items named. `add` takes casebooks in the order the rows shall have.
 */
export class StudySets {
  readonly #context: ReturnType<typeof setContext>
  readonly #subjects: ReturnType<typeof subjectLevelTable>
  readonly #times: TimeToEventTable | null
  readonly #visits: ByVisitTables
  readonly #events: AdverseEventTable | null

  constructor(compiled: CompiledStudy, { conceals }: { conceals: readonly string[] | null }) {
    this.#context = setContext(compiled, conceals)
    this.#subjects = subjectLevelTable(this.#context)
    this.#times =
      compiled.definition.endpoints.length === 0 ? null : new TimeToEventTable(this.#context)
    this.#visits = new ByVisitTables(this.#context)
    this.#events = AdverseEventTable.of(this.#context)
  }

  add(casebook: Casebook): void {
    const subject = setSubject(this.#context, casebook)
    this.#subjects.add(subject)
    this.#times?.add(subject)
    this.#visits.add(subject)
    this.#events?.add(subject)
  }

  sets(): AnalysisSet[] {
    return [
      this.#subjects.set(),
      ...(this.#times ? [this.#times.set()] : []),
      ...(this.#events ? [this.#events.set()] : []),
      ...this.#visits.sets(),
    ]
  }
}
