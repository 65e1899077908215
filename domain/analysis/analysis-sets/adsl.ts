/** ADSL, one row a subject: who they are, which populations they belong to, their dates and the subject-level variables. */
import { subjectReader } from '#domain/casebook/evaluate.ts'
import { populationRule } from '#domain/definition/population-rule.ts'
import { type Column, SetTable } from './analysis-set.ts'
import { populationFlags, SetNames } from './set-names.ts'
import {
  armLabel,
  cellOfValue,
  identity,
  imputed,
  isTold,
  type SetContext,
  type SetSubject,
  typeOfRule,
} from './set-subject.ts'
import { treatmentDates } from './treatment-dates.ts'

type SubjectColumn = Column<SetSubject>

export function subjectLevelTable(context: SetContext): SetTable<SetSubject> {
  const { definition, compiled, concealed } = context
  const fixed = [
    ...identity<SetSubject>(context, (subject) => subject),
    stateColumn(context),
    ...demographics(context),
    ...dates(context),
    ...allocationColumns(context),
  ]
  const flags = populationFlags(definition.populations)
  const own = definition.populations
    .filter(({ oid }) => !concealed?.populations.has(oid))
    .map(({ oid, label }): SubjectColumn => {
      const rule = populationRule(definition, oid)
      return {
        name: flags.get(oid) as string,
        label: label.en,
        type: 'text',
        origin: `Population ${oid}: ${rule}`,
        of: (subject) => (subject.value(rule) === true ? 'Y' : 'N'),
      }
    })
  const columns = [...fixed, ...own]
  const taken = new Set(columns.map(({ name }) => name))
  const names = new SetNames([...taken])
  for (const variable of definition.variables) {
    // A variable that already is a column under its own name is not given twice.
    const same = columns.find(({ name }) => name === variable.oid)
    if (same?.origin === `Variable ${variable.oid}`) continue
    if (concealed?.variables.has(variable.oid)) continue
    columns.push({
      name: names.shorten(variable.oid),
      label: variable.unit ? `${variable.label.en} (${variable.unit})` : variable.label.en,
      type: typeOfRule(compiled.subject(variable.oid)),
      origin: `Variable ${variable.oid}: ${variable.value}`,
      of: (subject) => cellOfValue(subject.value(variable.oid)),
    })
  }
  return new SetTable({ name: 'ADSL', label: 'Subject-Level Analysis Dataset', key }, columns)
}

const key = ['STUDYID', 'USUBJID']

function stateColumn({ compiled }: SetContext): SubjectColumn {
  return {
    name: 'SBJSTAT',
    label: 'State of the Subject',
    type: 'text',
    origin: 'subjectStates of the definition, else whether day 1 is known',
    of: ({ casebook }) => subjectReader(compiled, casebook).state(),
  }
}

const demographicItems: readonly [string, string][] = [
  ['AGE', 'Age'],
  ['SEX', 'Sex'],
  ['RACE', 'Race'],
  ['ETHNIC', 'Ethnicity'],
]

/** Items of these names in a form that a subject has once; the date of birth stays in the casebook. */
function demographics({ compiled, definition, concealed }: SetContext): SubjectColumn[] {
  const variables = new Set(definition.variables.map(({ oid }) => oid))
  return demographicItems.flatMap(([oid, label]): SubjectColumn[] => {
    const form = [...compiled.index.forms.values()].find(
      ({ occurs, items }) => occurs === 'once' && items.get(oid)?.repeating === false,
    )
    if (!form || variables.has(oid) || concealed?.items.has(`${form.form.oid}.${oid}`)) return []
    const item = form.items.get(oid)?.item
    const expression = `${form.form.oid}.${oid}`
    const type = item?.type === 'integer' ? 'integer' : typeOfRule(compiled.subject(expression))
    const column: SubjectColumn = {
      name: oid,
      label,
      type,
      origin: expression,
      of: (subject) => cellOfValue(subject.value(expression)),
    }
    if (oid !== 'AGE' || item?.unit !== 'a') return [column]
    const unit: SubjectColumn = {
      name: 'AGEU',
      label: 'Age Units',
      type: 'text',
      origin: `Unit of ${expression}`,
      of: (subject) => (subject.value(expression) === null ? null : 'YEARS'),
    }
    return [column, unit]
  })
}

