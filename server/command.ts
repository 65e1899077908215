/**
 * The corridor. Every act of a person passes it in one order: authorise, parse, transact, load for update, act, audit (by
 * the database's triggers), commit, reply. Verbs are values made by `command`, `reading` and `personal`; they cannot be
 * written without a permission, receive their row only after it was authorised, and never see the pool. Nothing else in
 * the server asks `can`.
 */
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { inTransaction, type Transaction, type TransactionSettings } from '#db/client.ts'
import { json, type Statement, statement } from '#db/statement.ts'
import {
  can,
  type Permission,
  type Role,
  rolePermissions,
  sitesWith,
} from '#domain/access/permissions.ts'
import { Problem } from '#domain/problem.ts'
import type { Person } from './actor.ts'
import { concealFrom } from './blinding/sight.ts'
import { database } from './database.ts'
import { isRetryable, toProblem } from './problem.ts'

declare const authorized: unique symbol
/** A row that the corridor loaded and found the actor allowed to touch. */
export type Authorized<T> = T & { readonly [authorized]: true }

export type StudyState = 'draft' | 'open' | 'locked' | 'archived'
export type StudyRow = {
  studyId: string
  oid: string
  state: StudyState
  isDemo: boolean
  /** Number of the newest published version; 0 before the first. */
  latestVersion: number
}

type StudyContext<Input> = {
  tx: Transaction
  input: Input
  actor: Person
  /** Start of the transaction by the database's clock, ISO 8601 UTC. */
  now: string
  study: StudyRow
  /** What else this person may do here; reads hand it on as abilities. */
  may: (permission: Permission, siteId?: string) => boolean
}
/** A row that a command acts on; `siteId` null belongs to the whole study. */
export type Target = { siteId: string | null }
/** Target of a command that acts on the study itself. */
export const wholeStudy = async (): Promise<Target> => ({ siteId: null })

export type Verb<Access extends 'read' | 'write', Schema extends z.ZodType, Output> = {
  readonly access: Access
  readonly name: string
  readonly permission: Permission | 'personal'
  readonly input: Schema
  execute(actor: Person | null, input: z.input<Schema>): Promise<Output>
}

type CommandSpec<Schema extends z.ZodType, Row extends Target, Output> = {
  name: string
  permission: Permission
  input: Schema
  /** Study states in which the act is possible; writing values needs an open study. */
  states?: readonly StudyState[]
  /** For long reads that must be of one moment; such an act is not retried. */
  snapshot?: boolean
  /** For acts that hand out what they read (exports): from the target on, nothing concealed from the person is read. */
  asReader?: boolean
  /** The reason that the audit trail shows for rows written by this act. */
  reason?: (input: z.output<Schema>) => string | undefined
  /** Asks for the person's proof once more, before the transaction: a signature's password. */
  prove?: (actor: Person, input: z.output<Schema>) => Promise<void>
  /** What must be committed before the act begins; in transactions of its own, after the permission was found. */
  beforehand?: (actor: Person, input: z.output<Schema>) => Promise<unknown>
  /** Loads and locks the row acted on; null is "not found". */
  target: (tx: Transaction, input: z.output<Schema>, study: StudyRow) => Promise<Row | null>
  run: (
    context: StudyContext<z.output<Schema>> & {
      target: Authorized<Row>
      /** The role that carries the permission here. */
      role: Role
    },
  ) => Promise<Output>
}

/** An act on a study: runs once, in one transaction, under the actor's name. */
export function command<Schema extends z.ZodType, Row extends Target, Output>(
  spec: CommandSpec<Schema, Row, Output>,
): Verb<'write', Schema, Output> {
  return {
    access: 'write',
    name: spec.name,
    permission: spec.permission,
    input: spec.input,
    execute: (actor, raw) =>
      translated(async () => {
        const person = signedIn(actor)
        const { studyId, sites } = authorise(person, spec.permission, raw)
        const input = parse(spec.input, raw)
        await spec.prove?.(person, input)
        await spec.beforehand?.(person, input)
        const receipt = receiptOf(spec.name, input)
        return transact(
          {
            person,
            studyId,
            sites,
            role: roleWith(person, spec.permission, studyId),
            command: spec.name,
            reason: spec.reason?.(input),
            snapshot: spec.snapshot,
            receiptKey: receipt?.key,
          },
          async ({ tx, now, study, earlier }) => {
            if (receipt && earlier) return replay<Output>(receipt, earlier)
            if (!(spec.states ?? ['open']).includes(study.state)) {
              throw new Problem('study-not-open', { state: study.state })
            }
            const may = ability(person, studyId)
            const row = await spec.target(tx, input, study)
            if (!row || (row.siteId !== null && !may(spec.permission, row.siteId))) {
              throw new Problem('not-found')
            }
            const role = await actingRole(tx, person, spec.permission, studyId, row.siteId)
            if (spec.asReader) await concealFrom({ tx, actor: person, study })
            const output = await spec.run({
              tx,
              input,
              actor: person,
              now,
              study,
              may,
              role,
              target: row as Authorized<Row>,
            })
            if (receipt) saveReceipt(tx, studyId, receipt, output)
            return output
          },
        )
      }),
  }
}

