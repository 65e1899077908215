import type { ReactNode } from 'react'
import { PanelArea } from '#components/ui/panel.tsx'
import css from './shell.module.css'

/** Rail, work, right panel. */
export function Shell({
  rail,
  skip,
  children,
}: {
  rail: ReactNode
  /** Words of the link that jumps over the rail. */
  skip: string
  children: ReactNode
}) {
  return (
    <div className={css.shell}>
      <a className="cb-skip" href="#work">
        {skip}
      </a>
      {rail}
      <main className={css.main} id="work" tabIndex={-1}>
        {children}
      </main>
      <PanelArea />
    </div>
  )
}
