import { downloadFile } from '#server/trpc/file-routes.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string; file: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { study, file } = await params
  return downloadFile(request, study, file)
}