type ReadingSpec<Schema extends z.ZodType, Output> = {
  name: string
  permission: Permission
  input: Schema
  /** For long reads that must be of one moment. */
  snapshot?: boolean
  run: (
    context: StudyContext<z.output<Schema>> & {
      /** Cuts what follows to the sites that this permission reaches; false where it reaches none. */
      within: (permission: Permission) => Promise<boolean>
    },
  ) => Promise<Output>
}

/** A question about a study: a read-only transaction that sees the sites the permission reaches. */
export function reading<Schema extends z.ZodType, Output>(
  spec: ReadingSpec<Schema, Output>,
): Verb<'read', Schema, Output> {
  return {
    access: 'read',
    name: spec.name,
    permission: spec.permission,
    input: spec.input,
    execute: (actor, raw) =>
      translated(async () => {
        const person = signedIn(actor)
        const { studyId, sites } = authorise(person, spec.permission, raw)
        const input = parse(spec.input, raw)
        return transact(
          {
            person,
            studyId,
            sites,
            role: roleWith(person, spec.permission, studyId),
            command: spec.name,
            readOnly: true,
            snapshot: spec.snapshot,
          },
          async ({ tx, now, study }) => {
            await concealFrom({ tx, actor: person, study })
            return spec.run({
              tx,
              input,
              actor: person,
              now,
              study,
              may: ability(person, studyId),
              within: reachOf(tx, person, studyId, sites),
            })
          },
        )
      }),
  }
}

/** Somebody's roles may reach different sites, so each part of an answer is read with the reach of its own permission. */
function reachOf(
  tx: Transaction,
  person: Person,
  studyId: string,
  opened: readonly string[] | null,
): (permission: Permission) => Promise<boolean> {
  const text = (sites: readonly string[] | null) => (sites === null ? '*' : sites.join(','))
  let now = text(opened)
  return async (permission) => {
    const sites = text(sitesWith(person.grants, permission, studyId))
    if (sites !== now) await tx.query(`select set_config('app.sites', $1, true)`, [sites])
    now = sites
    return sites !== ''
  }
}

/** Whether a permission reaches into a study at all; only readable outside a study's transaction. */
export type Ability = (studyId: string, permission: Permission) => boolean

type PersonalSpec<Access, Schema extends z.ZodType, Output> = {
  name: string
  access: Access
  input: Schema
  /** True for what a person with a temporary password may still do. */
  beforePasswordChange?: boolean
  run: (context: {
    tx: Transaction
    input: z.output<Schema>
    actor: Person
    now: string
    ability: Ability
  }) => Promise<Output>
}

/** What every signed-in person may do with the own account; never touches a study. */
export function personal<Access extends 'read' | 'write', Schema extends z.ZodType, Output>(
  spec: PersonalSpec<Access, Schema, Output>,
): Verb<Access, Schema, Output> {
  return {
    access: spec.access,
    name: spec.name,
    permission: 'personal',
    input: spec.input,
    execute: (actor, raw) =>
      translated(async () => {
        const person = signedIn(actor, spec.beforePasswordChange)
        const input = parse(spec.input, raw)
        return transact(
          {
            person,
            studyId: null,
            sites: [],
            role: null,
            command: spec.name,
            readOnly: spec.access === 'read',
          },
          ({ tx, now }) =>
            spec.run({
              tx,
              input,
              actor: person,
              now,
              ability: (studyId, permission) => can(person.grants, permission, { studyId }),
            }),
        )
      }),
  }
}

function signedIn(actor: Person | null, beforePasswordChange = false): Person {
  if (!actor) throw new Problem('not-signed-in')
  if (actor.mustChangePassword && !beforePasswordChange) throw new Problem('password-change-needed')
  return actor
}

/** Answers "not found" where the person has no grant at all, so that studies cannot be probed for. */
function authorise(person: Person, permission: Permission, raw: unknown) {
  const studyId = (raw as { studyId?: unknown } | null | undefined)?.studyId
  if (typeof studyId !== 'string') throw new Problem('not-found')
  if (!person.grants.some((grant) => grant.studyId === studyId)) throw new Problem('not-found')
  if (!can(person.grants, permission, { studyId })) {
    throw new Problem('not-allowed', { who: holdersOf(permission) })
  }
  return { studyId, sites: sitesWith(person.grants, permission, studyId) }
}

function holdersOf(permission: Permission): string {
  const holders = Object.entries(rolePermissions)
    .filter(([, granted]) => granted.includes(permission))
    .map(([role]) => role.replaceAll('-', ' '))
  return holders.length > 0 ? `A person with the role ${holders.join(' or ')}` : 'Nobody'
}

const ability = (person: Person, studyId: string) => (permission: Permission, siteId?: string) =>
  can(person.grants, permission, siteId === undefined ? { studyId } : { studyId, siteId })

