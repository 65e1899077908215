import { z } from 'zod'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { Problem } from '#domain/problem.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { dayOf } from '../today.ts'
import { publishedStudy } from './published.ts'

export type DefinitionView = {
  number: number
  label: string
  hash: string
  definition: StudyDefinition
}

export const studyDefinition = reading({
  name: 'study.definition',
  permission: 'study.read',
  input: z.strictObject({
    studyId: id,
    version: z.int().min(1).optional(),
    /** Without what is concealed from the reader, for rules and lists over what he reads; else as it was published. */
    asRead: z.boolean().optional(),
  }),
  run: async ({ tx, input, study }): Promise<DefinitionView> => {
    const wanted = input.version ?? study.latestVersion
    if (wanted === 0) throw new Problem('not-found')
    const published = await publishedStudy(input.asRead ? tx : tx.knowing, input.studyId, wanted)
    const { number, label, hash } = published
    // The figures of a paper have a page of their own; nothing that reads a definition to run its rules needs them.
    const { paper, ...definition } = published.definition
    return { number, label, hash, definition }
  },
})

export type StudyVersionRow = {
  number: number
  label: string
  hash: string
  publishedAt: string
  publishedBy: string
  /** Codes of the sites that work on this version. */
  sites: readonly string[]
}

export const studyVersions = reading({
  name: 'study.versions',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: ({ tx, input, now, study }): Promise<readonly StudyVersionRow[]> =>
    tx.query<StudyVersionRow>(
      `select v.number, v.label, v.hash, v.published_at as "publishedAt",
         coalesce(u.display_name, 'Casebook') as "publishedBy",
         array(select s.code from casebook.site s where s.study_id = v.study_id
           and coalesce(casebook.version_in_force(s.study_id, s.site_id, $3::date), $2) = v.number
           order by s.code) as sites
       from casebook.study_version v left join casebook.app_user u on u.user_id = v.published_by
       where v.study_id = $1 order by v.number desc`,
      [input.studyId, study.latestVersion, dayOf(now)],
    ),
})
