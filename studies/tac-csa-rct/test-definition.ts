/** The trial's definition and made-up casebooks for the tests of this folder. */
import { studyDefinition } from '#studies/demo/study-definition.ts'
import { madeReader } from '#studies/testing/made-casebook.ts'

export const { parsed, definition, compiled } = studyDefinition('tac-csa-rct', { asDemo: false })
export const { casebook, derived } = madeReader(compiled)
