'use client'

import { useLocale, useTranslations } from 'next-intl'
import { conditionsOf, type NamesOf } from '#domain/analysis/printed/conditions.ts'
import { sayIn } from '#domain/analysis/printed/say.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import { languageOf } from '#domain/definition/label-text.ts'
import css from './cut.module.css'

/** What a cut is of beside its data, a sentence each, in the words that stand in the footers of its reports. */
export function useConditions(): (parameters: ReportParameters, names: NamesOf) => string[] {
  const say = sayIn(languageOf(useLocale()))
  return (parameters, names) => conditionsOf(parameters, 'shown', say, names)
}

/** The sentences, a line each. */
export function Conditions({ lines }: { lines: readonly string[] }) {
  const t = useTranslations('cut')
  if (lines.length === 0) return t('facts.none')
  return (
    <ul className={css.conditions}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}
