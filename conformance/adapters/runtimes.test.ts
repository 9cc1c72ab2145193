import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { runtimes } from './other-runtime.ts'
import { atRoot, type Setup, underPrefix } from './setup.ts'
import { adapterSuite } from './suite.ts'

const setups: readonly Setup[] = [atRoot('none'), underPrefix('none')]

for (const { name, program, start } of runtimes) {
  if (program === undefined || spawnSync(program, ['--version']).status !== 0) {
    test(`fetch adapter: ${name}`, { skip: `the ${name} of npm does not start on this machine` })
  } else {
    adapterSuite({ name: `fetch on ${name}`, setups, seesHosts: false, start: (setup) => start(program, setup) })
  }
}
