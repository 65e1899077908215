import { readFileSync } from 'node:fs'
import pg from 'pg'
import { databasePool } from '#db/client.ts'
import { personOfSession } from '#server/account/sessions.ts'
import { completenessDashboard } from '#server/dashboard/completeness.ts'
import { queryDashboard } from '#server/dashboard/queries.ts'
import { recruitmentDashboard } from '#server/dashboard/recruitment.ts'
import { safetyDashboard } from '#server/dashboard/safety.ts'
import { survivalDashboard } from '#server/dashboard/survival.ts'
import { visitsDashboard } from '#server/dashboard/visits.ts'
import { useDatabase } from '#server/database.ts'
const { appUrl, studyId, manager, statistician } = JSON.parse(readFileSync('/tmp/dash/db.json', 'utf8'))
const pool = databasePool(appUrl, { max: 2 })
useDatabase(pool)
let on = false
const original = pg.Client.prototype.query
;(pg.Client.prototype as any).query = function (...a: any[]) {
  const t = performance.now()
  const r: any = (original as any).apply(this, a)
  if (on && r?.then) r.then(() => { const d = performance.now() - t; if (d > 5) console.log('   ', d.toFixed(0), 'ms', String(a[0]?.text ?? a[0]).replace(/\s+/g, ' ').slice(0, 90)) })
  return r
}
const m = await personOfSession(manager), s = await personOfSession(statistician)
const only = process.argv[2]
for (const [name, ask] of Object.entries({
  recruitment: () => recruitmentDashboard.execute(m, { studyId }), visits: () => visitsDashboard.execute(m, { studyId }),
  completeness: () => completenessDashboard.execute(m, { studyId }), queries: () => queryDashboard.execute(m, { studyId }),
  safety: () => safetyDashboard.execute(m, { studyId }), survival: () => survivalDashboard.execute(s, { studyId }) })) {
  if (only && !name.startsWith(only)) continue
  for (let i = 0; i < 4; i++) { on = i === 3; const t = performance.now(); await ask(); console.log(name, (performance.now() - t).toFixed(0)) }
}
await pool.end()
