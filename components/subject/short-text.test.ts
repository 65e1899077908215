import { expect, it } from 'vitest'
import { shortText } from './short-text.ts'

it('says short answers in words, so that no raw code such as Y or RESP stands in a header', () => {
  expect(shortText('Y', 'Yes')).toBe('Yes')
  expect(shortText('FAIL', 'Failure')).toBe('Failure')
  expect(shortText('RESP', '反応あり')).toBe('反応あり')
})

it('falls back to the code where the words have no room, or there are none', () => {
  expect(shortText('DM', 'Dermatomyositis (classic)')).toBe('DM')
  expect(shortText('DM', '皮膚筋炎（定型）')).toBe('DM')
  expect(shortText('DM', '皮膚筋炎（定型）', 16)).toBe('皮膚筋炎（定型）')
  expect(shortText('X', '')).toBe('X')
})
