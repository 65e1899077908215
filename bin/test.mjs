import { handOver, installIfNeeded, requireNode } from './prepare.mjs'

requireNode()
installIfNeeded()
handOver('./test/run-tests.ts').then((module) => module.runTests(process.argv.slice(2)))
