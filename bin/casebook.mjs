#!/usr/bin/env node
import { handOver, installIfNeeded, requireNode } from './prepare.mjs'

requireNode()
installIfNeeded()
handOver('./casebook.ts').then((module) => module.casebook(process.argv.slice(2)))
