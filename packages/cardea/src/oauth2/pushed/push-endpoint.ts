import { digestOf } from '../../core/crypto/digest.ts'
import type { Client } from '../../core/model/client.ts'
import { invalidRequest } from '../../core/spec/errors.ts'
import { useUp } from '../../core/tokens/request-ledger.ts'
import { type Params, pairsOf, paramsFrom, required } from '../../http/params.ts'
import { type HttpResponse, json } from '../../http/response.ts'
import { countUnproven } from '../../interaction/sign-in-limits.ts'
import { repeatableOf } from '../authorize/fact-reader.ts'
import { useUpOnce } from '../authorize/once-only.ts'
import { type ResolvedRequest, resolvedRequest } from '../authorize/request-source.ts'
import { type AuthorizationChecks, checkedAuthorizationRequest, checkedReturnAddress } from '../authorize/validate.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { type ProofReader, proofOf } from '../proof/proof-reader.ts'
import { withPushedKey } from '../proof/pushed-key.ts'
import type { PushedRequestsSettings } from './pushed-requests-options.ts'
import { newReference } from './request-reference.ts'

/** What proves the client is no part of what it asks for, and is not kept (RFC 9126 §2.1). */
const credentials = ['client_secret', 'client_assertion', 'client_assertion_type']

function askedBy(client: Client, params: Params, repeatable: readonly string[]): Params {
  if (params.get('request_uri') !== undefined)
    throw invalidRequest('request_uri_pushed', 'A pushed request must not hold a request_uri')
  const others = pairsOf(params).filter(([name]) => name !== 'client_id' && !credentials.includes(name))
  return paramsFrom([['client_id', client.client_id], ...others], { repeatable })
}

async function checkedParams(
  checks: AuthorizationChecks,
  { engine, params, request }: EndpointRequest,
  client: Client,
  repeatable: readonly string[],
  { redirectUriRequired }: PushedRequestsSettings,
): Promise<Pick<ResolvedRequest, 'params' | 'origin'>> {
  const { rules } = checks
  const asked = askedBy(client, params, repeatable)
  const resolved = await resolvedRequest(rules.sources, { engine, request, params: asked, repeatable })
  if (redirectUriRequired) required(resolved.params, 'redirect_uri', 'A pushed request needs its redirect_uri')
  const origin = { ...resolved.origin, pushed: true }
  const address = await checkedReturnAddress(engine, checks, request, resolved.params)
  await checkedAuthorizationRequest(engine, checks, address, request, { ...resolved, origin })
  await useUpOnce(engine, resolved.once)
  return { params: resolved.params, origin }
}

/** Where requests are pushed. */
export interface PushParts {
  readonly settings: PushedRequestsSettings
  /** Addresses of the endpoint by configuration. */
  readonly urls: readonly string[]
  readonly proofReaders: readonly ProofReader[]
}

async function push(
  checks: AuthorizationChecks,
  { settings, proofReaders, urls }: PushParts,
  repeatable: readonly string[],
  received: EndpointRequest,
): Promise<HttpResponse> {
  const { client, engine, request } = received
  if (client === undefined) throw new TypeError('pushed requests: nobody has authenticated')
  await countUnproven(engine, 'pushed requests', client, request.remoteAddress)
  const proof = await proofOf(proofReaders, { engine, client, request, urls, demanded: false })
  const { origin, params } = await checkedParams(checks, received, client, repeatable, settings)
  const parameters = withPushedKey(params, proof?.confirmation)
  for (const use of proof?.uses ?? []) await useUp(engine, use)
  const { lifetime } = settings
  const { requestUri, text } = newReference()
  const createdAt = engine.clock.now()
  await engine.store.pushedRequests.save({
    digest: digestOf(text),
    clientId: client.client_id,
    parameters,
    ...(origin.signed && { signed: true }),
    createdAt,
    expiresAt: createdAt + lifetime,
  })
  return json(201, { request_uri: requestUri, expires_in: lifetime }, proof?.headers)
}

/** RFC 9126 §2: takes an authorization request from its client, through every check that there is without a person. */
export function pushEndpoint(checks: AuthorizationChecks, parts: PushParts): Endpoint {
  const repeatable = repeatableOf(checks.rules.factReaders)
  return {
    name: 'pushed-authorization-request',
    clientAuthentication: true,
    repeatable,
    cors: true,
    methods: {
      POST: (received) => push(checks, parts, repeatable, received),
    },
    metadata: (url) => ({
      pushed_authorization_request_endpoint: url,
      require_pushed_authorization_requests: parts.settings.required,
    }),
  }
}
