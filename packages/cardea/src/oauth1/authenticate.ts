import { digestOf } from '../core/crypto/digest.ts'
import type { Client } from '../core/model/client.ts'
import type { OAuth1Context } from './context.ts'
import { OAuth1Error } from './errors.ts'
import type { SealedToken } from './nobody.ts'
import { missingParameter, optionalParameter, requiredParameter } from './protocol-parameters.ts'
import { sealedAs } from './secret-purposes.ts'
import type { SignatureMethod, VerificationKeys } from './signature-methods.ts'
import { baseStringOf, type UnverifiedRequest } from './signed-request.ts'
import { nonceLifetime, timestampFrom, timestampMustBeFresh } from './timestamp.ts'

/** Whom a request says it comes from; either may be unknown, and is verified against secrets nobody has then. */
export interface Claimed {
  readonly client: Client | undefined
  /** The temporary or token credential; absent where none is involved. */
  readonly token?: SealedToken | undefined
  /** What the request is refused with when all of it is otherwise in order. */
  readonly problem?: OAuth1Error | undefined
}

/** Year 9999: where timestamps of any age are taken, nonces are kept. */
const forEver = 253402300799

const invalidSignature = (): OAuth1Error =>
  new OAuth1Error('invalid_signature', 'invalid_signature', { description: 'Invalid signature' })

/** RFC 5849 §2, §4.1: answers hold secrets, and PLAINTEXT sends them, so that it has to be sure of the way. */
function transportMustBeSecure(
  { engine, settings }: OAuth1Context,
  { secure }: UnverifiedRequest,
  { plain = false }: SignatureMethod,
): void {
  if (settings.allowInsecureTransport || secure === true) return
  const mayBeOpen = plain ? engine.isLoopback && secure !== false : engine.isLoopback || secure !== false
  if (mayBeOpen) return
  throw new OAuth1Error('insecure_transport', 'insecure_transport', { description: 'OAuth 1 must use https' })
}

function methodNamed(context: OAuth1Context, name: string, client: Client | undefined): SignatureMethod {
  const method = context.findMethod(name)
  const allowed = client?.oauth1?.signature_methods?.includes(name) ?? true
  if (method !== undefined && allowed) return method
  throw new OAuth1Error('unsupported_signature_method', 'unsupported_signature_method', {
    description: 'This signature method is not supported here',
  })
}

interface Occasion {
  readonly timestamp: number
  readonly nonce: string
}

/** RFC 5849 §3.1: PLAINTEXT may leave both out; one without the other, or any other method, may not. */
function occasionOf(context: OAuth1Context, { protocol }: UnverifiedRequest, plain: boolean): Occasion | undefined {
  if (plain && !protocol.get('oauth_timestamp') && !protocol.get('oauth_nonce')) return undefined
  const timestamp = timestampFrom(requiredParameter(protocol, 'oauth_timestamp'))
  timestampMustBeFresh(timestamp, context.engine.clock.now(), context.settings.timestampWindow)
  return { timestamp, nonce: requiredParameter(protocol, 'oauth_nonce') }
}

/** Sealed under a key that is gone opens to nothing: the client then has no secret, and no signature fits. */
function keysOf({ engine, findRsaKey, nobody }: OAuth1Context, { client, token }: Claimed): VerificationKeys {
  const { keyring } = engine
  const { sealed_secret, public_key } = client === undefined ? nobody.registration : (client.oauth1 ?? {})
  const clientId = client === undefined ? nobody.clientId : client.client_id
  const rsaPublicKey = public_key === undefined ? undefined : findRsaKey(public_key)
  const tokenSecret = token === undefined ? undefined : keyring.open(sealedAs.token, token.sealedSecret, token.digest)
  // Without its token's secret, a client could sign for any token whose name it knows.
  if (token !== undefined && tokenSecret === undefined) return { rsaPublicKey }
  return {
    clientSecret: sealed_secret === undefined ? undefined : keyring.open(sealedAs.client, sealed_secret, clientId),
    tokenSecret,
    rsaPublicKey,
  }
}

