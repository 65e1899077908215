/** A small study that has one of everything the server handles: gates, limits, derivations, checks, logs, grids, allocation. */
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'

const label = (en: string) => ({ en })
const yesNo = { type: 'code', codeList: 'CL_NY' } as const

export const fixtureDefinition: StudyDefinition = studyDefinitionSchema.parse({
  oid: 'FIXTURE',
  name: label('Fixture'),
  title: label('A study for tests'),
  protocol: { version: '1' },
  version: '1.0',
  languages: ['en'],
  mode: 'prospective',
  anchor: 'dateOf(F_RAND.RANDDTC)',
  consent: 'F_ICF.RFICDTC',
  visitDate: 'F_SV.SVSTDTC',
  visitOccurred: 'F_SV.SVOCCUR',
  subjectColumns: [
    { oid: 'DIAG', label: label('Diagnosis'), value: 'F_DX.DIAG' },
    { oid: 'ARM', label: label('Arm'), value: 'F_RAND.ARMCD' },
  ],
  codeLists: [
    {
      oid: 'CL_NY',
      codes: [
        { code: 'Y', label: label('Yes') },
        { code: 'N', label: label('No') },
      ],
    },
    {
      oid: 'CL_DIAG',
      codes: [
        { code: 'PM', label: label('Polymyositis') },
        { code: 'DM', label: label('Dermatomyositis') },
      ],
    },
    {
      oid: 'CL_ARM',
      codes: [
        { code: 'A', label: label('Arm A') },
        { code: 'B', label: label('Arm B') },
      ],
    },
    {
      oid: 'CL_GRADE',
      codes: ['1', '2', '3', '4', '5'].map((code) => ({ code, label: label(`Grade ${code}`) })),
    },
    {
      oid: 'CL_TEST',
      codes: [
        { code: 'CREAT', label: label('Creatinine') },
        { code: 'ALT', label: label('ALT') },
      ],
    },
  ],
  forms: [
    {
      oid: 'F_SUBJ',
      label: label('Screening log'),
      groups: [
        {
          oid: 'SUBJ',
          items: [
            { oid: 'SCRNDTC', label: label('Screening date'), type: 'date', required: true },
            { oid: 'NOTE', label: label('Note'), type: 'text', length: 200 },
          ],
        },
      ],
    },
    {
      oid: 'F_ICF',
      label: label('Consent'),
      groups: [
        {
          oid: 'ICF',
          items: [{ oid: 'RFICDTC', label: label('Consent date'), type: 'date', required: true }],
        },
      ],
    },
    {
      oid: 'F_DX',
      label: label('Diagnosis'),
      signature: { meaning: label('The diagnosis is mine.'), required: true },
      groups: [
        {
          oid: 'DX',
          items: [
            {
              oid: 'DIAG',
              label: label('Diagnosis'),
              type: 'code',
              codeList: 'CL_DIAG',
              required: true,
            },
            { oid: 'ELIG', label: label('Eligible'), ...yesNo, required: true },
          ],
        },
      ],
    },
    {
      oid: 'F_RAND',
      label: label('Randomisation'),
      system: true,
      date: 'RANDDTC',
      groups: [
        {
          oid: 'RAND',
          items: [
            { oid: 'RANDSTR', label: label('Stratum'), type: 'code', codeList: 'CL_DIAG' },
            { oid: 'RANDNO', label: label('Number'), type: 'text', length: 20 },
            { oid: 'RANDDTC', label: label('Date and time'), type: 'dateTime' },
            { oid: 'ARMCD', label: label('Arm'), type: 'code', codeList: 'CL_ARM' },
            { oid: 'RANDBY', label: label('By'), type: 'text', length: 100 },
          ],
        },
      ],
    },
    {
      oid: 'F_SV',
      label: label('Visit'),
      groups: [
        {
          oid: 'SV',
          items: [
            { oid: 'SVOCCUR', label: label('Held'), ...yesNo, required: true },
            {
              oid: 'SVSTDTC',
              label: label('Visit date'),
              type: 'date',
              when: "SVOCCUR == 'Y'",
              required: true,
            },
          ],
        },
      ],
    },
    {
      oid: 'F_VS',
      label: label('Vital signs'),
      groups: [
        {
          oid: 'VS',
          items: [
            {
              oid: 'WEIGHT',
              label: label('Weight'),
              type: 'decimal',
              length: 5,
              digits: 1,
              unit: 'kg',
              soft: [30, 120],
              hard: [15, 300],
              required: true,
            },
            {
              oid: 'HEIGHT',
              label: label('Height'),
              type: 'decimal',
              length: 5,
              digits: 1,
              unit: 'cm',
              hard: [100, 230],
            },
            {
              oid: 'BMI',
              label: label('BMI'),
              type: 'decimal',
              length: 5,
              digits: 1,
              derive: 'WEIGHT / ((HEIGHT / 100) * (HEIGHT / 100))',
            },
            { oid: 'VSDTC', label: label('Date'), type: 'date' },
            { oid: 'O2', label: label('Oxygen'), ...yesNo },
            {
              oid: 'FLOW',
              label: label('Flow'),
              type: 'decimal',
              length: 4,
              digits: 1,
              when: "O2 == 'Y'",
            },
            { oid: 'SYS', label: label('Systolic'), type: 'integer', hard: [40, 300] },
            { oid: 'DIA', label: label('Diastolic'), type: 'integer', hard: [20, 200] },
            { oid: 'SCAN', label: label('Scan'), type: 'file' },
          ],
        },
      ],
    },
    {
      oid: 'F_DOSE',
      label: label('Dose'),
      groups: [
        {
          oid: 'DOSE',
          items: [
            { oid: 'MG', label: label('Daily dose'), type: 'decimal', length: 6, digits: 1 },
            {
              oid: 'MGKG',
              label: label('Dose per kg'),
              type: 'decimal',
              length: 6,
              digits: 2,
              derive: 'MG / F_VS.WEIGHT',
            },
          ],
        },
      ],
    },
    {
      oid: 'F_LB',
      label: label('Laboratory'),
      groups: [
        {
          oid: 'LB',
          repeats: 'fixed',
          layout: 'grid',
          rowItem: 'LBTESTCD',
          rows: [
            { key: 'CREAT', label: label('Creatinine'), soft: [20, 400], hard: [5, 2500] },
            { key: 'ALT', label: label('ALT') },
          ],
          rowSets: { SAFETY: ['CREAT'] },
          items: [
            { oid: 'LBTESTCD', label: label('Test'), type: 'code', codeList: 'CL_TEST' },
            {
              oid: 'LBORRES',
              label: label('Result'),
              type: 'decimal',
              length: 12,
              digits: 4,
              soft: 'row',
              hard: 'row',
            },
          ],
        },
      ],
    },
    {
      oid: 'F_AE',
      label: label('Adverse event'),
      repeats: true,
      title: 'AETERM',
      date: 'AESTDTC',
      groups: [
        {
          oid: 'AE',
          items: [
            { oid: 'AETERM', label: label('Term'), type: 'text', length: 200, required: true },
            { oid: 'AESTDTC', label: label('Start'), type: 'partialDate', required: true },
            { oid: 'AEENDTC', label: label('End'), type: 'partialDate' },
            { oid: 'AETOXGR', label: label('Grade'), type: 'code', codeList: 'CL_GRADE' },
            { oid: 'AESER', label: label('Serious'), ...yesNo, required: true },
          ],
        },
      ],
    },
  ],
  events: [
    {
      oid: 'SCR',
      label: label('Screening'),
      kind: 'screening',
      forms: [{ form: 'F_SUBJ' }, { form: 'F_ICF' }, { form: 'F_DX' }, { form: 'F_VS' }],
    },
    {
      oid: 'W0',
      label: label('Week 0'),
      kind: 'baseline',
      day: 1,
      window: [0, 0],
      forms: [{ form: 'F_RAND' }, { form: 'F_SV' }, { form: 'F_VS' }, { form: 'F_DOSE' }],
    },
    {
      oid: 'W4',
      label: label('Week 4'),
      kind: 'scheduled',
      day: 29,
      window: [-3, 3],
      forms: [
        { form: 'F_SV' },
        { form: 'F_VS' },
        { form: 'F_DOSE' },
        { form: 'F_LB', rows: 'SAFETY', required: false },
      ],
    },
    {
      oid: 'UNS',
      label: label('Unscheduled'),
      kind: 'unscheduled',
      forms: [{ form: 'F_VS', required: false }],
    },
    { oid: 'LOG', label: label('Logs'), kind: 'log', forms: [{ form: 'F_AE' }] },
  ],
  checks: [
    {
      id: 'EC-01',
      form: 'F_VS',
      item: 'DIA',
      level: 'hard',
      at: 'save',
      rule: 'DIA >= SYS',
      message: label('The diastolic pressure {DIA} is not below the systolic {SYS}.'),
    },
    {
      id: 'EC-02',
      form: 'F_AE',
      item: 'AEENDTC',
      level: 'hard',
      at: 'complete',
      rule: 'AEENDTC < AESTDTC',
      message: label('The end lies before the start.'),
    },
    {
      id: 'EC-03',
      form: 'F_DOSE',
      item: 'MGKG',
      level: 'soft',
      at: 'save',
      rule: 'MGKG > 2',
      message: label('The dose per kg is high.'),
    },
  ],
  allocation: {
    form: 'F_RAND',
    stratum: 'F_DX.DIAG',
    strata: [
      { code: 'PM', label: label('Polymyositis') },
      { code: 'DM', label: label('Dermatomyositis') },
    ],
    arms: [
      { code: 'A', label: label('Arm A'), ratio: 1 },
      { code: 'B', label: label('Arm B'), ratio: 1 },
    ],
    openLabel: true,
    preconditions: [
      {
        id: 'consent',
        label: label('Consent'),
        rule: 'known(F_ICF.RFICDTC)',
        form: 'F_ICF',
        problem: 'consent-missing',
      },
      {
        id: 'eligible',
        label: label('Eligible'),
        rule: "F_DX.ELIG == 'Y'",
        form: 'F_DX',
        problem: 'not-eligible',
      },
      {
        id: 'signed',
        label: label('Signed'),
        rule: 'signed(F_DX)',
        form: 'F_DX',
        problem: 'eligibility-not-signed',
      },
      {
        id: 'stratum',
        label: label('Diagnosis known'),
        rule: 'known(F_DX.DIAG)',
        form: 'F_DX',
        problem: 'stratum-unknown',
      },
    ],
  },
  populations: [{ oid: 'ITT', label: label('Randomised'), rule: 'known(F_RAND.RANDNO)' }],
  reports: [
    {
      kind: 'flow',
      oid: 'R1',
      title: label('Flow'),
      steps: [{ label: label('Screened'), rule: 'true' }],
    },
  ],
})
