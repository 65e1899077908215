import { z } from 'zod'
import { parametersOfSearch } from '#domain/analysis/report-address.ts'
import { reportParametersSchema } from '#domain/analysis/report-parameters.ts'
import { languages } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { actorOfRequest } from '../auth/actor.ts'
import { isSameSite } from '../auth/origin.ts'
import { studyIdOf } from '../auth/study-of.ts'
import type { BookSource } from '../book/book.ts'
import {
  type BookFormat,
  bookFile,
  type DocumentFile,
  type ReportFile,
  reportFile,
  reportFiles,
} from '../book/book-file.ts'
import { cutBook, reportBook } from '../book/reads.ts'
import { oid } from '../input.ts'
import { problemResponse } from './problem-response.ts'

const optionsSchema = z.object({
  language: z.enum(languages).catch('en'),
  cut: z.coerce.number().int().min(1).max(1_000_000).optional(),
  part: z.coerce.number().int().min(0).max(200).catch(0),
})
type Options = z.infer<typeof optionsSchema>

/**
 * The report book of a study: `?language=ja`, `?cut=3` for a data cut, and the parameters of the run as in the address of
 * a report's page (a cut has its own).
 */
export async function downloadBook(
  request: Request,
  study: string,
  format: BookFormat,
): Promise<Response> {
  try {
    const { source, options } = await sourceOf(request, study, undefined)
    return response(await bookFile(source, { format, language: options.language }))
  } catch (error) {
    return problemResponse(error, 'report.book')
  }
}

/** One report as a document, its data or its figure; besides what a book takes, `?part=1` for the figure of a subgroup. */
export async function downloadReport(
  request: Request,
  study: string,
  report: string,
  file: string,
): Promise<Response> {
  try {
    const name = oid.safeParse(report.toUpperCase())
    if (!name.success || !isReportFile(file)) throw new Problem('not-found')
    const { source, options } = await sourceOf(request, study, name.data)
    const { language, part } = options
    return response(await reportFile(source, { file, language, part }))
  } catch (error) {
    return problemResponse(error, 'report.file')
  }
}

const isReportFile = (file: string): file is ReportFile =>
  (reportFiles as readonly string[]).includes(file)

async function sourceOf(
  request: Request,
  study: string,
  report: string | undefined,
): Promise<{ source: BookSource; options: Options }> {
  // A link on another site must not make somebody's computer download a study.
  if (!isSameSite(request)) throw new Problem('not-found')
  const actor = await actorOfRequest(request)
  const studyId = await studyIdOf(actor, study)
  const search = new URL(request.url).searchParams
  const asked = optionsSchema.safeParse(Object.fromEntries(search))
  if (!asked.success) throw new Problem('not-found')
  const source = await ask(actor, { studyId, report, search, options: asked.data })
  return { source, options: asked.data }
}

type Asked = {
  studyId: string
  report: string | undefined
  search: URLSearchParams
  options: Options
}

function ask(actor: Person | null, asked: Asked): Promise<BookSource> {
  const { studyId, report, search, options } = asked
  const which = report === undefined ? { studyId } : { studyId, report }
  if (options.cut !== undefined) return cutBook.execute(actor, { ...which, number: options.cut })
  const parameters = reportParametersSchema.safeParse(parametersOfSearch(search))
  if (!parameters.success) {
    const [issue] = parameters.error.issues
    throw new Problem('invalid-input', {
      where: issue?.path.join('.') || 'parameters',
      what: issue?.message ?? 'is not as expected',
    })
  }
  return reportBook.execute(actor, { ...which, parameters: parameters.data })
}

function response({ name, mediaType, bytes }: DocumentFile): Response {
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': mediaType,
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
