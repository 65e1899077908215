import { z } from 'zod'
import { endpointVerdict } from '#domain/analysis/endpoint-verdict.ts'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import { type TraceRole, tracePlaceSchema, traceTexts } from '#domain/analysis/trace-origin.ts'
import type { Answer } from '#domain/casebook/read-values.ts'
import type { Label } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { tracedCasebook } from '../casebook/tracing.ts'
import { reading } from '../command.ts'
import { id, oid, plainText } from '../input.ts'
import { reportOf } from './report-defs.ts'

export type TracedSubject = {
  subjectKey: string
  /** Of a report on an endpoint: what it comes to for this subject. Null also where it is concealed. */
  endpoint: { status: string; because: string; days: number | null; date: string | null } | null
  parts: readonly { role: TraceRole; label: Label | null; answer: Answer }[]
}

/** The values of one subject behind a number of a report, live; expressions come from the definition, never from the asker. */
export const traceSubject = reading({
  name: 'report.trace',
  permission: 'casebook.read',
  input: z.strictObject({
    studyId: id,
    report: oid,
    subjectKey: plainText(60),
    place: tracePlaceSchema,
    parameters: reportParametersSchema.optional(),
  }),
  run: async ({ tx, input, actor, now, study }): Promise<TracedSubject> => {
    const { studyId, subjectKey, parameters = {} } = input
    if (study.latestVersion === 0) throw new Problem('not-found')
    const [found] = await tx.query<{ subjectId: string }>(
      `select subject_id as "subjectId" from casebook.subject where study_id = $1 and subject_key = $2`,
      [studyId, subjectKey],
    )
    const subject = found && (await subjectRow(tx, studyId, found.subjectId))
    if (!subject) throw new Problem('not-found')
    const { published, tracer, conceals, cutOff } = await tracedCasebook(
      { tx, actor, study },
      subject,
      now,
      parameters,
    )
    const { definition } = published
    const report = await reportOf(tx, studyId, published, input.report)
    const texts = traceTexts(report, definition, input.place, parameters)
    const parts = texts.flatMap(({ role, label, text }) => {
      const answer = tracer.answer(text)
      return answer ? [{ role, label, answer }] : []
    })
    const endpoint =
      'endpoint' in report
        ? definition.endpoints.find((one) => one.oid === report.endpoint)
        : undefined
    const hides = texts.some(({ text }) => conceals?.reads(text))
    if (!endpoint || hides) return { subjectKey, endpoint: null, parts }
    const verdict = endpointVerdict(
      { value: (text) => tracer.ask(text), ...(cutOff ? { cutOff } : {}) },
      endpoint,
    )
    const { status, because, days, date } = verdict
    return { subjectKey, endpoint: { status, because, days, date }, parts }
  },
})
