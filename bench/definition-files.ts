/** A made-up study of any size, written as files are, with rules of every kind spread over it. */
import type { SourceFile } from '#domain/definition/parse-study.ts'

export type Size = { forms: number; items: number; rules: number; visits: number }

/** The size the goals speak of. */
export const largeStudy: Size = { forms: 60, items: 1500, rules: 300, visits: 12 }

const pad = (n: number): string => String(n).padStart(3, '0')
export const formOid = (n: number): string => `F_${pad(n)}`

/** A third of the forms stand once, half at every visit, the others are logs. */
export function kindOf(form: number, { forms }: Size): 'once' | 'visit' | 'log' {
  if (form < forms / 3) return 'once'
  return form < (forms * 5) / 6 ? 'visit' : 'log'
}

/**
 * Rules are derivations (half of them from other forms, the baseline or the visit before), conditions, conditional requirements and
 * edit checks, so that a quarter of the items have one. Everything holds together: the checker finds neither error nor warning.
 */
export function definitionFiles(size: Size = largeStudy): SourceFile[] {
  const perForm = Math.ceil(size.items / size.forms)
  const perRule = Math.ceil(size.rules / size.forms)
  const forms: string[] = []
  const checks: string[] = []
  for (let f = 0; f < size.forms; f++) {
    const kind = kindOf(f, size)
    const oid = formOid(f)
    const lines = [
      `- oid: ${oid}`,
      `  label: { en: Form ${f}, ja: 様式${f} }`,
      ...(kind === 'log' ? ['  repeats: true', '  date: DTC'] : []),
      '  groups:',
      '    - oid: G',
      '      items:',
      '        - { oid: DTC, label: { en: Date, ja: 日付 }, type: date, required: true }',
    ]
    for (let i = 1; i < perForm; i++) lines.push(`        - ${itemText(f, i, perRule, size)}`)
    forms.push(...lines)
    for (let c = 0; c < Math.max(1, perRule - 3); c++) checks.push(checkText(f, c, kind))
  }
  const once = formsOf(size, 'once')
  const visit = formsOf(size, 'visit')
  const schedule = Array.from({ length: size.visits }, (_, v) => {
    const named = v === 0 ? [...once, ...visit] : visit
    const kind = v === 0 ? 'baseline' : 'scheduled'
    return `- { oid: V${v}, label: { en: Visit ${v}, ja: 来院${v} }, kind: ${kind}, day: ${v * 28 + 1}, window: [-${v === 0 ? 0 : 7}, ${v === 0 ? 0 : 7}], forms: [${named.join(', ')}] }`
  })
  schedule.push(
    `- { oid: LOG, label: { en: Logs, ja: 記録 }, kind: log, forms: [${formsOf(size, 'log').join(', ')}] }`,
  )
  return [
    { path: 'study.yaml', text: studyText },
    { path: 'codelists.yaml', text: codeListText },
    { path: 'forms.yaml', text: `${forms.join('\n')}\n` },
    { path: 'schedule.yaml', text: `${schedule.join('\n')}\n` },
    { path: 'checks.yaml', text: `${checks.join('\n')}\n` },
    { path: 'variables.yaml', text: variablesText(size) },
  ]
}

function formsOf(size: Size, kind: ReturnType<typeof kindOf>): string[] {
  return Array.from({ length: size.forms }, (_, f) => f)
    .filter((f) => kindOf(f, size) === kind)
    .map(formOid)
}

function itemText(form: number, i: number, perRule: number, size: Size): string {
  const label = `label: { en: Item ${form}-${i}, ja: 項目${form}-${i} }`
  const kind = kindOf(form, size)
  if (i === 1) {
    return `{ oid: I${i}, ${label}, type: code, codeList: CL_NY, required: true }`
  }
  if (i === 2 && perRule > 1) {
    const before = kind === 'visit' ? 'previous(I5)' : kind === 'log' ? `${formOid(0)}.I5` : null
    const derive = before === null ? 'I4 + I5' : `I4 - ${before}`
    return `{ oid: I${i}, ${label}, type: decimal, digits: 1, derive: ${derive} }`
  }
  if (i === 3 && perRule > 2) {
    const derive = kind === 'visit' ? 'I4 / base(I4)' : `I2 / 2`
    return `{ oid: I${i}, ${label}, type: decimal, digits: 2, derive: ${derive} }`
  }
  if (i === 6 && perRule > 3) {
    return `{ oid: I${i}, ${label}, type: text, length: 200, when: "I1 == 'Y'", required: true }`
  }
  if (i % 5 === 0) {
    return `{ oid: I${i}, ${label}, type: decimal, length: 6, digits: 1, soft: [10, 200], hard: [0, 500] }`
  }
  if (i % 7 === 0) return `{ oid: I${i}, ${label}, type: code, codeList: CL_GRADE }`
  if (i % 11 === 0) return `{ oid: I${i}, ${label}, type: partialDate }`
  if (i === 4) {
    return `{ oid: I${i}, ${label}, type: decimal, length: 6, digits: 1, soft: [10, 200], hard: [0, 500], required: true }`
  }
  return `{ oid: I${i}, ${label}, type: text, length: 80 }`
}

function checkText(form: number, c: number, kind: ReturnType<typeof kindOf>): string {
  const oid = formOid(form)
  const id = `C-${pad(form)}-${c}`
  const rules = [
    'I4 > 150 && I5 < 20',
    kind === 'visit' ? 'abs(I4 - previous(I4)) > 100' : 'I5 - I4 > 100',
    kind === 'log' ? `${oid}.exists(r, r.index < index && r.DTC == DTC)` : `DTC < F_000.DTC`,
  ]
  return `- { id: ${id}, form: ${oid}, item: I4, level: soft, rule: "${rules[c % rules.length]}", message: { en: "Look at {I4}.", ja: "{I4}を確認" }, tests: [{ given: {}, expect: fires }] }`
}

function variablesText(size: Size): string {
  const logs = formsOf(size, 'log')
  const visits = formsOf(size, 'visit')
  const lines = ['- { oid: TZERO, label: { en: Zero, ja: 零 }, type: date, value: F_000.DTC }']
  for (const [i, form] of logs.entries()) {
    lines.push(
      `- { oid: V_N${i}, label: { en: Number, ja: 数 }, type: number, value: "${form}.count(r, r.I4 > 100)" }`,
    )
  }
  for (const [i, form] of visits.slice(0, 10).entries()) {
    lines.push(
      `- { oid: V_M${i}, label: { en: Change, ja: 変化 }, type: number, value: "at(V1, ${form}.I4) - base(${form}.I4)" }`,
    )
  }
  return `${lines.join('\n')}\n`
}

const studyText = `
oid: LARGE
name: { en: Large, ja: 大 }
title: { en: A large study, ja: 大規模試験 }
protocol: { version: 1 }
version: 1
languages: [en, ja]
mode: prospective
anchor: F_000.DTC
`
const codeListText = `
- { oid: CL_NY, codes: [{ code: Y, label: { en: 'Yes', ja: はい } }, { code: N, label: { en: 'No', ja: いいえ } }] }
- { oid: CL_GRADE, codes: [{ code: '1', label: { en: Mild, ja: 軽度 } }, { code: '2', label: { en: Moderate, ja: 中等度 } }, { code: '3', label: { en: Severe, ja: 重度 } }] }
`
