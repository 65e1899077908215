/** Upload and download of files that belong to items: too large and too raw for tRPC, through the same corridor. */
import { Problem } from '#domain/problem.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { studyIdOf } from '../auth/study-of.ts'
import { storedFile } from '../file/reads.ts'
import { largestFile, storeFile } from '../file/store-file.ts'
import { boundedBody } from './bounded-body.ts'
import { problemResponse } from './problem-response.ts'

/** Room for the parts of a multipart body around the file. */
const formOverhead = 16_384

export async function uploadFile(request: Request, study: string): Promise<Response> {
  try {
    if (!isSameSite(request)) throw new Problem('not-found')
    const actor = await actorOfRequest(request)
    // Who is nobody here does not get to send megabytes.
    const studyId = await studyIdOf(actor, study)
    if (!actor) throw new Problem('not-signed-in')
    const body = await boundedBody(request, largestFile + formOverhead)
    if (!body) throw new Problem('too-large', { limit: '20 MB' })
    const form = await formOf(request, body)
    const file = form.get('file')
    if (!(file instanceof File)) {
      throw new Problem('invalid-input', { where: 'file', what: 'is missing' })
    }
    const answer = await storeFile.execute(actor, {
      studyId,
      subjectId: String(form.get('subjectId') ?? ''),
      name: file.name,
      content: Buffer.from(await file.arrayBuffer()),
    })
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    return problemResponse(error, 'file.store')
  }
}

async function formOf(request: Request, body: Uint8Array): Promise<FormData> {
  const type = request.headers.get('content-type') ?? ''
  try {
    return await new Response(body as BodyInit, { headers: { 'content-type': type } }).formData()
  } catch {
    throw new Problem('invalid-input', { where: 'file', what: 'cannot be read' })
  }
}

export async function downloadFile(
  request: Request,
  study: string,
  fileId: string,
): Promise<Response> {
  try {
    const actor = await actorOfRequest(request)
    const studyId = await studyIdOf(actor, study)
    const { name, mediaType, content } = await storedFile.execute(actor, { studyId, fileId })
    return new Response(content as unknown as BodyInit, {
      headers: {
        'content-type': mediaType,
        // Never shown inside the application's own origin.
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    return problemResponse(error, 'file.read')
  }
}
