'use client'
/**
 * One form instance, open for entry: the sheet a coordinator spends hours on. The server's answer is on the page before any
 * script runs; then the entry store takes over saving item by item, and the study's rules are loaded to speak while typing.
 */
import { useMutation, useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useForm } from 'react-hook-form'
import { problemOf } from '#components/problem-text.ts'
import { WithdrawalNote } from '#components/subject/withdrawal-note.tsx'
import { useTRPC, useTRPCClient } from '#components/trpc.ts'
import { usePanel } from '#components/ui/panel.tsx'
import type { FormView } from '#domain/casebook/views.ts'
import type { Language } from '#domain/definition/definition.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { keeperName, localKeeper } from './edit-keeper.ts'
import {
  EntryProvider,
  inputName,
  type PanelRequest,
  useEntry,
  useEntryContext,
} from './entry-context.tsx'
import { EntryStore } from './entry-store.ts'
import classes from './form.module.css'
import { FormActions } from './form-actions.tsx'
import { FormHeader } from './form-header.tsx'
import { formPath } from './form-path.ts'
import { GroupSection } from './group-section.tsx'
import { typedText } from './item-text.ts'
import { type LiveRules, loadLiveRules } from './live-rules.ts'
import { Outline } from './outline.tsx'

// What the panel shows is fetched when it is asked for.
const ItemHistory = dynamic(
  () => import('#components/audit/item-history.tsx').then((m) => m.ItemHistory),
  { ssr: false },
)
const ItemQueries = dynamic(() => import('./item-queries.tsx').then((m) => m.ItemQueries), {
  ssr: false,
})

export type FormEntryProps = {
  view: FormView
  studyId: string
  studyOid: string
  userId: string
  language: Language
}

