import { createTranslator } from 'next-intl'
import { expect, test } from 'vitest'
import audit from '../../messages/en/audit.json' with { type: 'json' }
import query from '../../messages/en/query.json' with { type: 'json' }
import shell from '../../messages/en/shell.json' with { type: 'json' }
import ui from '../../messages/en/ui.json' with { type: 'json' }
import jaAudit from '../../messages/ja/audit.json' with { type: 'json' }
import { actionText, columnText, columnValueText } from './action-text.ts'

type Words = Parameters<typeof columnText>[2]
const wordsOf = (messages: object, locale = 'en') =>
  createTranslator({ locale, messages: messages as never }) as unknown as Words
const t = wordsOf(audit)
const words = { audit: t, ui: wordsOf(ui), query: wordsOf(query), shell: wordsOf(shell) }

test.each([
  ['subject', 'anchor_date', 'Day 1'],
  ['subject', 'site_id', 'Site'],
  ['query', 'text', 'Question'],
  ['query_message', 'text', 'Words'],
  ['allocation_issued', 'number', 'Allocation number'],
  ['data_cut', 'number', 'Number'],
  ['form_record', 'WEIGHT', null],
  ['form_record', 'LB[CREAT].LBORRES', null],
  ['nothing', 'nothing', null],
])('column %s.%s: %s', (table, column, text) => {
  expect(columnText(table, column, t)).toBe(text)
})

test('words follow the language', () => {
  expect(columnText('subject', 'withdrawn_on', wordsOf(jaAudit, 'ja'))).toBe('同意撤回日')
})

test.each([
  ['subject', 'state', 'dead', 'Died'],
  ['form_record', 'state', 'inProgress', 'In progress'],
  ['query', 'state', 'cancelled', 'Withdrawn'],
  ['role_grant', 'role', 'data-manager', 'Data manager'],
  ['data_cut', 'taken_role', 'statistician', 'Statistician'],
  ['site', 'open', 'false', 'No'],
  ['subject', 'subject_key', '01-001', null],
  ['study', 'state', 'draft', 'Draft'],
  ['query_message', 'step', 'reopened', 'Opened again'],
  ['subject', 'state', 'unheard-of', null],
  ['subject', 'state', 'a.b', null],
  ['role_grant', 'role', null, null],
])('value of %s.%s: %s as %s', (table, column, value, text) => {
  expect(columnValueText(table, column, value, words)).toBe(text)
})

test('actions in words, unknown ones as they are', () => {
  expect(actionText('subject.correctWithdrawal', t)).toBe('Withdrawal corrected')
  expect(actionText('update', t)).toBe('Changed')
  expect(actionText('some.thing', t)).toBe('some.thing')
})
