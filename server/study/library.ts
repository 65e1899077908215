import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceFile } from '#domain/definition/parse-study.ts'

let library: Promise<SourceFile[]> | undefined

/** The shared forms and lists that definitions build on, as they lie beside this program. */
export function libraryFiles(): Promise<SourceFile[]> {
  library ??= readLibrary(join(process.cwd(), 'studies', 'library'))
  return library
}

async function readLibrary(folder: string): Promise<SourceFile[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('.yaml'),
  )
  return Promise.all(
    names.sort().map(async (name) => ({
      path: `library/${name.replaceAll('\\', '/')}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
}
