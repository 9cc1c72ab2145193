import type { IncomingMessage, ServerResponse } from 'node:http'
import { open, seal } from './floor-sealing.ts'
import { digestOf, mintToken, now, sendJson } from './http-floor.ts'
import type { OAuth1FloorQuestions } from './oauth1-floor-questions.ts'
import { isSigned, protocolOf, type SignedParts } from './oauth1-floor-signature.ts'
import type { OAuth1FloorStore } from './oauth1-floor-store.ts'

const WINDOW = 300
const TEMPORARY_LIFE = 3600
const MOST_VERIFIERS = 10

export interface Consumer {
  readonly key: string
  readonly secret: string
  readonly callback: string
  readonly scope: string
}

/** What clients sign of RFC 5849: one consumer, HMAC-SHA1, parameters in the header. */
export class OAuth1Floor {
  readonly #origin: string
  readonly #consumer: Consumer
  readonly #store: OAuth1FloorStore
  readonly #questions: OAuth1FloorQuestions

  constructor(origin: string, consumer: Consumer, store: OAuth1FloorStore, questions: OAuth1FloorQuestions) {
    this.#origin = origin
    this.#consumer = consumer
    this.#store = store
    this.#questions = questions
  }

  initiate(request: IncomingMessage, response: ServerResponse, path: string, query: string) {
    const parts = this.#read(request, path, query)
    const { key: client, callback, scope } = this.#consumer
    if (parts.protocol.get('oauth_callback') !== callback || !this.#isAuthentic(parts, '')) return refuse(response)
    this.#sendPair(response, '&oauth_callback_confirmed=true', (digest, secret) => {
      const expiresAt = now() + TEMPORARY_LIFE
      this.#store.saveTemporary({ digest, client, secret, callback, scope, expiresAt, subject: null, verifier: null })
    })
  }

  exchange(request: IncomingMessage, response: ServerResponse, path: string, query: string) {
    const parts = this.#read(request, path, query)
    const temporary = this.#store.findTemporary(digestOf(parts.protocol.get('oauth_token') ?? ''), now())
    if (temporary === undefined || !this.#isAuthentic(parts, open(temporary.secret))) return refuse(response)
    const { client, scope, subject, verifier } = temporary
    const tries = this.#questions.count(`verifier ${temporary.digest}`, TEMPORARY_LIFE, now())
    if (tries > MOST_VERIFIERS) return refuse(response)
    const presented = digestOf(parts.protocol.get('oauth_verifier') ?? '')
    if (subject === null || verifier !== presented || !this.#store.spend(temporary.digest)) return refuse(response)
    this.#sendPair(response, '', (digest, secret) =>
      this.#store.saveCredential({ digest, client, secret, subject, scope, family: mintToken(), issuedAt: now() }),
    )
  }

  resource(request: IncomingMessage, response: ServerResponse, path: string, query: string) {
    const parts = this.#read(request, path, query)
    const found = this.#store.findCredential(digestOf(parts.protocol.get('oauth_token') ?? ''))
    if (found === undefined || !this.#isAuthentic(parts, open(found.secret))) return refuse(response)
    this.#store.commits.afterCommit(() => sendJson(response, 200, { ok: true, client: found.client }))
  }

  #read(request: IncomingMessage, path: string, query: string): SignedParts {
    const { method = '', headers } = request
    return { method, uri: this.#origin + path, query, protocol: protocolOf(headers.authorization) }
  }

  /** RFC 5849 §3.2: timestamp, signature, and last the nonce. */
  #isAuthentic(parts: SignedParts, tokenSecret: string): boolean {
    const { protocol } = parts
    const { key, secret } = this.#consumer
    const timestamp = Number(protocol.get('oauth_timestamp'))
    if (protocol.get('oauth_consumer_key') !== key || !(Math.abs(now() - timestamp) <= WINDOW)) return false
    if (!isSigned(parts, secret, tokenSecret)) return false
    const names = [key, protocol.get('oauth_token') ?? '', timestamp, protocol.get('oauth_nonce')]
    return this.#store.claim(digestOf(JSON.stringify(names)), now() + 2 * WINDOW + 1)
  }

  #sendPair(response: ServerResponse, more: string, save: (digest: string, secret: string) => void): void {
    const [token, secret] = [mintToken(), mintToken()]
    save(digestOf(token), seal(secret))
    const body = `oauth_token=${token}&oauth_token_secret=${secret}${more}`
    this.#store.commits.afterCommit(() => {
      response.writeHead(200, {
        'content-type': 'application/x-www-form-urlencoded',
        'cache-control': 'no-store',
        'content-length': body.length,
      })
      response.end(body)
    })
  }
}

export const refuse = (response: ServerResponse): void => sendJson(response, 401, { error: 'refused' })
