import { health } from '#server/trpc/health.ts'

export const dynamic = 'force-dynamic'

export const GET = health
