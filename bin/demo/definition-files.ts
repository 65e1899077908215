import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseDocument, stringify } from 'yaml'

/** The definition as published, with what the demo sets otherwise. */
export async function definitionFiles(): Promise<{ path: string; text: string }[]> {
  const root = join(process.cwd(), 'studies')
  const own = await yamlFiles(join(root, 'tac-csa-rct'), join(root, 'tac-csa-rct'))
  const library = await yamlFiles(join(root, 'library'), root)
  const overrides = parseDocument(
    await readFile(join(root, 'tac-csa-rct/demo/parameters.yaml'), 'utf8'),
  ).toJS() as Record<string, string>
  return [
    ...own.map((file) =>
      file.path === 'study.yaml' ? { ...file, text: withParameters(file.text, overrides) } : file,
    ),
    ...library,
  ]
}

function withParameters(text: string, overrides: Readonly<Record<string, string>>): string {
  const study = parseDocument(text).toJS() as { parameters: { oid: string; value: unknown }[] }
  for (const [oid, value] of Object.entries(overrides)) {
    const parameter = study.parameters.find((one) => one.oid === oid)
    if (!parameter) throw new Error(`The demo sets ${oid}, which is no parameter of the study`)
    parameter.value = value
  }
  return stringify(study)
}

async function yamlFiles(folder: string, base: string): Promise<{ path: string; text: string }[]> {
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
  return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1))
}
