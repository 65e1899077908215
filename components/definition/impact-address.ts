import type { RecordName } from '#domain/casebook/amendment-views.ts'
import type { Label } from '#domain/definition/definition.ts'

/** The page that shows what a version would do to one subject, value by value. */
export function impactPath(studyPath: string, subjectKey: string, version: number): string {
  return `${studyPath}/definition/amendment/${encodeURIComponent(subjectKey)}?version=${version}`
}

/** `Week 4 · Vital signs`, with the number where there are several. */
export function placeText(place: RecordName, label: (label: Label) => string): string {
  const numbered = (text: string, repeat: number) => (repeat === 1 ? text : `${text} #${repeat}`)
  return `${numbered(label(place.event), place.eventRepeat)} · ${numbered(label(place.form), place.formRepeat)}`
}
