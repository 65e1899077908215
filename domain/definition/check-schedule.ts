/** Events: the forms they name, target days, and windows that get in each other's way. */
import { isEnforced } from '#domain/casebook/schedule.ts'
import type { StudyIndex } from '#domain/casebook/study-index.ts'
import type { StudyDefinition, StudyEventDef } from './definition.ts'
import type { Place, Report } from './finding.ts'

export function checkSchedule(
  definition: StudyDefinition,
  index: StudyIndex,
  report: Report,
): void {
  const planned: { event: StudyEventDef; from: number; to: number; place: Place }[] = []
  definition.events.forEach((event, e) => {
    const place = ['events', e]
    const seen = new Set<string>()
    event.forms.forEach((entry, i) => {
      const at = [...place, 'forms', i]
      const form = index.forms.get(entry.form)
      if (!form) {
        report('error', 'unknown-form', `There is no form ${entry.form}.`, [...at, 'form'])
        return
      }
      if (seen.has(entry.form)) {
        report('error', 'duplicate-oid', `${entry.form} is listed twice.`, [...at, 'form'])
      }
      seen.add(entry.form)
      const sets = form.form.groups.flatMap((group) => Object.keys(group.rowSets ?? {}))
      if (entry.rows !== undefined && !sets.includes(entry.rows)) {
        const message = `${entry.form} has no row set ${entry.rows}.`
        report('error', 'unknown-row-set', message, [...at, 'rows'])
      }
    })
    if (event.day === 0) {
      report('error', 'day-zero', 'There is no day 0; the day before day 1 is day -1.', [
        ...place,
        'day',
      ])
    }
    if (event.kind === 'scheduled' && event.day === undefined) {
      report('warning', 'no-day', `${event.oid} is scheduled and has no target day.`, place)
    }
    checkOwnAnchor(event, place, report)
    if (event.window === undefined) {
      if (event.windowMode !== undefined || event.choose !== undefined) {
        const message = `${event.oid} has no window that could be used in this way.`
        const key = event.windowMode === undefined ? 'choose' : 'windowMode'
        report('warning', 'window', message, [...place, key])
      }
      return
    }
    const [before, after] = event.window
    if (before > after || before > 0 || after < 0) {
      const message = 'A window is [days before, days after], such as [-3, 3].'
      report('error', 'window', message, [...place, 'window'])
    } else if (event.day === undefined) {
      const message = `${event.oid} has a window and no target day.`
      report('warning', 'window', message, [...place, 'window'])
    } else {
      // Day 1 follows day -1.
      const day = event.day > 0 ? event.day - 1 : event.day
      planned.push({ event, from: day + before, to: day + after, place: [...place, 'window'] })
    }
  })
  checkFollowUp(definition, report)
  planned.sort((a, b) => a.from - b.from)
  planned.forEach((visit, i) => {
    for (const next of planned.slice(i + 1)) {
      if (next.from > visit.to) break
      if (!canCollide(visit.event, next.event)) continue
      const message = `The windows of ${visit.event.oid} and ${next.event.oid} overlap.`
      report('warning', 'window-overlap', message, next.place)
    }
  })
}

/** Only promised windows collide, and only on one calendar: bins give a date to the nearer visit. */
function canCollide(a: StudyEventDef, b: StudyEventDef): boolean {
  return isEnforced(a) && isEnforced(b) && a.anchor === b.anchor && a.when === b.when
}

function checkFollowUp(definition: StudyDefinition, report: Report): void {
  const key = 'followUpAfterDiscontinuation'
  if (definition[key] === undefined) return
  if (definition.subjectStates?.some(({ state }) => state === 'discontinued')) return
  const message = `No rule of subjectStates leads to discontinued, so ${key} decides nothing.`
  report('warning', 'follow-up', message, [key])
}

function checkOwnAnchor(event: StudyEventDef, place: Place, report: Report): void {
  if (event.anchor !== undefined && event.day === undefined) {
    const message = `${event.oid} has an anchor of its own and no target day that counts from it.`
    report('warning', 'no-day', message, [...place, 'anchor'])
  }
}
