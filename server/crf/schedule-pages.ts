import type { Content, TableCell } from 'pdfmake/interfaces.js'
import type { StudyDefinition, StudyEventDef } from '#domain/definition/definition.ts'
import { inLanguage } from '../display.ts'
import type { Print } from './entry-space.ts'

/** Visits that fit beside each other on a page; more go into further tables. */
const visitsAcross = 12

/** The schedule of events: forms down, visits across, on pages of its own, broad ones. */
export function schedulePages(definition: StudyDefinition, print: Print): Content[] {
  const { word, language } = print
  const visits = definition.events.filter((event) => event.kind !== 'log')
  const logs = definition.events.filter((event) => event.kind === 'log')
  const parts: StudyEventDef[][] = []
  for (let from = 0; from < visits.length; from += visitsAcross)
    parts.push(visits.slice(from, from + visitsAcross))
  return [
    {
      text: word('schedule'),
      fontSize: 14,
      bold: true,
      tocItem: true,
      margin: [0, 0, 0, 6],
      pageBreak: 'before',
      pageOrientation: 'landscape',
    },
    ...parts.map((part) => visitTable(definition, part, print)),
    { text: `● ${word('required')}   ○ ${word('optional')}`, fontSize: 7.5, margin: [0, 4, 0, 8] },
    ...logs.map(
      (event): Content => ({
        margin: [0, 2, 0, 2],
        text: [
          { text: `${inLanguage(event.label, language)} (${word('log')}): `, bold: true },
          event.forms
            .map((use) => definition.forms.find((form) => form.oid === use.form))
            .filter((form) => form !== undefined)
            .map((form) => inLanguage(form.label, language))
            .join(' · '),
        ],
      }),
    ),
  ]
}

function visitTable(definition: StudyDefinition, visits: StudyEventDef[], print: Print): Content {
  const { word, language } = print
  const forms = definition.forms.filter((form) =>
    visits.some((event) => event.forms.some((use) => use.form === form.oid)),
  )
  const head: TableCell[] = [
    { text: word('form'), bold: true },
    ...visits.map(
      (event): TableCell => ({
        text: inLanguage(event.label, language),
        bold: true,
        alignment: 'center',
      }),
    ),
  ]
  const facts = (label: string, fact: (event: StudyEventDef) => string): TableCell[] => [
    { text: label, color: '#444444' },
    ...visits.map(
      (event): TableCell => ({ text: fact(event), alignment: 'center', color: '#444444' }),
    ),
  ]
  return {
    fontSize: 7.5,
    margin: [0, 0, 0, 10],
    table: {
      headerRows: 1,
      widths: [120, ...visits.map(() => '*' as const)],
      body: [
        head,
        facts(word('day'), (event) => (event.day === undefined ? '–' : String(event.day))),
        facts(word('window'), (event) =>
          event.window ? event.window.map(signed).join(' … ') : '–',
        ),
        ...forms.map((form): TableCell[] => [
          { text: inLanguage(form.label, language) },
          ...visits.map((event): TableCell => {
            const use = event.forms.find((one) => one.form === form.oid)
            return { text: use ? (use.required ? '●' : '○') : '', alignment: 'center' }
          }),
        ]),
      ],
    },
    layout: {
      hLineWidth: () => 0.4,
      vLineWidth: () => 0.2,
      hLineColor: () => '#aaaaaa',
      vLineColor: () => '#cccccc',
    },
  }
}

function signed(days: number): string {
  return days > 0 ? `+${days}` : days < 0 ? `−${-days}` : '0'
}
