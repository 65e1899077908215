/** What a subject can be in a study, in the order of a life in it; rules of a definition and records name the same ones. */
export const subjectStates = [
  'screening',
  'screenFailure',
  'enrolled',
  'randomised',
  'completed',
  'discontinued',
  'withdrawn',
  'dead',
] as const
