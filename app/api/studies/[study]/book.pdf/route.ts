import { downloadBook } from '#server/trpc/book-route.ts'

export const dynamic = 'force-dynamic'

type Context = { params: Promise<{ study: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return downloadBook(request, (await params).study, 'pdf')
}
