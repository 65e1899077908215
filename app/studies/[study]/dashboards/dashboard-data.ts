/** Which dashboards a person has in a study, and the question of each. */

import { cookies } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import { sitesFromAddress } from '#components/dashboard/address.ts'
import { siteCookie } from '#components/shell/site-cookie.ts'
import {
  type DashboardName,
  type DashboardReach,
  type DashboardViews,
  dashboards,
  type StudyParts,
} from '#domain/dashboard/dashboard-views.ts'
import {
  completenessPictures,
  type Picture,
  queryPictures,
  recruitmentPictures,
  type Size,
  safetyPictures,
  survivalPictures,
  visitPictures,
} from '#domain/dashboard/figures.ts'
import { type Asked, asked, type StudyEntry } from '../../../session.ts'

const permissionFor: Readonly<Record<DashboardName, string>> = {
  recruitment: 'subject.read',
  visits: 'subject.read',
  completeness: 'casebook.read',
  queries: 'query.read',
  safety: 'safety.read',
  survival: 'report.read',
}

/** In their order; without what the study will never show and what the person may not read. */
export function dashboardsFor(study: StudyEntry, parts: StudyParts): DashboardName[] {
  const has: Partial<Record<DashboardName, boolean>> = {
    visits: parts.plansVisits,
    safety: parts.recordsEvents,
    survival: parts.endpoints,
  }
  return dashboards.filter(
    (name) => study.permissions.includes(permissionFor[name]) && (has[name] ?? true),
  )
}

export type Address = Readonly<Record<string, string | string[] | undefined>>

export async function chosenSites(
  reach: DashboardReach,
  address: Address,
): Promise<readonly string[] | null> {
  const remembered = (await cookies()).get(siteCookie)?.value
  return sitesFromAddress(address.site, reach.sites, remembered)
}

export type Question = { studyId: string; siteIds?: string[]; endpoint?: string }

export function questionOf(
  study: StudyEntry,
  siteIds: readonly string[] | null,
  endpoint?: string,
): Question {
  return {
    studyId: study.studyId,
    ...(siteIds ? { siteIds: [...siteIds] } : {}),
    ...(endpoint ? { endpoint } : {}),
  }
}

/** A dashboard's numbers and pictures; a failure of one is told in its place and never reaches the others. */
export type Answered<Name extends DashboardName> =
  | { view: DashboardViews[Name]; pictures: Picture[]; problem?: undefined }
  | { view?: undefined; problem: NonNullable<Asked<never>['problem']> | null }

const missing = { missing: 'answer' } as const

const askers: {
  [Name in DashboardName]: (question: Question) => Promise<Asked<DashboardViews[Name]>>
} = {
  recruitment: (input) => asked((api) => api.dashboard.recruitment(plain(input)), missing),
  visits: (input) => asked((api) => api.dashboard.visits(plain(input)), missing),
  completeness: (input) => asked((api) => api.dashboard.completeness(plain(input)), missing),
  queries: (input) => asked((api) => api.dashboard.queries(plain(input)), missing),
  safety: (input) => asked((api) => api.dashboard.safety(plain(input)), missing),
  survival: (input) => asked((api) => api.dashboard.survival(input), missing),
}

const plain = ({ endpoint: _, ...question }: Question) => question

const drawers: {
  [Name in DashboardName]: (view: DashboardViews[Name], size: Size) => Picture[]
} = {
  recruitment: recruitmentPictures,
  visits: visitPictures,
  completeness: completenessPictures,
  queries: queryPictures,
  safety: safetyPictures,
  survival: survivalPictures,
}

export async function answerOf<Name extends DashboardName>(
  name: Name,
  question: Question,
  size: Size,
): Promise<Answered<Name>> {
  try {
    const { data, problem } = await askers[name](question)
    if (problem) return { problem }
    return { view: data, pictures: drawers[name](data, size) }
  } catch (error) {
    unstable_rethrow(error)
    return { problem: null }
  }
}
