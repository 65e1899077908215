/** The fixture with scans that blinded readers read: entered at a visit, read by two, differences resolved by one. */
import { type StudyDefinition, studyDefinitionSchema } from '#domain/definition/definition.ts'
import { fixtureDefinition } from './fixture-definition.ts'

const label = (en: string) => ({ en })
const image = { oid: 'HRKEY', label: label('Key'), type: 'text', length: 20, required: true }

export const readingDefinition: StudyDefinition = studyDefinitionSchema.parse({
  ...fixtureDefinition,
  forms: [
    ...fixtureDefinition.forms,
    { oid: 'F_SCAN', label: label('Scan'), groups: [{ oid: 'SCAN', items: [image] }] },
    {
      oid: 'F_READ',
      label: label('Reading'),
      repeats: true,
      for: ['image-reader'],
      reading: { reader: 'READER', image: 'HRKEY', readers: 2, adjudication: 'F_ADJ' },
      groups: [
        {
          oid: 'READ',
          items: [
            image,
            { oid: 'READER', label: label('Reader'), type: 'text', length: 10 },
            { oid: 'SCORE', label: label('Score'), type: 'integer', required: true, hard: [0, 20] },
            {
              oid: 'DOUBLE',
              label: label('Twice'),
              type: 'integer',
              derive: 'SCORE * 2',
            },
          ],
        },
      ],
    },
    {
      oid: 'F_ADJ',
      label: label('Resolution'),
      repeats: true,
      for: ['image-reader'],
      groups: [
        {
          oid: 'ADJ',
          items: [
            image,
            { oid: 'FINAL', label: label('Final score'), type: 'integer', required: true },
          ],
        },
      ],
    },
    {
      oid: 'F_SUM',
      label: label('Summary'),
      groups: [
        {
          oid: 'SUM',
          items: [
            { oid: 'REMARK', label: label('Remark'), type: 'text', length: 100 },
            {
              oid: 'WORST',
              label: label('Worst score'),
              type: 'integer',
              derive: 'F_READ.max(r, r.SCORE)',
            },
          ],
        },
      ],
    },
  ],
  events: fixtureDefinition.events.map((event) =>
    event.oid === 'W0'
      ? { ...event, forms: [...event.forms, { form: 'F_SCAN' }, { form: 'F_SUM' }] }
      : event.oid === 'LOG'
        ? {
            ...event,
            forms: [
              ...event.forms,
              { form: 'F_READ', required: false },
              { form: 'F_ADJ', required: false },
            ],
          }
        : event,
  ),
  checks: [
    ...fixtureDefinition.checks,
    {
      id: 'EC-90',
      form: 'F_READ',
      item: 'SCORE',
      level: 'soft',
      at: 'save',
      rule: 'F_READ.exists(r, r.HRKEY == HRKEY && r.SCORE != SCORE)',
      message: label('Another reader scored otherwise.'),
    },
    {
      id: 'EC-91',
      form: 'F_READ',
      item: 'HRKEY',
      level: 'hard',
      rule: 'missing(F_SCAN.HRKEY)',
      message: label('There is no scan.'),
    },
    {
      id: 'EC-92',
      form: 'F_READ',
      item: 'SCORE',
      level: 'soft',
      at: 'save',
      rule: 'SCORE > 15',
      message: label('The score is high.'),
    },
  ],
})