function rolesWith(person: Person, permission: Permission, studyId: string, siteId?: string) {
  const scope = siteId === undefined ? { studyId } : { studyId, siteId }
  return person.grants.filter((grant) => can([grant], permission, scope)).map((grant) => grant.role)
}

function roleWith(person: Person, permission: Permission, studyId: string): Role | null {
  return rolesWith(person, permission, studyId)[0] ?? null
}

/** A person with several roles acts in the one that carries the permission at this site. */
async function actingRole(
  tx: Transaction,
  person: Person,
  permission: Permission,
  studyId: string,
  siteId: string | null,
): Promise<Role> {
  const [here] = rolesWith(person, permission, studyId, siteId ?? undefined)
  if (!here) throw new Problem('not-found')
  if (here !== tx.settings.role) await tx.query(`select set_config('app.role', $1, true)`, [here])
  return here
}

function parse<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.output<Schema> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.') || 'input'
  throw new Problem('invalid-input', { where, what: issue?.message ?? 'is not as expected' }, where)
}

type Receipt = { key: string; command: string; hash: string }
/** Receipts are kept per person by the database, so another person's key never answers. */
type StoredReceipt = { command: string; hash: string; answer: unknown }

const secret = /password|seed/i

function receiptOf(name: string, input: unknown): Receipt | null {
  const key = (input as { key?: unknown } | null)?.key
  if (typeof key !== 'string') return null
  // What is secret must not be found again by hashing guesses: it takes no part.
  const text = JSON.stringify(input, (name, value) => (secret.test(name) ? undefined : value))
  const hash = createHash('sha256').update(text).digest('base64')
  return { key, command: name, hash }
}

function replay<Output>(receipt: Receipt, earlier: StoredReceipt): Output {
  if (earlier.command !== receipt.command || earlier.hash !== receipt.hash) {
    throw new Problem(
      'invalid-input',
      { where: 'key', what: 'was used for another act before' },
      'key',
    )
  }
  return earlier.answer as Output
}

function saveReceipt(tx: Transaction, studyId: string, receipt: Receipt, answer: unknown) {
  const { key, ...rest } = receipt
  const result = json({ ...rest, answer: answer ?? null })
  tx.closeWith(
    statement`select casebook.keep_receipt(${studyId}::uuid, ${key}::uuid, ${receipt.command}, ${result})`,
  )
}

type Opening = {
  person: Person
  studyId: string | null
  sites: readonly string[] | null
  role: Role | null
  command: string
  reason?: string | undefined
  readOnly?: boolean
  snapshot?: boolean | undefined
  receiptKey?: string | undefined
}
type Opened = { tx: Transaction; now: string; study: StudyRow; earlier: StoredReceipt | null }

const attempts = 4
/** Milliseconds that one statement of an export may take. */
const longAct = 600_000

async function transact<Output>(
  opening: Opening,
  act: (opened: Opened) => Promise<Output>,
): Promise<Output> {
  const settings: TransactionSettings = {
    actor: opening.person.userId,
    command: opening.command,
    siteIds: opening.sites,
    readOnly: opening.readOnly ?? false,
    ...(opening.role === null ? {} : { role: opening.role }),
    ...(opening.studyId === null ? {} : { studyId: opening.studyId }),
    ...(opening.reason === undefined ? {} : { reason: opening.reason }),
    ...(opening.snapshot ? { isolation: 'repeatable read', statementTimeout: longAct } : {}),
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(
        database(),
        settings,
        async (tx) => {
          if (opening.studyId === null) {
            return act({ tx, now: tx.now, study: noStudy, earlier: null })
          }
          return act({ tx, now: tx.now, ...studyAndReceipt(tx) })
        },
        opening.studyId === null ? undefined : askStudy(opening.studyId, opening),
      )
    } catch (error) {
      if (opening.snapshot || attempt >= attempts || !isRetryable(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, attempt * 5 + Math.random() * 10))
    }
  }
}

/** The study's row and the receipt of an earlier run of the same act. */
function askStudy(studyId: string, { person, receiptKey }: Opening): Statement {
  const receipt = receiptKey ?? null
  return statement`select * from casebook.study_for_act(${studyId}::uuid, ${person.userId}::uuid, ${receipt}::uuid)`
}

function studyAndReceipt(tx: Transaction): Pick<Opened, 'study' | 'earlier'> {
  const [row] = tx.opened as readonly (StudyRow & { earlier: StoredReceipt | null })[]
  if (!row) throw new Problem('not-found')
  const { earlier, ...study } = row
  return { study, earlier }
}

/** Personal verbs run outside every study; their spec has no way to reach this value. */
const noStudy: StudyRow = {
  studyId: '',
  oid: '',
  state: 'archived',
  isDemo: false,
  latestVersion: 0,
}

async function translated<Output>(act: () => Promise<Output>): Promise<Output> {
  try {
    return await act()
  } catch (error) {
    throw toProblem(error)
  }
}
