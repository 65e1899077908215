import { z } from 'zod'
import type { Transaction } from '#db/client.ts'
import {
  type EndpointExplanation,
  endpointExplanations,
} from '#domain/analysis/endpoint-explanation.ts'
import { Problem } from '#domain/problem.ts'
import { subjectRow } from '../casebook/load.ts'
import { tracedCasebook } from '../casebook/tracing.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

/** Who decided, and when: the last change of the decision. */
export type Adjudicator = { who: string; role: string; at: string }

export type SubjectEndpoints = {
  subject: {
    subjectId: string
    subjectKey: string
    siteId: string
    siteCode: string
    siteName: string
  }
  studyVersion: { number: number; label: string; hash: string }
  dataAsOf: string
  endpoints: readonly (EndpointExplanation & { decidedBy: Adjudicator | null })[]
}

/** Every endpoint of one subject with the rule, the values and the decision behind it. */
export const subjectEndpoints = reading({
  name: 'endpoint.subject',
  permission: 'casebook.read',
  input: z.strictObject({ studyId: id, subjectId: id }),
  run: async ({ tx, input, actor, now, study }): Promise<SubjectEndpoints> => {
    const subject = await subjectRow(tx, input.studyId, input.subjectId)
    if (!subject || study.latestVersion === 0) throw new Problem('not-found')
    const { published, tracer, conceals } = await tracedCasebook({ tx, actor, study }, subject, now)
    const explained = endpointExplanations(
      published.definition,
      tracer,
      conceals && ((text) => conceals.reads(text)),
    )
    const endpoints = []
    for (const one of explained) {
      const { recordId, path } = one.adjudication?.place ?? {}
      const decidedBy =
        recordId && path ? await lastChange(tx, input.studyId, recordId, path) : null
      endpoints.push({ ...one, decidedBy })
    }
    const { subjectId, subjectKey, siteId, siteCode, siteName } = subject
    const { number, label, hash } = published
    return {
      subject: { subjectId, subjectKey, siteId, siteCode, siteName },
      studyVersion: { number, label, hash },
      dataAsOf: now,
      endpoints,
    }
  },
})

async function lastChange(
  tx: Transaction,
  studyId: string,
  recordId: string,
  path: string,
): Promise<Adjudicator | null> {
  const [row] = await tx.query<Adjudicator>(
    `select a.actor_name as who, coalesce(a.role, '') as role, a.at
     from casebook.audit_record a
     where a.study_id = $1 and a.chain_id = $2 and a.entity = 'form_record' and a.changes ? $3
     order by a.seq desc limit 1`,
    [studyId, recordId, path],
  )
  return row ?? null
}
