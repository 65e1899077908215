/**
 * What stands between a keystroke and the server, so that none is lost. The inputs hold what is on the screen; this store
 * holds what differs from the last state the server confirmed, keeps it on this computer until it is confirmed, sends it in
 * order, and remembers per item what came back: saved, refused, or changed meanwhile by somebody else. It knows no React
 * and no network; both are handed in, so the rules can be tested without either.
 */
import type {
  FormEvaluation,
  FormState,
  FormValues,
  ItemPath,
  StoredValue,
} from '#domain/casebook/record.ts'
import { sameValue } from '#domain/casebook/record.ts'
import type { ItemChange, QuerySummary, SaveResult } from '#domain/casebook/views.ts'
import type { ProblemMessage } from '#domain/problem.ts'

export type Edit = { to: StoredValue | null; reason?: string }
/** `attention`: what is left was refused or changed meanwhile; nothing more goes by itself. */
export type SaveStatus = 'saved' | 'pending' | 'saving' | 'kept' | 'needsReason' | 'attention'

export type Sent = { changes: readonly ItemChange[]; key: string }
export type SendOutcome =
  | { ok: true; result: SaveResult }
  /** Nobody was reached, or the session ended: the changes stay and are sent again later. */
  | { ok: false; retry: true; problem: ProblemMessage | null }
  /** The server answered no to the whole request. */
  | { ok: false; retry: false; problem: ProblemMessage }

export type EntryStoreOptions = {
  saved: FormValues
  revision: number
  state: FormState
  recordId: string | null
  evaluation: FormEvaluation
  queries: readonly QuerySummary[]
  send: (sent: Sent) => Promise<SendOutcome>
  /** Recomputes what rules say about values on the screen; null until the rules are loaded. */
  evaluate: (values: FormValues) => FormEvaluation | null
  keeper: EditKeeper
  newKey: () => string
  /** Milliseconds to wait after the last committed change before sending. */
  delay?: number
  schedule?: (run: () => void, ms: number) => () => void
}

/** Where unconfirmed edits survive a closed tab: `read` at start, `write` after every change, `clear` when all is saved. */
export type EditKeeper = {
  read: () => Readonly<Record<ItemPath, Edit>> | null
  write: (edits: Readonly<Record<ItemPath, Edit>>) => void
  clear: () => void
}

export type EntrySnapshot = {
  values: FormValues
  saved: FormValues
  evaluation: FormEvaluation
  queries: readonly QuerySummary[]
  edits: ReadonlyMap<ItemPath, Edit>
  refused: ReadonlyMap<ItemPath, ProblemMessage>
  conflicts: ReadonlyMap<ItemPath, { theirs: StoredValue | null; by: string; at: string }>
  status: SaveStatus
  savedAt: string | null
  problem: ProblemMessage | null
  recordId: string | null
  revision: number
  state: FormState
  alsoChanged: SaveResult['alsoChanged']
}

/** Milliseconds until a save that reached nobody is tried again. */
const retryAfter = 5000

const defaultSchedule = (run: () => void, ms: number) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

export class EntryStore {
  #snapshot: EntrySnapshot
  #listeners = new Set<() => void>()
  #cancelTimer: (() => void) | null = null
  #sending: Promise<void> | null = null
  #unanswered: Sent | null = null
  #held: ItemPath | null = null
  readonly #options: EntryStoreOptions
  readonly #delay: number
  readonly #schedule: (run: () => void, ms: number) => () => void

  constructor(options: EntryStoreOptions) {
    this.#options = options
    this.#delay = options.delay ?? 500
    this.#schedule = options.schedule ?? defaultSchedule
    const edits = new Map<ItemPath, Edit>()
    for (const [path, edit] of Object.entries(options.keeper.read() ?? {})) {
      if (!sameValue(edit.to, options.saved[path])) edits.set(path, edit)
    }
    this.#snapshot = {
      values: applied(options.saved, edits),
      saved: options.saved,
      evaluation: options.evaluation,
      queries: options.queries,
      edits,
      refused: new Map(),
      conflicts: new Map(),
      status: edits.size > 0 ? 'kept' : 'saved',
      savedAt: null,
      problem: null,
      recordId: options.recordId,
      revision: options.revision,
      state: options.state,
      alsoChanged: [],
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): EntrySnapshot => this.#snapshot

