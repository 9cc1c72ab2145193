import { createPublicKey, generateKeyPairSync, hash, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'
import { derFrom, rawFrom } from './floor-ecdsa.ts'

type Members = Readonly<Record<string, unknown>>

const parse = (part: string): Members => JSON.parse(Buffer.from(part, 'base64url').toString())

/** Signs JWTs with one key, whose header never changes. */
export class FloorSigner {
  readonly publicJwk: JsonWebKey
  readonly #key: KeyObject
  readonly #hash: string | null
  readonly #header: string

  constructor(alg: 'ES256' | 'EdDSA') {
    const pair =
      alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519', {})
    this.#key = pair.privateKey
    this.#hash = alg === 'ES256' ? 'sha256' : null
    this.publicJwk = { ...pair.publicKey.export({ format: 'jwk' }), alg, kid: alg, use: 'sig' }
    this.#header = Buffer.from(JSON.stringify({ typ: 'at+jwt', alg, kid: alg })).toString('base64url')
  }

  sign(claims: Members): string {
    const text = `${this.#header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    const signature = sign(this.#hash, Buffer.from(text), this.#key)
    return `${text}.${(this.#hash === null ? signature : rawFrom(signature)).toString('base64url')}`
  }
}

/** A JWT taken apart and not verified. */
export interface FloorJwt {
  readonly header: Members
  readonly claims: Members
  readonly signed: string
  readonly signature: string
}

export function readJwt(text: string): FloorJwt | undefined {
  const [header = '', payload = '', signature = '', more] = text.split('.')
  if (more !== undefined) return undefined
  try {
    return { header: parse(header), claims: parse(payload), signed: `${header}.${payload}`, signature }
  } catch {
    return undefined
  }
}

/** ES256 only: whoever chose another algorithm is refused. */
export function isSignedBy(key: KeyObject, { header, signature, signed }: FloorJwt): boolean {
  if (header.alg !== 'ES256') return false
  const raw = Buffer.from(signature, 'base64url')
  return raw.length === 64 && verify('sha256', Buffer.from(signed), key, derFrom(raw))
}

interface EmbeddedKey {
  readonly key: KeyObject
  readonly jkt: string
}

/** By what they are called: a client comes again, and to read its key takes half as long as to verify with it. */
const embeddedKeys = new Map<string, EmbeddedKey>()
const MOST_KEYS = 1000

/** The key that a proof brings along, and its name (RFC 7638). Undefined for what is no key on P-256. */
export function embeddedKey({ header }: FloorJwt): EmbeddedKey | undefined {
  const jwk = header.jwk as JsonWebKey | undefined
  if (jwk?.kty !== 'EC' || jwk.d !== undefined) return undefined
  const { crv = '', kty, x = '', y = '' } = jwk
  const jkt = hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url')
  const known = embeddedKeys.get(jkt)
  if (known) return known
  try {
    const key = createPublicKey({ key: { crv, kty, x, y }, format: 'jwk' })
    if (embeddedKeys.size === MOST_KEYS) embeddedKeys.clear()
    embeddedKeys.set(jkt, { key, jkt })
    return { key, jkt }
  } catch {
    return undefined
  }
}
