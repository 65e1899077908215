import { z } from 'zod'
import { languages } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { studyIdOf } from '../auth/study-of.ts'
import { crfFile } from '../crf/crf-file.ts'
import { oid } from '../input.ts'
import { studyDefinition } from '../study/reads.ts'
import { problemResponse } from './problem-response.ts'

const optionsSchema = z.object({
  language: z.enum(languages).catch('en'),
  annotated: z.enum(['0', '1']).catch('0'),
  version: z.coerce.number().int().min(1).optional(),
  form: oid.optional(),
})

/** The printed case report form: `?annotated=1`, `?language=ja`, `?form=F_VS` for one form, `?version=2` for an older one. */
export async function downloadCrf(request: Request, study: string): Promise<Response> {
  try {
    if (!isSameSite(request)) throw new Problem('not-found')
    const actor = await actorOfRequest(request)
    const studyId = await studyIdOf(actor, study)
    const asked = optionsSchema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
    if (!asked.success) throw new Problem('not-found')
    const { language, annotated, version, form } = asked.data
    const view = await studyDefinition.execute(actor, { studyId, version })
    if (form && !view.definition.forms.some((one) => one.oid === form))
      throw new Problem('not-found')
    const { name, bytes } = await crfFile(view.definition, {
      language,
      annotated: annotated === '1',
      form,
      version: { number: view.number, label: view.label, hash: view.hash },
    })
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
    })
  } catch (error) {
    return problemResponse(error, 'study.crf')
  }
}