  /** Puts a value on the way; typing back to the saved value takes it off again. */
  change(path: ItemPath, to: StoredValue | null): void {
    const edits = new Map(this.#snapshot.edits)
    const reason = edits.get(path)?.reason
    if (sameValue(to, this.#snapshot.saved[path])) edits.delete(path)
    else edits.set(path, reason === undefined ? { to } : { to, reason })
    this.#withEdits(edits, path)
  }

  /**
   * The item being typed in is kept on this computer at every keystroke but sent only when it is left (`null`), so a
   * half-typed value never becomes a saved one.
   */
  hold(path: ItemPath | null): void {
    if (this.#held === path) return
    this.#held = path
    if (path === null) this.#plan()
  }

  /** Gives the reason that a change of a saved value needs. */
  giveReason(path: ItemPath, reason: string): void {
    const edit = this.#snapshot.edits.get(path)
    if (!edit || reason.trim() === '') return
    const edits = new Map(this.#snapshot.edits)
    edits.set(path, { ...edit, reason: reason.trim() })
    this.#withEdits(edits, path)
  }

  /** Takes the item back to what the server has. */
  revert(path: ItemPath): void {
    const edits = new Map(this.#snapshot.edits)
    edits.delete(path)
    this.#withEdits(edits, path)
  }

  /** Resolves a conflict: keep mine (needs a reason, as theirs was saved) or take theirs. */
  resolve(path: ItemPath, choice: 'mine' | 'theirs'): void {
    if (choice === 'theirs') this.revert(path)
    else {
      const conflicts = new Map(this.#snapshot.conflicts)
      conflicts.delete(path)
      this.#set({ conflicts })
      this.#settle()
      this.#plan()
    }
  }

  needsReason(path: ItemPath): boolean {
    const edit = this.#snapshot.edits.get(path)
    return (
      edit !== undefined && edit.reason === undefined && this.#snapshot.saved[path] !== undefined
    )
  }

  /** Recomputes rules for what is on the screen, e.g. once the rules have been loaded. */
  reevaluate(): void {
    const evaluation = this.#options.evaluate(this.#snapshot.values)
    if (evaluation) this.#set({ evaluation })
  }

  /** Sends everything that may go now; resolves when the server has answered. */
  async flush(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    while (this.#sending) await this.#sending
    const sent = this.#unanswered ?? this.#nextToSend()
    if (!sent) return
    this.#set({ status: 'saving' })
    this.#unanswered = sent
    this.#sending = this.#exchange(sent).finally(() => {
      this.#sending = null
    })
    await this.#sending
    if (this.#unanswered === null && this.#nextToSend()) await this.flush()
  }

  /** State told from outside (completed, signed, query raised). */
  adopt(
    changes: Partial<
      Pick<EntrySnapshot, 'state' | 'revision' | 'recordId' | 'queries' | 'evaluation'>
    >,
  ): void {
    this.#set(changes)
  }

  #nextToSend(): Sent | null {
    const changes: ItemChange[] = []
    for (const [path, edit] of this.#snapshot.edits) {
      if (
        path === this.#held ||
        this.needsReason(path) ||
        this.#snapshot.conflicts.has(path) ||
        this.#snapshot.refused.has(path)
      )
        continue
      const from = this.#snapshot.saved[path] ?? null
      changes.push(
        edit.reason === undefined
          ? { path, from, to: edit.to }
          : { path, from, to: edit.to, reason: edit.reason },
      )
    }
    return changes.length === 0 ? null : { changes, key: this.#options.newKey() }
  }

  async #exchange(sent: Sent): Promise<void> {
    const outcome = await this.#options.send(sent)
    if (outcome.ok) {
      this.#unanswered = null
      this.#accept(sent, outcome.result)
      return
    }
    if (outcome.retry) {
      // The request may have arrived: the same key is sent again, so it is saved once at most.
      this.#set({ status: 'kept', problem: outcome.problem })
      this.#plan(retryAfter)
      return
    }
    this.#unanswered = null
    const refused = new Map(this.#snapshot.refused)
    for (const change of sent.changes) refused.set(change.path, outcome.problem)
    this.#set({ refused, problem: outcome.problem })
    this.#settle()
  }

  #accept(sent: Sent, result: SaveResult): void {
    const edits = new Map(this.#snapshot.edits)
    const refused = new Map(this.#snapshot.refused)
    const conflicts = new Map(this.#snapshot.conflicts)
    for (const change of sent.changes) {
      const edit = edits.get(change.path)
      // Typed on while the request was under way: the newer text stays to be sent.
      if (edit && sameValue(edit.to, change.to)) edits.delete(change.path)
      refused.delete(change.path)
      conflicts.delete(change.path)
    }
    for (const refusal of result.refused) {
      const change = sent.changes.find((sentChange) => sentChange.path === refusal.path)
      if (change && !edits.has(refusal.path)) edits.set(refusal.path, editOf(change))
      refused.set(refusal.path, refusal.problem)
    }
    for (const conflict of result.conflicts) {
      if (!edits.has(conflict.path)) edits.set(conflict.path, { to: conflict.mine })
      conflicts.set(conflict.path, { theirs: conflict.theirs, by: conflict.by, at: conflict.at })
    }
    for (const [path, edit] of edits) if (sameValue(edit.to, result.data[path])) edits.delete(path)
    const values = applied(result.data, edits)
    this.#set({
      saved: result.data,
      values,
      edits,
      refused,
      conflicts,
      recordId: result.recordId,
      revision: result.revision,
      state: result.state,
      savedAt: result.savedAt,
      queries: result.queries,
      alsoChanged: result.alsoChanged,
      problem: null,
      evaluation:
        edits.size === 0
          ? result.evaluation
          : (this.#options.evaluate(values) ?? result.evaluation),
    })
    this.#settle()
    this.#keep()
  }

  #withEdits(edits: ReadonlyMap<ItemPath, Edit>, path: ItemPath): void {
    const values = applied(this.#snapshot.saved, edits)
    const refused = new Map(this.#snapshot.refused)
    refused.delete(path)
    const conflicts = new Map(this.#snapshot.conflicts)
    if (!edits.has(path)) conflicts.delete(path)
    const evaluation = this.#options.evaluate(values) ?? this.#snapshot.evaluation
    this.#set({ edits, values, refused, conflicts, evaluation })
    this.#settle()
    this.#keep()
    this.#plan()
  }

  /** Works out the one word shown in the header from what is still on the way. */
  #settle(): void {
    const paths = [...this.#snapshot.edits.keys()]
    const blocked = (path: ItemPath) =>
      this.#snapshot.refused.has(path) || this.#snapshot.conflicts.has(path)
    const free = paths.filter((path) => !blocked(path))
    let status: SaveStatus = 'saved'
    if (free.some((path) => !this.needsReason(path))) status = 'pending'
    else if (free.length > 0) status = 'needsReason'
    else if (paths.length > 0) status = 'attention'
    this.#set({ status })
  }

  #plan(ms = this.#delay): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#schedule(() => void this.flush(), ms)
  }

  #keep(): void {
    if (this.#snapshot.edits.size === 0) this.#options.keeper.clear()
    else this.#options.keeper.write(Object.fromEntries(this.#snapshot.edits))
  }

  #set(changes: Partial<EntrySnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes }
    for (const listener of this.#listeners) listener()
  }
}

function editOf(change: ItemChange): Edit {
  return change.reason === undefined ? { to: change.to } : { to: change.to, reason: change.reason }
}

function applied(saved: FormValues, edits: ReadonlyMap<ItemPath, Edit>): FormValues {
  if (edits.size === 0) return saved
  const values: Record<ItemPath, StoredValue> = { ...saved }
  for (const [path, edit] of edits) {
    if (edit.to === null) delete values[path]
    else values[path] = edit.to
  }
  return values
}
