/** What ends a start: the message is one line that says what is wrong and what to do about it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
