/** What the builders of all sets share: the study they are made for, a subject as they read it, and the first columns. */
import type { CompiledStudy } from '#domain/casebook/compile-study.ts'
import { type Concealed, concealedOf } from '#domain/casebook/concealed.ts'
import { CasebookEnvironment } from '#domain/casebook/environment.ts'
import type { Casebook } from '#domain/casebook/record.ts'
import type { StudyDefinition } from '#domain/definition/definition.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import type { Value } from '#domain/expression/types.ts'
import { imputeDate, isPartialDate } from '#domain/values/partial-date.ts'
import type { Cell, Column, ColumnType } from './analysis-set.ts'

export type SetContext = {
  definition: StudyDefinition
  compiled: CompiledStudy
  /** What is left out because it tells the arm; null where arms are shown. */
  concealed: Concealed | null
}

export type SetSubject = {
  casebook: Casebook
  environment: CasebookEnvironment
  value(expression: string): Value
}

/** `conceals`: forms and items that are left out beside the arm itself (`concealedOf`); null where arms are shown. */
export function setContext(
  compiled: CompiledStudy,
  conceals: readonly string[] | null,
): SetContext {
  const { definition } = compiled
  return { definition, compiled, concealed: conceals && concealedOf(definition, conceals) }
}

/** Whether a subject-level expression or variable may be answered. */
export function isTold({ concealed }: SetContext, expression: string): boolean {
  return concealed === null || !concealed.reads(expression)
}

export function setSubject({ compiled }: SetContext, casebook: Casebook): SetSubject {
  const environment = new CasebookEnvironment(compiled, casebook)
  const value = (text: string) => {
    const rule = compiled.subject(text)
    return rule ? environment.evaluate(rule) : null
  }
  return { casebook, environment, value }
}

/** `TACCSA-07-013`: the subject under one name across studies. */
export function uniqueSubjectKey(studyOid: string, subjectKey: string): string {
  return `${studyOid}-${subjectKey}`
}

/** The columns that every set begins with; `subject` finds the subject of a row. */
export function identity<Row>(
  { definition }: SetContext,
  subject: (row: Row) => SetSubject,
): Column<Row>[] {
  const facts = (row: Row) => subject(row).casebook.subject
  return [
    {
      name: 'STUDYID',
      label: 'Study Identifier',
      type: 'text',
      origin: 'OID of the study',
      of: () => definition.oid,
    },
    {
      name: 'USUBJID',
      label: 'Unique Subject Identifier',
      type: 'text',
      origin: 'OID of the study, hyphen, subject key',
      of: (row) => uniqueSubjectKey(definition.oid, facts(row).subjectKey),
    },
    {
      name: 'SUBJID',
      label: 'Subject Identifier for the Study',
      type: 'text',
      origin: 'Subject key',
      of: (row) => facts(row).subjectKey,
    },
    {
      name: 'SITEID',
      label: 'Study Site Identifier',
      type: 'text',
      origin: 'Code of the site',
      of: (row) => facts(row).siteCode,
    },
  ]
}

/** The planned treatment beside every record, where arms are shown. */
export function plannedTreatment<Row>(
  { definition, concealed }: SetContext,
  subject: (row: Row) => SetSubject,
): Column<Row>[] {
  const { allocation } = definition
  if (!allocation || concealed !== null) return []
  const expression = `${allocation.form}.ARMCD`
  return [
    {
      name: 'TRTP',
      label: 'Planned Treatment',
      type: 'text',
      origin: `Label of the arm in ${expression}`,
      of: (row) => armLabel(allocation.arms, subject(row).value(expression)),
    },
  ]
}

export function armLabel(
  arms: readonly { code: string; label: { en: string } }[],
  code: Value,
): Cell {
  return arms.find((arm) => arm.code === code)?.label.en ?? null
}

/** A value as a cell: yes and no as Y and N, several codes with semicolons between them. */
export function cellOfValue(value: Value): Cell {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 'Y' : 'N'
  if (typeof value === 'object')
    return 'months' in value ? `P${value.months}M${value.days}D` : value.join(';')
  return value
}

/** How the values of an expression are kept. */
export function typeOfRule(rule: Pick<Compiled, 'type'> | null): ColumnType {
  const kind = rule?.type.kind
  if (kind === 'number') return 'float'
  if (kind === 'dateTime') return 'dateTime'
  if (rule?.type.kind === 'date') return rule.type.partial ? 'text' : 'date'
  return 'text'
}

/** A full date out of one that may be partial (15th of the month, 1 July), and how much of it was imputed: M, D or nothing. */
export function imputed(date: Value): { date: string | null; flag: 'M' | 'D' | null } {
  if (typeof date !== 'string') return { date: null, flag: null }
  const day = date.slice(0, 10)
  if (!isPartialDate(day)) return { date: null, flag: null }
  const flag = day.length === 4 ? 'M' : day.length === 7 ? 'D' : null
  return { date: imputeDate(day), flag }
}
