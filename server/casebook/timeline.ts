/** One axis for what happened to a subject, read from the forms of the shared library by their CDASH names. */
import type { FormRecordData } from '#domain/casebook/record.ts'
import type { TimelineEntry } from '#domain/casebook/views.ts'
import { displayValue, inLanguage } from '../display.ts'
import type { CasebookFacts } from './visit-view.ts'

type Source = {
  form: string
  kind: TimelineEntry['kind']
  from: string
  to?: string
  /** Items that name the entry, in order. */
  label: readonly string[]
  detail: readonly string[]
  severity?: string
  /** Happens on one day: without an end date it is over, not going on. */
  once?: true
  /** Answered with no, the entry says that nothing happened. */
  unless?: string
}

const sources: readonly Source[] = [
  {
    form: 'F_EC',
    kind: 'dose',
    from: 'ECSTDTC',
    to: 'ECENDTC',
    label: ['ECTRT'],
    detail: ['ECDOSE', 'ECDOSFRQ'],
  },
  {
    form: 'F_TDM',
    kind: 'trough',
    from: 'TDMDTC',
    label: ['TDMDRUG'],
    detail: ['TACTRGH', 'CSATRGH'],
  },
  {
    form: 'F_AE',
    kind: 'adverseEvent',
    from: 'AESTDTC',
    to: 'AEENDTC',
    label: ['AETERM'],
    detail: ['AEOUT'],
    severity: 'AETOXGR',
  },
  {
    form: 'F_INF',
    kind: 'infection',
    from: 'INFSTDTC',
    label: ['INFTYPE'],
    detail: ['INFORG'],
  },
  {
    form: 'F_HO',
    kind: 'admission',
    from: 'HOSTDTC',
    to: 'HOENDTC',
    label: ['HOREAS'],
    detail: [],
  },
  { form: 'F_PROG', kind: 'progression', from: 'PRGDTC', label: ['PRGSYS'], detail: [] },
  { form: 'F_REL', kind: 'relapse', from: 'RELDTC', label: [], detail: [], unless: 'RELFL' },
  { form: 'F_DTH', kind: 'death', from: 'DTHDTC', label: ['DTHCAUS'], detail: [] },
  {
    form: 'F_GC',
    kind: 'medication',
    from: 'GCSTDTC',
    to: 'GCENDTC',
    label: ['GCTRT'],
    detail: ['GCDOSE'],
  },
  {
    form: 'F_IS',
    kind: 'medication',
    from: 'ISSTDTC',
    to: 'ISENDTC',
    label: ['ISTRT'],
    detail: ['ISDOSE'],
  },
  {
    form: 'F_PULSE',
    kind: 'medication',
    from: 'PULSTDTC',
    label: [],
    detail: ['PULDOSE', 'PULDAYS'],
    once: true,
  },
  {
    form: 'F_PR',
    kind: 'medication',
    from: 'PRSTDTC',
    label: ['PRTRT'],
    detail: ['PRINDC'],
    once: true,
  },
  {
    form: 'F_CM',
    kind: 'medication',
    from: 'CMSTDTC',
    to: 'CMENDTC',
    label: ['CMTRT'],
    detail: ['CMDOSE'],
  },
]

type Read = Pick<CasebookFacts, 'study' | 'subject' | 'records' | 'language'>

export function timelineOf(facts: Read): TimelineEntry[] {
  const { study, subject, records, language } = facts
  const entries: TimelineEntry[] = []
  for (const [key, visit] of Object.entries(subject.visits)) {
    const [event = '', repeat] = key.split('#')
    const label = study.events.get(event)?.label
    if (!visit.date || !label) continue
    const form = study.compiled.index.visitDate?.form ?? ''
    const name = `${inLanguage(label, language)}${repeat ? ` ${repeat}` : ''}`
    entries.push({ ...blank, kind: 'visit', label: name, from: visit.date, form })
  }
  const { allocation } = study.definition
  const randomised = records.find(({ key }) => key.form === allocation?.form)
  // Where nobody is randomised, day 1 is the day that all visits and windows count from.
  if (subject.anchor && !allocation) {
    entries.push({ ...blank, kind: 'anchor', label: '', from: subject.anchor, form: '' })
  }
  if (subject.anchor && randomised && allocation) {
    const label = inLanguage(study.forms.get(allocation.form)?.label ?? { en: '' }, language)
    const { recordId } = randomised
    entries.push({
      ...blank,
      kind: 'randomisation',
      label,
      from: subject.anchor,
      form: allocation.form,
      recordId,
    })
  }
  for (const source of sources) {
    for (const record of records) {
      const entry = record.key.form === source.form ? entryOf(facts, source, record) : null
      if (entry) entries.push(entry)
    }
  }
  return entries.sort((a, b) => a.from.localeCompare(b.from))
}

const blank = { to: null, detail: '', severity: null, recordId: null }

function entryOf(facts: Read, source: Source, record: FormRecordData): TimelineEntry | null {
  const raw = (item: string | undefined): string | null => {
    const value = item === undefined ? undefined : (record.data[item] ?? record.derived[item])
    return typeof value === 'string' ? value : null
  }
  const from = raw(source.from)
  if (from === null || raw(source.unless) === 'N') return null
  const shown = (item: string) =>
    displayValue(
      facts.study,
      source.form,
      item,
      record.data[item] ?? record.derived[item],
      facts.language,
    )
  const words = (items: readonly string[]) => items.flatMap((item) => shown(item) ?? []).join(' ')
  const severity = Number(raw(source.severity))
  return {
    kind: source.kind,
    label:
      words(source.label) ||
      inLanguage(facts.study.forms.get(source.form)?.label ?? { en: source.form }, facts.language),
    from,
    to: source.once ? from : raw(source.to),
    detail: words(source.detail),
    severity: Number.isInteger(severity) && severity > 0 ? severity : null,
    form: source.form,
    recordId: record.recordId,
  }
}
