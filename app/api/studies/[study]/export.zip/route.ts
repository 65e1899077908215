import { downloadExport } from '#server/trpc/export-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return downloadExport(request, (await params).study)
}
