import type { StudyDefinition } from '#domain/definition/definition.ts'
import { studyDefinition } from '#studies/demo/study-definition.ts'

let parsed: StudyDefinition | undefined

/** The trial of the demo, with recruitment open today; read from the same text files that users have. */
export async function trialDefinition(): Promise<StudyDefinition> {
  parsed ??= read()
  return parsed
}

function read(): StudyDefinition {
  // The paper describes the subjects of the demo; a journey has its own.
  const { paper, ...definition } = studyDefinition('tac-csa-rct').definition
  const parameters = definition.parameters.map((parameter) =>
    parameter.oid === 'RECRUIT_TO' ? { ...parameter, value: '2099-12-31' } : parameter,
  )
  return { ...definition, parameters }
}
