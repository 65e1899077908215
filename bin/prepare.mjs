// Plain JavaScript of 2015 on purpose: it must parse on a Node that is far too old, in order to say so,
// and it runs before anything is installed.
import { spawnSync } from 'child_process'
import { createHash } from 'crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'fs'
import { dirname, join } from 'path'
import { fileURLToPath } from 'url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const oldest = [20, 19]

/** Ends the process with one line when this Node is older than Casebook needs. */
export function requireNode() {
  const version = process.versions.node.split('.').map(Number)
  const isOld = version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1])
  if (!isOld) return
  fail(
    'Casebook needs Node ' +
      oldest.join('.') +
      ' or newer and this is ' +
      process.versions.node +
      ': install a current Node from https://nodejs.org, then run the command again.',
  )
}

/** Installs what the lock file names, when nothing is installed or something else is. */
export function installIfNeeded() {
  const modules = join(root, 'node_modules')
  const lock = join(root, 'package-lock.json')
  const stamp = join(modules, '.casebook-installed')
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  if (!isInstalledByHand(modules, lock, stamp)) install()
  try {
    writeFileSync(stamp, wanted)
  } catch (_error) {
    // A read-only node_modules is fine; it is only compared again next time.
  }
}

/** npm writes its own hidden lock file last: newer than ours, the person ran npm since. */
function isInstalledByHand(modules, lock, stamp) {
  const hidden = join(modules, '.package-lock.json')
  if (!existsSync(hidden)) return false
  const installedAt = statSync(hidden).mtimeMs
  if (existsSync(stamp) && statSync(stamp).mtimeMs > installedAt) return false
  return installedAt >= statSync(lock).mtimeMs
}

function install() {
  const begun = Date.now()
  process.stdout.write('  Installing packages (about a minute) ... ')
  const npm = process.env.npm_execpath
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const isScript = npm && /\.c?js$/.test(npm)
  const done = spawnSync(
    isScript ? process.execPath : 'npm',
    isScript ? [npm].concat(words) : words,
    {
      cwd: root,
      encoding: 'utf8',
      shell: !isScript && process.platform === 'win32',
      env: Object.assign({}, process.env, { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }),
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  if (done.status !== 0) {
    process.stdout.write('failed\n' + (done.stdout || '') + (done.stderr || ''))
    fail(
      'The packages could not be installed: check the network and the right to write to ' +
        root +
        ', then run the command again.',
    )
  }
  process.stdout.write(Math.round((Date.now() - begun) / 1000) + ' s\n')
}

/** Loads a TypeScript module of this folder in this process, with the repository as working folder. */
export function handOver(module) {
  process.chdir(root)
  return import('tsx/esm/api').then((tsx) => {
    tsx.register()
    return import(module)
  })
}

function fail(line) {
  process.stderr.write(line + '\n')
  process.exit(1)
}
