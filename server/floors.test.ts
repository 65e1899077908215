import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The house rules of imports, walked over the text of every source file: which folder may import which,
// no cycles, no folders whose name says nothing, no barrels, no default exports. Type-only imports count for
// the floors and not for cycles, since they are gone at run time. Tests may build their world with
// everything below the app and with each other; they are never imported themselves.

interface Import {
  target: string
  isType: boolean
}

interface Source {
  path: string
  text: string
  imports: Import[]
}

/** Which rooms a room may import from: journeys and benchmarks build their world in db, and never touch server. */
const FLOORS: Record<string, readonly string[]> = {
  domain: ['domain'],
  studies: ['studies', 'domain'],
  db: ['db', 'domain'],
  server: ['server', 'db', 'domain'],
  corridor: ['corridor', 'server', 'db', 'domain'],
  components: ['components', 'domain', 'types of server/trpc'],
  app: ['app', 'components', 'domain', 'corridor', 'server/export'],
  bin: ['bin', 'e2e', 'corridor', 'server', 'db', 'domain', 'studies'],
  e2e: ['e2e', 'domain', 'db', 'studies'],
  bench: ['bench', 'e2e', 'domain', 'db', 'bin'],
}

const FORBIDDEN_PACKAGES: Record<string, RegExp> = {
  domain: /^(node:|pg\b|pg-|drizzle|next\b|react|@trpc|@mantine|graphile)/,
  studies: /^(pg\b|pg-|drizzle|next\b|react|@trpc|@mantine|graphile)/,
  db: /^(next\b|next-|react|@trpc|@mantine)/,
  server: /^(next\/|next$|next-auth|@trpc|react|@mantine)/,
  corridor: /^(@mantine)/,
  components: /^(node:|pg\b|pg-|drizzle|graphile|@node-rs)/,
  app: /^(pg\b|pg-|drizzle|graphile|@node-rs)/,
  e2e: /^(next\b|react|@trpc)/,
}

const EMPTY_NAMES = ['lib', 'utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared']
const NEEDS_DEFAULT = /^app\/|(^|\/)[a-z-]+\.config\.(ts|js|mjs)$|^db\/testing\/global-setup\.ts$/

/** The room of a file: its first folder, the third floor of server apart. */
function roomOf(path: string): string {
  const [first, second] = path.split('/')
  if (first === 'server' && (second === 'trpc' || second === 'auth')) return 'corridor'
  return first ?? ''
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /^(server|db)\/testing\//.test(path)
}

function floorFindings(sources: readonly Source[]): string[] {
  const findings: string[] = []
  for (const { path, imports } of sources) {
    const room = roomOf(path)
    const allowed = FLOORS[room]
    if (!allowed) continue
    for (const { target, isType } of imports) {
      if (target.startsWith('package:')) {
        const name = target.slice('package:'.length)
        const isForbidden = !isTest(path) && !isType && FORBIDDEN_PACKAGES[room]?.test(name)
        if (isForbidden) findings.push(`${path} imports the package ${name}`)
        continue
      }
      if (/\.test\.tsx?$/.test(target)) findings.push(`${path} imports the test ${target}`)
      const to = roomOf(target)
      const isAllowed =
        allowed.includes(to) ||
        allowed.some((place) => place.includes('/') && target.startsWith(`${place}/`)) ||
        (isType && to === 'corridor' && allowed.includes('types of server/trpc')) ||
        (isTest(path) && to !== 'app' && room !== 'domain' && room !== 'components') ||
        (isTest(path) && ['domain', 'studies', 'db', 'components'].includes(to)) ||
        FLOORS[to] === undefined
      if (!isAllowed) findings.push(`${path} imports ${target}`)
      const isOtherNoun =
        room === 'server' &&
        to === 'server' &&
        !isTest(path) &&
        !isType &&
        isVerbOfOther(path, target)
      if (isOtherNoun) findings.push(`${path} imports the verb ${target} of another noun`)
    }
  }
  return findings
}

/** `server/query/raise-query.ts` may not be called from `server/form/`: verbs are called by the router. */
function isVerbOfOther(path: string, target: string): boolean {
  const [, noun, verb] = target.split('/')
  if (verb === undefined || noun === path.split('/')[1]) return false
  return new RegExp(`^[a-z]+(-[a-z]+)*-${noun}\\.ts$`).test(verb)
}