/** RFC 5849 §3.3: unique over client, token and timestamp. Only a request whose signature fits can use one up. */
async function claimNonce(
  context: OAuth1Context,
  { protocol }: UnverifiedRequest,
  { timestamp, nonce }: Occasion,
): Promise<void> {
  const names = [protocol.get('oauth_consumer_key'), optionalParameter(protocol, 'oauth_token') ?? '', timestamp, nonce]
  const now = context.engine.clock.now()
  const until = Math.min(now + nonceLifetime(context.settings.timestampWindow), forEver)
  // Begins with the time, so that new marks lie side by side in an index: scattered ones cost a page to flush each.
  const key = timestamp.toString(16).padStart(10, '0') + digestOf(JSON.stringify(names))
  const claimed = await context.storage.claimNonce(key, until, now)
  if (claimed === 'first') return
  throw new OAuth1Error('invalid_nonce', 'nonce_used', { description: 'This nonce has been used' })
}

interface Claims {
  readonly method: SignatureMethod
  readonly occasion: Occasion | undefined
  readonly signature: string
}

/** What the request says of its signature, as far as that can be judged without looking at it. */
function claimsOf(context: OAuth1Context, request: UnverifiedRequest, { client }: Claimed): Claims {
  const { protocol } = request
  const name = optionalParameter(protocol, 'oauth_signature_method')
  const method = name === undefined ? undefined : methodNamed(context, name, client)
  const occasion = occasionOf(context, request, method?.plain === true)
  if (method === undefined) throw missingParameter('oauth_signature_method')
  transportMustBeSecure(context, request, method)
  return { method, occasion, signature: requiredParameter(protocol, 'oauth_signature') }
}

/**
 * RFC 5849 §3.2: method, timestamp, signature and last the nonce. An unknown client or token takes the path and the time
 * of a wrong signature, and is counted like one. Only then does its error code say which it is: clients of OAuth 1 act on
 * `invalid_client` and `invalid_token`, and neither a consumer key nor a token is worth anything without its secret. An
 * unsigned request uses up and destroys nothing.
 * @throws OAuth1Error, ProtocolError `too_many_requests`
 */
export async function mustBeAuthentic(
  context: OAuth1Context,
  request: UnverifiedRequest,
  claimed: Claimed,
): Promise<void> {
  const { method, occasion, signature } = orProblem(claimed, () => claimsOf(context, request, claimed))
  const guesses = context.guesses.of(request)
  guesses.refuseIfTooMany()
  const keys = keysOf(context, claimed)
  // Not by truth: a method that answers with a digest instead would let everything in.
  const isSigned = method.verify(baseStringOf(request, context.origins), keys, signature) === true
  if (claimed.problem !== undefined || !isSigned) {
    await guesses.count()
    throw claimed.problem ?? invalidSignature()
  }
  if (occasion !== undefined) await claimNonce(context, request, occasion)
  // After the nonce: a request that was listened to and sent again proves nothing.
  const forgiving = guesses.forgive()
  if (forgiving !== undefined) await forgiving
}

/** A stranger is told that it is one, and not what else its request lacks. */
export function orProblem<Read>({ problem }: Claimed, read: () => Read): Read {
  try {
    return read()
  } catch (error) {
    throw problem ?? error
  }
}

/** The client of a consumer key, or the refusal that is given once the request was looked at like any other. */
export async function claimedClient(context: OAuth1Context, request: UnverifiedRequest): Promise<Claimed> {
  const consumerKey = requiredParameter(request.protocol, 'oauth_consumer_key')
  const found = await context.storage.findClient(consumerKey)
  if (found?.oauth1 !== undefined && !found.disabled) return { client: found }
  const problem = new OAuth1Error('invalid_client', 'unknown_client', { description: 'Unknown consumer key' })
  return { client: undefined, problem }
}
