import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemTexts } from '#domain/problem.ts'
import { messageAreas } from './message-areas.ts'

type Catalogue = { [key: string]: string | Catalogue }

function catalogue(language: string, area: string): Catalogue {
  return JSON.parse(readFileSync(join('messages', language, `${area}.json`), 'utf8')) as Catalogue
}

function entries(part: Catalogue, prefix = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : entries(value, `${prefix}${key}.`),
  )
}

/** Names of the arguments of an ICU message: `{count, plural, …}` and `{label}`. */
function argumentsOf(text: string): string[] {
  // What follows a plural case in braces is text, not an argument.
  const bare = text.replace(/(=\d+|\b(?:zero|one|two|few|many|other))\s*\{/g, ' ')
  return [
    ...new Set([...bare.matchAll(/\{\s*([a-zA-Z]\w*)\s*[,}]/g)].map((match) => match[1] ?? '')),
  ].sort()
}

const sources = readdirSync('.', { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(app|components)\//.test(path) && /\.tsx?$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }))

describe('message catalogues', () => {
  it('are one file an area in every language', () => {
    for (const language of ['en', 'ja', 'zh']) {
      const files = readdirSync(join('messages', language)).map((file) => file.replace('.json', ''))
      expect(files.sort(), language).toEqual([...messageAreas].sort())
    }
  })

  it.each(messageAreas.flatMap((area) => [['ja', area] as const, ['zh', area] as const]))(
    'say in %s what English says: %s',
    (language, area) => {
      const english = new Map(entries(catalogue('en', area)))
      const other = new Map(entries(catalogue(language, area)))
      expect([...other.keys()].sort()).toEqual([...english.keys()].sort())
      for (const [key, text] of english) {
        // A language without a plural may leave the number out of a form, never another argument.
        expect(argumentsOf(other.get(key) as string), key).toEqual(argumentsOf(text))
      }
    },
  )

  it('know every problem, in the words of the closed list', () => {
    expect(catalogue('en', 'problem')).toEqual(problemTexts)
  })

  it('hold every message that a screen asks for by a fixed name', () => {
    const known = new Set(
      messageAreas.flatMap((area) =>
        entries(catalogue('en', area)).map(([key]) => `${area}.${key}`),
      ),
    )
    const missing = sources.flatMap(({ path, text }) => {
      const names = [
        ...text.matchAll(
          /const (\w+) = (?:await )?(?:useTranslations|getTranslations)\('([\w.]+)'\)/g,
        ),
      ].map((match) => [match[1] as string, match[2] as string] as const)
      // A name may stand for two areas in two functions of a file.
      return [...new Set(names.map(([name]) => name))].flatMap((name) => {
        const areas = names.filter(([other]) => other === name).map(([, area]) => area)
        return [...text.matchAll(new RegExp(`\\b${name}\\(\\s*'([\\w.-]+)'`, 'g'))]
          .map((match) => match[1] as string)
          .filter((key) => !areas.some((area) => known.has(`${area}.${key}`)))
          .map((key) => `${path}: ${areas.join(' or ')}.${key}`)
      })
    })
    expect(missing).toEqual([])
  })
})
