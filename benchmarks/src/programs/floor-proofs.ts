import type { KeyObject } from 'node:crypto'
import { embeddedKey, isSignedBy, readJwt } from './floor-jwt.ts'
import { digestOf, now } from './http-floor.ts'

const MAX_AGE = 300
const LEEWAY = 60
const MAX_LIFETIME = 3600
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** False when it was claimed before. */
export type Claim = (key: string, until: number) => boolean

interface SigningClient {
  readonly id: string
  readonly key: KeyObject
}

/** What clients sign: assertions (RFC 7523 §3) and DPoP proofs (RFC 9449 §4.3), each good once. */
export class FloorProofs {
  readonly #origin: string
  readonly #client: SigningClient | undefined
  readonly #claim: Claim

  constructor(origin: string, client: SigningClient | undefined, claim: Claim) {
    this.#origin = origin
    this.#client = client
    this.#claim = claim
  }

  /** The id of the client that a form proves to be from. */
  clientOf(form: URLSearchParams): string | undefined {
    const client = this.#client
    const jwt = readJwt(form.get('client_assertion') ?? '')
    if (!client || !jwt || form.get('client_assertion_type') !== ASSERTION_TYPE) return undefined
    const { aud, exp, iss, jti, sub } = jwt.claims
    if (iss !== client.id || sub !== client.id || aud !== this.#origin) return undefined
    if (typeof exp !== 'number' || exp <= now() || exp > now() + MAX_LIFETIME || typeof jti !== 'string')
      return undefined
    if (!isSignedBy(client.key, jwt)) return undefined
    return this.#claim(digestOf(`assertion ${client.id} ${jti}`), exp) ? client.id : undefined
  }

  /** Thumbprint of the key that a proof was made with. */
  keyOf(proof: string, method: string, path: string, accessToken?: string): string | undefined {
    const jwt = readJwt(proof)
    const embedded = jwt && embeddedKey(jwt)
    if (!jwt || !embedded || jwt.header.typ !== 'dpop+jwt') return undefined
    const { ath, htm, htu, iat, jti } = jwt.claims
    if (htm !== method || htu !== this.#origin + path || typeof jti !== 'string' || typeof iat !== 'number')
      return undefined
    if (iat > now() + LEEWAY || iat < now() - MAX_AGE) return undefined
    if (accessToken !== undefined && ath !== digestOf(accessToken)) return undefined
    if (!isSignedBy(embedded.key, jwt)) return undefined
    const isNew = this.#claim(digestOf(`dpop ${embedded.jkt} ${jti}`), iat + MAX_AGE + LEEWAY)
    return isNew ? embedded.jkt : undefined
  }
}
