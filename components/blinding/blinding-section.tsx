'use client'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { useNotify } from '#components/ui/notice.tsx'
import { Section } from '#components/ui/page.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { AppRouter } from '#server/trpc/router.ts'
import css from './blinding.module.css'
import { UnblindDialog } from './unblind-dialog.tsx'

type Blinding = inferRouterOutputs<AppRouter>['study']['blinding']

/** Whether the study is blinded, and the one act that ends it. */
export function BlindingSection({ studyId, blinding }: { studyId: string; blinding: Blinding }) {
  const t = useTranslations('blinding')
  const format = useFormat()
  const trpc = useTRPC()
  const router = useRouter()
  const notify = useNotify()
  const [asking, setAsking] = useState(false)
  const unblind = useMutation(trpc.study.unblind.mutationOptions())
  const { blinded, unblinded } = blinding
  return (
    <Section id="blinding" title={t('section')}>
      <div className={css.section}>
        <p>
          {unblinded
            ? t('done', {
                who: unblinded.by,
                when: format.moment(unblinded.at),
                reason: unblinded.reason,
              })
            : t(blinded ? 'blinded' : 'open')}
        </p>
        {blinding.abilities.unblind ? (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('unblind')}
          </Button>
        ) : null}
      </div>
      {asking ? (
        <UnblindDialog
          title={t('unblindTitle')}
          text={t('unblindText')}
          hint={t('studyReasonHint')}
          action={t('unblindDo')}
          onClose={() => setAsking(false)}
          act={async (proof) => {
            await unblind.mutateAsync({ studyId, ...proof })
            setAsking(false)
            notify.done(t('unblindDone'))
            router.refresh()
          }}
        />
      ) : null}
    </Section>
  )
}
