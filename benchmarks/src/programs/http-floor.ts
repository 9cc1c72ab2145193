import { hash, randomFillSync, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

const POOL_BYTES = 8192
const TOKEN_BYTES = 32
const pool = Buffer.alloc(POOL_BYTES)
let used = POOL_BYTES

/** 256 random bits, from a pool because one big draw is far cheaper than many small ones. */
export function mintToken(): string {
  if (used === POOL_BYTES) {
    randomFillSync(pool)
    used = 0
  }
  const token = pool.toString('base64url', used, used + TOKEN_BYTES)
  used += TOKEN_BYTES
  return token
}

export const digestOf = (token: string): string => hash('sha256', token, 'base64url')

/** Seconds since 1970. */
export const now = (): number => Math.floor(Date.now() / 1000)

export function readForm(request: IncomingMessage, use: (form: URLSearchParams) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks
    use(new URLSearchParams((chunks.length < 2 ? first : Buffer.concat(chunks)).toString()))
  })
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** Knows one client, by the digest of its secret. */
export class BasicAuthentication {
  readonly #clientId: string
  readonly #digest: Buffer

  constructor(clientId: string, secret: string) {
    this.#clientId = clientId
    this.#digest = hash('sha256', secret, 'buffer')
  }

  /** The id of the client that the request proves to be, or undefined (RFC 6749 §2.3.1). */
  clientOf(request: IncomingMessage): string | undefined {
    const header = request.headers.authorization
    if (!header?.startsWith('Basic ')) return undefined
    const pair = Buffer.from(header.slice(6), 'base64').toString()
    const colon = pair.indexOf(':')
    if (decodeURIComponent(pair.slice(0, colon)) !== this.#clientId) return undefined
    const presented = hash('sha256', decodeURIComponent(pair.slice(colon + 1)), 'buffer')
    return timingSafeEqual(presented, this.#digest) ? this.#clientId : undefined
  }
}
