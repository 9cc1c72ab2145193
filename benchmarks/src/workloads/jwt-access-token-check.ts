import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import type { HttpResponse } from '../load/http-response.ts'
import { seconds } from '../load/signed-jwt.ts'
import type { Target } from '../load/target.ts'
import { wrongAnswer } from './token-answer.ts'

/** To verify every signature would take the load generator longer than it takes the server to sign. */
const VERIFIED_ONE_OF = 16

interface Expected {
  readonly algorithm: 'ES256' | 'EdDSA'
  readonly audience: string
  readonly target: Target
}

/** Looks at what every JWT access token says, and verifies the signature of some. */
export class JwtAccessTokenCheck {
  readonly #expected: Expected
  readonly #keys = new Map<unknown, KeyObject>()
  #previous = ''
  #count = 0

  /** @param keySet the answer of the server's `jwks_uri` */
  constructor(keySet: HttpResponse, expected: Expected) {
    if (keySet.status !== 200) throw wrongAnswer('key set', keySet)
    this.#expected = expected
    const { keys } = JSON.parse(keySet.body) as { readonly keys: readonly (JsonWebKey & { readonly kid?: string })[] }
    for (const key of keys) this.#keys.set(key.kid, createPublicKey({ key, format: 'jwk' }))
  }

  take(token: string): void {
    if (this.#count++ % VERIFIED_ONE_OF === 0) this.mustBeSigned(token)
    const claims = parsePart(token, 1)
    const { audience, target } = this.#expected
    const isRight =
      claims.iss === `http://127.0.0.1:${target.port}` &&
      claims.aud === audience &&
      claims.client_id === target.client.id &&
      claims.scope === target.scope &&
      Number(claims.exp) > seconds()
    if (!isRight) throw new Error(`an access token with the wrong claims: ${JSON.stringify(claims)}`)
    if (typeof claims.jti !== 'string' || claims.jti === this.#previous) throw new Error('the same jti twice')
    this.#previous = claims.jti
  }

  /** RFC 9068 §4: by a published key, and of the right type and algorithm. */
  mustBeSigned(token: string): void {
    const { alg, kid, typ } = parsePart(token, 0)
    const key = this.#keys.get(kid)
    if (alg !== this.#expected.algorithm || typ !== 'at+jwt' || key === undefined)
      throw new Error(`an access token with the wrong header: ${alg} ${typ} ${kid}`)
    const end = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(end + 1), 'base64url')
    const hashed = alg === 'ES256' ? 'sha256' : null
    if (!verify(hashed, Buffer.from(token.slice(0, end)), { key, dsaEncoding: 'ieee-p1363' }, signature))
      throw new Error('an access token with a wrong signature')
  }
}

function parsePart(token: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString())
}
