import type { TestContext } from 'node:test'
import { createProvider, type ProviderOptions, type Store, storedAccounts } from 'cardea'
import { fetchHandler } from 'cardea/fetch'
import { memoryStore } from 'cardea/stores/memory'
import { fakeClock, fastHasher, testScopes, UserAgent } from 'cardea/testing'
import { testCertificate } from '../../packages/cardea/test-support/test-certificate.ts'
import { argon2Hasher } from '../../packages/server/src/accounts/argon2-hasher.ts'
import { InProcessWorld } from '../../packages/server/test-support/in-process-world.ts'

export const secret = 'a secret of this server that is long enough'
export const ada = { username: 'ada', password: 'correct horse battery' }

/** Issues the certificates of clients. */
export const authority = testCertificate({ subject: [{ CN: 'Clients' }], ca: true })

/** What is sent by a client over a connection of its own. */
export interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: URLSearchParams | string
  /** DER of the certificate that the client shows. */
  readonly certificate?: Uint8Array
}

/** An authorization server, asked by the wire; its store is at hand to register clients in. */
export interface Target {
  readonly issuer: string
  readonly store: Store
  now(): number
  /** What is stored of a secret that a person has chosen. */
  hash(text: string): Promise<string>
  /** @param url as the metadata name it */
  send(url: string, sent?: Sent): Promise<Response>
  agent(): UserAgent
}

const json = { 'content-type': 'application/json' }

/** The library in this process, with users of which the host says in which class they signed in. */
export async function libraryTarget(options: Partial<ProviderOptions>): Promise<Target> {
  const clock = fakeClock()
  const store = memoryStore()
  const accounts = storedAccounts(store.users, fastHasher)
  const provider = createProvider({
    issuer: 'https://auth.example',
    secrets: [secret],
    store,
    clock,
    hasher: fastHasher,
    accounts: {
      ...accounts,
      async authenticate(username, password, wanted) {
        const user = await accounts.authenticate(username, password)
        return user && { ...user, ...(wanted?.acrValues[0] !== undefined && { acr: wanted.acrValues[0] }) }
      },
    },
    ...options,
  })
  for (const scope of testScopes) await store.scopes.save(scope)
  const password_hash = await fastHasher.hash(ada.password)
  await store.users.save({ id: 'u1', username: ada.username, password_hash, created_at: 0 })
  const handle = fetchHandler(provider)
  const remoteAddress = '203.0.113.7'
  return {
    issuer: provider.issuer,
    store,
    now: () => clock.now(),
    hash: fastHasher.hash,
    send: (url, { certificate: clientCertificate, ...init } = {}) =>
      handle(new Request(url, init), { remoteAddress, ...(clientCertificate !== undefined && { clientCertificate }) }),
    agent: () => new UserAgent((request) => handle(request, { remoteAddress }), 'https://auth.example'),
  }
}

const issuer = 'https://auth.example'

/** `cardea serve` behind a proxy that ends TLS and hands over the certificates of clients. */
export async function serverTarget(t: TestContext, config: object): Promise<Target> {
  const cli = new InProcessWorld()
  cli.write('clients.pem', authority.pem)
  cli.write('cardea.config.json', {
    issuer,
    secrets: [secret],
    trustedProxies: ['loopback'],
    users: [ada],
    scopes: testScopes,
    log: { level: 'error' },
    ...config,
  })
  const serving = await cli.serve('serve --port 0')
  const store = await cli.open()
  t.after(async () => {
    serving.signal('SIGINT')
    await serving.done
    await store.close()
  })
  const behind = (url: string): string => url.replace(/^https:\/\/(?:mtls\.)?auth\.example/, serving.url)
  return {
    issuer,
    store,
    // The clock of this world stands still.
    now: () => 1_800_000_000,
    hash: argon2Hasher().hash,
    send: (url, { certificate, headers, ...init } = {}) => {
      const shown = certificate && { 'client-cert': `:${Buffer.from(certificate).toString('base64')}:` }
      return fetch(behind(url), { redirect: 'manual', ...init, headers: { ...headers, ...shown } })
    },
    agent: () => new UserAgent((request) => fetch(request, { redirect: 'manual' }), serving.url),
  }
}

/** The metadata, as clients find them. */
export async function metadataOf({ issuer, send }: Target): Promise<Record<string, unknown>> {
  const answer = await send(`${issuer}/.well-known/oauth-authorization-server`)
  return (await answer.json()) as Record<string, unknown>
}

export const asJson = (body: object): Sent => ({ method: 'POST', headers: json, body: JSON.stringify(body) })
