/** Measured values and subjects of a CSV file: `casebook figure box`, `visitmeans`, `spaghetti`, `waterfall`, `swimmer`. */
import {
  distinct,
  type FigureVerb,
  groupsOf,
  named,
  timeOptions,
  timeUsage,
  timeWords,
} from '#bin/commands/figure-verb.ts'
import { visitMeansSpecOf } from '#domain/analysis/figures/spec-from-statistics.ts'
import { ensure } from '#domain/statistics/problem.ts'
import type { VerbInput } from '#domain/statistics/verbs/verb.ts'

function visitsOf(v: VerbInput) {
  const cells = v.column(v.text('visit'))
  const keys = distinct(cells)
  const numeric = cells.every((cell) => cell === null || typeof cell === 'number')
  return {
    cells,
    visits: keys.map((key) => ({
      key,
      label: named(v, key),
      ...(numeric ? { position: Number(key) } : {}),
    })),
  }
}

export const box: FigureVerb = {
  usage:
    '--value V --visit W [--group G] [--whiskers tukey|min-max] [--points all|outliers|none] [--log]',
  options: ['value', 'visit', 'group', 'whiskers', 'points'],
  flags: ['log'],
  required: ['value', 'visit'],
  spec: (v) => {
    const values = v.values('value')
    const { cells, visits } = visitsOf(v)
    const groups = groupsOf(v)
    return {
      kind: 'box',
      title: v.text('title', v.text('value')),
      value: { label: named(v, v.text('value')), scale: v.flag('log') ? 'log' : 'linear' },
      whiskers: v.choice('whiskers', ['tukey', 'min-max'], 'tukey'),
      points: v.choice('points', ['all', 'outliers', 'none'], 'outliers'),
      visits: visits.map(({ key, label }) => ({ key, label })),
      groups: groups.keys.map((key) => ({ key, label: named(v, key) })),
      boxes: visits.flatMap((visit) =>
        groups.keys.map((group) => ({
          visit: visit.key,
          group,
          values: values.filter(
            (value, row): value is number =>
              value !== null && String(cells[row]) === visit.key && groups.of(row) === group,
          ),
        })),
      ),
    }
  },
}

export const visitmeans: FigureVerb = {
  usage:
    '--subject ID --value V --visit W [--group G] [--baseline W0] [--p-level 0.05]   mean ± SD; marks by the Wilcoxon signed-rank test',
  options: ['subject', 'value', 'visit', 'group', 'baseline', 'p-level'],
  required: ['subject', 'value', 'visit'],
  spec: (v) => {
    const values = v.values('value')
    const subjects = v.column(v.text('subject'))
    const { cells, visits } = visitsOf(v)
    const groups = groupsOf(v)
    const baseline = v.has('baseline') ? v.text('baseline') : undefined
    ensure(
      baseline === undefined || visits.some((visit) => visit.key === baseline),
      'bad-option',
      `--baseline ${baseline} is no visit`,
    )
    const level = v.number('p-level', 0.05)
    ensure(level > 0 && level < 1, 'bad-option', '--p-level lies between 0 and 1')
    return visitMeansSpecOf(
      groups.keys.map((group) => {
        const byVisit = new Map(visits.map((visit) => [visit.key, new Map<string, number>()]))
        const members = new Set<string>()
        values.forEach((value, row) => {
          const subject = subjects[row]
          if (subject === null || subject === undefined || groups.of(row) !== group) return
          members.add(String(subject))
          const own = byVisit.get(String(cells[row]))
          if (value === null || !own) return
          ensure(
            !own.has(String(subject)),
            'bad-case',
            `subject ${subject} has two values at visit ${cells[row]}`,
          )
          own.set(String(subject), value)
        })
        return {
          key: group,
          label: named(v, group),
          values: Object.fromEntries(
            visits.map((visit) => [
              visit.key,
              [...members].map((subject) => byVisit.get(visit.key)?.get(subject) ?? null),
            ]),
          ),
        }
      }),
      {
        title: v.text('title', v.text('value')),
        value: named(v, v.text('value')),
        visits,
        baseline,
        level,
      },
    )
  },
}

