'use client'

import { autocompletion, completionKeymap, startCompletion } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import type { StudyFinding } from '#domain/definition/finding.ts'
import type { Completion, Suggestion } from './complete-report.ts'

const colours = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '13px',
    color: 'var(--cb-text)',
    backgroundColor: 'var(--cb-surface)',
  },
  '&.cm-focused': { outline: '2px solid var(--cb-accent)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'ui-monospace, "Noto Sans Mono", Menlo, Consolas, var(--cb-font), monospace',
  },
  '.cm-content': { caretColor: 'var(--cb-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--cb-sunken)',
    color: 'var(--cb-muted)',
    border: 'none',
  },
  '.cm-activeLine': {
    backgroundColor: 'color-mix(in srgb, var(--cb-accent-soft) 45%, transparent)',
  },
  '.cm-activeLineGutter': { backgroundColor: 'var(--cb-accent-soft)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--cb-accent-soft)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--cb-text)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--cb-surface)',
    color: 'var(--cb-text)',
    border: '1px solid var(--cb-line)',
    boxShadow: 'var(--cb-shadow)',
  },
  '.cm-tooltip-autocomplete ul li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--cb-accent)',
    color: 'var(--cb-on-accent)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.8', marginLeft: '12px' },
})

const highlighting = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--cb-accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--cb-green)' },
  { tag: [tags.lineComment, tags.comment], color: 'var(--cb-muted)' },
  { tag: [tags.invalid], color: 'var(--cb-red)' },
])

const kinds: Readonly<Record<Suggestion['kind'], string>> = {
  key: 'property',
  value: 'enum',
  item: 'variable',
  variable: 'variable',
  function: 'function',
  code: 'constant',
}

export type EditorHandle = { goTo: (line: number, column: number) => void }

/** Text of a report with numbered lines, colours, completion (Ctrl-Space) and the findings where they are. */
export function YamlEditor({
  label,
  initial,
  findings,
  complete,
  onChange,
  handle,
}: {
  label: string
  initial: string
  findings: readonly StudyFinding[]
  complete: (text: string, position: number) => Completion | null
  onChange: (text: string) => void
  handle: { current: EditorHandle | null }
}) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const newest = useRef({ complete, onChange })
  newest.current = { complete, onChange }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once and keeps its own text
  useEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          indentOnInput(),
          highlightActiveLine(),
          yaml(),
          syntaxHighlighting(highlighting),
          colours,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            spellcheck: 'false',
            tabindex: '0',
          }),
          // Tab leaves the editor, as everywhere: whoever works by keyboard must not be caught in it.
          keymap.of([
            { key: 'Ctrl-Space', run: startCompletion },
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          autocompletion({
            icons: false,
            override: [
              ({ state, pos, explicit }) => {
                const found = newest.current.complete(state.doc.toString(), pos)
                if (!found || (!explicit && found.from === pos)) return null
                return {
                  from: found.from,
                  options: found.suggestions.map(({ text, info, kind }) => ({
                    label: text,
                    detail: info,
                    type: kinds[kind],
                  })),
                  validFor: /^[A-Za-z0-9_.-]*$/,
                }
              },
            ],
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) newest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    handle.current = {
      goTo: (line, column) => {
        const position = offsetOf(editor.state, line, column)
        editor.dispatch({ selection: { anchor: position }, scrollIntoView: true })
        editor.focus()
      },
    }
    return () => {
      handle.current = null
      view.current = null
      editor.destroy()
    }
  }, [])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const marks = findings.map((finding): Diagnostic => {
      const from = offsetOf(editor.state, finding.line ?? 1, finding.column ?? 1)
      const to = Math.min(editor.state.doc.lineAt(from).to, from + 1)
      const severity = finding.severity === 'note' ? 'info' : finding.severity
      return { from, to, severity, message: finding.message }
    })
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [findings])

  return <div ref={host} style={{ height: '100%', minHeight: 0 }} />
}

function offsetOf(state: EditorState, line: number, column: number): number {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines))
  return Math.min(at.from + Math.max(column - 1, 0), at.to)
}
