/** The forms that both protocols share at enrolment. */
import { type Chance, plusDays } from '#studies/demo/chance.ts'
import type { DemoForm, DemoValue } from '#studies/demo/plan.ts'
import type { Diagnosis } from './subjects.ts'

/** A birth date that gives this age on the reference date. */
export function birthDate(reference: string, age: number, luck: Chance): string {
  const year = Number(reference.slice(0, 4)) - age
  const day = reference.slice(4) === '-02-29' ? '-02-28' : reference.slice(4)
  return plusDays(`${year}${day}`, -luck.whole(10, 350))
}

export type Presentation = {
  type: Diagnosis
  weakness: boolean
  heliotrope: boolean
  gottron: boolean
  onset: string
  diagnosed: string
}

/** Bohan-Peter and Sontheimer items that lead to the subtype; muscle biopsies are often not done, as in life. */
export function diagnosisForm(facts: Presentation, luck: Chance): DemoForm {
  const rash = facts.heliotrope || facts.gottron
  const cadm = facts.type === 'CADM'
  const weak = facts.weakness && !cadm
  return {
    event: 'ENR',
    form: 'F_IIM',
    values: {
      IIMSTDTC: facts.onset,
      IIMDXDTC: facts.diagnosed,
      BPWEAK: weak ? 'Y' : 'N',
      // Without weakness two of the other criteria must be met, so a biopsy was taken.
      BPBIOP: cadm ? 'ND' : weak ? luck.pick(['Y', 'ND']) : 'Y',
      BPENZ: cadm ? 'N' : 'Y',
      BPEMG: cadm ? 'N' : 'Y',
      BPRASH: rash ? 'Y' : 'N',
      BPHELIO: facts.heliotrope ? 'Y' : 'N',
      BPGOTT: facts.gottron ? 'Y' : 'N',
      ...(weak
        ? {}
        : rash
          ? {
              SONRASH: 'Y',
              SONRASHM: luck.decimal(1, 5.5, 1),
              SONSUBC: cadm ? luck.pick(['Y', 'N']) : 'Y',
              SONEXCL: 'N',
            }
          : { SONRASH: 'N' }),
      IIMTYPE: facts.type,
      IIMOVLP: 'N',
      IIMIBM: 'N',
      IIMCANC: 'N',
    },
  }
}

const otherAntibodies = [
  'JO1',
  'PL7',
  'PL12',
  'EJ',
  'OJ',
  'MI2',
  'TIF1G',
  'NXP2',
  'SAE1',
  'SRP',
  'RO52',
]

/** The myositis panel: blotted in most, and only anti-MDA5 in the others. */
export function antibodyForm(mda5: boolean, on: string, luck: Chance): DemoForm {
  const values: Record<string, DemoValue> = {}
  const done = luck.next() < 0.8
  const second = !mda5 && luck.next() < 0.55 ? luck.pick(['JO1', 'PL7', 'EJ', 'PL12']) : null
  const ro52 = luck.next() < 0.4
  const answer = (test: string, result: string) => {
    values[`MSA[${test}].MSAPERF`] = result === 'ND' ? 'N' : 'Y'
    if (result !== 'ND') {
      values[`MSA[${test}].MSADTC`] = on
      values[`MSA[${test}].MSAMETH`] = 'IMMUNOBLOT'
    }
    values[`MSA[${test}].MSARES`] = result
  }
  answer('MDA5', mda5 ? 'POS' : 'NEG')
  for (const test of otherAntibodies) {
    const positive = test === second || (test === 'RO52' && ro52)
    answer(test, done ? (positive ? 'POS' : 'NEG') : 'ND')
  }
  return { event: 'ENR', form: 'F_MSA', values }
}

export function smokingForm(smoked: boolean, luck: Chance): DemoForm {
  return {
    event: 'ENR',
    form: 'F_SU',
    values: smoked
      ? { SUSTAT: luck.pick(['FORMER', 'CURRENT']), SUPKYR: luck.decimal(4, 38, 1) }
      : { SUSTAT: 'NEVER' },
  }
}

/** Answers of the eligibility form, with those of the other protocol left closed. */
export function eligibility(
  inclusion: readonly string[],
  exclusion: readonly string[],
  failed: Readonly<Record<string, string>> = {},
): Record<string, DemoValue> {
  const values: Record<string, DemoValue> = {}
  for (const code of inclusion) values[`IE[${code}].IEORRES`] = failed[code] ?? 'Y'
  for (const code of exclusion) values[`IE[${code}].IEORRES`] = failed[code] ?? 'N'
  return values
}

/** The next working day from this one on. */
export function workday(date: string): string {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay()
  return day === 6 ? plusDays(date, 2) : day === 0 ? plusDays(date, 1) : date
}
