import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { sampleFiles, sampleSources } from '#domain/casebook/testing/sample-study.ts'
import { library } from './library.ts'
import { study } from './study.ts'

const root = mkdtempSync(join(tmpdir(), 'study-diff-'))
afterAll(() => rmSync(root, { recursive: true }))

function lay(folder: string, files: readonly { path: string; text: string }[]): string {
  for (const { path, text } of files) {
    const place = join(root, folder, path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
  return join(root, folder)
}
const forms = sampleFiles['forms.yaml'] as string
const edited = (from: string, to: string) => {
  if (!forms.includes(from)) throw new Error(`The sample has no ${from}`)
  return sampleSources({ 'forms.yaml': forms.replace(from, to) })
}

async function run(command: typeof study, ...words: string[]) {
  const lines: string[] = []
  const say = (text: string) => void lines.push(text)
  const status = await command(words, { out: say, error: say })
  return { status, text: lines.join('\n') }
}

describe('casebook study diff', () => {
  const first = lay('a/sample', sampleSources())

  it('says nothing and ends with 0 for the same definition', async () => {
    expect(await run(study, 'diff', first, first)).toEqual({
      status: 0,
      text: 'Nothing that matters is different.',
    })
  })

  it('ends with 0 where data are only evaluated again, and shows both texts of a rule', async () => {
    const looser = lay('b/sample', edited('soft: [30, 120]', 'soft: [30, 150]'))
    const { status, text } = await run(study, 'diff', first, looser)
    expect(status).toBe(0)
    expect(text).toContain(
      'The plausible range of Weight (F_VS.WEIGHT) is wider: [30, 150], was [30, 120]. [range-loosened]',
    )
  })

  it('ends with 1 where stored values are at risk, for machines too', async () => {
    const retyped = lay(
      'c/sample',
      edited('BRTHDTC, label: Birth, type: partialDate', 'BRTHDTC, label: Birth, type: date'),
    )
    const { status, text } = await run(study, 'diff', first, retyped, '--json')
    expect(status).toBe(1)
    const told = JSON.parse(text) as { worst: string; changes: { code: string; place: string }[] }
    expect(told.worst).toBe('risk')
    expect(told.changes).toMatchObject([{ code: 'item-retyped', place: 'F_DM.BRTHDTC' }])
    const japanese = await run(study, 'diff', first, retyped, '--language', 'ja')
    expect(japanese.text).toContain('の型が')
  })

  it('ends with 1 and the findings where a side has errors, and with 2 for bad use', async () => {
    const broken = lay('d/sample', edited('codeList: CL_SEX', 'codeList: CL_GHOST'))
    const { status, text } = await run(study, 'diff', first, broken)
    expect(status).toBe(1)
    expect(text).toContain('[unknown-code-list]')
    expect((await run(study, 'diff', first)).status).toBe(2)
    expect((await run(study, 'diff', first, join(root, 'nowhere'))).status).toBe(2)
    expect((await run(study, 'diff', first, first, '--language', 'fr')).status).toBe(2)
  })
})

describe('casebook library diff', () => {
  const shelf = (unit: string) => [
    {
      path: 'forms/F_EXTRA.yaml',
      text: `
oid: F_EXTRA
label: Extra
groups: [{ oid: X, items: [{ oid: DOSE, label: Dose, type: decimal, unit: ${unit} }] }]
`,
    },
    { path: 'checks.yaml', text: '[]' },
    { path: 'codelists.yaml', text: '[]' },
  ]
  const using = sampleSources({
    'forms.yaml': `${forms}\n- use: F_EXTRA\n`,
    'schedule.yaml': (sampleFiles['schedule.yaml'] as string).replace(
      'forms: [F_AE, F_DTH]',
      'forms: [F_AE, F_DTH, F_EXTRA]',
    ),
  })
  lay('studies/uses', using)
  lay('studies/does-not', sampleSources())
  const now = lay('studies/library', shelf('g'))
  const old = lay('older', shelf('mg'))

  it('tells of every study what the library changes of it', async () => {
    const { status, text } = await run(library, 'diff', old, now)
    expect(status).toBe(1)
    expect(text).toMatch(/does-not\n {2}Nothing that matters is different\.\n/)
    expect(text).toContain('The unit of Dose (F_EXTRA.DOSE) became g; it was mg.')
  })

  it('ends with 0 where no study is touched, and names errors that the new library brings', async () => {
    expect((await run(library, 'diff', now, now)).status).toBe(0)
    const empty = lay('empty', [{ path: 'checks.yaml', text: '[]' }])
    const { status, text } = await run(
      library,
      'diff',
      old,
      empty,
      '--studies',
      join(root, 'studies'),
    )
    expect(status).toBe(1)
    expect(text).toContain('No form “F_EXTRA” in study or library.')
    expect((await run(library, 'diff', old)).status).toBe(2)
    expect((await run(library, 'diff', old, join(root, 'gone'))).status).toBe(2)
  })
})
