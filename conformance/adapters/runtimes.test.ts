import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { runtimes, startInRuntime } from './other-runtime.ts'
import { atRoot, type Setup, underPrefix } from './setup.ts'
import { adapterSuite } from './suite.ts'

const setups: readonly Setup[] = [atRoot('none'), underPrefix('none')]

for (const runtime of runtimes) {
  const name = `fetch on ${runtime.name}`
  const starts = runtime.program !== undefined && spawnSync(runtime.program, ['--version']).status === 0
  if (!starts) {
    test(`fetch adapter: ${runtime.name}`, { skip: `the ${runtime.name} of npm does not start on this machine` })
  } else {
    adapterSuite({ name, setups, seesHosts: false, start: (setup) => startInRuntime(runtime, setup) })
  }
}
