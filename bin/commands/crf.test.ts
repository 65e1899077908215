import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { crf } from './crf.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casebook-crf-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(...words: string[]) {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const status = await crf(words, { out: say, error: say })
  return { status, said: said.join('\n') }
}

it('prints one form of the trial, blank and annotated, in Japanese', async () => {
  const sizes: number[] = []
  for (const annotated of [[], ['--annotated']]) {
    const out = join(folder, `${annotated.length}.pdf`)
    const words = ['print', 'studies/tac-csa-rct', '--form', 'F_VS', '--language', 'ja']
    expect(await run(...words, ...annotated, '--out', out)).toMatchObject({ status: 0 })
    const bytes = await readFile(out)
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    sizes.push(bytes.length)
  }
  expect(sizes[1]).toBeGreaterThan(sizes[0] as number)
})

it('names what is wrong with a folder, a form or an option, and writes nothing', async () => {
  expect(await run('print', 'studies/none')).toMatchObject({ status: 2 })
  const form = await run('print', 'studies/tac-csa-rct', '--form', 'F_NONE')
  expect(form.status).toBe(2)
  expect(form.said).toMatch(/has no form F_NONE: known are F_SUBJ/)
  expect((await run('print', 'studies/tac-csa-rct', '--language', 'fr')).status).toBe(2)
  expect((await run('draw', 'studies/tac-csa-rct')).status).toBe(2)
})
