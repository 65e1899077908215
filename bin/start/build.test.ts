import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceHash } from './build.ts'

test('the build is stale after a change of any source, and not after one of a test', async () => {
  const root = await mkdtemp(join(tmpdir(), 'casebook-build-'))
  try {
    await mkdir(join(root, 'app', 'studies'), { recursive: true })
    await mkdir(join(root, 'domain'))
    await writeFile(join(root, 'app', 'studies', 'page.tsx'), 'one')
    const first = await sourceHash(root)
    expect(await sourceHash(root)).toBe(first)

    await writeFile(join(root, 'app', 'studies', 'page.test.tsx'), 'a test')
    expect(await sourceHash(root)).toBe(first)

    const seen = new Set([first])
    const changes: [string, string][] = [
      ['app/studies/page.tsx', 'two'],
      ['domain/rule.ts', ''],
      ['next.config.js', 'x'],
      ['package-lock.json', '{}'],
    ]
    for (const [file, text] of changes) {
      await writeFile(join(root, file), text)
      seen.add(await sourceHash(root))
    }
    expect(seen.size).toBe(5)
  } finally {
    await rm(root, { recursive: true })
  }
})
