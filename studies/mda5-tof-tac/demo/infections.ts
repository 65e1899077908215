/**
 * The infections of the published listings (11 subjects in each group), with the findings that the report's text gives. Its
 * definition of fungal pneumonia asks for a new HRCT change, which not all of the listed subjects had.
 */
import type { Values } from './chart.ts'

export type Infection = {
  /** Days after the first infection of the subject. */
  later: number
  preferredTerm: string
  verbatim: string
  values: Values
}

const infection = (
  preferredTerm: string,
  verbatim: string,
  type: string,
  treatment: readonly string[],
  values: Values,
  later = 0,
): Infection => ({
  later,
  preferredTerm,
  verbatim,
  values: { INFTYPE: type, ...values, INFRX: treatment.length === 0 ? ['NONE'] : [...treatment] },
})

const fungal = (treatment: readonly string[], values: Values, later = 0) =>
  infection('Pneumonia fungal', '肺部真菌感染', 'FUNGAL_PULM', treatment, values, later)
const bacterial = (organism: string, treatment: readonly string[]) =>
  infection('Pneumonia bacterial', '肺部细菌感染', 'BACTERIAL_PULM', treatment, {
    INFHRCT: 'Y',
    INFCULT: 'Y',
    INFORG: organism,
  })
const oral = (treatment: readonly string[]) =>
  infection('Oral candidiasis', '口腔念珠菌感染', 'ORAL_CANDIDA', treatment, {
    INFCULT: 'Y',
    INFORG: '白色念珠菌',
    INFLEUK: 'Y',
  })
const zoster = (later = 0) => infection('Herpes zoster', '带状疱疹', 'HERPES_ZOSTER', [], {}, later)
const ebv = (load: number, treatment: readonly string[], later = 0) =>
  infection(
    'Epstein-Barr virus infection reactivation',
    'EB 病毒再激活',
    'EBV',
    treatment,
    { INFEBV: String(load) },
    later,
  )
const cmv = (load: number, treatment: readonly string[], later = 0) =>
  infection(
    'Cytomegalovirus infection reactivation',
    '巨细胞病毒再激活',
    'CMV',
    treatment,
    { INFCMV: String(load) },
    later,
  )

export const listings: Readonly<Record<string, readonly Infection[]>> = {
  TAC1: [fungal(['FLUCONAZOLE'], { INFHRCT: 'N', INFBDG: '186.4' })],
  TAC2: [oral(['FLUCONAZOLE']), fungal(['SMZ'], { INFHRCT: 'Y', INFBDG: '241.7' }, 2)],
  TAC3: [zoster()],
  TAC4: [
    oral(['FLUCONAZOLE']),
    fungal(['CASPOFUNGIN', 'SMZ'], { INFHRCT: 'Y', INFBDG: '412.0' }, 3),
  ],
  TAC5: [oral(['FLUCONAZOLE']), ebv(1260, [], 4)],
  TAC6: [
    fungal(['CASPOFUNGIN'], { INFHRCT: 'Y', INFCULT: 'Y', INFORG: '白色念珠菌' }),
    ebv(3420, ['GANCICLOVIR'], 3),
  ],
  TAC7: [
    fungal(['VORICONAZOLE'], { INFHRCT: 'Y', INFBDG: '278.9', INFGM: '1.42' }),
    ebv(870, [], 2),
  ],
  TAC8: [fungal(['SMZ'], { INFHRCT: 'N', INFBDG: '163.2' }), ebv(2150, [], 1)],
  TAC9: [fungal(['FLUCONAZOLE'], { INFHRCT: 'Y', INFCULT: 'Y', INFORG: '光滑念珠菌' })],
  TAC10: [bacterial('铜绿假单胞菌', ['IMIPENEM_CILASTATIN'])],
  TAC11: [bacterial('鲍曼不动杆菌', ['IMIPENEM_CILASTATIN', 'LINEZOLID'])],
  TOF1: [
    fungal(['CASPOFUNGIN', 'VORICONAZOLE', 'POSACONAZOLE', 'AMPHOTERICIN_B'], {
      INFHRCT: 'ND',
      INFBDG: '356.1',
      INFGM: '0.88',
      INFBX: 'Y',
      INFORG: '烟曲霉',
    }),
    cmv(6840, ['GANCICLOVIR'], 5),
    ebv(1530, ['GANCICLOVIR'], 5),
  ],
  TOF2: [oral([]), zoster(21)],
  TOF3: [ebv(4210, ['GANCICLOVIR'])],
  TOF4: [cmv(2960, ['GANCICLOVIR']), zoster(33)],
  TOF5: [fungal(['SMZ'], { INFHRCT: 'Y', INFBDG: '224.5' })],
  TOF6: [cmv(780, [])],
  TOF7: [oral(['FLUCONAZOLE'])],
  TOF8: [
    infection('Sepsis', '脓毒症（肺部感染进展）', 'SEPSIS', ['IMIPENEM_CILASTATIN', 'VANCOMYCIN'], {
      INFORG: '溶血葡萄球菌',
      INFBACT: 'Y',
      INFSYS: 'Y',
    }),
  ],
  TOF9: [fungal(['VORICONAZOLE'], { INFHRCT: 'ND', INFGM: '1.15', INFNGS: 'Y', INFORG: '曲霉属' })],
  TOF10: [fungal(['VORICONAZOLE'], { INFHRCT: 'Y', INFCULT: 'Y', INFORG: '烟曲霉' })],
  TOF11: [fungal(['VORICONAZOLE'], { INFHRCT: 'Y', INFBDG: '197.3', INFGM: '0.64' })],
}

/** Listed subjects who died of the infection itself. */
export const fatal = ['TAC10', 'TAC11', 'TOF8']
