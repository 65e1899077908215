/** Look-ups over a definition that scope, environment and evaluation share; built once per published version. */
import type {
  CodeListDef,
  FixedRowDef,
  FormDef,
  ItemDef,
  ItemGroupDef,
  ParameterDef,
  StudyDefinition,
  StudyEventDef,
  VariableDef,
} from '#domain/definition/definition.ts'

/** An item with where it lives and what the engine asks of it on every keystroke. */
export type IndexedItem = {
  form: string
  group: ItemGroupDef
  item: ItemDef
  repeating: boolean
  /** Codes that may be chosen, and those that mean missing with their reason; null for items without a list. */
  codes: ReadonlySet<string> | null
  missingCodes: ReadonlyMap<string, string>
  /** Set by the system in a fixed row: the item that names the row. */
  isRowItem: boolean
}

export type IndexedForm = {
  form: FormDef
  items: ReadonlyMap<string, IndexedItem>
  groups: ReadonlyMap<string, ItemGroupDef>
  /** How often a subject can have it: once; once a visit; or any number of times. */
  occurs: 'once' | 'visits' | 'many'
  events: readonly StudyEventDef[]
  /** Fixed rows by group and key. */
  rows: ReadonlyMap<string, ReadonlyMap<string, FixedRowDef>>
}

export type StudyIndex = {
  forms: ReadonlyMap<string, IndexedForm>
  events: ReadonlyMap<string, StudyEventDef>
  /** Position of an event in the schedule. */
  eventOrder: ReadonlyMap<string, number>
  codeLists: ReadonlyMap<string, CodeListDef>
  variables: ReadonlyMap<string, VariableDef>
  parameters: ReadonlyMap<string, ParameterDef>
  /** `F_SV.SVSTDTC` taken apart; null where it names no item. */
  visitDate: { form: string; item: string } | null
  visitOccurred: { form: string; item: string } | null
  /** By convention: the items SEX and BRTHDTC of a form that exists once. */
  sex: IndexedItem | null
  birthDate: IndexedItem | null
  /** The first fixed row of each key, for `refHigh('CREAT')` outside a row. */
  anyRow: ReadonlyMap<string, FixedRowDef>
}

export function isRepeating(group: ItemGroupDef): boolean {
  return group.repeats !== 'none'
}

export function hasFixedRows(group: ItemGroupDef): boolean {
  return group.repeats === 'fixed' || group.repeats === 'fixedOpen'
}

/** Whether a person may add rows to the group. */
export function hasOpenRows(group: ItemGroupDef): boolean {
  return group.repeats === 'rows' || group.repeats === 'fixedOpen'
}

export function indexStudy(definition: StudyDefinition): StudyIndex {
  const codeLists = new Map(definition.codeLists.map((list) => [list.oid, list]))
  const forms = new Map<string, IndexedForm>()
  for (const form of definition.forms) forms.set(form.oid, indexForm(form, definition, codeLists))
  const anyRow = new Map<string, FixedRowDef>()
  for (const { rows } of forms.values()) {
    for (const byKey of rows.values()) {
      for (const [key, row] of byKey) if (!anyRow.has(key)) anyRow.set(key, row)
    }
  }
  return {
    forms,
    events: new Map(definition.events.map((event) => [event.oid, event])),
    eventOrder: new Map(definition.events.map((event, order) => [event.oid, order])),
    codeLists,
    variables: new Map(definition.variables.map((variable) => [variable.oid, variable])),
    parameters: new Map(definition.parameters.map((parameter) => [parameter.oid, parameter])),
    visitDate: itemAddress(definition.visitDate, forms),
    visitOccurred: itemAddress(definition.visitOccurred, forms),
    sex: conventional('SEX', forms),
    birthDate: conventional('BRTHDTC', forms),
    anyRow,
  }
}

function itemAddress(
  text: string | undefined,
  forms: ReadonlyMap<string, IndexedForm>,
): { form: string; item: string } | null {
  const [form = '', item = ''] = text?.split('.') ?? []
  return forms.get(form)?.items.has(item) ? { form, item } : null
}

function conventional(oid: string, forms: ReadonlyMap<string, IndexedForm>): IndexedItem | null {
  for (const form of forms.values()) {
    const item = form.items.get(oid)
    if (item && !item.repeating && form.occurs === 'once') return item
  }
  return null
}

function indexForm(
  form: FormDef,
  definition: StudyDefinition,
  codeLists: ReadonlyMap<string, CodeListDef>,
): IndexedForm {
  const items = new Map<string, IndexedItem>()
  const rows = new Map<string, Map<string, FixedRowDef>>()
  for (const group of form.groups) {
    rows.set(group.oid, new Map((group.rows ?? []).map((row) => [row.key, row])))
    for (const item of group.items) {
      if (items.has(item.oid)) continue
      const list = item.codeList === undefined ? undefined : codeLists.get(item.codeList)
      const allowed = item.codes === undefined ? null : new Set(item.codes)
      const offered = list?.codes.filter(({ code }) => allowed === null || allowed.has(code))
      items.set(item.oid, {
        form: form.oid,
        group,
        item,
        repeating: isRepeating(group),
        codes:
          offered === undefined
            ? allowed
            : new Set(
                offered.filter(({ missing }) => missing === undefined).map(({ code }) => code),
              ),
        missingCodes: new Map(
          (offered ?? []).flatMap(({ code, missing }) =>
            missing === undefined ? [] : [[code, missing] as const],
          ),
        ),
        isRowItem: hasFixedRows(group) && group.rowItem === item.oid,
      })
    }
  }
  const events = definition.events.filter((event) =>
    event.forms.some((entry) => entry.form === form.oid),
  )
  const [only] = events
  const once = events.length <= 1 && only?.kind !== 'unscheduled' && !form.repeats
  return {
    form,
    items,
    groups: new Map(form.groups.map((group) => [group.oid, group])),
    occurs: form.repeats ? 'many' : once ? 'once' : 'visits',
    events,
    rows,
  }
}
