/** The variables of a parameter-by-visit set. */
import { clean } from '#domain/casebook/row-units.ts'
import type { Column } from './analysis-set.ts'
import type { VisitRow } from './by-visit.ts'
import { identity, imputed, plannedTreatment, type SetContext } from './set-subject.ts'

type VisitColumn = Column<VisitRow>

export function visitColumns(context: SetContext): VisitColumn[] {
  const { compiled } = context
  const subject = (row: VisitRow) => row.subject
  const order = (oid: string) => (compiled.index.eventOrder.get(oid) ?? 0) + 1
  return [
    ...identity<VisitRow>(context, subject),
    ...plannedTreatment<VisitRow>(context, subject),
    column('PARAMCD', 'Parameter Code', 'Item or row of the grid, shortened', {
      of: ({ parameter }) => parameter.code,
    }),
    column('PARAM', 'Parameter', 'Label and unit', { of: ({ parameter }) => parameter.label }),
    column('ASEQ', 'Analysis Sequence Number', 'Running number within the subject', {
      type: 'integer',
      of: ({ sequence }) => sequence,
    }),
    column('VISIT', 'Visit Name', 'Visit the value was entered under', {
      of: ({ record }) => visitName(record.data.key),
    }),
    column('AVISIT', 'Analysis Visit', 'Visit whose window takes the value, else the visit', {
      of: ({ analysisVisit }) => analysisVisit?.label.en ?? null,
    }),
    column('AVISITN', 'Analysis Visit (N)', 'Place in the schedule', {
      type: 'integer',
      of: ({ analysisVisit }) => (analysisVisit ? order(analysisVisit.oid) : null),
    }),
    column('FORMREP', 'Instance of the Form', 'FormRepeatKey', {
      type: 'integer',
      of: ({ record }) => record.data.key.formRepeat,
    }),
    column('ADT', 'Analysis Date', 'Date of the row, else of the form, else of the visit', {
      type: 'date',
      of: ({ date }) => imputed(date).date,
    }),
    column('ADTF', 'Analysis Date Imputation Flag', 'D: day imputed, M: month and day', {
      of: ({ date }) => imputed(date).flag,
    }),
    column('ADY', 'Analysis Relative Day', 'Days from day 1, which is 1; no day 0', {
      type: 'integer',
      of: ({ day }) => day,
    }),
    column('AVAL', 'Analysis Value', 'The number, in the unit of AVALU', {
      type: 'float',
      of: ({ number }) => number,
    }),
    column('AVALC', 'Analysis Value (C)', 'The code, where the value is none of numbers', {
      of: ({ text }) => text,
    }),
    column('AVALQ', 'Qualifier of the Value', 'GT, LT: beyond the limit of the assay', {
      of: ({ qualifier }) => (qualifier === 'EQ' ? null : qualifier),
    }),
    column('AVALU', 'Unit of the Value', 'UCUM', { of: ({ parameter }) => parameter.unit }),
    column('AVALMISS', 'Reason for a Missing Value', 'ND, NA, UNK, NASK as entered', {
      of: ({ missing }) => missing,
    }),
    column('BASE', 'Baseline Value', 'Last value on or before day 1, as base() of the definition', {
      type: 'float',
      of: ({ base }) => base,
    }),
    column('CHG', 'Change from Baseline', 'AVAL - BASE, of values after baseline', {
      type: 'float',
      of: ({ number, base, isAfter }) =>
        number === null || base === null || !isAfter ? null : clean(number - base),
    }),
    column('ABLFL', 'Baseline Record Flag', 'Y for the value that is BASE', {
      of: ({ isBaseline }) => (isBaseline ? 'Y' : null),
    }),
    column('ANL01FL', 'Analysis Flag 01', 'Y for the value that stands for its analysis visit', {
      of: ({ analysisVisit, number, text }) =>
        analysisVisit !== null && (number !== null || text !== null) ? 'Y' : null,
    }),
  ]

  function visitName({ event, eventRepeat }: { event: string; eventRepeat: number }): string {
    const label = compiled.index.events.get(event)?.label.en ?? event
    return eventRepeat === 1 ? label : `${label} ${eventRepeat}`
  }
}

function column(
  name: string,
  label: string,
  origin: string,
  { type = 'text', of }: Pick<VisitColumn, 'of'> & Partial<Pick<VisitColumn, 'type'>>,
): VisitColumn {
  return { name, label, type, origin, of }
}
