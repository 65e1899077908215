/**
 * JSON lines, on stdout unless the process says otherwise. Only fields of the list below leave the process: no message text of an exception, no SQL, no
 * parameter, no value of a subject can reach a log, because there is no field to put it in.
 */
export type LogEntry = {
  event: string
  id?: string
  verb?: string
  code?: string
  /** SQLSTATE and the names (not contents) of what the database complained about. */
  sqlstate?: string
  constraint?: string
  table?: string
  /** Class name of an exception and the places in our own code it came through. */
  error?: string
  stack?: readonly string[]
  userId?: string
  studyId?: string
  ms?: number
  count?: number
  job?: string
}

const fields = [
  'event',
  'id',
  'verb',
  'code',
  'sqlstate',
  'constraint',
  'table',
  'error',
  'stack',
  'userId',
  'studyId',
  'ms',
  'count',
  'job',
] as const

export function logLine(level: 'info' | 'warning' | 'error', entry: LogEntry): string {
  const allowed: Record<string, unknown> = { at: new Date().toISOString(), level }
  for (const field of fields) if (entry[field] !== undefined) allowed[field] = entry[field]
  return JSON.stringify(allowed)
}

type Sink = { write(text: string): unknown }
/** Kept on `globalThis` because a bundler may load this module once per route. */
const holder = globalThis as typeof globalThis & { casebookLog?: Sink }

/** Where this process's lines go from now on: a process that speaks to a person on its terminal logs to a file. */
export function logTo(sink: Sink): void {
  holder.casebookLog = sink
}

export function log(level: 'info' | 'warning' | 'error', entry: LogEntry): void {
  const sink = holder.casebookLog ?? process.stdout
  sink.write(`${logLine(level, entry)}\n`)
}
