import { lookupDigest } from '../../core/crypto/token-text.ts'
import type { Client } from '../../core/model/client.ts'
import type { DeviceApproval, DeviceRequest } from '../../core/model/device-request.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { scopeStillAllowed } from '../../core/rules/scope.ts'
import { accessDenied, invalidGrant, ProtocolError } from '../../core/spec/errors.ts'
import { required } from '../../http/params.ts'
import type { Grant, GrantAnswer, TokenRequest } from '../token/grant.ts'

/** RFC 8628 §3.4. */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** RFC 8628 §3.5: seconds. */
const slowerBy = 5

/** The same words for both, so that nobody learns which codes are another client's. */
async function findDevice(engine: Engine, client: Client, presented: string): Promise<DeviceRequest> {
  const digest = lookupDigest('device', presented)
  const device = digest === undefined ? undefined : await engine.store.deviceRequests.find(digest)
  if (device === undefined) throw invalidGrant('device_code_unknown', 'Device code not found')
  if (device.clientId !== client.client_id) throw invalidGrant('device_code_of_other_client', 'Device code not found')
  return device
}

/** RFC 8628 §3.5: how long to wait is kept by us, whatever the device does. */
async function waiting(engine: Engine, { digest }: DeviceRequest): Promise<ProtocolError> {
  const polled = await engine.store.deviceRequests.poll(digest, engine.clock.now(), slowerBy)
  return polled === 'slow_down'
    ? new ProtocolError('slow_down', 'polled_too_soon', {
        description: `Wait ${slowerBy} seconds longer between polls`,
      })
    : new ProtocolError('authorization_pending', 'authorization_pending', {
        description: 'The user has not answered yet',
      })
}

async function approvalOf(engine: Engine, device: DeviceRequest): Promise<DeviceApproval> {
  if (device.spentAt !== undefined) throw invalidGrant('device_code_spent', 'Device code has been used')
  if (engine.clock.now() >= device.expiresAt)
    throw new ProtocolError('expired_token', 'device_code_expired', { description: 'Device code has expired' })
  if (device.deniedAt !== undefined)
    throw accessDenied('denied_by_user', 'The user denied access to your application', { status: 400 })
  if (device.approval === undefined) throw await waiting(engine, device)
  return device.approval
}

async function handle(request: TokenRequest): Promise<GrantAnswer> {
  const { client, engine, params } = request
  const device = await findDevice(engine, client, required(params, 'device_code'))
  const { facts, scope, sessionId, userId } = await approvalOf(engine, device)
  if (!engine.accounts.inStore && !(await engine.accounts.find(userId)))
    throw invalidGrant('user_gone', 'Device code not found')
  return request.issue({
    userId,
    scope: scopeStillAllowed(client, await engine.store.scopes.all(), scope),
    spend: { kind: 'device_request', digest: device.digest },
    ...(facts !== undefined && { facts }),
    ...(sessionId !== undefined && { sessionId }),
  })
}

/** RFC 8628 §3.4. */
export const deviceCode = (): Grant => ({ type: deviceCodeGrantType, publicClients: true, handle })
