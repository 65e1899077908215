import { downloadScript } from '#server/trpc/analysis-set-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string; report: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { study, report } = await params
  return downloadScript(request, study, report)
}
