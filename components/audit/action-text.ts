type Words = { (key: string): string; has: (key: string) => boolean }

/** The words for an audited action such as `form.save`; the action itself where no words are known. */
export function actionText(action: string, t: Words): string {
  const key = `action.${action.replace('.', '-')}`
  if (t.has(key)) return t(key)
  const kind = `changeKind.${action}`
  return t.has(kind) ? t(kind) : action
}

/** The words for a column of an audited table (`subject`, `anchor_date`); null where no words are known. */
export function columnText(table: string, column: string, t: Words): string | null {
  for (const key of [`column.${table}.${column}`, `column.common.${column}`]) {
    if (/^[\w.]+$/.test(key) && t.has(key)) return t(key)
  }
  return null
}

/** The word for a stored state, step, role or truth of an audited row; null where the value stands for itself. */
export function columnValueText(
  table: string,
  column: string,
  value: unknown,
  words: { audit: Words; ui: Words; query: Words; shell: Words },
): string | null {
  if (typeof value !== 'string' || !/^[\w-]+$/.test(value)) return null
  if (value === 'true' || value === 'false') return words.ui(value === 'true' ? 'yes' : 'no')
  const from = (t: Words, key: string) => (t.has(key) ? t(key) : null)
  if (/(^|_)role$/.test(column)) return from(words.shell, `role.${value}`)
  if (column !== 'state' && column !== 'step') return null
  if (table === 'query') return from(words.query, `state.${value}`)
  if (table === 'subject') return from(words.ui, `subjectState.${value}`)
  if (table === 'form_record') return from(words.ui, `formState.${value}`)
  return from(words.audit, `stored.${table}.${value}`)
}
