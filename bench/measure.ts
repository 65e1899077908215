/** Load from a number of connections, each asking again as soon as it is answered, and what came of it. */
import { Agent, request } from 'node:http'
import { cpus, loadavg } from 'node:os'

export type Measured = { perSecond: number; p50: number; p95: number; count: number }

/** Runs `act` on each of `connections` lanes for `seconds`, after a warm-up that is not counted. */
export async function underLoad(
  connections: number,
  seconds: number,
  act: (lane: number) => Promise<void>,
): Promise<Measured> {
  const warmUntil = performance.now() + Math.min(2, seconds / 3) * 1000
  await Promise.all(lanes(connections, warmUntil, act, []))
  const times: number[] = []
  const start = performance.now()
  await Promise.all(lanes(connections, start + seconds * 1000, act, times))
  const taken = (performance.now() - start) / 1000
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / taken,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    count: times.length,
  }
}

function lanes(
  connections: number,
  until: number,
  act: (lane: number) => Promise<void>,
  times: number[],
): Promise<void>[] {
  return Array.from({ length: connections }, async (_, lane) => {
    while (performance.now() < until) {
      const begun = performance.now()
      await act(lane)
      times.push(performance.now() - begun)
    }
  })
}

/** Of sorted numbers. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A client that keeps its connections open; answers the body, and throws at any status but 200. */
export function keptClient(connections: number, headers: Record<string, string> = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    post: (url: string, body: string) =>
      new Promise<string>((done, fail) => {
        const asked = request(
          url,
          {
            agent,
            method: 'POST',
            headers: {
              ...headers,
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            },
          },
          (answer) => {
            let text = ''
            answer.setEncoding('utf8').on('data', (part: string) => {
              text += part
            })
            answer.on('end', () =>
              answer.statusCode === 200
                ? done(text)
                : fail(new Error(`${answer.statusCode} ${text}`)),
            )
          },
        )
        asked.on('error', fail)
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

/** The machine and how busy it was, for the last line of a report. */
export function surroundings(): string {
  const [one = 0, five = 0] = loadavg()
  return `Node ${process.versions.node}, ${cpus().length} cores, load ${one.toFixed(1)} (1 min), ${five.toFixed(1)} (5 min); load generator, server and database on the same cores`
}
