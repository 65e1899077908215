/** The export as an HTTP answer. */
import { PassThrough, Readable } from 'node:stream'
import type { Person } from '../actor.ts'
import { unexpected } from '../problem.ts'
import { beginExport, exportTo } from './export-study.ts'

export type ExportOptions = { studyId: string; language?: 'en' | 'ja' | 'zh'; bom?: boolean }

/** Begins the download; throws a `Problem` before the first byte, and breaks the stream off after it. */
export async function exportResponse(
  actor: Person | null,
  options: ExportOptions,
): Promise<Response> {
  const { fileName } = await beginExport.execute(actor, options)
  const sink = new PassThrough()
  exportTo(sink)
    .execute(actor, options)
    .catch((error: unknown) => {
      unexpected(error, 'export.download')
      sink.destroy(new Error('The export was broken off'))
    })
  return new Response(Readable.toWeb(sink) as ReadableStream<Uint8Array>, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
