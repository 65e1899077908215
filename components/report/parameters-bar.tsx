'use client'
import { Button, NativeSelect } from '@mantine/core'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type FormEvent, useEffect, useState, useTransition } from 'react'
import { DateInput, isIsoDate, todayHere } from '#components/ui/date-input.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { searchOfParameters, subgroupOf } from '#domain/analysis/report-address.ts'
import type { ReportChoices } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
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
  const format = useFormat()
  const router = useRouter()
  const path = usePathname()
  const [pending, start] = useTransition()
  const shown = searchOfParameters(parameters)
  const [chosen, setChosen] = useState(parameters)
  // The address is the truth: after a step back the bar shows what the page shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: parameters are another object at every render, their text is not
  useEffect(() => setChosen(parameters), [shown])

  const put = (part: Partial<Record<keyof ReportParameters, unknown>>) =>
    setChosen((before) => withoutEmpty({ ...before, ...part }))
  const next = searchOfParameters(chosen)
  const isReady = next !== shown && (chosen.cutOff === undefined || isIsoDate(chosen.cutOff))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) start(() => router.push(next === '' ? path : `${path}?${next}`, { scroll: false }))
  }
  const own = choices.populations.find(({ oid }) => oid === choices.ownPopulation)
  const others = choices.populations.filter(({ oid }) => oid !== choices.ownPopulation)
  return (
    <form
      className={css.bar}
      aria-label={t('title')}
      data-changed={shown !== '' || undefined}
      onSubmit={submit}
    >
      {choices.populations.length > 0 && (
        <NativeSelect
          className={css.choice}
          label={t('population')}
          value={chosen.population ?? ''}
          onChange={(event) => put({ population: event.currentTarget.value })}
          data={[
            {
              value: '',
              label: own ? t('own', { name: format.label(own.label) }) : t('allSubjects'),
            },
            ...others.map(({ oid, label }) => ({ value: oid, label: format.label(label) })),
            ...unknownOption(
              chosen.population,
              others.map(({ oid }) => oid),
            ),
          ]}
        />
      )}
      {choices.groupings.length > 0 && (
        <SubgroupSelect
          groupings={choices.groupings}
          value={chosen.subgroup ? `${chosen.subgroup.grouping}.${chosen.subgroup.code}` : ''}
          onChange={(text) => put({ subgroup: text === '' ? undefined : subgroupOf(text) })}
        />
      )}
      <DateInput
        label={t('cutOff')}
        width={150}
        max={todayHere()}
        value={chosen.cutOff ?? ''}
        onChange={(cutOff) => put({ cutOff })}
      />
      {choices.values.map(({ oid, label, value, choices: possible }) => (
        <NativeSelect
          key={oid}
          className={css.choice}
          label={format.label(label)}
          value={String(chosen.values?.[oid] ?? value)}
          onChange={(event) => {
            const { [oid]: _, ...rest } = chosen.values ?? {}
            const text = event.currentTarget.value
            put({ values: text === String(value) ? rest : { ...rest, [oid]: text } })
          }}
          data={possible.map((choice) => ({
            value: String(choice.value),
            label:
              choice.value === value
                ? t('own', { name: format.label(choice.label) })
                : format.label(choice.label),
          }))}
        />
      ))}
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

function SubgroupSelect({
  groupings,
  value,
  onChange,
}: {
  groupings: ReportChoices['groupings']
  value: string
  onChange: (text: string) => void
}) {
  const t = useTranslations('parameters')
  const format = useFormat()
  const known = groupings.flatMap(({ oid, groups }) => groups.map(({ code }) => `${oid}.${code}`))
  return (
    <NativeSelect
      className={css.choice}
      label={t('subgroup')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: t('everybody') },
        ...unknownOption(value, known),
        ...groupings.map(({ oid, label, groups }) => ({
          group: format.label(label),
          items: groups.map((group) => ({
            value: `${oid}.${group.code}`,
            label: format.label(group.label),
          })),
        })),
      ]}
    />
  )
}

/** What an address asked for although the study does not have it: shown as it stands, so that it can be put right. */
function unknownOption(value: string | undefined, known: readonly string[]) {
  return value === undefined || value === '' || known.includes(value)
    ? []
    : [{ value, label: value }]
}

/** Nothing chosen is nothing said: `{ cutOff: '' }` and `{}` are the same run. */
function withoutEmpty(parts: Partial<Record<keyof ReportParameters, unknown>>): ReportParameters {
  const isEmpty = (value: unknown) =>
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => !isEmpty(value)))
}
