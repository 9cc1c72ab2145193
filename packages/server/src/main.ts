#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { run } from './cli/run.ts'
import { processWorld } from './process-world.ts'

const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const world = processWorld()

process.exitCode = await run(process.argv.slice(2), world, manifest.version)
