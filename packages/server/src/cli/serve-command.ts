import type { Command } from 'commander'
import { isLoopbackHost } from '../config/issuer.ts'
import { InvalidInput } from '../config/problems.ts'
import { eventLog, serverLog } from '../serve/event-log.ts'
import { openProduction } from '../serve/open-production.ts'
import { productionProblems } from '../serve/production-problems.ts'
import { providerFrom } from '../serve/provider-from-config.ts'
import { startServer } from '../serve/running-server.ts'
import { untilStopped } from '../serve/until-stopped.ts'
import { defineCommand, type Invocation, type OutcomeSlot } from './define-command.ts'
import { configFor, databaseFile } from './with-store.ts'
import type { World } from './world.ts'

async function serve(invocation: Invocation): Promise<undefined> {
  const { world, options } = invocation
  const { config } = await configFor(invocation)
  const { problems, tls, files } = productionProblems(config, world.cwd)
  const { issuer, secrets } = config
  if (problems.length > 0 || issuer === undefined || secrets === undefined) throw new InvalidInput(problems)
  const log = serverLog(config.log.level, world.logSink)
  const store = await openProduction(world, databaseFile(invocation, config), { ...config, secrets }, log)
  const server = await (async () => {
    try {
      const { hasher, clock } = world
      const parts = { config: { ...config, issuer, secrets }, store, hasher, clock, onEvent: eventLog(log), files }
      return await startServer({ config, provider: providerFrom(parts), store, log, tls, hosts: [config.host] })
    } catch (error) {
      await store.close()
      // The library names the option, what it got and what is valid.
      throw error instanceof TypeError ? new InvalidInput([error.message]) : error
    }
  })()
  if (issuer.startsWith('http:') && !isLoopbackHost(config.host)) {
    log.warn({ host: config.host }, 'listening beyond loopback over http: whoever is on the network can read tokens')
  }
  log.info({ issuer, addresses: server.addresses }, 'listening')
  const started = { issuer, addresses: server.addresses }
  const text = `Cardea listens on ${server.addresses.join(' and ')} as ${issuer}`
  world.stdout.write(`${options.json === true ? JSON.stringify(started) : text}\n`)
  await untilStopped(server, world, log)
}

export function addServeCommand(program: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(program, world, slot, {
    usage: 'serve',
    about: 'run the server; refuses to start without an issuer and secrets, or with demonstration credentials',
    examples: [
      'cardea serve --config cardea.config.yaml',
      'CARDEA_ISSUER=https://id.example.com CARDEA_SECRETS="$(cat secret)" CARDEA_TRUSTED_PROXIES=loopback cardea serve',
    ],
    options: (command) =>
      command
        .option('--port <number>', 'port to listen on (also: CARDEA_PORT, PORT)')
        .option('--host <address>', 'address to listen on (also: CARDEA_HOST)'),
    run: serve,
  })
}
