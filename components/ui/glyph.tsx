/**
 * The status glyphs. Shape carries the state, never colour: ring, half, full, tick, pen, padlock, slash. A table of
 * thousands of cells draws them by reference, so `GlyphSprite` must be on the page once (the shell does that).
 */
import type { FormState } from '#domain/casebook/record.ts'
import type { CellState } from '#domain/casebook/views.ts'

export const glyphNames = [
  'none',
  'ring',
  'half',
  'full',
  'tick',
  'pen',
  'padlock',
  'snow',
  'slash',
] as const
export type GlyphName = (typeof glyphNames)[number]

export const cellGlyph: Readonly<Record<CellState, GlyphName>> = {
  none: 'none',
  notStarted: 'ring',
  inProgress: 'half',
  complete: 'full',
  verified: 'tick',
  signed: 'pen',
  locked: 'padlock',
  missed: 'slash',
}

export const formGlyph: Readonly<Record<FormState, GlyphName>> = {
  notStarted: 'ring',
  inProgress: 'half',
  complete: 'full',
  signed: 'pen',
  frozen: 'snow',
  locked: 'padlock',
  removed: 'slash',
}

export function GlyphSprite() {
  return (
    <svg width="0" height="0" style={{ position: 'absolute' }} aria-hidden="true">
      <symbol id="glyph-ring" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
      </symbol>
      <symbol id="glyph-half" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M8 2.8a5.2 5.2 0 0 1 0 10.4z" fill="currentColor" />
      </symbol>
      <symbol id="glyph-full" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.6" fill="currentColor" />
      </symbol>
      <symbol id="glyph-tick" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="6.4" fill="currentColor" />
        <path
          d="M4.9 8.3 7.1 10.5 11.2 5.9"
          fill="none"
          stroke="var(--cb-surface)"
          strokeWidth="1.7"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </symbol>
      <symbol id="glyph-pen" viewBox="0 0 16 16">
        <path
          d="M3 13l.7-3 6.9-6.9a1.2 1.2 0 0 1 1.7 0l.6.6a1.2 1.2 0 0 1 0 1.7L6 12.3z"
          fill="currentColor"
        />
      </symbol>
      <symbol id="glyph-padlock" viewBox="0 0 16 16">
        <rect x="3.4" y="7" width="9.2" height="6.6" rx="1" fill="currentColor" />
        <path
          d="M5.4 7V5.2a2.6 2.6 0 0 1 5.2 0V7"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        />
      </symbol>
      <symbol id="glyph-snow" viewBox="0 0 16 16">
        <path
          d="M8 2.2v11.6M3 5.1l10 5.8M13 5.1 3 10.9"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeLinecap="round"
          fill="none"
        />
      </symbol>
      <symbol id="glyph-slash" viewBox="0 0 16 16">
        <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.2" />
        <path
          d="M3.2 12.8 12.8 3.2"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
        />
      </symbol>
    </svg>
  )
}

/** Decorative: the word beside it, or the accessible name of its cell, says the same. */
export function Glyph({ name, size = 16 }: { name: GlyphName; size?: number }) {
  if (name === 'none') return <svg width={size} height={size} aria-hidden="true" />
  return (
    <svg width={size} height={size} aria-hidden="true" style={{ flex: 'none' }}>
      <use href={`#glyph-${name}`} />
    </svg>
  )
}
