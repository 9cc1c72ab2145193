import { digestOf } from '../../core/crypto/digest.ts'
import { mintToken } from '../../core/crypto/token-text.ts'
import { type Client, mayUseGrantType } from '../../core/model/client.ts'
import type { DeviceRequest } from '../../core/model/device-request.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { unauthorizedClient } from '../../core/spec/errors.ts'
import { networkOf } from '../../http/network.ts'
import { type HttpResponse, json } from '../../http/response.ts'
import { countUnproven } from '../../interaction/sign-in-limits.ts'
import { type FactReader, factsOf, repeatableOf, scopeOf } from '../authorize/fact-reader.ts'
import type { Endpoint, EndpointRequest } from '../endpoint.ts'
import { scopeFor } from '../scope-policy.ts'
import { deviceCodeGrantType } from './device-code-grant.ts'
import type { DeviceGrantSettings } from './device-grant-options.ts'
import { newUserCode, shownUserCode, userCodeDigest } from './user-code.ts'

/** Where people enter codes. */
export interface DeviceAuthorizationOptions extends DeviceGrantSettings {
  readonly verificationUri: string
  readonly factReaders: readonly FactReader[]
}

type Asked = Pick<DeviceRequest, 'clientId' | 'scope' | 'facts'>

async function askedBy(
  { engine, params, request }: EndpointRequest,
  client: Client,
  factReaders: readonly FactReader[],
): Promise<Asked> {
  const wanted = { engine, client, params, scope: await scopeFor(engine, client, params.get('scope')) }
  const scope = await scopeOf(factReaders, wanted)
  const facts = await factsOf(factReaders, { ...wanted, scope })
  const { remoteAddress } = request
  const from = remoteAddress === undefined ? {} : { requestedFrom: networkOf(remoteAddress) }
  return { clientId: client.client_id, scope, facts: { ...facts, ...from } }
}

const mostTries = 5

/** Keeps the request under codes that nobody else has. */
async function keep(
  engine: Engine,
  { interval, lifetime, userCode: kind }: DeviceGrantSettings,
  asked: Asked,
): Promise<{ readonly deviceCode: string; readonly userCode: string }> {
  const createdAt = engine.clock.now()
  for (let tries = 0; tries < mostTries; tries += 1) {
    const deviceCode = mintToken('device')
    const userCode = newUserCode(kind)
    const saved = await engine.store.deviceRequests.save({
      ...asked,
      digest: digestOf(deviceCode),
      userCode: userCodeDigest(engine, userCode),
      interval,
      createdAt,
      expiresAt: createdAt + lifetime,
    })
    if (saved) return { deviceCode, userCode: shownUserCode(kind, userCode) }
  }
  throw new Error(`no free user code in ${mostTries} tries`)
}

async function authorizeDevice(options: DeviceAuthorizationOptions, received: EndpointRequest): Promise<HttpResponse> {
  const { client, engine, request } = received
  if (client === undefined) throw new TypeError('device authorization: nobody has authenticated')
  if (!mayUseGrantType(client, deviceCodeGrantType))
    throw unauthorizedClient('grant_type_not_registered', 'The client is not registered for this grant type')
  await countUnproven(engine, 'device requests', client, request.remoteAddress)
  const asked = await askedBy(received, client, options.factReaders)
  const { deviceCode, userCode } = await keep(engine, options, asked)
  await engine.emit({ type: 'device_requested', clientId: asked.clientId, scope: asked.scope })
  const { interval, lifetime, verificationUri } = options
  return json(200, {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: verificationUri,
    verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
    expires_in: lifetime,
    interval,
  })
}

/** RFC 8628 §3.1: gives a device its code, and the one that a person types in for it. */
export const deviceAuthorizationEndpoint = (options: DeviceAuthorizationOptions): Endpoint => ({
  name: 'device-authorization',
  clientAuthentication: true,
  repeatable: repeatableOf(options.factReaders),
  cors: true,
  methods: { POST: (received) => authorizeDevice(options, received) },
  metadata: (url) => ({ device_authorization_endpoint: url }),
})