/** Cycles of run-time imports, each once, as the chain of its files. */
function cycleFindings(sources: readonly Source[]): string[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter(({ isType }) => !isType).map(({ target }) => target),
    ]),
  )
  const done = new Set<string>()
  const chain: string[] = []
  const findings: string[] = []
  const visit = (path: string): void => {
    const at = chain.indexOf(path)
    if (at >= 0) findings.push(`cycle: ${[...chain.slice(at), path].join(' -> ')}`)
    if (at >= 0 || done.has(path)) return
    chain.push(path)
    for (const target of edges.get(path) ?? []) visit(target)
    chain.pop()
    done.add(path)
  }
  for (const path of edges.keys()) visit(path)
  return findings
}

function nameFindings(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path }) => {
    const folders = path.split('/').slice(0, -1)
    const file = path.split('/').at(-1) ?? ''
    const empty = folders.find((folder) => EMPTY_NAMES.includes(folder))
    const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|mjs|js)$/.test(file)
    return [
      ...(empty ? [`${path}: the folder name ${empty} says nothing`] : []),
      ...(isKebab || path.startsWith('app/') ? [] : [`${path}: the file name is not kebab-case`]),
    ]
  })
}

function exportFindings(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const code = withoutComments(text)
    const isBarrel =
      /(^|\/)index\.tsx?$/.test(path) ||
      /^\s*export\s+\*\s+from\b/m.test(code) ||
      isOnlyReexport(code)
    const hasDefault =
      /^\s*export\s+default\b/m.test(code) || /export\s*\{[^}]*\bas\s+default\b/.test(code)
    return [
      ...(isBarrel ? [`${path} is a barrel`] : []),
      ...(hasDefault && !NEEDS_DEFAULT.test(path) ? [`${path} has a default export`] : []),
    ]
  })
}

function isOnlyReexport(code: string): boolean {
  const rest = code.replace(/export\s+(type\s+)?\{[^}]*\}\s*from\s*['"][^'"]+['"];?/g, '')
  return rest.trim() === '' && code.trim() !== ''
}

/** Comments out, so that an example in one is no import; strings stay, since they hold the targets. */
function withoutComments(text: string): string {
  return text.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (whole, string: string | undefined) => (string === undefined ? ' ' : whole),
  )
}

const IMPORT =
  /(?:^|[;\n}])\s*(import|export)\s+(type\s+)?((?:[\w*$\s,]|\{[^}]*\})+?\s*from\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g

function importsOf(root: string, path: string, text: string): Import[] {
  return [...withoutComments(text).matchAll(IMPORT)].map((found) => {
    const specifier = found[4] ?? found[5] ?? ''
    // `import { type A, type B }` is gone at run time as well.
    const names = /^\{([^}]*)\}/
      .exec((found[3] ?? '').trim())?.[1]
      ?.split(',')
      .map((name) => name.trim())
    const areTypes = names?.filter(Boolean).every((name) => name.startsWith('type ')) ?? false
    return { target: resolveTarget(root, path, specifier), isType: Boolean(found[2]) || areTypes }
  })
}

function resolveTarget(root: string, path: string, specifier: string): string {
  let place: string
  if (specifier.startsWith('#')) place = specifier.slice(1)
  else if (specifier.startsWith('.')) place = posix.join(posix.dirname(path), specifier)
  else return `package:${specifier}`
  const isThere = existsSync(join(root, place)) && /\.\w+$/.test(place)
  const extended = isThere
    ? place
    : [`${place}.ts`, `${place}.tsx`].find((at) => existsSync(join(root, at)))
  return extended ?? place
}

function readSources(root: string): Source[] {
  return Object.keys(FLOORS)
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => {
      const path = relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(root, path, text) }
    })
}

