'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { type ProblemCatalogue, problemText } from '#components/problem-text.ts'
import { signIn, singleSignOn } from './credentials.ts'
import css from './sign-in.module.css'

export type SignInWords = {
  title: string
  userName: string
  password: string
  signIn: string
  busy: string
  unreachable: string
  sso: string
  demoTitle: string
  demoText: string
}
export type DemoCard = {
  userName: string
  /** Demo accounts have one public password. */
  password: string
  displayName: string
  role: string
  sentence: string
}

/** Name and password; in a demo also one card a role. Words come from the page, so no catalogue is loaded here. */
export function SignInForm({
  words,
  cards,
  problems,
  refused,
  next,
  sso,
}: {
  words: SignInWords
  cards: readonly DemoCard[]
  problems: ProblemCatalogue
  /** Why a sign-in elsewhere (single sign-on) came back without one. */
  refused: string | null
  /** Where to go afterwards: a path of this site. */
  next: string
  sso: boolean
}) {
  const [ready, setReady] = useState(false)
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState(refused)
  // Typing before the page is alive would be lost, so the inputs open only then.
  useEffect(() => setReady(true), [])

  async function enter(input: Readonly<Record<string, string>>, mark: string) {
    setBusy(mark)
    setProblem(null)
    try {
      const refused = await signIn(input)
      if (!refused) {
        window.location.assign(next)
        return
      }
      setProblem(problemText(refused, problems))
    } catch {
      setProblem(words.unreachable)
    }
    setBusy(null)
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    void enter(
      {
        userName: String(data.get('userName') ?? '').trim(),
        password: String(data.get('password') ?? ''),
      },
      'form',
    )
  }

  return (
    <div className={cards.length > 0 ? css.columns : `${css.columns} ${css.alone}`}>
      <section>
        <h1 className={css.title}>{words.title}</h1>
        <form className={css.form} method="post" onSubmit={submit}>
          <label className={css.label}>
            {words.userName}
            <input
              className={css.input}
              name="userName"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              disabled={!ready}
            />
          </label>
          <label className={css.label}>
            {words.password}
            <input
              className={css.input}
              name="password"
              type="password"
              autoComplete="current-password"
              required
              disabled={!ready}
            />
          </label>
          {problem ? (
            <p className={css.problem} role="alert">
              {problem}
            </p>
          ) : null}
          <button type="submit" className={css.button} disabled={!ready || busy !== null}>
            {busy === 'form' ? words.busy : words.signIn}
          </button>
          {sso ? (
            <button
              type="button"
              className={css.second}
              disabled={!ready}
              onClick={() => void singleSignOn(next)}
            >
              {words.sso}
            </button>
          ) : null}
        </form>
      </section>
      {cards.length > 0 ? (
        <section aria-labelledby="demo">
          <h2 className={css.demoTitle} id="demo">
            {words.demoTitle}
          </h2>
          <p className={css.demoText}>{words.demoText}</p>
          <div className={css.cards}>
            {cards.map((card) => (
              <button
                key={card.userName}
                type="button"
                className={css.card}
                disabled={!ready || busy !== null}
                data-busy={busy === card.userName}
                onClick={() =>
                  enter({ userName: card.userName, password: card.password }, card.userName)
                }
              >
                <span className={css.cardRole}>{card.role}</span>
                <span className={css.cardName}>{card.displayName}</span>
                <span className={css.cardText}>{card.sentence}</span>
              </button>
            ))}
          </div>
        </section>
      ) : null}
    </div>
  )
}
