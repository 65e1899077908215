import type { Label } from '#domain/definition/definition.ts'
import { reportFigureSpec } from '../figures/spec-from-report.ts'
import { limitsText } from '../limits-text.ts'
import type {
  CoxBody,
  CoxLine,
  HazardEstimate,
  IncidenceBody,
  SurvivalBody,
  SurvivalPart,
} from '../report-result.ts'
import { figureParts } from './figure-parts.ts'
import {
  blank,
  cell,
  type PrintedBlock,
  type PrintedCell,
  type PrintedRow,
} from './printed-report.ts'
import { Notes, pText, type Say } from './say.ts'

/** Curves and estimates of all, then of each subgroup under its own heading. */
export function printSurvival(body: SurvivalBody, say: Say): PrintedBlock[] {
  return body.parts.flatMap((part, at) => {
    const spec = reportFigureSpec(body, body.endpoint, at)
    return [
      ...(body.parts.length > 1
        ? [
            {
              kind: 'heading' as const,
              text: part.label ? say.label(part.label) : say.words.everybody,
            },
          ]
        : []),
      ...(spec ? [{ kind: 'figure' as const, spec }] : []),
      estimates(body, part, say),
      ...(part.excluded > 0
        ? [{ kind: 'sentence' as const, text: say.words.excluded(part.excluded), quiet: false }]
        : []),
    ]
  })
}

function estimates(body: SurvivalBody, part: SurvivalPart, say: Say): PrintedBlock {
  const { words, label } = say
  const notes = new Notes()
  const rows: PrintedRow[] = part.groups.map((group) => ({
    heading: false,
    cells: [
      cell(label(group.label)),
      cell(String(group.n)),
      cell(String(group.events)),
      group.atHorizon
        ? {
            lines: [
              { text: group.atHorizon.text, quiet: '' },
              ...(group.atHorizon.lower === null
                ? []
                : [{ text: '', quiet: limitsText(group.atHorizon.lower, group.atHorizon.upper) }]),
            ],
          }
        : cell('–'),
    ],
  }))
  if (part.test) {
    const { p, text, note } = part.test
    const against =
      body.threshold === null || p === null
        ? ''
        : (p < body.threshold ? words.below : words.notBelow)(body.threshold)
    rows.push({
      heading: false,
      cells: [
        cell(words.tests['log-rank']),
        { ...cell(notes.mark(pText(text), note && label(note)), against), span: 3 },
      ],
    })
  }
  const horizon = words.atHorizon(Math.round(body.horizon / body.daysPerUnit), body.unit)
  return {
    kind: 'table',
    columns: [{ align: 'start' }, { align: 'end' }, { align: 'end' }, { align: 'end' }],
    head: [
      {
        heading: true,
        cells: [
          cell(words.arm),
          cell('n'),
          cell(words.events),
          {
            lines: [
              { text: horizon, quiet: '' },
              { text: '', quiet: words.interval },
            ],
          },
        ],
      },
    ],
    rows,
    notes: notes.all(),
  }
}

/** Curves of each cause, and how many of each group had it by the horizon. */
export function printIncidence(body: IncidenceBody, title: Label, say: Say): PrintedBlock[] {
  const { words, label } = say
  const notes = new Notes()
  const spec = reportFigureSpec(body, title)
  const horizon = words.atHorizon(Math.round(body.horizon / body.daysPerUnit), body.unit)
  const rows: PrintedRow[] = body.groups.map((group) => ({
    heading: false,
    cells: [
      cell(label(group.label)),
      cell(String(group.n)),
      ...body.causes.map(({ key }) => {
        const found = group.causes.find((cause) => cause.key === key)
        const reading = found?.atHorizon
        return {
          lines: [
            { text: reading?.text ?? '–', quiet: '' },
            ...(reading && reading.lower !== null
              ? [{ text: '', quiet: limitsText(reading.lower, reading.upper) }]
              : []),
            { text: '', quiet: `${words.events} ${found?.subjects.length ?? 0}` },
          ],
        }
      }),
    ],
  }))
  if (body.tests.some(({ test }) => test !== null)) {
    rows.push({
      heading: false,
      cells: [
        cell(words.tests.gray),
        blank,
        ...body.causes.map(({ key }) => {
          const test = body.tests.find(({ cause }) => cause === key)?.test
          if (!test) return blank
          return cell(notes.mark(pText(test.text), test.note && label(test.note)))
        }),
      ],
    })
  }
  const head: PrintedCell[] = [
    cell(words.arm),
    cell('n'),
    ...body.causes.map((cause) => ({
      lines: [
        { text: label(cause.label), quiet: '' },
        { text: '', quiet: horizon },
        { text: '', quiet: words.interval },
      ],
    })),
  ]
  return [
    ...(spec ? [{ kind: 'figure' as const, spec }] : []),
    {
      kind: 'table',
      columns: head.map((_, at) => ({ align: at === 0 ? 'start' : 'end' })),
      head: [{ heading: true, cells: head }],
      rows,
      notes: notes.all(),
    },
    ...(body.excluded.length > 0
      ? [
          {
            kind: 'sentence' as const,
            text: words.undecided(body.excluded.length),
            quiet: false,
          },
        ]
      : []),
  ]
}

