/** What runs without a person at hand: seals, sweeps, notices of serious events, migrations to another study version. */
import type { Task, TaskList } from 'graphile-worker'
import { z } from 'zod'
import { inTransaction } from '#db/client.ts'
import { uuidv7 } from '#db/uuid.ts'
import { engineVersion } from '#domain/analysis/run-report.ts'
import { idleMinutes } from '../account/sessions.ts'
import { workRun } from '../amendment/work-run.ts'
import { database } from '../database.ts'
import { log } from '../log.ts'
import { keepAnswers } from '../report/kept-answers.ts'

/** Seals every audit chain that moved; the digest in the log is a copy outside the database. */
const auditAnchor: Task = async () => {
  const settings = { actor: 'system', command: 'audit.anchor' }
  const sealed = await inTransaction(database(), settings, (tx) =>
    tx.query<{ study: string; number: number; digest: string }>(
      'select study_id as study, number, digest from casebook.anchor()',
    ),
  )
  for (const { study, number, digest } of sealed) {
    log('info', { event: 'audit.anchored', studyId: study, count: number, id: digest })
  }
}

/** Marks sessions that ran out, so that a list of sessions tells the truth; they were dead before. */
const sessionSweep: Task = async () => {
  const settings = { actor: 'system', command: 'session.sweep' }
  const swept = await inTransaction(database(), settings, (tx) =>
    tx.query(
      `update casebook.session set revoked_at = now()
       where revoked_at is null
         and (expires_at < now() or last_seen_at < now() - make_interval(mins => $1))
       returning session_id`,
      [idleMinutes],
    ),
  )
  if (swept.length > 0) log('info', { event: 'session.swept', count: swept.length })
}

const seriousPayload = z.object({
  studyId: z.uuid(),
  siteId: z.uuid(),
  subjectId: z.uuid(),
  recordId: z.uuid(),
})

/** A notice for everybody who reads safety data of the site; it names the subject and the term stays in the form. */
const seriousAdverseEvent: Task = async (payload) => {
  const { studyId, siteId, subjectId, recordId } = seriousPayload.parse(payload)
  const settings = { actor: 'system', studyId, siteIds: null, command: 'safety.notice' }
  await inTransaction(database(), settings, async (tx) => {
    const [subject] = await tx.query<{ key: string }>(
      'select subject_key as key from casebook.subject where study_id = $1 and subject_id = $2',
      [studyId, subjectId],
    )
    if (!subject) return
    const text = {
      en: `Serious adverse event recorded for ${subject.key}`,
      ja: `${subject.key} に重篤な有害事象が記録されました`,
      zh: `${subject.key} 记录了严重不良事件`,
    }
    await tx.query(
      `insert into casebook.notice (study_id, notice_id, site_id, kind, text, subject_id, record_id)
       values ($1, $2, $3, 'serious-adverse-event', $4, $5, $6)`,
      [studyId, uuidv7(), siteId, JSON.stringify(text), subjectId, recordId],
    )
  })
  log('info', { event: 'safety.serious-event', studyId, id: recordId })
}

const migratePayload = z.object({ studyId: z.uuid(), runId: z.uuid() })
/** How long one job works before it makes room for others and lets its process end. */
const turn = 2000

/** Takes subjects to another study version, a turn at a time; the next turn is a job of its own. */
const migrateSubjects: Task = async (payload, { addJob }) => {
  const run = migratePayload.parse(payload)
  const more = await workRun(run, turn)
  if (more) await addJob('migrate-subjects', run, { jobKey: `migrate:${run.runId}` })
  else log('info', { event: 'amendment.stands', studyId: run.studyId, id: run.runId })
}

/** Runs whose process died are taken up again: at once when a process starts, else after some quiet. */
const migrationSweep: Task = async (payload, { addJob }) => {
  const { quietSeconds } = z.object({ quietSeconds: z.int().default(30) }).parse(payload ?? {})
  const settings = { actor: 'system', command: 'amendment.sweep', readOnly: true }
  const waiting = await inTransaction(database(), settings, (tx) =>
    tx.query<{ studyId: string; runId: string }>(
      'select * from casebook.waiting_runs(make_interval(secs => $1))',
      [quietSeconds],
    ),
  )
  for (const run of waiting) {
    await addJob('migrate-subjects', run, { jobKey: `migrate:${run.runId}` })
  }
}

/** Keeps what endpoints came to for subjects that changed, so that curves are drawn at once after a start; a study at a time. */
const keepEndpointAnswers: Task = async () => {
  const settings = { actor: 'system', command: 'answers.keep' }
  const studies = await inTransaction(database(), { ...settings, readOnly: true }, (tx) =>
    tx.query<{ studyId: string; version: number }>(
      'select * from casebook.studies_to_keep_answers_of($1)',
      [engineVersion],
    ),
  )
  for (const study of studies) {
    const written = await inTransaction(
      database(),
      {
        ...settings,
        studyId: study.studyId,
        siteIds: null,
        // Changes are counted and answers worked out at one moment.
        isolation: 'repeatable read',
        statementTimeout: 120_000,
      },
      (tx) => keepAnswers(tx, study),
    )
    log('info', { event: 'answers.kept', studyId: study.studyId, count: written })
  }
}

export const tasks: TaskList = {
  'audit-anchor': auditAnchor,
  'session-sweep': sessionSweep,
  'serious-adverse-event': seriousAdverseEvent,
  'migrate-subjects': migrateSubjects,
  'migration-sweep': migrationSweep,
  'keep-answers': keepEndpointAnswers,
}

/** Every five minutes a seal and the answers of endpoints, every ten a sweep of sessions, every minute a look for migrations that stand still. Missed runs are not made up for: the next one does the same work. */
export const timetable = [
  '*/5 * * * * audit-anchor ?max=1',
  '*/10 * * * * session-sweep ?max=1',
  '* * * * * migration-sweep ?max=1',
  '*/5 * * * * keep-answers ?max=1',
].join('\n')
