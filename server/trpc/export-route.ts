import { z } from 'zod'
import { languages } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { studyIdOf } from '../auth/study-of.ts'
import { exportResponse } from '../export/response.ts'
import { problemResponse } from './problem-response.ts'

const optionsSchema = z.object({
  language: z.enum(languages).catch('en'),
  bom: z.enum(['0', '1']).catch('0'),
})

/** `?language=ja` for the words of codes, `?bom=1` for spreadsheets that do not expect UTF-8. */
export async function downloadExport(request: Request, study: string): Promise<Response> {
  try {
    // A link on another site must not make somebody download a study, and leave his name in its log.
    if (!isSameSite(request)) throw new Problem('not-found')
    const actor = await actorOfRequest(request)
    const studyId = await studyIdOf(actor, study)
    const asked = optionsSchema.parse(Object.fromEntries(new URL(request.url).searchParams))
    return await exportResponse(actor, {
      studyId,
      language: asked.language,
      bom: asked.bom === '1',
    })
  } catch (error) {
    return problemResponse(error, 'export.download')
  }
}
