import { Document, isMap, visit } from 'yaml'
import type { ReportDef } from './definition.ts'

/** A report as the YAML that a person would write: rows and labels on a line each, what is default left out. */
export function reportText(report: ReportDef): string {
  const { kind, oid, title, ...rest } = report
  const document = new Document(without({ kind, oid, title, ...rest }))
  visit(document, {
    Map: (key, map) => {
      if (key !== null && map !== document.contents) map.flow = true
    },
    Seq: (_, seq) => {
      seq.flow = !seq.items.some((item) => isMap(item))
    },
  })
  return document.toString({ lineWidth: 0 })
}

const defaults: Readonly<Record<string, unknown>> = { test: 'none', indent: 0 }

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, inner]) => inner !== undefined && !(key in defaults && defaults[key] === inner),
      )
      .map(([key, inner]) => [key, without(inner)]),
  )
}
