import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidClient, invalidRequest, type ProtocolError } from '../../core/spec/errors.ts'
import { type PendingUse, useUp } from '../../core/tokens/request-ledger.ts'
import { networkOf } from '../../http/network.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import { countAttempt } from '../../interaction/sign-in-limits.ts'
import type { ClientAuthMethod, ClientRefusal, PresentedClient, ProvenOnce } from './method.ts'

interface Presented {
  readonly method: ClientAuthMethod
  readonly client: PresentedClient
}

/** RFC 6749 §2.3: exactly one method a request; several only of those that are told apart by the client's registration. */
function presentedBy(
  methods: readonly ClientAuthMethod[],
  request: HttpRequest,
  params: Params,
): readonly [Presented, ...Presented[]] {
  const all: Presented[] = []
  for (const method of methods) {
    const client = method.present(request, params)
    if (client === undefined) continue
    if (all.length > 0 && !(method.namesOnly && all[0]?.method.namesOnly))
      throw invalidRequest('two_client_auth_methods', 'Authenticate the client by one method, not several')
    all.push({ method, client })
  }
  const [first, ...others] = all
  if (first !== undefined) return [first, ...others]
  throw invalidClient('no_client_credentials', 'Client credentials were not found in the headers or body')
}

/** A body that names another client than the header authenticates would confuse whoever reads only one of them. */
function bodyMustNameTheSame(params: Params, clientId: string): void {
  const named = params.get('client_id')
  if (named !== undefined && named !== clientId) {
    throw invalidRequest('client_id_mismatch', 'The client_id differs from the authenticated client')
  }
}

/** Interchangeable where a compatibility option says so. */
export const secretMethods: readonly string[] = ['client_secret_basic', 'client_secret_post']

function isRegisteredMethod(engine: Engine, client: Client, method: string): boolean {
  const registered = client.token_endpoint_auth_method
  if (registered === method) return true
  return (
    engine.settings.compatibility.eitherSecretMethod &&
    secretMethods.includes(registered) &&
    secretMethods.includes(method)
  )
}

/** One counter for all unknown ids: made-up ones must not fill the store with a row each. */
const limitKey = ({ remoteAddress }: HttpRequest, client: Client | undefined): string =>
  `${client === undefined ? 'unknown client' : `client ${client.client_id}`} from ${networkOf(remoteAddress)}`

function reportFailure(
  engine: Engine,
  request: HttpRequest,
  client: Client | undefined,
  reason: string,
): Promise<void> | undefined {
  const { remoteAddress } = request
  return engine.emit({
    type: 'client_authentication_failed',
    reason,
    ...(client !== undefined && { clientId: client.client_id }),
    ...(remoteAddress !== undefined && { remoteAddress }),
  })
}

/** Those that are told by something else than a secret. */
const withoutSecret: readonly string[] = ['none', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

/** RFC 7591 §3.2.1: the end is that of the secret, and of nothing else. */
function isSecretOver({ clock }: Engine, client: Client): boolean {
  const { client_secret_expires_at: end = 0, token_endpoint_auth_method: method } = client
  return !withoutSecret.includes(method) && end > 0 && clock.now() >= end
}

const isOnce = (verified: boolean | ClientRefusal | ProvenOnce): verified is ProvenOnce =>
  typeof verified === 'object' && verified !== null && 'once' in verified

function whyRefused(
  engine: Engine,
  client: Client | undefined,
  method: ClientAuthMethod,
  verified: boolean | ClientRefusal | ProvenOnce,
): string | undefined {
  if (client === undefined) return 'unknown_client'
  if (client.disabled) return 'client_disabled'
  if (!isRegisteredMethod(engine, client, method.name) && !method.suits?.(client))
    return 'client_auth_method_not_registered'
  // Not by truth: a method of the host that answers with anything else has proved nothing.
  if (verified !== true && !isOnce(verified))
    return (verified as Partial<ClientRefusal> | undefined | null)?.refused || 'wrong_client_secret'
  return isSecretOver(engine, client) ? 'client_secret_expired' : undefined
}

/** A client that has proved who it is, and how. */
export interface AuthenticatedClient {
  readonly client: Client
  readonly method: string
  readonly signedToken: string | undefined
}

/** A client that has proved who it is, unless what it proved that with was used before. */
export interface IdentifiedClient extends AuthenticatedClient {
  readonly pending?: PendingUse
}

/**
 * RFC 6749 §2.3 and §3.2.1: the client that makes this request, proved by the one method it is registered for. One
 * answer for every cause of refusal: which part was wrong is for the operator's log only. Whoever calls this has to use up
 * what is `pending`, or have it used up with what the request buys.
 * @throws ProtocolError `invalid_client`, `invalid_request` or `too_many_requests`
 */
export async function identifyClient(
  engine: Engine,
  methods: readonly ClientAuthMethod[],
  request: HttpRequest,
  params: Params,
): Promise<IdentifiedClient> {
  const all = presentedBy(methods, request, params)
  const { clientId } = all[0].client
  bodyMustNameTheSame(params, clientId)
  const client = await engine.findClient(clientId, request)
  const registered = all.find(({ method: { name } }) => name === client?.token_endpoint_auth_method)
  const { method, client: presented } = registered ?? all[0]
  let counted = false
  const countTry = (): Promise<void> => {
    counted = true
    return countAttempt(engine, limitKey(request, client), engine.settings.limits.client)
  }
  const refusal = async (reason: string): Promise<ProtocolError> => {
    await reportFailure(engine, request, client, reason)
    if (!counted) await countTry()
    return invalidClient(reason, 'Invalid client credentials')
  }
  const verifying = method.verify(engine, client, presented, countTry, request)
  const verified = typeof verifying === 'boolean' ? verifying : await verifying
  const reason = whyRefused(engine, client, method, verified)
  if (reason !== undefined || client === undefined) throw await refusal(reason ?? 'unknown_client')
  if (counted) await engine.store.attempts.clear(limitKey(request, client))
  const identified = { client, method: method.name, signedToken: presented.signedToken }
  const tell = () => engine.emit({ type: 'client_authenticated', clientId: client.client_id, method: method.name })
  if (isOnce(verified))
    return { ...identified, pending: { use: verified.once, refusal: () => refusal(verified.otherwise), first: tell } }
  const telling = tell()
  if (telling !== undefined) await telling
  return identified
}

/** As `identifyClient`, with nothing left to be used up. */
export async function authenticateClient(
  engine: Engine,
  methods: readonly ClientAuthMethod[],
  request: HttpRequest,
  params: Params,
): Promise<AuthenticatedClient> {
  const { pending, ...authenticated } = await identifyClient(engine, methods, request, params)
  await useUp(engine, pending)
  return authenticated
}
