import { describe, expect, it } from 'vitest'
import { concealingStudy } from '#domain/casebook/testing/concealing-study.ts'
import { checkStudy } from './check-study.ts'
import { diffDefinitions } from './diff.ts'

const ours = /^(blinding|concealed)-|^unknown-(form|item)$/
const found = (...over: Parameters<typeof concealingStudy>) =>
  checkStudy(concealingStudy(...over))
    .filter(({ code }) => ours.test(code))
    .map(({ severity, code, place }) => `${severity} ${code} ${place.join('.')}`)

const usual = found()

describe('the checker of blinding', () => {
  it('names what the blinded will miss, with its place', () => {
    expect(usual).toEqual([
      'warning concealed-column subjectColumns.0',
      'warning concealed-check checks.0',
      'warning concealed-check checks.1',
    ])
    const reports = [
      {
        kind: 'flow',
        oid: 'R1',
        title: { en: 'R1' },
        steps: [{ label: { en: 'x' }, population: 'Z_SUB' }],
      },
      {
        kind: 'flow',
        oid: 'R2',
        title: { en: 'R2' },
        steps: [{ label: { en: 'x' }, population: 'ALL_P' }],
      },
    ]
    expect(found({ reports })).toContain('warning concealed-report reports.0')
    expect(found({ reports })).not.toContain('warning concealed-report reports.1')
  })

  it('finds forms and items that do not exist', () => {
    expect(found({}, { conceals: ['F_NONE', 'F_LB.NONE', 'F_LB.TROUGH'] })).toEqual(
      expect.arrayContaining([
        'error unknown-form allocation.blinding.conceals.0',
        'error unknown-item allocation.blinding.conceals.1',
      ]),
    )
  })

  it('refuses what everybody would see the arm by', () => {
    const states = [{ state: 'discontinued', rule: 'VVZ' }]
    expect(found({ subjectStates: states })).toContain(
      'error blinding-betrayed subjectStates.0.rule',
    )
    expect(found({ consent: 'F_EX.DOSE == "x" ? dateOf(F_RAND.RANDDTC) : null' })).toContain(
      'error blinding-betrayed consent',
    )
  })

  it('refuses questions that who enters blind could not answer', () => {
    const { checks } = concealingStudy()
    const hard = checks.map((check) => ({ ...check, level: 'hard' }))
    expect(found({ checks: hard })).toEqual(
      expect.arrayContaining([
        'error concealed-hard-check checks.0.rule',
        'error concealed-hard-check checks.1.rule',
      ]),
    )
    expect(found({ checks: hard })).not.toContain('error concealed-hard-check checks.3.rule')
    const forms = concealingStudy().forms.map((form) => ({
      ...form,
      groups: form.groups.map((group) => ({
        ...group,
        items: group.items.map((item) =>
          item.oid === 'TROUGH' ? { ...item, required: true } : item,
        ),
      })),
    }))
    expect(found({ forms })).toContain('error concealed-required forms.2.groups.0.items.1.required')
  })

  it('says when a list of roles does nothing, or not enough', () => {
    expect(found({}, { arm: ['monitor'] })).toContain(
      'warning blinding-unused allocation.blinding.arm',
    )
    const { allocation } = concealingStudy({}, { byArm: ['statistician', 'auditor'] })
    const open = { allocation: { ...allocation, openLabel: true } }
    expect(found(open)).toContain('warning blinding-by-export allocation.blinding.byArm.0')
    expect(found(open)).not.toContain('warning blinding-by-export allocation.blinding.byArm.1')
  })

  it('finds nothing where nothing is concealed', () => {
    const { allocation } = concealingStudy()
    const subjectStates = [{ state: 'discontinued', rule: 'VVZ' }]
    const open = { ...allocation, openLabel: true, blinding: undefined }
    expect(found({ allocation: open, subjectStates })).toEqual([])
  })
})

describe('another version', () => {
  const changes = (before: object, after: object) =>
    diffDefinitions(concealingStudy({}, before), concealingStudy({}, after)).map(
      ({ code, severity, text }) => ({ code, severity, text: text.en }),
    )

  it('may conceal more, never less', () => {
    const less = { arm: ['monitor'], conceals: ['F_EX'] }
    const more = { arm: ['monitor', 'auditor'], conceals: ['F_EX', 'F_LB.TROUGH'] }
    expect(changes(less, more)).toEqual([
      {
        code: 'blinding-tightened',
        severity: 'none',
        text: 'More is concealed from people who must not know arms: arm: monitor, arm: auditor, conceals: F_EX, conceals: F_LB.TROUGH, board: masked; it was arm: monitor, conceals: F_EX, board: masked.',
      },
    ])
    expect(changes(more, less)).toMatchObject([
      { code: 'blinding-loosened', severity: 'forbidden' },
    ])
    expect(changes(less, { ...less, board: 'shown' })).toMatchObject([
      { code: 'blinding-loosened' },
    ])
    expect(changes(less, less)).toEqual([])
  })
})
