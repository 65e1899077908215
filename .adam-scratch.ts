import { filledCohort } from '#bin/commands/report-cohort.ts'
import { StudySets } from '#domain/analysis/analysis-sets/study-sets.ts'
for (const name of process.argv.slice(2)) {
  const { study, filled } = filledCohort(name)
  const t = performance.now()
  const sets = new StudySets(study.compiled, 'shown')
  for (const { casebook } of filled) sets.add(casebook)
  console.log('=====', name, filled.length, Math.round(performance.now() - t), 'ms')
  for (const set of sets.sets()) {
    console.log(set.name, set.label, set.rows.length, set.variables.map((v) => `${v.name}:${v.type[0]}`).join(' '))
    console.log('   ', JSON.stringify(set.rows[0]))
    console.log('   ', JSON.stringify(set.rows.at(-1)))
  }
}
