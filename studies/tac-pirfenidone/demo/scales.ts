/**
 * The ten scales of a subject at the visits. Each scale starts at a level of its own and improves by the share that the visit has
 * reached; the group moves only Patient Global and MYOACT (month 12) and MMT-8 (month 3), the three that the report tells apart.
 */
import { type Chance, chance } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { ProspectiveSubject } from './subjects.ts'

export const scaleVisits = ['BL', 'M1', 'M3', 'M6', 'M12'] as const
export type ScaleVisit = (typeof scaleVisits)[number]

const improved: Record<ScaleVisit, number> = { BL: 0, M1: 0.22, M3: 0.46, M6: 0.6, M12: 0.7 }
/** Share of the lost strength that has come back; with pirfenidone sooner. */
const strengthGained: Record<ProspectiveSubject['group'], Record<ScaleVisit, number>> = {
  TAC: { BL: 0, M1: 0.12, M3: 0.28, M6: 0.78, M12: 0.84 },
  TACPFD: { BL: 0, M1: 0.3, M3: 0.8, M6: 0.83, M12: 0.87 },
}
const damageSystems = [
  'MUSC',
  'SKEL',
  'CUT',
  'GI',
  'PUL',
  'CV',
  'PV',
  'ENDO',
  'OCUL',
  'INFECT',
  'MALIG',
]
const activity = ['CON', 'CUT', 'SKE', 'GI', 'PUL', 'CV', 'MUS'] as const

/** What a subject brings to the scales; fixed over time, so that visits fit together. */
export type ScaleProfile = {
  walk: number
  global: number
  strength: number
  vas: Record<(typeof activity)[number], number>
  damage: Record<string, number>
  skin: number
  skinDamage: number
  anxiety: number
  depression: number
  alert: boolean
}

export function scaleProfile(subject: ProspectiveSubject, seed: number): ScaleProfile {
  const luck = chance(seed)
  const one = (low: number, high: number) => low + luck.next() * (high - low)
  const rash = subject.type !== 'PM'
  return {
    walk: one(230, 430),
    global: one(5.2, 8.6),
    strength: subject.weakness
      ? subject.group === 'TACPFD'
        ? one(108, 131)
        : one(98, 128)
      : one(136, 142),
    vas: {
      CON: one(2.5, 5.5),
      CUT: rash ? one(2, 6) : 0.2,
      SKE: one(0.5, 3),
      GI: one(0, 1.6),
      PUL: one(4.5, 8),
      CV: one(0, 1.2),
      MUS: subject.weakness ? one(3.5, 7) : one(0.3, 1.5),
    },
    damage: {
      PUL: one(2, 4.5),
      MUSC: subject.weakness ? one(1, 3) : 0.3,
      CUT: rash ? one(0.5, 2) : 0,
    },
    skin: rash ? one(8, 26) : one(0, 2),
    skinDamage: rash ? luck.whole(0, 3) : 0,
    anxiety: one(12, 24),
    depression: one(9, 19),
    alert: luck.next() < 0.06,
  }
}

export function scaleForms(
  subject: ProspectiveSubject,
  profile: ScaleProfile,
  visit: ScaleVisit,
  on: string,
  luck: Chance,
  event: string = visit,
): DemoForm[] {
  const combined = subject.group === 'TACPFD'
  const late = visit === 'M12' ? (combined ? 0.08 : -0.1) : 0
  const wobble = () => (visit === 'BL' ? 0 : (luck.next() - 0.5) * 0.08)
  const left = (extra = 0) => Math.max(0.04, 1 - improved[visit] - extra + wobble())
  const walked = Math.round(profile.walk * (1 + 0.42 * improved[visit] + wobble()))
  const grade = walked < 260 ? 3 : walked < 330 ? 2 : walked < 430 ? 1 : 0
  const gained = strengthGained[subject.group][visit]
  const strength = Math.round(
    150 - (150 - profile.strength) * Math.max(0.03, 1 - gained + wobble() / 2),
  )
  const tooIll = visit === 'BL' && subject.end === 'DEATH' && subject.lastDay < 68
  return [
    {
      event,
      form: 'F_6MWT',
      values: tooIll
        ? { SMWPERF: 'N', SMWREASN: 'OXYGEN' }
        : {
            SMWPERF: 'Y',
            SMWDTC: on,
            SIXMWD: String(walked),
            SMWNADIR: String(Math.round(84 + 9 * improved[visit] + luck.next() * 3)),
            SMWBORG: (3.5 * left()).toFixed(1),
          },
    },
    {
      event,
      form: 'F_PRO',
      values: {
        PROMODE: 'PAPER',
        MMRC: String(tooIll ? 4 : grade),
        PTGA: Math.min(10, profile.global * left(late)).toFixed(1),
      },
    },
    { event, form: 'F_MMT8', values: strengthForm(Math.min(150, strength)) },
    { event, form: 'F_MYOACT', values: activityForm(profile, left, late) },
    { event, form: 'F_MITAX', values: intentionForm(profile, left()) },
    { event, form: 'F_MDI', values: damageForm(profile, 0.35 + 0.65 * left()) },
    {
      event,
      form: 'F_CAT',
      values: {
        CATACT: String(Math.round(profile.skin * left())),
        CATDAM: String(profile.skinDamage),
      },
    },
    hamilton('HAMA', 14, Math.round(profile.anxiety * left()), on, event, () => 4),
    hamilton(
      'HAMD',
      17,
      Math.round(profile.depression * left()),
      on,
      event,
      (item) =>
        item === 3
          ? profile.alert && visit === 'BL'
            ? 2
            : 0
          : [4, 5, 6, 12, 13, 14, 16, 17].includes(item)
            ? 2
            : 4,
      profile.alert && visit === 'BL' ? 2 : 0,
    ),
  ]
}

