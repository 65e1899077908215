import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '#server/trpc/router.ts'

type Answers = inferRouterOutputs<AppRouter>
export type PersonView = Answers['person']['list']['rows'][number]
export type GrantView = PersonView['grants'][number]
export type SiteView = Answers['site']['list']['rows'][number]
