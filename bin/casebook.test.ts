import { expect, test } from 'vitest'
import { StartError } from '#bin/start/start-error.ts'
import { dispatch } from './casebook.ts'

async function ask(...words: string[]) {
  const said = { out: '', error: '' }
  const table = {
    study: {
      usage: ['study check <folder>'],
      run: async (rest: string[]) => {
        if (rest[0] === 'check') return rest.length - 1
        throw new StartError('The folder is missing: name it.')
      },
    },
  }
  const status = await dispatch(words, table, {
    out: (text) => {
      said.out += text
    },
    error: (text) => {
      said.error += text
    },
  })
  return { status, ...said }
}

test('the words behind the noun go to it, and its exit status comes back', async () => {
  expect((await ask('study', 'check')).status).toBe(0)
  expect((await ask('study', 'check', 'folder')).status).toBe(1)
})

test('bad use is 2 and names what there is', async () => {
  expect(await ask()).toMatchObject({ status: 2, out: expect.stringContaining('study check') })
  expect(await ask('toString')).toEqual({
    status: 2,
    out: '',
    error: 'Unknown command "toString": known are study.',
  })
  expect(await ask('study')).toMatchObject({ status: 2, out: 'casebook study check <folder>' })
})

test('help is no bad use', async () => {
  expect(await ask('--help')).toMatchObject({ status: 0, error: '' })
  expect(await ask('study', '--help')).toMatchObject({ status: 0, error: '' })
})

test('a failure with a remedy is that line alone, and 1', async () => {
  expect(await ask('study', 'lose')).toEqual({
    status: 1,
    out: '',
    error: 'The folder is missing: name it.',
  })
})
