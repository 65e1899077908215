import { z } from 'zod'
import type { ComparisonView } from '#domain/casebook/amendment-views.ts'
import { diffDefinitions } from '#domain/definition/diff.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'
import { type PublishedStudy, publishedStudy } from './published.ts'

/** What changed from one published version to another, in words. */
export const versionComparison = reading({
  name: 'study.compare',
  permission: 'study.read',
  input: z.strictObject({ studyId: id, from: z.int().min(1), to: z.int().min(1) }),
  run: async ({ tx, input }): Promise<ComparisonView> => {
    const before = await publishedStudy(tx.knowing, input.studyId, input.from)
    const after = await publishedStudy(tx.knowing, input.studyId, input.to)
    const name = ({ number, label, hash }: PublishedStudy) => ({ number, label, hash })
    return {
      from: name(before),
      to: name(after),
      changes: diffDefinitions(before.definition, after.definition),
    }
  },
})
