import { z } from 'zod'
import { setFormats } from '#domain/analysis/analysis-sets/set-formats.ts'
import { parametersOfSearch } from '#domain/analysis/report-address.ts'
import { Problem } from '#domain/problem.ts'
import { scriptResponse, setsResponse } from '../analysis-set/response.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { studyIdOf } from '../auth/study-of.ts'
import { oid } from '../input.ts'
import { problemResponse } from './problem-response.ts'

const cutSchema = z.coerce.number().int().min(1).max(1_000_000).optional()
const setsSchema = z.object({ format: z.enum(setFormats).catch('csv'), cut: cutSchema })

/** `?format=csv`, `json` or `ndjson` (Dataset-JSON); `?cut=3` for a data cut. */
export async function downloadSets(request: Request, study: string): Promise<Response> {
  try {
    const { actor, studyId, search } = await askedBy(request, study)
    const asked = setsSchema.safeParse(Object.fromEntries(search))
    if (!asked.success) throw new Problem('not-found')
    const { format, cut } = asked.data
    return await setsResponse(actor, { studyId, format, ...(cut === undefined ? {} : { cut }) })
  } catch (error) {
    return problemResponse(error, 'analysisSet.download')
  }
}

/** The R script of a report; parameters as in the address of its page, or `?cut=3`. */
export async function downloadScript(
  request: Request,
  study: string,
  report: string,
): Promise<Response> {
  try {
    const { actor, studyId, search } = await askedBy(request, study)
    const name = oid.safeParse(report.toUpperCase())
    const cut = cutSchema.safeParse(search.get('cut') ?? undefined)
    if (!name.success || !cut.success) throw new Problem('not-found')
    const parameters = parametersOfSearch(search)
    return await scriptResponse(actor, {
      studyId,
      report: name.data,
      ...(cut.data === undefined ? {} : { cut: cut.data }),
      ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    })
  } catch (error) {
    return problemResponse(error, 'report.script')
  }
}

async function askedBy(request: Request, study: string) {
  // A link on another site must not make somebody's computer download a study, and leave his name in its log.
  if (!isSameSite(request)) throw new Problem('not-found')
  const actor = await actorOfRequest(request)
  const studyId = await studyIdOf(actor, study)
  return { actor, studyId, search: new URL(request.url).searchParams }
}
