/** Analysis sets as a ZIP of files, from one snapshot, through the sites of the reader and with the arms he may know. */
import type { Writable } from 'node:stream'
import { z } from 'zod'
import { setFiles } from '#domain/analysis/analysis-sets/set-files.ts'
import { setFormats } from '#domain/analysis/analysis-sets/set-formats.ts'
import { StudySets } from '#domain/analysis/analysis-sets/study-sets.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from '../actor.ts'
import { auditEvent } from '../audit-event.ts'
import { command, reading, wholeStudy } from '../command.ts'
import { anyState, askedAndLogged, logVerb, type Taken } from '../export/taken.ts'
import { Meter, zip } from '../export/zip.ts'
import { id } from '../input.ts'
import { analysisFor, concealsFrom } from './analysis-for.ts'

const input = z.strictObject({
  studyId: id,
  format: z.enum(setFormats).default('csv'),
  /** Number of a data cut; the data as they are when absent. */
  cut: z.int().min(1).max(1_000_000).optional(),
})

/** Says in the audit trail that sets are being taken; refuses who may not. */
export const beginSets = command({
  name: 'analysisSet.begin',
  permission: 'data.export',
  input,
  states: anyState,
  target: wholeStudy,
  run: async ({ tx, input, study }): Promise<{ fileName: string }> => {
    if (study.latestVersion === 0) throw new Problem('not-found')
    const details = { kind: `analysis-sets-${input.format}`, cut: input.cut ?? null }
    await auditEvent(tx, 'export.begun', 'study', study.studyId, details, study.studyId)
    const cut = input.cut === undefined ? '' : `-cut-${input.cut}`
    const day = tx.now.slice(0, 10)
    return { fileName: `${study.oid.toLowerCase()}-analysis-sets${cut}-${day}.zip` }
  },
})

/** The sets into a stream, from one snapshot that writes nothing. */
const readInto = (sink: Writable) =>
  reading({
    name: 'analysisSet.download',
    permission: 'data.export',
    input,
    snapshot: true,
    run: async (context): Promise<Taken> => {
      const { input, now } = context
      const { analysis, arms, cut } = await analysisFor(context, input.cut)
      const conceals = await concealsFrom(context, arms)
      const sets = new StudySets(analysis.compiled, { conceals })
      let subjects = 0
      for await (const casebook of analysis.casebooks()) {
        sets.add(casebook)
        subjects += 1
      }
      const { published } = analysis
      const { definition, number, label, hash } = published
      const made = sets.sets()
      const files = setFiles(made, input.format, {
        studyOid: definition.oid,
        studyName: definition.name.en,
        version: { number, label, hash },
        dataAsOf: analysis.dataAsOf,
        createdAt: now,
        engineVersion,
        hasArms: conceals === null,
        cut: cut && `${cut.number} ${cut.name}`,
      })
      const meter = new Meter()
      await zip(meter, sink, now, async (add) => {
        for (const { name, text } of files) await add(name, text)
      })
      return {
        kind: `analysis-sets-${input.format}`,
        ...meter.result(),
        subjects,
        files: made.length,
        version: number,
        at: now,
      }
    },
  })

const log = logVerb('analysisSet.log')

/** The sets into a stream, which is ended, or destroyed with the error, before this settles. */
export const setsTo = (sink: Writable) => ({
  execute: (actor: Person | null, asked: z.input<typeof input>): Promise<Taken> =>
    askedAndLogged(readInto(sink), log, actor, asked),
})
