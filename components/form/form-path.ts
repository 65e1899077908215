/** Address of a form inside a casebook page: `W4/F_LB`, `UNS-2/F_VS`, `LOG/F_AE-3`, `LOG/F_AE-new`. */
export function formPath(
  event: string,
  eventRepeat: number,
  form: string,
  formRepeat: number | null,
): string {
  const visit = eventRepeat === 1 ? event : `${event}-${eventRepeat}`
  if (formRepeat === null) return `${visit}/${form}-new`
  return formRepeat === 1 ? `${visit}/${form}` : `${visit}/${form}-${formRepeat}`
}

/** Reads one segment of such an address; null for text that is none. `repeat` is null for a new instance. */
export function readSegment(segment: string): { oid: string; repeat: number | null } | null {
  const match = /^([A-Z][A-Z0-9_]{0,39})(?:-(\d{1,4}|new))?$/.exec(decodeURIComponent(segment))
  if (!match) return null
  if (match[2] === 'new') return { oid: match[1] as string, repeat: null }
  return { oid: match[1] as string, repeat: match[2] === undefined ? 1 : Number(match[2]) }
}
