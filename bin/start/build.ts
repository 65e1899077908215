import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StartError } from './start-error.ts'

const FOLDERS = ['app', 'components', 'server', 'domain', 'db', 'messages', 'public']
const FILES = [
  'next.config.js',
  'postcss.config.cjs',
  'postcss.config.mjs',
  'proxy.ts',
  'instrumentation.ts',
  'package-lock.json',
  'tsconfig.json',
]
const STAMP = join('.next', 'casebook-sources')

/** Builds the app unless the build at hand is of these very sources; says whether it built. */
export async function buildIfStale(
  root: string,
  onProgress: (detail: string) => void,
  stopped?: AbortSignal,
): Promise<boolean> {
  const wanted = await sourceHash(root)
  const built = await readFile(join(root, STAMP), 'utf8').catch(() => '')
  if (built === wanted) return false
  onProgress('about half a minute')
  await nextBuild(root, stopped)
  await writeFile(join(root, STAMP), wanted)
  return true
}

/** SHA-256 over names and contents of everything that goes into the build; tests do not. */
export async function sourceHash(root: string): Promise<string> {
  const files: string[] = []
  for (const folder of FOLDERS) {
    const entries = await readdir(join(root, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    for (const entry of entries) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) {
        files.push(relative(root, join(entry.parentPath, entry.name)))
      }
    }
  }
  const hash = createHash('sha256').update(`node ${process.versions.node.split('.')[0]}\0`)
  for (const file of [...files, ...FILES].sort()) {
    const content = await readFile(join(root, file)).catch(() => undefined)
    if (content) hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

function nextBuild(root: string, stopped: AbortSignal | undefined): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/next/dist/bin/next'), 'build'],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: stopped,
        env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', fail)
    child.once('close', (code, signal) => {
      if (code === 0) return done()
      if (signal === null && code !== null) process.stderr.write(`\n${output.trim()}\n`)
      fail(
        new StartError(
          signal
            ? `The build was ended by ${signal}: start again; it needs about 1 GB of memory.`
            : 'The app could not be built: see the lines above.',
        ),
      )
    })
  })
}
