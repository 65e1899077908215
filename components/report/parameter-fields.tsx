'use client'
import { NativeSelect } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { DateInput, isIsoDate, todayHere } from '#components/ui/date-input.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { subgroupOf } from '#domain/analysis/report-address.ts'
import { type ReportChoices, valuesInPlay } from '#domain/analysis/report-choices.ts'
import type { ReportParameters } from '#domain/analysis/report-parameters.ts'
import css from './parameters-bar.module.css'

/** Whether a run can be asked for: a cut-off that is being typed is no day yet. */
export const isComplete = ({ cutOff }: ReportParameters): boolean =>
  cutOff === undefined || isIsoDate(cutOff)

/** The choices of a run, a field each: of one report in the bar above it, of all reports where a cut is taken. */
export function ParameterFields({
  choices,
  chosen,
  onChange,
  isForMany = false,
}: {
  choices: ReportChoices
  chosen: ReportParameters
  onChange: (next: ReportParameters) => void
  /** Several reports with populations of their own. */
  isForMany?: boolean
}) {
  const t = useTranslations('parameters')
  const format = useFormat()
  const put = (part: Partial<Record<keyof ReportParameters, unknown>>) =>
    onChange(withoutEmpty({ ...chosen, ...part }))
  const own = choices.populations.find(({ oid }) => oid === choices.ownPopulation)
  const others = choices.populations.filter(({ oid }) => oid !== choices.ownPopulation)
  const asDefined = own ? t('own', { name: format.label(own.label) }) : t('allSubjects')
  return (
    <>
      {choices.populations.length > 0 && (
        <NativeSelect
          className={css.choice}
          label={t('population')}
          value={chosen.population === choices.ownPopulation ? '' : (chosen.population ?? '')}
          onChange={(event) => put({ population: event.currentTarget.value })}
          data={[
            {
              value: '',
              label: isForMany ? t('ownOfEach') : asDefined,
            },
            ...others.map(({ oid, label }) => ({ value: oid, label: format.label(label) })),
            ...unknownOption(
              chosen.population,
              choices.populations.map(({ oid }) => oid),
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
      {valuesInPlay(choices, chosen).map(({ oid, label, value, choices: possible }) => (
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
    </>
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
