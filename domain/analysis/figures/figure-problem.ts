/** Why a figure cannot be drawn. The list is closed. */
export const figureProblemCodes = ['bad-spec', 'not-json', 'not-drawable', 'no-font'] as const
export type FigureProblemCode = (typeof figureProblemCodes)[number]

/** The one way in which this folder refuses its input; `place` is the path inside the specification. */
export class FigureProblem extends Error {
  readonly code: FigureProblemCode
  readonly place: string

  constructor(code: FigureProblemCode, message: string, place = '') {
    super(place === '' ? message : `${place}: ${message}`)
    this.name = 'FigureProblem'
    this.code = code
    this.place = place
  }
}
