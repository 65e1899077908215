/** Confidence limits of a probability (0 to 1) as whole percent: `68–95 %`; a limit that does not exist is a dash. */
export function limitsText(lower: number | null, upper: number | null): string {
  const text = (share: number | null) => (share === null ? '–' : String(Math.round(share * 100)))
  return `${text(lower)}–${text(upper)} %`
}
