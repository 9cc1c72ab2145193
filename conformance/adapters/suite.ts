import { after, before, test } from 'node:test'
import type { Case } from './cases.ts'
import { hostileCases } from './hostile-cases.ts'
import { oauth1Cases } from './oauth1-cases.ts'
import { resourceCases } from './resource-cases.ts'
import { serverCases } from './server-cases.ts'
import type { AdapterUnderTest, Setup, Started } from './setup.ts'

const cases: readonly Case[] = [...serverCases, ...hostileCases, ...resourceCases, ...oauth1Cases]

const named = ({ prefix, parsers }: Setup): string =>
  `${prefix === '' ? 'at the root' : `under ${prefix}`}, ${
    { none: 'nothing parsed before', parsed: 'behind body parsers', raw: 'behind body parsers that keep the raw body' }[
      parsers
    ]
  }`

/** What every adapter has to do, seen from outside: the same requests and answers in every framework and setup. */
export function adapterSuite(adapter: AdapterUnderTest): void {
  for (const setup of adapter.setups) {
    const up: Started[] = []
    const server = (): Started => {
      const [started] = up
      if (started === undefined) throw new Error(`${adapter.name} was not started`)
      return started
    }
    before(async () => void up.push(await adapter.start(setup)))
    after(async () => {
      for (const started of up) await started.stop()
    })
    for (const { title, run, where = () => true } of cases) {
      if (where(setup, adapter)) test(`${title} (${adapter.name}, ${named(setup)})`, () => run(server(), setup))
    }
  }
}
