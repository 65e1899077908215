'use client'

/** What a cut is called, why and for whom it is taken, and which moment and parameters it fixes. */
import { Button, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTimeZone, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { DateInput, isIsoDate } from '#components/ui/date-input.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Checklist } from '#domain/analysis/cut-checklist.ts'
import { type CutPurpose, cutPurposes } from '#domain/analysis/cut-views.ts'
import type { ArmView, ReportParameters } from '#domain/analysis/report-parameters.ts'
import css from './cut.module.css'
import { momentAt } from './moment.ts'

const armViews: readonly ArmView[] = ['shown', 'masked', 'pooled']

export function TakeCutForm({
  studyId,
  study,
  version,
  allocates,
  choices,
}: {
  studyId: string
  study: string
  version: string
  /** A study without allocation has no arms to show or to mask. */
  allocates: boolean
  /** Study parameters with other values to choose. */
  choices: Checklist['values']
}) {
  const t = useTranslations('cut')
  const ui = useTranslations('ui')
  const format = useFormat()
  const zone = useTimeZone() ?? 'UTC'
  const trpc = useTRPC()
  const notify = useNotify()
  const router = useRouter()
  const [name, setName] = useState('')
  const [purpose, setPurpose] = useState<CutPurpose>('interim')
  const [arms, setArms] = useState<ArmView>('shown')
  const [past, setPast] = useState(false)
  const [day, setDay] = useState('')
  const [time, setTime] = useState('')
  const [cutOff, setCutOff] = useState('')
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const [key, setKey] = useState(() => crypto.randomUUID())
  const take = useMutation(
    trpc.cut.take.mutationOptions({
      onSuccess: ({ number, subjects }) => {
        notify.done(t('form.done', { number, subjects }))
        router.push(`/studies/${study}/cuts/${number}`)
      },
      // What was refused is another act when it is sent again with other values.
      onError: () => setKey(crypto.randomUUID()),
    }),
  )
  const asOf = past ? momentAt(day, time, zone) : null
  const isMomentWrong = past && (day !== '' || time !== '') && asOf === null
  const isReady =
    name.trim() !== '' &&
    reason.trim() !== '' &&
    (!past || asOf !== null) &&
    (cutOff === '' || isIsoDate(cutOff))

  function choosePurpose(next: CutPurpose) {
    setPurpose(next)
    // A board reads masked arms unless it asks for names.
    if (allocates) setArms(next === 'dsmb' ? 'masked' : 'shown')
  }

  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        take.mutate({
          studyId,
          name: name.trim(),
          purpose,
          reason: reason.trim(),
          arms,
          parameters: {
            ...(cutOff === '' ? {} : { cutOff }),
            ...chosenValues(choices, values),
          },
          key,
          ...(asOf === null ? {} : { asOf }),
        })
      }}
    >
      <div className={css.two}>
        <TextInput
          label={t('form.name')}
          description={t('form.nameHint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          required
        />
        <NativeSelect
          label={t('purpose')}
          description={' '}
          value={purpose}
          onChange={(event) => choosePurpose(event.currentTarget.value as CutPurpose)}
          data={cutPurposes.map((one) => ({ value: one, label: t(`purposes.${one}`) }))}
        />
      </div>
      <fieldset className={css.choice}>
        <legend>{t('form.data')}</legend>
        <Radio
          name="moment"
          label={t('form.dataNow')}
          checked={!past}
          onChange={() => setPast(false)}
        />
        <Radio
          name="moment"
          label={t('form.dataThen')}
          checked={past}
          onChange={() => setPast(true)}
        />
        {past ? (
          <>
            <div className={css.two}>
              <DateInput label={t('form.day')} value={day} onChange={setDay} required />
              <TextInput
                label={`${t('form.time')} (${t('form.timeHint', { zone })})`}
                value={time}
                onChange={(event) => setTime(event.currentTarget.value)}
                maxLength={5}
                required
              />
            </div>
            {isMomentWrong ? <p className={css.problem}>{t('form.timeWrong')}</p> : null}
          </>
        ) : null}
        <span className={css.quiet}>{t('form.version', { version })}</span>
      </fieldset>
      {allocates ? (
        <NativeSelect
          label={t('arms')}
          description={t(`armHints.${arms}`)}
          value={arms}
          onChange={(event) => setArms(event.currentTarget.value as ArmView)}
          data={armViews.map((one) => ({ value: one, label: t(`armViews.${one}`) }))}
        />
      ) : null}
      <div>
        <DateInput label={t('form.cutOff')} value={cutOff} onChange={setCutOff} width={220} />
        <span className={css.quiet}>{t('form.cutOffHint')}</span>
      </div>
      {choices.map(({ oid, label, value, choices: possible }) => (
        <NativeSelect
          key={oid}
          label={format.label(label)}
          value={values[oid] ?? String(value)}
          onChange={(event) => setValues({ ...values, [oid]: event.currentTarget.value })}
          data={possible.map((choice) => ({
            value: String(choice.value),
            label: format.label(choice.label),
          }))}
        />
      ))}
      <Textarea
        label={t('form.reason')}
        description={ui('reasonHint')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={1000}
        autosize
        minRows={2}
        required
      />
      <ProblemNote error={take.error} />
      <div>
        <Button type="submit" loading={take.isPending} disabled={!isReady}>
          {t('take')}
        </Button>
        <span className={css.quiet} role="status">
          {take.isPending ? ` ${t('form.working')}` : ''}
        </span>
      </div>
    </form>
  )
}

/** What differs from the definition, with the types that the study gave the values. */
function chosenValues(
  choices: Checklist['values'],
  chosen: Readonly<Record<string, string>>,
): Pick<ReportParameters, 'values'> {
  const values = choices.flatMap(({ oid, value, choices: possible }) => {
    const choice = possible.find((one) => String(one.value) === chosen[oid])
    return choice && choice.value !== value ? [[oid, choice.value] as const] : []
  })
  return values.length === 0 ? {} : { values: Object.fromEntries(values) }
}
