'use client'

/** What a cut is called, why and for whom it is taken, and which moment and parameters it fixes. */
import { Button, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTimeZone, useTranslations } from 'next-intl'
import { useState } from 'react'
import { isComplete, ParameterFields } from '#components/report/parameter-fields.tsx'
import { useTRPC } from '#components/trpc.ts'
import { DateInput } from '#components/ui/date-input.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import type { Checklist } from '#domain/analysis/cut-checklist.ts'
import { type CutPurpose, cutPurposes } from '#domain/analysis/cut-views.ts'
import type { ReportChoices } from '#domain/analysis/report-choices.ts'
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
  choices: Checklist['choices']
}) {
  const t = useTranslations('cut')
  const ui = useTranslations('ui')
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
  const [parameters, setParameters] = useState<ReportParameters>({})
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
    name.trim() !== '' && reason.trim() !== '' && (!past || asOf !== null) && isComplete(parameters)

  function choosePurpose(next: CutPurpose) {
    setPurpose(next)
    // A board reads masked arms unless it asks for names.
    if (allocates) chooseArms(next === 'dsmb' ? 'masked' : 'shown')
  }

  function chooseArms(next: ArmView) {
    setArms(next)
    setParameters((before) => offered(before, choicesWith(choices, next)))
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
          parameters,
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
          onChange={(event) => chooseArms(event.currentTarget.value as ArmView)}
          data={armViews.map((one) => ({ value: one, label: t(`armViews.${one}`) }))}
        />
      ) : null}
      <fieldset className={css.choice}>
        <legend>{t('facts.parameters')}</legend>
        <div className={css.fields}>
          <ParameterFields
            choices={choicesWith(choices, arms)}
            chosen={parameters}
            onChange={setParameters}
            isForMany
          />
        </div>
        <span className={css.quiet}>{t('form.parametersHint')}</span>
      </fieldset>
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

const choicesWith = (choices: Checklist['choices'], arms: ArmView) =>
  choices[arms === 'shown' ? 'shown' : 'concealed']

/** Without a population or subgroup that can no longer be chosen: where arms are concealed, it would tell them. */
function offered(
  { population, subgroup, ...rest }: ReportParameters,
  { populations, groupings }: ReportChoices,
): ReportParameters {
  return {
    ...rest,
    ...(population !== undefined && populations.some(({ oid }) => oid === population)
      ? { population }
      : {}),
    ...(subgroup && groupings.some(({ oid }) => oid === subgroup.grouping) ? { subgroup } : {}),
  }
}
