'use client'
import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useTRPC } from '#components/trpc.ts'
import { Dialog } from '#components/ui/dialog.tsx'
import { useNotify } from '#components/ui/notice.tsx'
import { ProblemNote } from '#components/ui/problem-note.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { SiteVersions } from '#domain/casebook/amendment-views.ts'
import css from './amendment.module.css'

/** On which version each site works, its approval of the one at hand, and where its subjects are. */
export function SiteApprovals({
  studyId,
  version,
  sites,
  mayApprove,
  onRecorded,
}: {
  studyId: string
  version: number
  sites: readonly SiteVersions[]
  mayApprove: boolean
  onRecorded: () => void
}) {
  const t = useTranslations('amendment')
  const format = useFormat()
  const [approving, setApproving] = useState<SiteVersions | null>(null)
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('sites.site')}</th>
            <th scope="col">{t('sites.inForce')}</th>
            <th scope="col">{t('sites.approval', { version })}</th>
            <th scope="col">{t('sites.subjects')}</th>
            {mayApprove ? <th scope="col" aria-label={t('sites.approve')} /> : null}
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => {
            const approval = site.approvals.find((one) => one.version === version)
            return (
              <tr key={site.siteId}>
                <th scope="row">
                  {site.code} {site.name}
                </th>
                <td>{site.inForce}</td>
                <td>
                  {approval
                    ? t('sites.approved', {
                        on: format.date(approval.approvedOn),
                        goLive: format.date(approval.goLiveOn),
                      })
                    : site.inForce >= version
                      ? '–'
                      : t('sites.none')}
                </td>
                <td>
                  {site.subjects
                    .map((one) => t('sites.count', { count: one.count, version: one.version }))
                    .join(', ') || '–'}
                </td>
                {mayApprove ? (
                  <td className={css.action}>
                    {site.inForce < version ? (
                      <Button size="xs" variant="default" onClick={() => setApproving(site)}>
                        {t('sites.approve')}
                      </Button>
                    ) : null}
                  </td>
                ) : null}
              </tr>
            )
          })}
        </tbody>
      </table>
      {approving ? (
        <ApproveDialog
          studyId={studyId}
          version={version}
          site={approving}
          onClose={() => setApproving(null)}
          onRecorded={() => {
            setApproving(null)
            onRecorded()
          }}
        />
      ) : null}
    </div>
  )
}

function ApproveDialog({
  studyId,
  version,
  site,
  onClose,
  onRecorded,
}: {
  studyId: string
  version: number
  site: SiteVersions
  onClose: () => void
  onRecorded: () => void
}) {
  const t = useTranslations('amendment')
  const ui = useTranslations('ui')
  const trpc = useTRPC()
  const notify = useNotify()
  const [approvedOn, setApprovedOn] = useState('')
  const [goLiveOn, setGoLiveOn] = useState('')
  const [reason, setReason] = useState('')
  const [key] = useState(() => crypto.randomUUID())
  const approve = useMutation(
    trpc.site.approveVersion.mutationOptions({
      onSuccess: () => {
        notify.done(t('sites.recorded'))
        onRecorded()
      },
    }),
  )
  const isWhole = approvedOn !== '' && goLiveOn !== '' && reason.trim() !== ''
  return (
    <Dialog title={t('sites.approveTitle', { version, code: site.code })} onClose={onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          const { siteId } = site
          approve.mutate({
            studyId,
            siteId,
            version,
            approvedOn,
            goLiveOn,
            reason: reason.trim(),
            key,
          })
        }}
      >
        <div className={css.two}>
          <TextInput
            type="date"
            label={t('sites.approvedOn')}
            value={approvedOn}
            onChange={(event) => setApprovedOn(event.currentTarget.value)}
            required
          />
          <TextInput
            type="date"
            label={t('sites.goLiveOn')}
            value={goLiveOn}
            onChange={(event) => setGoLiveOn(event.currentTarget.value)}
            required
          />
        </div>
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
        <ProblemNote error={approve.error} />
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {ui('cancel')}
          </Button>
          <Button type="submit" loading={approve.isPending} disabled={!isWhole}>
            {t('sites.approve')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
