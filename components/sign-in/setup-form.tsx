'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { type ProblemCatalogue, problemText } from '#components/problem-text.ts'
import { signIn } from './credentials.ts'
import css from './sign-in.module.css'

export type SetupWords = {
  title: string
  text: string
  displayName: string
  userName: string
  userNameHint: string
  password: string
  passwordHint: string
  create: string
  busy: string
  unreachable: string
}

/** The first administrator's account; the link in the address proves that whoever opens it started Casebook. */
export function SetupForm({
  words,
  token,
  problems,
}: {
  words: SetupWords
  token: string
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
    setBusy(true)
    setProblem(null)
    try {
      const refused = await signIn(
        {
          token,
          displayName: text('displayName').trim(),
          userName: text('userName').trim().toLowerCase(),
          password: text('password'),
        },
        'set-up',
      )
      if (!refused) {
        window.location.assign('/')
        return
      }
      setProblem(problemText(refused, problems))
    } catch {
      setProblem(words.unreachable)
    }
    setBusy(false)
  }

  return (
    <div className={`${css.columns} ${css.alone}`}>
      <section>
        <h1 className={css.title}>{words.title}</h1>
        <p className={css.demoText}>{words.text}</p>
        <form className={css.form} method="post" onSubmit={submit}>
          <label className={css.label}>
            {words.displayName}
            <input
              className={css.input}
              name="displayName"
              autoComplete="name"
              maxLength={120}
              required
              disabled={!ready}
            />
          </label>
          <label className={css.label}>
            {words.userName}
            <input
              className={css.input}
              name="userName"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={40}
              required
              disabled={!ready}
            />
            <span className={css.hint}>{words.userNameHint}</span>
          </label>
          <label className={css.label}>
            {words.password}
            <input
              className={css.input}
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={12}
              required
              disabled={!ready}
            />
            <span className={css.hint}>{words.passwordHint}</span>
          </label>
          {problem ? (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          ) : null}
          <button type="submit" className={css.button} disabled={!ready || busy}>
            {busy ? words.busy : words.create}
          </button>
        </form>
      </section>
    </div>
  )
}