describe('the house', () => {
  const sources = readSources(join(dirname(fileURLToPath(import.meta.url)), '..'))

  test('is walked: the sources and their imports are found', () => {
    expect(sources.length).toBeGreaterThan(20)
    const mine = sources.find(({ path }) => path === 'server/command.ts')
    expect(mine?.imports.map(({ target }) => target)).toContain('domain/problem.ts')
  })

  test('imports only from the floors below', () => {
    expect(floorFindings(sources)).toEqual([])
  })

  test('has no cycles', () => {
    expect(cycleFindings(sources)).toEqual([])
  })

  test('has no folder whose name says nothing, and files in kebab-case', () => {
    expect(nameFindings(sources)).toEqual([])
  })

  test('has no barrels, and default exports only where Next and tools want them', () => {
    expect(exportFindings(sources)).toEqual([])
  })
})

describe('the walk finds', () => {
  let root: string
  let sources: Source[]
  const files: Record<string, string> = {
    'domain/clock.ts': `import { readFileSync } from 'node:fs'\nexport const a = readFileSync`,
    'domain/upward.ts': `import { pool } from '#db/pool.ts'\nexport const b = pool`,
    'domain/circle-one.ts': `import { two } from './circle-two.ts'\nexport const one = () => two`,
    'domain/circle-two.ts': `import { one } from '#domain/circle-one.ts'\nexport const two = () => one`,
    'domain/type-one.ts': `import type { B } from './type-two.ts'\nexport type A = B`,
    'domain/type-two.ts': `import { type A } from './type-one.ts'\nexport type B = A[]`,
    'domain/misc/thing.ts': `export const thing = 1`,
    'domain/index.ts': `export { a } from './clock.ts'`,
    'domain/loud.ts': `export default 1`,
    'domain/CamelCase.ts': `export const c = 1`,
    'domain/quiet.ts': `// import { pool } from '#db/pool.ts'\n/* import '#db/pool.ts' */\nexport const text = "// import"`,
    'db/pool.ts': `export const pool = 1`,
    'db/late.ts': `export const late = () => import('#server/query/raise-query.ts')`,
    'server/query/raise-query.ts': `import { headers } from 'next/headers'\nexport const raise = headers`,
    'server/form/save.ts': `import {\n  raise,\n} from '#server/query/raise-query.ts'\nexport const save = raise`,
    'server/trpc/router.ts': `import { raise } from '#server/query/raise-query.ts'\nexport const router = raise`,
    'components/button.tsx': `import { pool } from '#db/pool.ts'\nexport const Button = pool`,
    'components/typed.tsx': `import type { router } from '#server/trpc/router.ts'\nexport type R = typeof router`,
    'components/value.tsx': `import { router } from '#server/trpc/router.ts'\nexport const v = router`,
    'app/page.tsx': `import { raise } from '#server/query/raise-query.ts'\nexport default raise`,
    'server/query/raise-query.test.ts': `import { pool } from '#db/pool.ts'\nexport const t = pool`,
    'server/wrong.ts': `import { t } from './query/raise-query.test.ts'\nexport const w = t`,
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'casebook-floors-'))
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(root, dirname(path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    sources = readSources(root)
  })

  afterAll(() => rm(root, { recursive: true }))

  test('every import that goes up, sideways to a verb, or to a forbidden package, and no other', () => {
    expect(floorFindings(sources).sort()).toEqual([
      'app/page.tsx imports server/query/raise-query.ts',
      'components/button.tsx imports db/pool.ts',
      'components/value.tsx imports server/trpc/router.ts',
      'db/late.ts imports server/query/raise-query.ts',
      'domain/clock.ts imports the package node:fs',
      'domain/upward.ts imports db/pool.ts',
      'server/form/save.ts imports the verb server/query/raise-query.ts of another noun',
      'server/query/raise-query.ts imports the package next/headers',
      'server/wrong.ts imports the test server/query/raise-query.test.ts',
    ])
  })

  test('cycles at run time, not those of types', () => {
    expect(cycleFindings(sources)).toEqual([
      'cycle: domain/circle-one.ts -> domain/circle-two.ts -> domain/circle-one.ts',
    ])
  })

  test('names that say nothing or are not kebab-case', () => {
    expect(nameFindings(sources).sort()).toEqual([
      'domain/CamelCase.ts: the file name is not kebab-case',
      'domain/misc/thing.ts: the folder name misc says nothing',
    ])
  })

  test('barrels and default exports', () => {
    expect(exportFindings(sources).sort()).toEqual([
      'domain/index.ts is a barrel',
      'domain/loud.ts has a default export',
    ])
  })
})
