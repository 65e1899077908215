'use client'

import { Button, Textarea } from '@mantine/core'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Dialog } from './dialog.tsx'
import { ProblemNote } from './problem-note.tsx'

/** Asks for the reason of an act that is kept in the audit trail. */
export function ReasonForm({
  title,
  text,
  action,
  busy,
  error,
  onClose,
  onSubmit,
}: {
  title: string
  text?: string
  action: string
  busy: boolean
  error: unknown
  onClose: () => void
  onSubmit: (reason: string, key: string) => void
}) {
  const ui = useTranslations('ui')
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        style={{ display: 'grid', gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit(reason.trim(), key)
        }}
      >
        {text ? <p>{text}</p> : null}
        <Textarea
          label={ui('reason')}
          description={ui('reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          autosize
          minRows={2}
          required
        />
        <ProblemNote error={error} />
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={busy} disabled={reason.trim() === ''}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
