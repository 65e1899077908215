import { downloadReport } from '#server/trpc/book-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string; report: string; file: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { study, report, file } = await params
  return downloadReport(request, study, report, file)
}
