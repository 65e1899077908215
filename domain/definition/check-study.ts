/**
 * Proves that a definition holds together before a study goes live: every name exists, every expression has the type it is used
 * with, nothing depends on itself, nothing can never happen. Returns findings with places; `parseStudy(..).locate` adds
 * file and line. Errors stop a publication, warnings ask for a look, notes are for information.
 */
import { indexStudy } from '#domain/casebook/study-index.ts'
import { checkBlinding } from './check-blinding.ts'
import { checkCycles } from './check-cycles.ts'
import { checkDuplicates } from './check-duplicates.ts'
import { checkCodeLists, checkForms } from './check-forms.ts'
import { checkLabels } from './check-labels.ts'
import { checkPaper } from './check-paper.ts'
import { checkParameters } from './check-parameters.ts'
import { checkReaders } from './check-readers.ts'
import { checkReferences } from './check-references.ts'
import { checkRenames } from './check-renames.ts'
import { checkRules } from './check-rules.ts'
import { checkSchedule } from './check-schedule.ts'
import { checkUsage } from './check-usage.ts'
import { checkedRules } from './checked-rules.ts'
import type { StudyDefinition } from './definition.ts'
import type { Report, StudyFinding } from './finding.ts'

/** All findings of a definition, errors first in order of place. */
export function checkStudy(definition: StudyDefinition): StudyFinding[] {
  const findings: StudyFinding[] = []
  const report: Report = (severity, code, message, place) => {
    findings.push({ severity, code, message, place })
  }
  const index = indexStudy(definition)
  checkDuplicates(definition, report)
  checkCodeLists(definition, index, report)
  checkForms(definition, index, report)
  checkSchedule(definition, index, report)
  checkReferences(definition, index, report)
  checkParameters(definition, report)
  checkPaper(definition, report)
  checkBlinding(definition, index, report)
  checkReaders(definition, report)
  findings.push(...checkRenames(definition))
  const rules = checkedRules(definition, index)
  findings.push(...checkRules(rules, definition, index))
  findings.push(...checkCycles(rules, definition, index))
  findings.push(...checkUsage(rules, definition, index))
  findings.push(...checkLabels(definition))
  const weight = { error: 0, warning: 1, note: 2 }
  return distinct(findings).sort((a, b) => weight[a.severity] - weight[b.severity])
}

/** A rule that is checked from several visits says the same of each only once. */
function distinct(findings: readonly StudyFinding[]): StudyFinding[] {
  const seen = new Set<string>()
  return findings.filter(({ code, message, place, offset }) => {
    const key = JSON.stringify([code, message, place, offset])
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
