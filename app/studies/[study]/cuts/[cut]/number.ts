/** The number of a cut in an address; null for what is none. */
export function cutNumber(text: string): number | null {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null
}
