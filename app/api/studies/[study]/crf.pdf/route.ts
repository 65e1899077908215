import { downloadCrf } from '#server/trpc/crf-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return downloadCrf(request, (await params).study)
}
