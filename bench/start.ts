/** `npm start` cold (empty data folder, demo loaded) and warm (the same folder again), phase by phase. See bench/README.md. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { surroundings } from './measure.ts'

const port = Number(process.env.PORT || 4620)
type Phase = { name: string; seconds: number }

const data = await mkdtemp(join(tmpdir(), 'casebook-bench-'))
try {
  // A cold build is part of a first start; the stamp says what was built, so without it the app is built anew.
  if (process.env.BUILD) await rm('.next/casebook-sources', { force: true })
  const cold = await startOnce()
  const warm = await startOnce()
  print(cold, warm)
} finally {
  await rm(data, { recursive: true, force: true })
}

/** Starts, waits until /healthz answers, stops; the phases as the start itself tells them. */
async function startOnce(): Promise<Phase[]> {
  const begun = performance.now()
  const child = spawn(process.execPath, ['bin/start.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CASEBOOK_DATA: data,
      CASEBOOK_DEMO_STUDIES: 'tac-csa-rct',
      PORT: String(port),
    },
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const phases: Phase[] = []
  const lines = createInterface({ input: child.stdout })
  let isReady = false
  await new Promise<void>((ready, fail) => {
    void ended.then(() => fail(new Error('The start ended by itself.')))
    lines.on('line', (line) => {
      const phase = /^ {2}(.+) \(([\d.]+) s\)$/.exec(line)
      if (phase) phases.push({ name: phase[1] as string, seconds: Number(phase[2]) })
      if (phase?.[1]?.startsWith('Server') && !isReady) {
        isReady = true
        ready()
      }
    })
  })
  const status = await health()
  if (status !== 200) throw new Error(`/healthz answers ${status}`)
  const total = { name: 'until /healthz answers', seconds: (performance.now() - begun) / 1000 }
  const asked = performance.now()
  child.kill('SIGTERM')
  await ended
  return [
    ...phases.filter(({ name }) => !name.startsWith('Stopping')),
    total,
    {
      name: 'stopping after SIGTERM',
      seconds: (performance.now() - asked) / 1000,
    },
  ]
}

/** A connection of its own each time: one that is kept would lead to the server that was stopped. */
function health(): Promise<number | undefined> {
  return new Promise((done, fail) => {
    get(`http://127.0.0.1:${port}/healthz`, { agent: false }, (answer) => {
      answer.resume()
      done(answer.statusCode)
    }).on('error', fail)
  })
}

function print(cold: readonly Phase[], warm: readonly Phase[]): void {
  for (const [name, phases] of [
    ['cold', cold],
    ['warm', warm],
  ] as const) {
    process.stdout.write(`\n${name}\n`)
    for (const phase of phases) {
      process.stdout.write(`  ${phase.name.padEnd(40)}${phase.seconds.toFixed(1).padStart(8)} s\n`)
    }
  }
  process.stdout.write(`${surroundings()}\n`)
}
