/** A process that works off a migration and tells after every batch how far it is, until somebody kills it. */
import { databasePool } from '#db/client.ts'
import { workRun } from '../amendment/work-run.ts'
import { useDatabase } from '../database.ts'

const [url = '', studyId = '', runId = ''] = process.argv.slice(2)
useDatabase(databasePool(url, { max: 2 }))
while (await workRun({ studyId, runId }, 0)) process.stdout.write('batch\n')
process.stdout.write('over\n')
