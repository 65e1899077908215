/** Two screened subjects who were not eligible; the paper prints no reasons, these are plausible ones. */

import type { DemoPlan } from '#studies/demo/plan.ts'
import { eligibility } from './cohort.ts'

export const screenFailures: readonly DemoPlan[] = [
  {
    site: '05',
    screenedOn: '2015-09-02',
    randomisedOn: null,
    stratum: null,
    arm: null,
    after: [],
    brokenOff: true,
    before: [
      { event: 'SCR', form: 'F_SUBJ', values: { SCRNDTC: '2015-09-02' } },
      {
        event: 'SCR',
        form: 'F_ICF',
        values: { ICFREQ: 'Y', RFICDTC: '2015-09-02', ICFVER: '1.0' },
      },
      { event: 'SCR', form: 'F_DM', values: { BRTHDTC: '1949-02-11', SEX: 'M', RACE: 'ASIAN' } },
      {
        event: 'SCR',
        form: 'F_SV',
        values: { SVOCCUR: 'Y', SVSTDTC: '2015-09-02', SVCNTMOD: 'IN_PERSON' },
      },
      {
        event: 'SCR',
        form: 'F_ILD',
        values: { ILDSTDTC: '2015-07', ILDDXDTC: '2015-08-28', ILDHRCT: 'N', ILDFORM: 'ACSUB' },
      },
      { event: 'SCR', form: 'F_IE', values: eligibility(false, { IN03: 'N' }) },
    ],
  },
  {
    site: '09',
    screenedOn: '2016-11-14',
    randomisedOn: null,
    stratum: null,
    arm: null,
    after: [],
    brokenOff: true,
    before: [
      { event: 'SCR', form: 'F_SUBJ', values: { SCRNDTC: '2016-11-14' } },
      {
        event: 'SCR',
        form: 'F_ICF',
        values: { ICFREQ: 'Y', RFICDTC: '2016-11-14', ICFVER: '1.0' },
      },
      { event: 'SCR', form: 'F_DM', values: { BRTHDTC: '1958-06-30', SEX: 'F', RACE: 'ASIAN' } },
      {
        event: 'SCR',
        form: 'F_SV',
        values: { SVOCCUR: 'Y', SVSTDTC: '2016-11-14', SVCNTMOD: 'IN_PERSON' },
      },
      { event: 'SCR', form: 'F_MH', values: { 'MH[TB].MHOCCUR': 'Y', 'MH[TB].MHONGO': 'Y' } },
      { event: 'SCR', form: 'F_IE', values: eligibility(true, { EX02: 'Y' }) },
    ],
  },
]