const tieNames = { efron: 'Efron', breslow: 'Breslow', exact: 'exact' } as const

/** The forest, then hazard ratios per covariate and level beside the numbers they rest on. */
export function printCox(body: CoxBody, title: Label, say: Say): PrintedBlock[] {
  const { words, label } = say
  const notes = new Notes()
  const width = 3 + body.models.length
  const rows = body.covariates.flatMap((covariate): PrintedRow[] => {
    const indented = covariate.lines.length > 1
    const heading: PrintedRow = {
      heading: true,
      cells: [
        {
          ...cell(
            label(covariate.label),
            covariate.missing > 0 ? words.missing(covariate.missing) : '',
          ),
          span: width,
          strong: true,
        },
      ],
    }
    return [
      ...(indented ? [heading] : []),
      ...covariate.lines.map((line) => lineOf(line, indented, body, say, notes)),
    ]
  })
  const { multivariable } = body
  const below = [
    words.coxFooter(body.n, body.events, tieNames[body.ties]),
    ...(multivariable
      ? [
          multivariable.problem
            ? label(multivariable.problem)
            : words.coxModel(multivariable.n, multivariable.events),
        ]
      : []),
  ]
  const spec = reportFigureSpec(body, title)
  return [
    ...(spec ? figureParts(spec) : []).map((one) => ({ kind: 'figure' as const, spec: one })),
    {
      kind: 'table',
      columns: Array.from({ length: width }, (_, at) => ({ align: at === 0 ? 'start' : 'end' })),
      head: [
        {
          heading: true,
          cells: [
            cell(words.characteristic),
            cell('n'),
            cell(words.events),
            ...body.models.map((model) => ({
              lines: [
                { text: `${words.hazardRatio} ${words.withLimits}`, quiet: '' },
                { text: '', quiet: words[model] },
              ],
            })),
          ],
        },
      ],
      rows,
      notes: notes.all(),
    },
    ...below.map((text) => ({ kind: 'sentence' as const, text, quiet: true })),
    ...(body.excluded.length > 0
      ? [
          {
            kind: 'sentence' as const,
            text: words.coxExcluded(body.excluded.length),
            quiet: false,
          },
        ]
      : []),
  ]
}

function lineOf(
  line: CoxLine,
  indented: boolean,
  body: CoxBody,
  say: Say,
  notes: Notes,
): PrintedRow {
  return {
    heading: false,
    cells: [
      { ...cell(say.label(line.label)), indent: indented ? 1 : 0 },
      cell(line.n.text),
      cell(line.events.text),
      ...body.models.map((model) =>
        line.reference ? cell(say.words.reference) : estimate(line[model], say, notes),
      ),
    ],
  }
}

function estimate(found: HazardEstimate | null, say: Say, notes: Notes): PrintedCell {
  if (!found) return blank
  return {
    lines: [
      { text: notes.mark(found.text, found.note && say.label(found.note)), quiet: '' },
      ...(found.p === null ? [] : [{ text: '', quiet: pText(found.pText) }]),
    ],
  }
}
