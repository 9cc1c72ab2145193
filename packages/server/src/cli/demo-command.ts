import { defaultOAuth1Settings, oauth1Secrets, type Store } from 'cardea'
import type { Command } from 'commander'
import type { Logger } from 'pino'
import { type Config, configSchema } from '../config/schema.ts'
import { type DemoFiles, demoFiles, keepSecrets, newSecrets, readSecrets, resetDemo } from '../demo/files.ts'
import { freePort } from '../demo/free-port.ts'
import { type DemoLine, oauth2Lines } from '../demo/lines.ts'
import { oauth1Lines, oauth1Note } from '../demo/oauth1-lines.ts'
import { demoRoutes } from '../demo/routes.ts'
import { allowCallbacks, seed } from '../demo/seed.ts'
import { eventLog, serverLog } from '../serve/event-log.ts'
import { httpServer, listen } from '../serve/listen.ts'
import { providerFrom } from '../serve/provider-from-config.ts'
import { type RunningServer, startServer } from '../serve/running-server.ts'
import { untilStopped } from '../serve/until-stopped.ts'
import { defineCommand, type Invocation, type OutcomeSlot, textOf } from './define-command.ts'
import { usage } from './exit-codes.ts'
import type { World } from './world.ts'

/** Loopback and nothing else, whatever is configured: everybody knows the passwords. */
const hosts = ['127.0.0.1', '::1']

async function portFor({ world, options }: Invocation): Promise<number> {
  const text = textOf(options.port) ?? (world.env.PORT || '8000')
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw usage(`port: got ${JSON.stringify(text)}; must be a whole number from 0 to 65535`)
  }
  return Number(text) === 0 ? freePort() : Number(text)
}

const configFor = (issuer: string, port: number, secrets: readonly string[], files: DemoFiles): Config =>
  configSchema.parse({
    issuer,
    port,
    secrets: [...secrets],
    profile: 'django-oauth2-server',
    title: 'Cardea demonstration',
    deviceGrant: { enabled: true },
    // PLAINTEXT, because curl cannot sign; this listens on loopback only.
    oauth1: { signatureMethods: [...defaultOAuth1Settings.signatureMethods, 'PLAINTEXT'] },
    database: { file: files.database },
    log: { level: 'warn' },
  })

/** Said before anything is made or reset. */
async function portMustBeFree(port: number): Promise<void> {
  const options = { host: '127.0.0.1', port, tls: undefined, maxConnections: 1 }
  const probe = httpServer(options, (_request, response) => response.destroy())
  await listen(probe, options)
  await new Promise((resolve) => probe.close(resolve))
}

interface Started {
  readonly server: RunningServer
  readonly log: Logger
}

async function start(world: World, store: Store, files: DemoFiles, issuer: string, port: number): Promise<Started> {
  const kept = readSecrets(files)
  const secrets = kept ?? newSecrets()
  if (kept === undefined) {
    const { hasher, clock } = world
    await seed({ store, hasher, now: clock.now(), oauth1Secrets: oauth1Secrets(secrets) }, issuer)
    keepSecrets(files, secrets)
  }
  await allowCallbacks(store, issuer)
  const config = configFor(issuer, port, secrets, files)
  const log = serverLog(config.log.level, world.logSink)
  const provider = providerFrom({
    config: { ...config, issuer, secrets },
    store,
    hasher: world.hasher,
    clock: world.clock,
    onEvent: eventLog(log),
  })
  const routes = demoRoutes(provider)
  return { server: await startServer({ config, provider, store, log, tls: undefined, hosts, routes }), log }
}

const lineText = ({ title, note, text }: DemoLine): string =>
  `${title}${note === undefined ? '' : ` (${note})`}\n  ${text}\n`

/** Everything there is to try; the lines of OAuth 1, which say so, follow each other in one shell. */
const demoLines = (issuer: string): readonly DemoLine[] => [
  ...oauth2Lines(issuer),
  ...oauth1Lines(issuer).map((line) => ({ ...line, title: `OAuth 1: ${line.title}` })),
]

function greeting(issuer: string, addresses: readonly string[], files: DemoFiles): string {
  return [
    `Cardea listens at ${issuer} (${addresses.join(' and ')})`,
    'This is a demonstration, on loopback only: everybody knows its passwords.',
    `Sign in as john@doe.com with testpassword. Data: ${files.database}; begin again with --reset.`,
    '',
    ...demoLines(issuer).map(lineText),
    oauth1Note,
    '',
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}

async function demo(invocation: Invocation): Promise<undefined> {
  const { world, options } = invocation
  const port = await portFor(invocation)
  const issuer = `http://localhost:${port}`
  const files = demoFiles(world.cwd)
  await portMustBeFree(port)
  if (options.reset === true) resetDemo(files)
  const store = await world.openStore(files.database)
  const { server, log } = await start(world, store, files, issuer, port).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const started = { issuer, addresses: server.addresses, database: files.database, lines: demoLines(issuer) }
  world.stdout.write(options.json === true ? `${JSON.stringify(started)}\n` : greeting(issuer, server.addresses, files))
  await untilStopped(server, world, log)
}

export function addDemoCommand(program: Command, world: World, slot: OutcomeSlot): void {
  defineCommand(program, world, slot, {
    usage: 'demo',
    about: 'run a demonstration on loopback, with a client, a user and a line to paste for everything',
    examples: ['cardea demo', 'cardea demo --port 9000', 'cardea demo --reset'],
    selfContained: true,
    options: (command) =>
      command
        .option('--port <number>', 'port to listen on (also: PORT; default: 8000)')
        .option('--reset', 'forget what an earlier demonstration kept, and begin again'),
    run: demo,
  })
}
