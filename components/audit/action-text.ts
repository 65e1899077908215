/** The words for an audited action such as `form.save`; the action itself where no words are known. */
export function actionText(
  action: string,
  t: { (key: string): string; has: (key: string) => boolean },
): string {
  const key = `action.${action.replace('.', '-')}`
  if (t.has(key)) return t(key)
  const kind = `changeKind.${action}`
  return t.has(kind) ? t(kind) : action
}
