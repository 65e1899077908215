import { downloadSets } from '#server/trpc/analysis-set-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return downloadSets(request, (await params).study)
}
