import { z } from 'zod'
import type { Label, ReportDef } from '#domain/definition/definition.ts'
import { reading } from '../command.ts'
import { id, oid } from '../input.ts'

export const reportList = reading({
  name: 'report.list',
  permission: 'report.read',
  input: z.strictObject({ studyId: id }),
  run: async (): Promise<readonly { oid: string; title: Label; kind: ReportDef['kind'] }[]> => {
    throw new Error('unwritten')
  },
})

export const runReport = reading({
  name: 'report.run',
  permission: 'report.read',
  input: z.strictObject({ studyId: id, report: oid }),
  run: async (): Promise<unknown> => {
    throw new Error('unwritten')
  },
})