export function FormEntry({ view, studyId, studyOid, userId, language }: FormEntryProps) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const router = useRouter()
  const panel = usePanel()
  const save = useMutation(trpc.form.save.mutationOptions())
  const saveReading = useMutation(trpc.form.saveReading.mutationOptions())
  const { reading } = view
  /** A reader knows his image and no casebook; the server finds his entry. */
  const send = (input: Parameters<typeof save.mutateAsync>[0]) =>
    reading
      ? saveReading.mutateAsync({
          studyId,
          image: reading.image,
          form: input.form,
          changes: input.changes,
          key: input.key,
        })
      : save.mutateAsync(input)
  const saveRef = useRef(send)
  saveRef.current = send
  const rules = useRef<LiveRules | null>(null)
  const formRepeat = useRef<number | null>(
    view.record.recordId === null && view.form.repeats ? null : view.record.key.formRepeat,
  )
  const [ready, setReady] = useState(false)
  const readOnly = !view.abilities.enter || !ready

  const { event, eventRepeat, form } = view.record.key
  const addressOf = (repeat: number | null) =>
    reading
      ? `/studies/${studyOid}/readings/${reading.image}/${form}`
      : `/studies/${studyOid}/subjects/${view.subject.subjectKey}/${formPath(event, eventRepeat, form, repeat)}`

  const [store] = useState(() => {
    // A new instance has a number from its first save on; what is kept must not fall into the next new one.
    const kept = () => {
      const place = `${event}.${eventRepeat}.${form}.${formRepeat.current ?? 'new'}`
      return localKeeper(keeperName(userId, studyId, view.subject.subjectId, place))
    }
    return new EntryStore({
      saved: view.record.data,
      revision: view.record.revision,
      state: view.record.state,
      recordId: view.record.recordId,
      evaluation: view.evaluation,
      queries: view.queries,
      newKey: () => crypto.randomUUID(),
      keeper:
        typeof window === 'undefined'
          ? { read: () => null, write: () => undefined, clear: () => undefined }
          : {
              read: () => kept().read(),
              write: (edits) => kept().write(edits),
              clear: () => kept().clear(),
            },
      evaluate: (values) => rules.current?.evaluate(values) ?? null,
      send: async ({ changes, key }) => {
        try {
          const result = await saveRef.current({
            studyId,
            subjectId: view.subject.subjectId,
            event,
            eventRepeat,
            form,
            formRepeat: formRepeat.current,
            changes: [...changes],
            key,
          })
          if (formRepeat.current !== result.formRepeat) {
            kept().clear()
            // Loading the page again must show this record, not another new one.
            if (window.location.pathname === addressOf(null))
              window.history.replaceState(null, '', addressOf(result.formRepeat))
          }
          formRepeat.current = result.formRepeat
          return { ok: true, result }
        } catch (error) {
          const problem = problemOf(error)
          const again =
            problem === null ||
            problem.code === 'not-signed-in' ||
            problem.code === 'database-busy' ||
            problem.code === 'unexpected'
          return again ? { ok: false, retry: true, problem } : { ok: false, retry: false, problem }
        }
      },
    })
  })
  const inputs = useForm<Record<string, string>>({
    defaultValues: Object.fromEntries(
      Object.entries(store.snapshot().values).map(([path, value]) => [
        inputName(path),
        typedText(value),
      ]),
    ),
  })

  const definition = useQuery(
    trpc.study.definition.queryOptions(
      { studyId, version: view.studyVersion.number, asRead: true },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
  )
  useEffect(() => {
    if (!definition.data) return
    void loadLiveRules(view, definition.data.definition).then((live) => {
      rules.current = live
      store.reevaluate()
    })
  }, [definition.data, view, store])

  useEffect(() => {
    setReady(true)
    const flush = () => void store.flush()
    const leave = (event: BeforeUnloadEvent) => {
      if (store.snapshot().edits.size > 0) {
        flush()
        event.preventDefault()
      }
    }
    flush()
    window.addEventListener('online', flush)
    window.addEventListener('casebook:reachable', flush)
    window.addEventListener('beforeunload', leave)
    return () => {
      window.removeEventListener('online', flush)
      window.removeEventListener('casebook:reachable', flush)
      window.removeEventListener('beforeunload', leave)
      flush()
    }
  }, [store])

  /** Shows the record as the server has it; a new instance goes on under its own address. */
  function showAsItStands() {
    if (view.record.recordId !== null || !view.form.repeats) router.refresh()
    else router.replace(addressOf(formRepeat.current))
  }

  const openPanel = useCallback(
    (request: PanelRequest) => {
      const recordId = store.snapshot().recordId
      if (recordId === null) return
      const id = `${request.kind}-${request.path}`
      if (request.kind === 'history') {
        panel.show({
          id,
          title: request.label,
          body: (
            <ItemHistory
              studyId={studyId}
              recordId={recordId}
              path={request.path}
              label={request.label}
            />
          ),
        })
      } else {
        panel.show({
          id,
          title: request.label,
          body: (
            <ItemQueries
              studyId={studyId}
              recordId={recordId}
              path={request.path}
              store={store}
              mayRaise={view.abilities.raiseQuery}
              onChanged={() => {
                void client.form.entry
                  .query({
                    studyId,
                    subjectId: view.subject.subjectId,
                    ...view.record.key,
                    formRepeat: formRepeat.current,
                  })
                  .then((fresh) => store.adopt({ queries: fresh.queries }))
              }}
            />
          ),
        })
      }
    },
    [panel, store, studyId, view, client],
  )

  // A link from the query inbox ends in the item's path; one from a traced value asks for its history, too.
  const arrived = useRef(false)
  useEffect(() => {
    if (arrived.current) return
    arrived.current = true
    const path = decodeURIComponent(window.location.hash.slice(1))
    const row = path === '' ? null : document.querySelector(`[data-item="${CSS.escape(path)}"]`)
    row?.scrollIntoView({ block: 'center' })
    const input = row?.querySelector<HTMLElement>('input, select, textarea, button')
    input?.focus({ preventScroll: true })
    if (!row || !new URLSearchParams(window.location.search).has('history')) return
    // A new page closes the panel of the one before it, after this.
    const label = input?.getAttribute('aria-label') ?? row.querySelector('label')?.textContent
    setTimeout(() => openPanel({ kind: 'history', path, label: label ?? path }))
  }, [openPanel])

  function onKeyDown(event: KeyboardEvent<HTMLFormElement>) {
    // Keys typed in a dialog arrive here through React's tree, though the dialog stands outside the sheet.
    if (!event.currentTarget.contains(event.target as Node)) return
    const path = (event.target as HTMLElement).closest<HTMLElement>('[data-item]')?.dataset.item
    const kind = { h: 'history', q: 'query' } as const
    const asked = event.altKey ? kind[event.key.toLowerCase() as keyof typeof kind] : undefined
    if (path !== undefined && asked !== undefined) {
      event.preventDefault()
      const label = (event.target as HTMLElement).getAttribute('aria-label') ?? path
      openPanel({ kind: asked, path, label })
    } else nextOnEnter(event)
  }

  const context = useMemo(
    () => ({
      store,
      inputs,
      view,
      studyId,
      studyOid,
      language,
      codeLists: new Map(view.codeLists.map((list) => [list.oid, list])),
      readOnly,
      openPanel,
      explain: (path: string) => rules.current?.explain(store.snapshot().values, path) ?? null,
    }),
    [store, inputs, view, studyId, studyOid, language, readOnly, openPanel],
  )
  return (
    <EntryProvider value={context}>
      <form
        className={classes.sheet}
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
        aria-busy={!ready}
        data-ready={ready || undefined}
      >
        <FormHeader />
        <div className={classes.columns}>
          <Outline />
          <div className={classes.body}>
            <Notices />
            {view.form.groups.map((group) => (
              <GroupSection key={group.oid} group={group} />
            ))}
            <FormActions onDone={showAsItStands} />
          </div>
        </div>
      </form>
    </EntryProvider>
  )
}

