import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Machine } from './distribution-packages.ts'
import { interopClients, interopPackages, missingClients } from './interop.ts'

/** A machine whose commands are answered by what `outputs` says of them, in order; the last one stays. */
function machineWith(dpkg: readonly string[], installs = true) {
  const started: string[] = []
  const printed: string[] = []
  const answers = [...dpkg]
  const machine: Machine = {
    groups: {
      async run(command, args) {
        started.push(`${command} ${args.join(' ')}`)
        const output = command === 'dpkg-query' ? ((answers.length > 1 ? answers.shift() : answers[0]) ?? '') : ''
        const installing = args.some((arg) => arg.includes('apt-get install'))
        return { code: installing && !installs ? 100 : 0, output }
      },
      stopAll() {},
    },
    root: '.',
    env: {},
    print: (text) => printed.push(text),
  }
  return { machine, started, printed }
}

const status = (packages: readonly string[], word = 'installed'): string =>
  packages.map((name) => `${name} ${word}`).join('\n')

test('npm run test:interop: what is installed is not installed again', async () => {
  const { machine, started } = machineWith([status(interopPackages)])
  assert.deepEqual(await interopClients(machine), [])
  assert.deepEqual(started.length, 1)
})

test('npm run test:interop: what is missing, or half removed, is installed, and said so', async () => {
  const [one = '', two = '', ...rest] = interopPackages
  const before = [status([one], 'config-files'), status(rest), `dpkg-query: no packages found matching ${two}`]
  const { machine, started, printed } = machineWith([before.join('\n'), status(interopPackages)])
  assert.deepEqual(await interopClients(machine), [])
  const install = started.find((command) => command.includes('apt-get install')) ?? ''
  assert.ok(install.endsWith(`DPkg::Lock::Timeout=300 ${one} ${two}`), install)
  assert.match(printed[0] ?? '', new RegExp(`${one}, ${two}.*apt-get`))
})

test('npm run test:interop: what cannot be installed is told in words, with the way round', async () => {
  const { machine } = machineWith([''], false)
  const missing = await interopClients(machine)
  assert.deepEqual(missing, interopPackages)
  assert.match(missingClients(missing), /sudo apt-get install python3-requests-oauthlib .*--without interop/s)
})
