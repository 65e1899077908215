import { uploadFile } from '#server/trpc/file-routes.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return uploadFile(request, (await params).study)
}
