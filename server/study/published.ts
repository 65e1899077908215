/**
 * Published versions, read and compiled once per process. A version never changes after publication, so nothing here ever
 * goes stale; whoever asks has passed row security for the study before.
 */
import type { LeftOut, Transaction } from '#db/client.ts'
import { type CompiledStudy, compileStudy } from '#domain/casebook/compile-study.ts'
import { keptBack, withoutConcealed } from '#domain/casebook/without-concealed.ts'
import type {
  CodeListDef,
  FormDef,
  ItemDef,
  ItemGroupDef,
  Label,
  StudyDefinition,
  StudyEventDef,
} from '#domain/definition/definition.ts'
import { studyDefinitionSchema } from '#domain/definition/definition.ts'
import type { Compiled } from '#domain/expression/compile.ts'
import { Problem } from '#domain/problem.ts'

export type PublishedStudy = {
  studyId: string
  number: number
  label: string
  hash: string
  definition: StudyDefinition
  compiled: CompiledStudy
  /** What was left out for a reader who must not know arms: labels of items by form, and OIDs of subject columns. */
  keptBack?: { items: ReadonlyMap<string, readonly Label[]>; columns: ReadonlySet<string> }
  forms: ReadonlyMap<string, FormDef>
  events: ReadonlyMap<string, StudyEventDef>
  codeLists: ReadonlyMap<string, CodeListDef>
  /** Items of a form by OID, with their group. */
  items: ReadonlyMap<string, ReadonlyMap<string, { item: ItemDef; group: ItemGroupDef }>>
  /** Forms behind the facts of a subject: anchor, state, columns. */
  subjectForms: ReadonlySet<string>
  /** Forms to load when a form changes: those its rules touch and, where it matters, those behind the subject's facts. */
  formsToLoad(form: string): readonly string[]
}

type VersionRow = { label: string; hash: string; definition: unknown }

const mostVersions = 200
const holder = globalThis as typeof globalThis & { casebookVersions?: Map<string, PublishedStudy> }

/**
 * The version of a study by number, for a concealing transaction without what it leaves out; throws `not-found` when it was
 * never published.
 */
export async function publishedStudy(
  tx: Transaction,
  studyId: string,
  number: number,
): Promise<PublishedStudy> {
  const whole = await wholeStudy(tx, studyId, number)
  return tx.leftOut ? lessened(whole, tx.leftOut) : whole
}

const lessenedBy = new WeakMap<LeftOut, Map<string, PublishedStudy>>()

function lessened(whole: PublishedStudy, leftOut: LeftOut): PublishedStudy {
  const versions = lessenedBy.get(leftOut) ?? new Map<string, PublishedStudy>()
  lessenedBy.set(leftOut, versions)
  const key = `${whole.studyId}/${whole.number}`
  const known = versions.get(key)
  if (known) return known
  const { studyId, number, label, hash } = whole
  const items = new Map(whole.definition.forms.map((form) => [form.oid, keptBack(form, leftOut)]))
  const published = {
    ...ready(studyId, number, { label, hash }, withoutConcealed(whole.definition, leftOut)),
    keptBack: { items, columns: leftOut.columns },
  }
  versions.set(key, published)
  return published
}

async function wholeStudy(
  tx: Transaction,
  studyId: string,
  number: number,
): Promise<PublishedStudy> {
  holder.casebookVersions ??= new Map()
  const versions = holder.casebookVersions
  const key = `${studyId}/${number}`
  const known = versions.get(key)
  if (known) return known
  const [row] = await tx.query<VersionRow>(
    'select label, hash, definition from casebook.study_version where study_id = $1 and number = $2',
    [studyId, number],
  )
  if (!row) throw new Problem('not-found')
  const published = publish(studyId, number, row)
  if (versions.size >= mostVersions) {
    const oldest = versions.keys().next()
    if (!oldest.done) versions.delete(oldest.value)
  }
  versions.set(key, published)
  return published
}

/** A stored version made ready for rules and lists. */
export function publish(studyId: string, number: number, row: VersionRow): PublishedStudy {
  return ready(studyId, number, row, studyDefinitionSchema.parse(row.definition))
}

function ready(
  studyId: string,
  number: number,
  row: Pick<VersionRow, 'label' | 'hash'>,
  definition: StudyDefinition,
): PublishedStudy {
  const compiled = compileStudy(definition)
  const subjectForms = formsOfSubject(definition, compiled)
  const toLoad = new Map<string, readonly string[]>()
  return {
    studyId,
    number,
    label: row.label,
    hash: row.hash,
    definition,
    compiled,
    subjectForms,
    formsToLoad(form) {
      let forms = toLoad.get(form)
      if (!forms) {
        const facts = subjectForms.has(form) ? subjectForms : []
        forms = [...new Set([form, ...compiled.formsReadBy(form), ...facts])]
        toLoad.set(form, forms)
      }
      return forms
    },
    forms: new Map(definition.forms.map((form) => [form.oid, form])),
    events: new Map(definition.events.map((event) => [event.oid, event])),
    codeLists: new Map(definition.codeLists.map((list) => [list.oid, list])),
    items: new Map(definition.forms.map((form) => [form.oid, itemsOf(form)])),
  }
}

/** Every form that anchor, states, columns or the variables they name can read, with the forms those derive from. */
function formsOfSubject(definition: StudyDefinition, compiled: CompiledStudy): Set<string> {
  const forms = new Set<string>()
  const variables = new Set<string>()
  const add = (rule: Reads | null | undefined) => {
    for (const { form } of [...(rule?.references ?? []), ...(rule?.collections ?? [])]) {
      for (const read of compiled.formsReadFor(form)) forms.add(read)
    }
    for (const oid of rule?.variables ?? []) {
      if (variables.has(oid)) continue
      variables.add(oid)
      add(compiled.variables.get(oid))
    }
  }
  const rules = [
    ...definition.subjectColumns.map(({ value }) => value),
    ...(definition.subjectStates ?? []).flatMap(({ rule, on }) =>
      on === undefined ? [rule] : [rule, on],
    ),
  ]
  for (const rule of rules) add(compiled.subject(rule))
  add(compiled.anchor)
  for (const { when, anchor } of compiled.events.values()) {
    add(when)
    add(anchor)
  }
  for (const item of [definition.visitDate, definition.visitOccurred]) {
    const form = item?.split('.')[0]
    if (form && forms.size > 0 && readsDates(compiled, forms)) forms.add(form)
  }
  return forms
}

/** Baselines and collections are ordered by visit dates, which then decide too. */
const readsDates = (compiled: CompiledStudy, forms: ReadonlySet<string>): boolean =>
  [...forms].some((form) => compiled.index.forms.get(form)?.occurs !== 'once')

type Reads = Pick<Compiled, 'references' | 'collections' | 'variables'>

function itemsOf(form: FormDef) {
  return new Map(
    form.groups.flatMap((group) => group.items.map((item) => [item.oid, { item, group }] as const)),
  )
}