/** A total over the fifteen tests, weakness in the proximal groups and the neck first. */
function strengthForm(total: number): Record<string, DemoValue> {
  const paths = [
    'MMT_NECKFLX',
    ...['DELT', 'GLUMAX', 'GLUMED', 'QUAD', 'BICEP', 'ANKDOR', 'WRSTEXT'].flatMap((muscle) => [
      `MMTG[${muscle}].MMT_R`,
      `MMTG[${muscle}].MMT_L`,
    ]),
  ]
  const points = paths.map(() => 10)
  for (let missing = 150 - total, turn = 0; missing > 0; missing--, turn++) {
    // The nine proximal tests lose a point in turn, then three of the six distal ones.
    const round = Math.floor(turn / 12)
    const step = turn % 12
    const place = step < 9 ? step : 9 + ((round * 3 + step - 9) % 6)
    points[place] = (points[place] as number) - 1
  }
  const values: Record<string, DemoValue> = { MMTPERF: 'Y' }
  paths.forEach((path, position) => {
    values[path] = String(points[position])
  })
  return values
}

function activityForm(
  profile: ScaleProfile,
  left: (extra?: number) => number,
  late: number,
): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  let whole = 0
  for (const system of activity) {
    const value = Math.min(10, profile.vas[system] * left(late))
    values[`MYA${system}`] = value.toFixed(1)
    whole += value
  }
  values.MYAEXT = (whole / 7).toFixed(1)
  values.MYAGLO = Math.min(10, whole / 4).toFixed(1)
  return values
}

/** Categories follow the activity of the system: treated hard above 4.5, and so down to inactive (D) or never active (E). */
function intentionForm(profile: ScaleProfile, share: number): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const system of activity) {
    const start = profile.vas[system]
    const now = start * share
    values[`MIT${system}`] =
      start < 0.5 ? 'E' : now > 4.5 ? 'A' : now > 2.2 ? 'B' : now > 0.8 ? 'C' : 'D'
  }
  return values
}

function damageForm(profile: ScaleProfile, share: number): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const system of damageSystems) {
    const start = profile.damage[system] ?? 0
    values[`MDIG[${system}].MDIN`] = start > 1.5 ? '1' : '0'
    values[`MDIG[${system}].MDIV`] = (start * share).toFixed(1)
  }
  return values
}

/** A Hamilton scale whose items add up to the total, spread over the items in turn; `fixed` belongs to item 3. */
function hamilton(
  scale: 'HAMA' | 'HAMD',
  items: number,
  total: number,
  on: string,
  event: string,
  most: (item: number) => number,
  fixed = 0,
): DemoForm {
  const values: Record<string, DemoValue> = { [`${scale}DTC`]: on, [`${scale}EVAL`]: 'HQJ' }
  const points = new Map<number, number>()
  for (let item = 1; item <= items; item++)
    points.set(item, scale === 'HAMD' && item === 3 ? fixed : 0)
  let rest = total - fixed
  for (let turn = 0; rest > 0 && turn < items * 4; turn++) {
    const item = ((turn * 5) % items) + 1
    const now = points.get(item) ?? 0
    if (now >= most(item) || (scale === 'HAMD' && item === 3)) continue
    points.set(item, now + 1)
    rest -= 1
  }
  for (const [item, score] of points) values[`${scale}_${item}`] = String(score)
  return { event, form: `F_${scale}`, values }
}
