'use client'
import { Button } from '@mantine/core'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useEffect, useState, useTransition } from 'react'
import { searchOfParameters } from '#domain/analysis/report-address.ts'
import type { ReportChoices } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import { isComplete, ParameterFields } from './parameter-fields.tsx'
import css from './parameters-bar.module.css'

/**
 * What a run is of: population, subgroup, cut-off and the study's own choices. It is kept in the address, so that what is seen can
 * be linked to and the browser's way back leads to what was seen before.
 */
export function ParametersBar({
  choices,
  parameters,
}: {
  choices: ReportChoices
  parameters: ReportParameters
}) {
  const t = useTranslations('parameters')
  const router = useRouter()
  const path = usePathname()
  const [pending, start] = useTransition()
  const shown = searchOfParameters(parameters)
  const [chosen, setChosen] = useState(parameters)
  // The address is the truth: after a step back the bar shows what the page shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: parameters are another object at every render, their text is not
  useEffect(() => setChosen(parameters), [shown])

  const next = searchOfParameters(chosen)
  const isReady = next !== shown && isComplete(chosen)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) start(() => router.push(next === '' ? path : `${path}?${next}`, { scroll: false }))
  }
  return (
    <form
      className={css.bar}
      aria-label={t('title')}
      data-changed={shown !== '' || undefined}
      onSubmit={submit}
    >
      <ParameterFields choices={choices} chosen={chosen} onChange={setChosen} />
      <div className={css.actions}>
        {shown !== '' && (
          <Link href={path} scroll={false}>
            {t('asDefined')}
          </Link>
        )}
        <Button type="submit" disabled={!isReady} loading={pending}>
          {t('show')}
        </Button>
      </div>
    </form>
  )
}
