import { type ChildProcess, spawn } from 'node:child_process'

/** How a program ended and what it said. */
export interface Ended {
  status: number
  output: string
}

const running = new Set<ChildProcess>()

/** Runs a script of node_modules or of ours with this Node; nothing is printed while it runs. */
export function runNode(
  parameters: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    running.add(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', (error) => {
      output += error.message
    })
    child.once('close', (code) => {
      running.delete(child)
      done({ status: code ?? 1, output: output.trim() })
    })
  })
}

/** Ends what still runs, when the person stops the tests. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGTERM')
}
