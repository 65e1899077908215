/** A process that changes one value again and again, as fast as it can, until somebody kills it. */
import { databasePool } from '#db/client.ts'
import type { Person } from '../actor.ts'
import { useDatabase } from '../database.ts'
import { saveItems } from '../form/save-items.ts'
import { key } from './world.ts'

const [url = '', studyId = '', subjectId = '', person = '{}', first = ''] = process.argv.slice(2)
useDatabase(databasePool(url, { max: 2 }))
const actor = JSON.parse(person) as Person
const at = { studyId, subjectId, event: 'W4', eventRepeat: 1, form: 'F_VS', formRepeat: 1 }
let from = first
for (let count = 0; ; count += 1) {
  const to = String(60 + (count % 20))
  if (to === from) continue
  const changes = [{ path: 'WEIGHT', from, to, reason: 'read again' }]
  await saveItems.execute(actor, { ...at, changes, key: key() })
  from = to
  process.stdout.write('saved\n')
}
