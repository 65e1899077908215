'use client'
import type { ProblemMessage } from '#domain/problem.ts'

/** What came of asking for a file: it was saved, it was refused, or nobody answered. */
export type Taken = { problem: ProblemMessage } | 'saved' | 'unreached'

/** Fetches a file that the server makes and hands it to the person under the name the server gave it. */
export async function takeFile(address: string): Promise<Taken> {
  let response: Response
  try {
    response = await fetch(address, { credentials: 'same-origin' })
    if (!response.ok) {
      const { problem } = (await response.json()) as { problem?: ProblemMessage }
      return problem ? { problem } : 'unreached'
    }
    const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
    const url = URL.createObjectURL(await response.blob())
    const link = document.createElement('a')
    link.href = url
    link.download = name ?? 'report'
    link.click()
    // At once would be before some browsers have begun to read it.
    window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
    return 'saved'
  } catch {
    return 'unreached'
  }
}
