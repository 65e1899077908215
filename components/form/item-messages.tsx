'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useProblemText } from '#components/ui/problem-note.tsx'
import type { Finding } from '#domain/casebook/record.ts'
import { labelText } from '#domain/definition/label-text.ts'
import { type ItemSpot, useEntry, useEntryContext } from './entry-context.tsx'
import classes from './form.module.css'
import { valueText } from './item-text.ts'

/** What the rules, the server and colleagues say about one item, in that order of urgency. */
export function ItemMessages({ spot, label }: { spot: ItemSpot; label: string }) {
  const { path } = spot
  const all = useEntry((entry) => entry.evaluation.findings)
  const refused = useEntry((entry) => entry.refused.get(path))
  const conflict = useEntry((entry) => entry.conflicts.get(path))
  const needsReason = useEntry(
    (entry) =>
      entry.edits.has(path) &&
      entry.edits.get(path)?.reason === undefined &&
      entry.saved[path] !== undefined,
  )
  const problemText = useProblemText()
  const findings = all.filter((finding) => finding.path === path && finding.check !== 'REQUIRED')
  return (
    <>
      {conflict && <ConflictBar spot={spot} by={conflict.by} />}
      {needsReason && !conflict && <ReasonBar path={path} label={label} />}
      {refused && (
        <p className={classes.refused} role="alert">
          {problemText(refused)}
        </p>
      )}
      {!refused && findings.map((finding) => <FindingLine key={finding.check} finding={finding} />)}
    </>
  )
}

function FindingLine({ finding }: { finding: Finding }) {
  const t = useTranslations('form')
  const { language } = useEntryContext()
  const [why, setWhy] = useState(false)
  return (
    <div className={classes.finding} data-level={finding.level}>
      <span className={classes.findingMark} aria-hidden="true">
        {finding.level === 'info' ? 'i' : '!'}
      </span>
      <span>
        <span className={classes.levelWord}>{t(`level.${finding.level}`)}</span>{' '}
        {labelText(finding.message, language)}
      </span>
      <button
        type="button"
        className={classes.why}
        aria-expanded={why}
        onClick={() => setWhy(!why)}
      >
        {t('why')}
      </button>
      {why && (
        <div className={classes.whyBox}>
          <div>
            {t('ruleId', { id: finding.check })} <code>{finding.rule}</code>
          </div>
          {finding.reads.map((read) => (
            <div key={read.name}>
              <code>{read.name}</code> = {read.value === '' ? '–' : read.value}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** A change of a saved value goes only with a reason; the usual ones are a click away. */
function ReasonBar({ path, label }: { path: string; label: string }) {
  const t = useTranslations('form')
  const { store, codeLists, language } = useEntryContext()
  const saved = useEntry((entry) => entry.saved[path])
  const [text, setText] = useState('')
  const item = { oid: 'X', label: { en: label }, type: 'text' as const }
  const usual = ['typing', 'source', 'query', 'late'] as const
  return (
    <fieldset className={classes.reason} aria-label={t('reasonFor', { label })}>
      <span>
        {t('reasonAsk', {
          old: valueText(saved, item, codeLists, language, (reason) => t(`missing.${reason}`)),
        })}
      </span>
      {usual.map((reason) => (
        <button
          key={reason}
          type="button"
          onClick={() => store.giveReason(path, t(`reasons.${reason}`))}
        >
          {t(`reasons.${reason}`)}
        </button>
      ))}
      <input
        type="text"
        value={text}
        maxLength={400}
        placeholder={t('reasonOther')}
        aria-label={t('reasonOther')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault()
            event.stopPropagation()
            store.giveReason(path, text)
          }
        }}
      />
      <button
        type="button"
        disabled={text.trim() === ''}
        onClick={() => store.giveReason(path, text)}
      >
        {t('reasonSave')}
      </button>
      <button type="button" className={classes.quiet} onClick={() => store.revert(path)}>
        {t('revert')}
      </button>
    </fieldset>
  )
}

function ConflictBar({ spot, by }: { spot: ItemSpot; by: string }) {
  const t = useTranslations('form')
  const { store, codeLists, language } = useEntryContext()
  const mine = useEntry((entry) => entry.values[spot.path])
  const theirs = useEntry((entry) => entry.conflicts.get(spot.path)?.theirs)
  const word = (value: Parameters<typeof valueText>[0]) =>
    valueText(value, spot.item, codeLists, language, (reason) => t(`missing.${reason}`)) ||
    t('empty')
  return (
    <div className={classes.reason} role="alert">
      <span>{t('conflict', { by, theirs: word(theirs), mine: word(mine) })}</span>
      <button type="button" onClick={() => store.resolve(spot.path, 'theirs')}>
        {t('takeTheirs', { value: word(theirs) })}
      </button>
      <button type="button" onClick={() => store.resolve(spot.path, 'mine')}>
        {t('keepMine', { value: word(mine) })}
      </button>
    </div>
  )
}
