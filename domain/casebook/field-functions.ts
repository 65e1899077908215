/** Signatures of the functions that a casebook adds to the expression language; `environment.ts` carries them out. */
import type { FieldFunction, ValueType } from '#domain/expression/types.ts'

const anyNumber: ValueType = { kind: 'number', unit: null }
const fullDate: ValueType = { kind: 'date', partial: false }
const text: ValueType = { kind: 'text' }

export const fieldFunctions: ReadonlyMap<string, FieldFunction> = new Map(
  (
    [
      {
        name: 'refLow',
        parameters: [{ name: 'test', type: 'text' }],
        result: anyNumber,
        doc: 'Lower reference limit of a test, in the unit of the row.',
      },
      {
        name: 'refHigh',
        parameters: [{ name: 'test', type: 'text' }],
        result: anyNumber,
        doc: 'Upper reference limit of a test, in the unit of the row.',
      },
      {
        name: 'standard',
        parameters: [
          { name: 'value', type: 'number' },
          { name: 'unit', type: 'text' },
          { name: 'test', type: 'text' },
        ],
        result: anyNumber,
        doc: 'A result in the standard unit of its test.',
      },
      {
        name: 'toxicityGrade',
        parameters: [
          { name: 'test', type: 'text' },
          { name: 'value', type: 'number' },
          { name: 'uln', type: 'number' },
          { name: 'lln', type: 'number' },
          { name: 'baseline', type: 'number' },
        ],
        result: { kind: 'number', unit: '' },
        doc: 'CTCAE v4.03 grade, 0 where no term applies; all in the standard unit.',
      },
      { name: 'visitTarget', parameters: [], result: fullDate, doc: 'Target date of this visit.' },
      { name: 'windowLow', parameters: [], result: fullDate, doc: 'First day of the window.' },
      { name: 'windowHigh', parameters: [], result: fullDate, doc: 'Last day of the window.' },
      {
        name: 'signed',
        parameters: [{ name: 'form', type: 'form' }],
        result: { kind: 'boolean' },
        doc: 'Whether the form of this OID carries a valid signature.',
      },
      {
        name: 'subjectNumber',
        parameters: [],
        result: { kind: 'number', unit: '' },
        doc: 'Running number of the subject, from its key.',
      },
      { name: 'rowUnit', parameters: [], result: text, doc: 'Standard unit of the row at hand.' },
      { name: 'siteCode', parameters: [], result: text, doc: 'Code of the site.' },
      { name: 'subjectKey', parameters: [], result: text, doc: 'Key of the subject.' },
    ] satisfies FieldFunction[]
  ).map((entry) => [entry.name, entry]),
)