/** What the save changed elsewhere, and what stands in the way of entry. */
function Notices() {
  const t = useTranslations('form')
  const blinding = useTranslations('blinding')
  const { view, language } = useEntryContext()
  const also = useEntry((entry) => entry.alsoChanged)
  const { state } = view.record
  const why = view.form.system
    ? t('systemForm')
    : view.abilities.reopen && (state === 'complete' || state === 'signed')
      ? t('completeNote')
      : t('readOnly', { state: t(`state.${state}`) })
  return (
    <div aria-live="polite">
      {view.subject.withdrawnOn !== null && (
        <div className={classes.withdrawn}>
          <WithdrawalNote withdrawnOn={view.subject.withdrawnOn} />
        </div>
      )}
      {!view.abilities.enter && <p className={classes.notice}>{why}</p>}
      {view.keptBack.length > 0 && (
        <p className={classes.notice}>
          {blinding('keptBack', {
            items: view.keptBack.map((label) => labelText(label, language)).join(', '),
          })}
        </p>
      )}
      {also.length > 0 && (
        <p className={classes.notice}>
          {t('alsoChanged', {
            count: also.length,
            forms: [...new Set(also.map((one) => one.key.form))].join(', '),
          })}
        </p>
      )}
    </div>
  )
}

/** Enter goes to the next item, as on paper; grids and text areas have their own use for it. */
function nextOnEnter(event: KeyboardEvent<HTMLFormElement>) {
  const target = event.target as HTMLElement
  if (
    event.key !== 'Enter' ||
    event.defaultPrevented ||
    target.closest('table') ||
    target.tagName === 'TEXTAREA' ||
    target.tagName === 'BUTTON' ||
    target.tagName === 'A'
  )
    return
  event.preventDefault()
  const stops = [
    ...event.currentTarget.querySelectorAll<HTMLElement>(
      '[data-item] :is(input:not([type=date]):not([type=radio]), select, textarea, input[type=radio]:checked, input[type=radio])',
    ),
  ]
  const row = target.closest('[data-item]')
  const at = stops.indexOf(target)
  const next = stops.slice(at + 1).find((stop) => stop.closest('[data-item]') !== row)
  next?.focus()
}
