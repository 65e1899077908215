/** Analysis sets and scripts as HTTP answers. */
import { PassThrough, Readable } from 'node:stream'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import type { Person } from '../actor.ts'
import { Meter, zip } from '../export/zip.ts'
import { unexpected } from '../problem.ts'
import { scriptAbility, scriptAlone, scriptTo } from './scripts.ts'
import { beginSets, setsTo } from './sets.ts'

type SetOptions = { studyId: string; format: 'csv' | 'json' | 'ndjson'; cut?: number }

/** Begins the download; throws a `Problem` before the first byte, and breaks the stream off after it. */
export async function setsResponse(actor: Person | null, options: SetOptions): Promise<Response> {
  const { fileName } = await beginSets.execute(actor, options)
  const sink = new PassThrough()
  setsTo(sink)
    .execute(actor, options)
    .catch((error: unknown) => {
      unexpected(error, 'analysisSet.download')
      sink.destroy(new Error('The sets were broken off'))
    })
  return attachment(Readable.toWeb(sink) as ReadableStream<Uint8Array>, fileName)
}

type ScriptOptions = {
  studyId: string
  report: string
  parameters?: ReportParameters
  cut?: number
}

/** A report's script is small: it is made whole, so that whatever is wrong is said instead of a broken file. */
export async function scriptResponse(
  actor: Person | null,
  options: ScriptOptions,
): Promise<Response> {
  const { data } = await scriptAbility.execute(actor, { studyId: options.studyId })
  const sink = new PassThrough()
  const whole = collected(sink)
  try {
    if (data) await scriptTo(sink).execute(actor, options)
    else {
      const { files } = await scriptAlone.execute(actor, options)
      await zip(new Meter(), sink, new Date(0).toISOString(), async (add) => {
        for (const { name, text } of files) await add(name, text)
      })
    }
  } catch (error) {
    sink.destroy()
    await whole.catch(() => undefined)
    throw error
  }
  const body = new Blob([(await whole) as Uint8Array<ArrayBuffer>])
  return attachment(body, `${options.report.toLowerCase()}-r.zip`)
}

async function collected(stream: Readable): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function attachment(body: ReadableStream<Uint8Array> | Blob, fileName: string): Response {
  return new Response(body, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
