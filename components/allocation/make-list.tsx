'use client'

import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'

/** Size, seed and block sizes of a stratum's list. */
export function MakeList({
  studyId,
  stratum,
  onClose,
  onDone,
}: {
  studyId: string
  stratum: string
  onClose: () => void
  onDone: () => void
}) {
  const t = useTranslations('allocation')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const [size, setSize] = useState('')
  const [blocks, setBlocks] = useState('')
  const [seed, setSeed] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const generate = useMutation(trpc.allocation.generate.mutationOptions({ onSuccess: onDone }))
  return (
    <Dialog title={t('generateTitle', { stratum })} onClose={onClose}>
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          generate.mutate({
            studyId,
            stratum,
            size: Number(size),
            blocks: blocks
              .split(/[\s,]+/)
              .filter(Boolean)
              .map(Number),
            seed,
            key,
          })
        }}
      >
        <TextInput
          label={t('sizeLabel')}
          description={t('sizeHint')}
          value={size}
          onChange={(event) => setSize(event.currentTarget.value)}
          inputMode="numeric"
          pattern="[1-9][0-9]{0,3}"
          required
        />
        <TextInput
          label={t('blocks')}
          description={t('blocksHint')}
          value={blocks}
          onChange={(event) => setBlocks(event.currentTarget.value)}
          pattern="[0-9]{1,2}([ ,]+[0-9]{1,2})*"
          required
        />
        <TextInput
          label={t('seed')}
          description={t('seedHint')}
          value={seed}
          onChange={(event) => setSeed(event.currentTarget.value)}
          minLength={16}
          autoComplete="off"
          required
        />
        <ProblemNote error={generate.error} />
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={generate.isPending}>
            {t('generate')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