function dates(context: SetContext): SubjectColumn[] {
  const { definition, compiled } = context
  const { first, last } = treatmentDates(context)
  const death = definition.variables.some(({ oid, type }) => oid === 'DTHDT' && type === 'date')
    ? 'DTHDT'
    : (itemOnce(context, 'DTHDTC') ?? null)
  const randomised = definition.allocation && `${definition.allocation.form}.RANDDTC`
  const asked: readonly [string, string, string | null | undefined][] = [
    ['RFICDT', 'Date of Informed Consent', definition.consent],
    ['DAY1DT', 'Date of Study Day 1', definition.anchor],
    ['RANDDT', 'Date of Randomization', randomised],
    ['TRTSDT', 'Date of First Exposure to Treatment', first],
    ['TRTEDT', 'Date of Last Exposure to Treatment', last],
    ['DTHDT', 'Date of Death', death],
  ]
  const columns = asked.flatMap(([name, label, expression]): SubjectColumn[] => {
    if (!expression || !compiled.subject(expression) || !isTold(context, expression)) return []
    const isVariable = definition.variables.some(({ oid }) => oid === expression)
    return [
      {
        name,
        label,
        type: 'date',
        origin: isVariable ? `Variable ${expression}` : `${expression}, partial dates imputed`,
        of: (subject) => imputed(subject.value(expression)).date,
      },
    ]
  })
  if (death === null || !compiled.subject(death) || !isTold(context, death)) return columns
  const died: SubjectColumn = {
    name: 'DTHFL',
    label: 'Subject Death Flag',
    type: 'text',
    origin: `Y where ${death} is known`,
    of: (subject) => (subject.value(death) === null ? null : 'Y'),
  }
  return [...columns, died]
}

function itemOnce({ compiled }: SetContext, oid: string): string | null {
  const form = [...compiled.index.forms.values()].find(
    ({ occurs, items }) => occurs === 'once' && items.get(oid)?.repeating === false,
  )
  return form ? `${form.form.oid}.${oid}` : null
}

/** Stratum as randomised for everybody; arms and drugs only where arms are shown. */
function allocationColumns(context: SetContext): SubjectColumn[] {
  const { definition, compiled, concealed } = context
  const { allocation } = definition
  const columns: SubjectColumn[] = []
  if (allocation) {
    const asRandomised = `${allocation.form}.RANDSTR`
    const stratum = compiled.subject(asRandomised) ? asRandomised : allocation.stratum
    columns.push({
      name: 'STRATAR',
      label: 'Stratum Used for Randomization',
      type: 'text',
      origin: stratum,
      of: (subject) => cellOfValue(subject.value(stratum)),
    })
  }
  if (concealed !== null) return columns
  if (allocation) {
    const arm = `${allocation.form}.ARMCD`
    const origin = `Label of the arm in ${arm}`
    const labelled = (subject: SetSubject) => armLabel(allocation.arms, subject.value(arm))
    columns.push(
      {
        name: 'ARMCD',
        label: 'Planned Arm Code',
        type: 'text',
        origin: arm,
        of: (subject) => cellOfValue(subject.value(arm)),
      },
      { name: 'ARM', label: 'Description of Planned Arm', type: 'text', origin, of: labelled },
      {
        name: 'TRT01P',
        label: 'Planned Treatment for Period 01',
        type: 'text',
        origin,
        of: labelled,
      },
    )
  }
  const { drug } = treatmentDates(context)
  if (drug) {
    const list = compiled.forms.get(drug.form)?.items.get(drug.drug)?.indexed.item.codeList
    const codes = compiled.index.codeLists.get(list ?? '')?.codes ?? []
    columns.push({
      name: 'TRT01A',
      label: 'Actual Treatment for Period 01',
      type: 'text',
      origin: `Drugs of the dose log ${drug.form}.${drug.drug}, each once, in date order`,
      of: ({ environment }) => {
        const taken = new Set<string>()
        for (const record of environment.ordered(drug.form)) {
          const plan = record.plan.items.get(drug.drug)
          const value = plan ? environment.slot(record, plan, null).value : null
          if (typeof value === 'string')
            taken.add(codes.find(({ code }) => code === value)?.label.en ?? value)
        }
        return [...taken].join('; ') || null
      },
    })
  }
  return columns
}
