/** Runs the work on every element, `width` at a time. After a failure nothing new is begun, and what runs is waited for. */
export async function inParallel<T>(
  width: number,
  list: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...list]
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next)
  }
  const stopping = async () => {
    try {
      await worker()
    } catch (error) {
      waiting.length = 0
      throw error
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: width }, stopping))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
