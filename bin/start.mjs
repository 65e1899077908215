import { handOver, installIfNeeded, requireNode } from './prepare.mjs'

requireNode()
installIfNeeded()
handOver('./start/start.ts').then((module) => module.start(process.argv.slice(2)))
