/**
 * Two randomised subjects, one in each arm, whose casebooks hold the word "quokka" in everything that can tell the arm. They
 * are entered while the study is open label; then the next version conceals, as a test wants it.
 */
import type { StudyDefinition } from '#domain/definition/definition.ts'
import { freezeList } from '../allocation/freeze-list.ts'
import { generateList } from '../allocation/generate-list.ts'
import { takeCut } from '../cut/take-cut.ts'
import { storeFile } from '../file/store-file.ts'
import { completeForm } from '../form/complete-form.ts'
import { signForm } from '../form/sign-form.ts'
import { raiseQuery } from '../query/raise-query.ts'
import { randomiseSubject } from '../subject/randomise-subject.ts'
import { publishNext } from './amendment.ts'
import { blindedDefinition } from './blinded-definition.ts'
import type { Asked } from './questions.ts'
import { aScreenedSubject, aWorld, key, password, save, values, type World } from './world.ts'

export type BlindedSubject = {
  subjectId: string
  subjectKey: string
  number: string
  arm: string
  /** Records by form, at the visit where each was entered. */
  records: Readonly<Record<string, string>>
  /** About a concealed item, and about one that is not. */
  hiddenQueryId: string
  openQueryId: string
  fileId: string
}
export type BlindedWorld = World & { subjects: readonly BlindedSubject[]; asked: Asked }

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** `next`: what conceals; the subjects stay on the open version before it. */
export async function aBlindedWorld(next: StudyDefinition | null): Promise<BlindedWorld> {
  const world = await aWorld({ definition: blindedDefinition(true) })
  const { studyId } = world
  const keeper = world.people['allocation-statistician']
  const { listId } = await generateList.execute(keeper, {
    studyId,
    stratum: 'PM',
    size: 40,
    seed: 'a seed of the blinded study that is long enough',
    blocks: [2],
    key: key(),
  })
  await freezeList.execute(keeper, { studyId, listId, key: key() })
  const subjects = [await aSubject(world), await aSubject(world)]
  if (next) await publishNext(world.database.ownerPool, studyId, { ...next, version: '2' })
  const cutter = await world.person('statistician', 'study')
  for (const arms of ['masked', 'shown'] as const)
    await takeCut.execute(cutter, {
      studyId,
      name: `Cut with arms ${arms}`,
      purpose: 'dsmb',
      reason: 'for the board',
      arms,
      key: key(),
    })
  return { ...world, subjects, asked: askedAbout(subjects) }
}

async function aSubject(world: World): Promise<BlindedSubject> {
  const { studyId, people } = world
  const { subjectId, subjectKey } = await aScreenedSubject(world)
  const records: Record<string, string> = {}
  const enter = async (event: string, form: string, given: Parameters<typeof values>[0]) => {
    const saved = await save(world, { subjectId, event, form, formRepeat: null }, values(given))
    const [refused] = saved.refused
    if (refused) throw new Error(`${form} ${refused.path}: ${refused.problem.message}`)
    records[form] = saved.recordId
    return saved
  }
  await enter('SCR', 'F_ICF', { RFICDTC: '2026-01-04' })
  const { recordId, revision } = await enter('SCR', 'F_DX', { DIAG: 'PM', ELIG: 'Y' })
  const step = { studyId, recordId, key: key() }
  const complete = await completeForm.execute(people.coordinator, { ...step, revision })
  const signing = { ...step, revision: complete.revision, password, key: key() }
  await signForm.execute(people.investigator, signing)
  const allocated = { studyId, subjectId, key: key() }
  const { number, arm } = await randomiseSubject.execute(people.investigator, allocated)
  const { fileId } = await storeFile.execute(people.coordinator, {
    studyId,
    subjectId,
    name: 'quokka.png',
    content: png,
  })
  await enter('W0', 'F_VS', { WEIGHT: '70', DRUG: 'quokka given', SCAN: fileId })
  await enter('W0', 'F_DOSE', { MG: '240', DOSEDRUG: 'quokka dose' })
  await enter('W0', 'F_LB', { 'LB[CREAT].LBORRES': '70', 'LB[CREAT].LBDRUG': 'quokka trough' })
  await enter('LOG', 'F_AE', {
    AETERM: 'Headache',
    AESTDTC: '2026-02',
    AESER: 'Y',
    AEDRUG: 'quokka related',
  })
  if (arm === 'ARM1ZEBRA') {
    await enter('W0', 'F_ONLY', { ONLYTEXT: 'quokka alone' })
  }
  const ask = (path: string, text: string) =>
    raiseQuery.execute(people.monitor, {
      studyId,
      recordId: records.F_VS as string,
      path,
      text,
      key: key(),
    })
  const hidden = await ask('DRUG', 'Why quokka?')
  const open = await ask('WEIGHT', 'Is it right?')
  return {
    subjectId,
    subjectKey,
    number,
    arm,
    records,
    fileId,
    hiddenQueryId: hidden.queryId,
    openQueryId: open.queryId,
  }
}

function askedAbout(subjects: readonly BlindedSubject[]): Asked {
  const { forms, events, reports } = blindedDefinition(true)
  const pathsOf = (form: string) =>
    (forms.find(({ oid }) => oid === form)?.groups ?? []).flatMap((group) =>
      group.items.map(({ oid }) => (group.repeats === 'none' ? oid : `${group.oid}[CREAT].${oid}`)),
    )
  return {
    subjectIds: subjects.map(({ subjectId }) => subjectId),
    subjectKeys: subjects.map(({ subjectKey }) => subjectKey),
    cuts: [1, 2],
    records: subjects.flatMap(({ records }) =>
      Object.entries(records).map(([form, recordId]) => ({ recordId, paths: pathsOf(form) })),
    ),
    queryIds: subjects.flatMap(({ hiddenQueryId, openQueryId }) => [hiddenQueryId, openQueryId]),
    places: events.flatMap((event) => event.forms.map(({ form }) => ({ event: event.oid, form }))),
    forms: forms.map(({ oid }) => oid),
    reports: reports.map(({ oid }) => oid),
    nextVersion: 2,
    text: 'quokka',
  }
}
