import type { OAuth1ShortTerm } from '../core/ports/oauth1-storage.ts'
import {
  hmacSha1,
  OAuth1Server,
  type OAuth1ServerOptions,
  ResourceProtector,
  type Signing,
  signRequest,
} from '../oauth1/index.ts'
import type { TokenModel } from '../oauth1/library/models.ts'
import { cacheStores, memoryCache } from '../stores/cache/index.ts'
import { memoryStore } from '../stores/memory/index.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { rsaPair } from './rsa-pair.ts'

/** The private key of the client's pair, made once: it takes longer than all else. */
export const hostPair: ReturnType<typeof rsaPair> = rsaPair()

/** Temporary credentials and nonces in the tables of one of our stores, for hosts that have no cache. */
export function inTables(): OAuth1ShortTerm {
  const { ledger, replay, temporaryCredentials } = memoryStore()
  return {
    saveTemporary: (credential) => temporaryCredentials.save(credential),
    findTemporary: (digest) => temporaryCredentials.find(digest),
    declineTemporary: (digest) => temporaryCredentials.decline(digest),
    removeTemporary: (digest) => temporaryCredentials.remove(digest),
    approveTemporary: async (digest, approval, at) =>
      (await ledger.commit({ at, approve: { digest, approval } })) === 'done',
    takeTemporary: async (digest, at) =>
      (await ledger.commit({ at, spend: { kind: 'temporary_credential', digest } })) === 'done',
    claimNonce: (key, until, at) => replay.claim(key, until, at),
  }
}

interface HostUser {
  readonly id: string
  readonly username: string
}

export interface Host {
  readonly server: OAuth1Server
  readonly protector: ResourceProtector<HostUser>
  readonly clock: FakeClock
  /** The host's own table of tokens. */
  readonly tokens: Map<string, TokenModel>
  readonly options: OAuth1ServerOptions
}

/** An application with a client, a user `foo` and a table of tokens of its own. */
export function oauth1Host(more: Partial<OAuth1ServerOptions> = {}): Host {
  const clock = fakeClock()
  const tokens = new Map<string, TokenModel>()
  const clients = [
    {
      clientId: 'client',
      secret: 'secret',
      rsaPublicKey: hostPair.publicKey,
      defaultRedirectUri: 'https://a.b',
      callbacks: ['https://i.test'],
    },
  ]
  const users = { find: (id: string) => (id === '1' ? { id, username: 'foo' } : undefined) }
  const options = {
    issuer: 'http://localhost',
    secrets: ['secrets of the host in tests, long enough'],
    clients: { find: (key: string) => clients.find(({ clientId }) => clientId === key) },
    tokens: {
      save: ({
        credential: { clientId, userId },
        token,
        secret,
      }: {
        credential: { clientId: string; userId: string }
        token: string
        secret: string
      }) => tokens.set(token, { clientId, userId, secret }),
      find: (token: string) => tokens.get(token),
    },
    shortTerm: cacheStores(memoryCache()),
    users,
    clock,
    ...more,
  }
  return {
    server: new OAuth1Server(options),
    protector: new ResourceProtector<HostUser>({ ...options, users }),
    clock,
    tokens,
    options,
  }
}

/** A form, unsigned unless it holds a signature. */
export const formRequest = (path: string, form: Record<string, string> = {}): Request =>
  new Request(new URL(path, 'http://localhost'), { method: 'POST', body: new URLSearchParams(form) })

export const withHeader = (path: string, authorization: string, method = 'POST'): Request =>
  new Request(new URL(path, 'http://localhost'), { method, headers: { authorization } })

/** A request that `client` signs; the same one again for every call of what it returns. */
export function signedRequest(path: string, method: string, signing: Partial<Signing>): () => Request {
  const signed = signRequest(
    { method, url: `http://localhost${path}` },
    { consumerKey: 'client', keys: { clientSecret: 'secret' }, signatureMethod: hmacSha1, ...signing },
  )
  return () => new Request(signed.url, { method, headers: signed.headers })
}

/** Members of an answer, form-encoded or JSON. */
export async function dataOf(answer: Response): Promise<Record<string, string>> {
  const text = await answer.text()
  return text.startsWith('{') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
}
