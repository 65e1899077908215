import type { FormState } from '#domain/casebook/record.ts'
import type { CellState } from '#domain/casebook/views.ts'
import { cellGlyph, formGlyph, Glyph } from './glyph.tsx'

/** Glyph of a form's or a visit's state, with its word beside it where one is given. */
export function StatusGlyph({ state, label }: { state: FormState | CellState; label?: string }) {
  const name = state in formGlyph ? formGlyph[state as FormState] : cellGlyph[state as CellState]
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6, whiteSpace: 'nowrap' }}>
      <Glyph name={name} />
      {label}
    </span>
  )
}
