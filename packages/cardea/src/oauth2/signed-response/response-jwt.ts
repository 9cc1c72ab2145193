import { JwtRefused } from '../../core/crypto/jose/jwt-refused.ts'
import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { type ProtocolError, unauthorizedClient } from '../../core/spec/errors.ts'
import type { FactReader } from '../authorize/fact-reader.ts'
import type { ResponseFields } from '../authorize/response-mode.ts'
import { encryptedFor, type KeySetAt } from '../encrypted-for.ts'

/** What answers are signed and encrypted with. */
export interface ResponseJwtParts {
  readonly engine: Engine
  /** Seconds from now until `exp`. */
  readonly lifetime: number
  readonly keySetAt: KeySetAt
}

/** Nobody can be told by an answer that cannot be made; that it cannot be is of the application's making. */
const cannot = (reason: string, cause?: unknown): ProtocolError =>
  unauthorizedClient(reason, 'The answer cannot be made in the form that the application is registered for', { cause })

/** JARM §3: RS256 where the client registered nothing; where nobody may use that, the algorithm of the server. */
const algorithmOf = ({ settings }: Engine, { authorization_signed_response_alg: registered = 'RS256' }: Client) =>
  settings.serverAlgorithms.find((name) => name === registered)

const isSignable = (engine: Engine, client: Client): boolean =>
  client.authorization_signed_response_alg === undefined || algorithmOf(engine, client) !== undefined

const notSignable = (): ProtocolError =>
  unauthorizedClient(
    'response_alg_not_supported',
    'The client is registered for answers that are signed in a way that this server does not have',
  )

/** Says so before a person is asked anything, instead of after. */
export const signableResponses: FactReader = {
  read({ client, engine, params }) {
    const isSigned = params.get('response_mode')?.endsWith('jwt') === true
    if (!isSigned || isSignable(engine, client)) return undefined
    throw notSignable()
  },
}

/** JARM §2.2: encrypted after it was signed, where the client wants that; never in clear then. */
async function encrypted(client: Client, jwt: string, { keySetAt }: ResponseJwtParts): Promise<string> {
  const { authorization_encrypted_response_alg: alg, authorization_encrypted_response_enc: enc } = client
  try {
    return await encryptedFor(client, { alg, enc }, jwt, keySetAt)
  } catch (error) {
    if (error instanceof JwtRefused) throw cannot('response_not_encrypted', error)
    throw error
  }
}

/** JARM §2.1: an authorization response as a JWT for this client, which nobody on the way can change or swap. */
export async function responseJwt(parts: ResponseJwtParts, clientId: string, fields: ResponseFields): Promise<string> {
  const { engine, lifetime } = parts
  const client = await engine.store.clients.find(clientId)
  if (client === undefined) throw cannot('client_gone')
  if (!isSignable(engine, client)) throw notSignable()
  const claims = {
    ...Object.fromEntries(fields),
    iss: engine.settings.issuer,
    aud: clientId,
    exp: engine.clock.now() + lifetime,
  }
  return encrypted(client, await engine.keys.sign({ typ: 'JWT', claims }, algorithmOf(engine, client)), parts)
}
