'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { type ProblemCatalogue, problemOf, problemText } from '#components/problem-text.ts'
import css from './sign-in.module.css'

export type NewPasswordWords = {
  title: string
  text: string
  current: string
  next: string
  again: string
  rule: string
  differ: string
  change: string
  busy: string
  unreachable: string
}

/** A password handed over by somebody else is replaced before any work. */
export function NewPasswordForm({
  words,
  problems,
}: {
  words: NewPasswordWords
  problems: ProblemCatalogue
}) {
  const [ready, setReady] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => setReady(true), [])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? '')
    if (text('next') !== text('again')) {
      setProblem(words.differ)
      return
    }
    setBusy(true)
    setProblem(null)
    try {
      const response = await fetch('/api/trpc/account.changePassword', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ current: text('current'), next: text('next') }),
      })
      if (response.ok) {
        window.location.assign('/')
        return
      }
      const { error } = (await response.json()) as { error?: unknown }
      const refused = problemOf(error)
      setProblem(refused ? problemText(refused, problems) : words.unreachable)
    } catch {
      setProblem(words.unreachable)
    }
    setBusy(false)
  }

  const inputs = [
    { name: 'current', label: words.current, complete: 'current-password' },
    { name: 'next', label: words.next, complete: 'new-password' },
    { name: 'again', label: words.again, complete: 'new-password' },
  ]
  return (
    <div className={`${css.columns} ${css.alone}`}>
      <section>
        <h1 className={css.title}>{words.title}</h1>
        <p className={css.demoText}>{words.text}</p>
        <form className={css.form} method="post" onSubmit={submit}>
          {inputs.map((input) => (
            <label key={input.name} className={css.label}>
              {input.label}
              <input
                className={css.input}
                name={input.name}
                type="password"
                autoComplete={input.complete}
                minLength={input.name === 'current' ? undefined : 12}
                required
                disabled={!ready}
              />
              {input.name === 'next' ? <span className={css.hint}>{words.rule}</span> : null}
            </label>
          ))}
          {problem ? (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          ) : null}
          <button type="submit" className={css.button} disabled={!ready || busy}>
            {busy ? words.busy : words.change}
          </button>
        </form>
      </section>
    </div>
  )
}
