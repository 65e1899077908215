import { z } from 'zod'
import type { HomeView } from '#domain/casebook/views.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { id } from '../input.ts'

export const studyHome = reading({
  name: 'study.home',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async (): Promise<HomeView> => {
    throw new Error('unwritten')
  },
})

export type DefinitionView = {
  number: number
  label: string
  hash: string
  definition: StudyDefinition
}

export const studyDefinition = reading({
  name: 'study.definition',
  permission: 'study.read',
  input: z.strictObject({ studyId: id, version: z.int().min(1).optional() }),
  run: async (): Promise<DefinitionView> => {
    throw new Error('unwritten')
  },
})

export type StudyVersionRow = {
  number: number
  label: string
  hash: string
  publishedAt: string
  publishedBy: string
  /** Sites that work on this version. */
  sites: readonly string[]
}

export const studyVersions = reading({
  name: 'study.versions',
  permission: 'study.read',
  input: z.strictObject({ studyId: id }),
  run: async (): Promise<readonly StudyVersionRow[]> => {
    throw new Error('unwritten')
  },
})
