/** The surveillance's harder derivations against rules written a second time here, over all or many inputs. */
import { describe, expect, it } from 'vitest'
import { evaluateForm } from '#domain/casebook/evaluate.ts'
import { chance, plusDays } from '#studies/demo/chance.ts'
import { analysisSubjects, fillSubject } from '#studies/demo/fill-subject.ts'
import { cohortPlan, type DemoForm, type DemoValue } from '#studies/demo/plan.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

const study = studyDefinition('tac-pms', { asDemo: false })
const start = '2015-03-02'
const registered: DemoForm = {
  event: 'D0',
  form: 'F_REG',
  values: { TRTSTDTC: start, REGDTC: '2015-03-11', REGCONF: 'ACCEPTED', CRFRCVFL: 'Y' },
}

function filled(forms: readonly DemoForm[]) {
  return fillSubject(study, cohortPlan('01', start, [registered, ...forms]))
}
function readerOf(forms: readonly DemoForm[]) {
  const [subject] = analysisSubjects(study.compiled, [filled(forms)])
  return (expression: string) => subject?.value(expression)
}

describe('bins: the nearest value of the bin counts, the later of two equally near', () => {
  const bins: Record<string, readonly [target: number, from: number, to: number]> = {
    D0: [0, -30, 0],
    M1: [30, 14, 60],
    M3: [91, 61, 136],
    M6: [183, 137, 273],
    M12: [365, 274, 547],
    M24: [730, 548, 912],
    M36: [1096, 913, 1277],
  }
  /** Entered where the person happened to be: all under unscheduled visits. */
  const measured = (days: readonly number[]): DemoForm[] =>
    days.map((day, index) => ({
      event: 'UNS',
      eventRepeat: index + 1,
      form: 'F_PFT',
      values: { PFTPERF: 'Y', PFTDTC: plusDays(start, day), FVCPP: String(60 + index) },
    }))
  const expected = (days: readonly number[], bin: string): number | null => {
    const [target, from, to] = bins[bin] as readonly [number, number, number]
    const inside = days
      .map((day, index) => ({ day, value: 60 + index }))
      .filter(({ day }) => day >= from && day <= to)
      .sort((a, b) => Math.abs(a.day - target) - Math.abs(b.day - target) || b.day - a.day)
    return inside[0]?.value ?? null
  }

  it('at both edges of every bin', () => {
    for (const [, from, to] of Object.values(bins)) {
      for (const day of [from - 1, from, to, to + 1]) {
        const value = readerOf(measured([day]))
        for (const bin of Object.keys(bins))
          expect(value(`FVC_${bin}`), `day ${day} in ${bin}`).toBe(expected([day], bin))
      }
    }
  })

  it('among many values', () => {
    const luck = chance(12)
    for (let round = 0; round < 40; round++) {
      const days = [...new Set(Array.from({ length: 9 }, () => luck.whole(-40, 1290)))]
      if (round === 0) days.splice(0, days.length, 173, 193, 355, 375)
      const value = readerOf(measured(days))
      for (const bin of Object.keys(bins))
        expect(value(`FVC_${bin}`), `${days} in ${bin}`).toBe(expected(days, bin))
    }
  })
})

describe('progression: any one of the criteria', () => {
  const answers = ['Y', 'N', 'ND'] as const
  it('counts when one is met, not when all are known and none is, and else stays open', () => {
    const criteria = ['PRGFVC', 'PRGAADO2', 'PRGOPAC'] as const
    for (const one of answers)
      for (const two of answers)
        for (const three of answers)
          for (const equivalent of ['Y', 'N'])
            for (const treated of ['Y', 'N', null]) {
              const given = [one, two, three]
              const values: Record<string, DemoValue> = {
                PRGDTC: plusDays(start, 95),
                PRGEQV: equivalent,
                ...(treated === null ? {} : { PRGTRT: treated }),
              }
              criteria.forEach((item, at) => {
                values[item] = given[at] as string
              })
              const all = [...given, equivalent, treated]
              const met = all.includes('Y')
              const open = all.includes('ND') || all.includes(null)
              const value = readerOf([{ event: 'LOG', form: 'F_PROG', values, repeat: 'new' }])
              const counts = value('F_PROG.first(r, r.PRGFL)')
              expect(counts, all.join()).toBe(met ? 'Y' : open ? null : 'N')
              expect(value('PRGDT')).toBe(met ? plusDays(start, 95) : null)
            }
  })
})

it('registration: refused before the start and after day 14, unless the central office rejects it', () => {
  for (let day = -2; day <= 16; day++) {
    for (const decision of ['ACCEPTED', 'QUERY', 'REJECTED']) {
      const values = { ...registered.values, REGDTC: plusDays(start, day), REGCONF: decision }
      const subject = fillSubject(
        study,
        cohortPlan('01', start, [{ event: 'D0', form: 'F_REG', values }]),
      )
      const record = subject.casebook.records[0]
      if (!record) throw new Error('F_REG was not filled')
      const said = evaluateForm(study.compiled, subject.casebook, record.key)
      const refused = said.findings.some((finding) => finding.check === 'EC-01')
      expect(refused, `${day} ${decision}`).toBe(decision !== 'REJECTED' && (day < 0 || day > 14))
    }
  }
})

it('prednisolone: 5 mg is as much as 4, 20, 0.75, 0.6, 4, 25 and 6 mg of the others', () => {
  const equivalents: Record<string, string> = {
    PREDNISOLONE: '5',
    PREDNISONE: '5',
    METHYLPREDNISOLONE: '4',
    HYDROCORTISONE: '20',
    DEXAMETHASONE: '0.75',
    BETAMETHASONE: '0.6',
    TRIAMCINOLONE: '4',
    CORTISONE: '25',
    DEFLAZACORT: '6',
  }
  for (const [drug, dose] of Object.entries(equivalents)) {
    const values = { GCTRT: drug, GCSTDTC: plusDays(start, -3), GCDOSE: dose, GCROUTE: 'ORAL' }
    const value = readerOf([{ event: 'LOG', form: 'F_GC', values, repeat: 'new' }])
    expect(value('GC_D0'), drug).toBe(5)
    expect(value('HIGHGC')).toBe(false)
  }
})

it('seriousness of a reaction follows four of the six criteria', () => {
  const criteria = ['AESDTH', 'AESLIFE', 'AESHOSP', 'AESDISAB', 'AESCONG', 'AESMIE']
  for (const yes of criteria) {
    const values: Record<string, DemoValue> = {
      AEYN: 'Y',
      AESER: 'Y',
      AEREL_TAC: 'Y',
      AEPTCD: 'Herpes zoster',
      AEBODSYS: 'Infections and infestations',
    }
    for (const one of criteria) values[one] = one === yes ? 'Y' : 'N'
    const value = readerOf([{ event: 'LOG', form: 'F_AE', values, repeat: 'new' }])
    expect(value('ADR_INFECTION')).toBe(true)
    expect(value('SER_INFECTION'), yes).toBe(!['AESCONG', 'AESMIE'].includes(yes))
  }
})
