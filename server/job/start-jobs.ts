import { Logger, run } from 'graphile-worker'
import { log } from '../log.ts'
import { tasks, timetable } from './tasks.ts'

/**
 * Runs the job worker of this process until `stop`. `url` is a direct connection (not through a pooler) as the runtime
 * role: the worker listens for new jobs. Any number of instances may run; each job runs once.
 */
export async function startJobs(url: string): Promise<{ stop(): Promise<void> }> {
  const runner = await run({
    connectionString: url,
    concurrency: 2,
    pollInterval: 5000,
    noHandleSignals: true,
    taskList: tasks,
    crontab: timetable,
    logger: new Logger(() => (level, _message, meta) => {
      // The message quotes payloads and errors; what happened is told by level and task name.
      if (level === 'error' || level === 'warning') {
        const job = (meta as { job?: { task_identifier?: string } } | undefined)?.job
        log(level, {
          event: 'job.failed',
          ...(job?.task_identifier ? { job: job.task_identifier } : {}),
        })
      }
    }),
  })
  // Whatever was being migrated when the last process ended goes on now.
  await runner.addJob('migration-sweep', { quietSeconds: 0 }, { jobKey: 'migration-sweep' })
  // After a new version of the program nothing that the old one kept holds; the timetable would look at it minutes later.
  await runner.addJob('keep-answers', {}, { jobKey: 'keep-answers' })
  return { stop: () => runner.stop() }
}
