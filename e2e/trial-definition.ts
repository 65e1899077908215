import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { parseStudy } from '#domain/definition/parse-study.ts'

let parsed: Promise<StudyDefinition> | undefined

/** The trial of the demo, with recruitment open today; read from the same text files that users have. */
export function trialDefinition(): Promise<StudyDefinition> {
  parsed ??= read()
  return parsed
}

async function read(): Promise<StudyDefinition> {
  const own = await yamlFiles('studies/tac-csa-rct')
  const library = await yamlFiles('studies/library')
  const { definition, findings } = parseStudy(own, library)
  if (!definition)
    throw new Error(`The trial's definition has findings: ${JSON.stringify(findings.slice(0, 3))}`)
  const parameters = definition.parameters.map((parameter) =>
    parameter.oid === 'RECRUIT_TO' ? { ...parameter, value: '2099-12-31' } : parameter,
  )
  return { ...definition, parameters }
}

async function yamlFiles(folder: string, base = folder): Promise<{ path: string; text: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'demo' ? [] : yamlFiles(path, base)
      return entry.name.endsWith('.yaml')
        ? [{ path: relative(base, path), text: await readFile(path, 'utf8') }]
        : []
    }),
  )
  return files.flat()
}