export const spaghetti: FigureVerb = {
  usage: '--subject ID --x X --value V [--group G] [--overlay mean|median|none] [--log]',
  options: ['subject', 'x', 'value', 'group', 'overlay'],
  flags: ['log'],
  required: ['subject', 'x', 'value'],
  spec: (v) => {
    const subjects = v.column(v.text('subject'))
    const xs = v.values('x')
    const ys = v.values('value')
    const groups = groupsOf(v)
    const lines = new Map<
      string,
      { key: string; group: string; points: { x: number; y: number | null }[] }
    >()
    subjects.forEach((subject, row) => {
      const group = groups.of(row)
      const x = xs[row] ?? null
      if (subject === null || group === null || x === null) return
      const key = String(subject)
      const line = lines.get(key) ?? { key, group, points: [] }
      ensure(line.group === group, 'bad-case', `subject ${key} is in two groups`)
      line.points.push({ x, y: ys[row] ?? null })
      lines.set(key, line)
    })
    return {
      kind: 'spaghetti',
      title: v.text('title', v.text('value')),
      x: { label: named(v, v.text('x')) },
      value: { label: named(v, v.text('value')), scale: v.flag('log') ? 'log' : 'linear' },
      overlay: v.choice('overlay', ['mean', 'median', 'none'], 'mean'),
      groups: groups.keys.map((key) => ({ key, label: named(v, key) })),
      subjects: [...lines.values()],
    }
  },
}

export const waterfall: FigureVerb = {
  usage: '--subject ID --change C [--group G] [--lines 10,-10]',
  options: ['subject', 'change', 'group', 'lines'],
  required: ['subject', 'change'],
  spec: (v) => {
    const subjects = v.column(v.text('subject'))
    const changes = v.values('change')
    const groups = groupsOf(v)
    return {
      kind: 'waterfall',
      title: v.text('title', v.text('change')),
      value: { label: named(v, v.text('change')) },
      groups: groups.keys.map((key) => ({ key, label: named(v, key) })),
      lines: v.has('lines')
        ? v.numbers('lines').map((at) => ({ at, label: String(at).replace('-', '−') }))
        : [],
      subjects: subjects.flatMap((subject, row) => {
        const group = groups.of(row)
        return subject === null || group === null
          ? []
          : [{ key: String(subject), group, change: changes[row] ?? null }]
      }),
    }
  },
}

export const swimmer: FigureVerb = {
  usage: `--subject ID --end E [--start B] [--ongoing O] [--group G] [--events progression=prog_day,death=death_day] ${timeUsage}`,
  options: ['subject', 'end', 'start', 'ongoing', 'group', 'events', ...timeWords],
  required: ['subject', 'end'],
  spec: (v) => {
    const { perUnit = 1, ...time } = timeOptions(v, v.text('end'))
    const scaled = (option: string) =>
      v.values(option).map((value) => (value === null ? null : value / perUnit))
    const subjects = v.column(v.text('subject'))
    const ends = scaled('end')
    const starts = v.has('start') ? scaled('start') : []
    const ongoing = v.has('ongoing') ? v.values('ongoing') : []
    const groups = v.has('group') ? groupsOf(v) : null
    const events = v.has('events')
      ? v.names('events').map((text) => {
          const [event = '', column] = text.split('=').map((part) => part.trim())
          ensure(
            event !== '' && column !== undefined && column !== '',
            'bad-option',
            '--events is name=column,name=column',
          )
          const times = v.column(column).map((cell) => {
            ensure(
              cell === null || typeof cell === 'number',
              'bad-case',
              `column "${column}" holds "${cell}", not a number`,
            )
            return cell === null ? null : cell / perUnit
          })
          return { key: event, times }
        })
      : []
    return {
      kind: 'swimmer',
      title: time.title,
      time: {
        unit: time.unit,
        ...(time.ticks ? { ticks: [...time.ticks] } : {}),
        ...(time.max === undefined ? {} : { max: time.max }),
      },
      groups: groups ? groups.keys.map((key) => ({ key, label: named(v, key) })) : [],
      events: events.map(({ key }) => ({ key, label: named(v, key) })),
      subjects: subjects.flatMap((subject, row) => {
        const end = ends[row] ?? null
        const group = groups?.of(row)
        if (subject === null || end === null || group === null) return []
        return [
          {
            key: String(subject),
            ...(group === undefined ? {} : { group }),
            start: starts[row] ?? 0,
            end,
            ongoing: ongoing[row] === 1,
            events: events.flatMap(({ key, times }) => {
              const at = times[row] ?? null
              return at === null ? [] : [{ event: key, time: at }]
            }),
          },
        ]
      }),
    }
  },
}
