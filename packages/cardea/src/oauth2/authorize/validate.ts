import type { Engine } from '../../core/ports/engine.ts'
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/request.ts'
import type { CompiledHooks } from '../compile-hooks.ts'
import {
  type AuthorizationRequest,
  type AuthorizationRules,
  authorizationRequestOf,
  mustStandForItself,
  type ResponseTypeName,
  type ReturnAddress,
  responseTypeOf,
  returnAddressOf,
} from './request.ts'
import type { ResolvedRequest } from './request-source.ts'

/** What authorization requests are checked by, wherever they come in. */
export interface AuthorizationChecks {
  readonly rules: AuthorizationRules
  readonly hooks: CompiledHooks
}

/** The grant type that hooks and lifetimes go by. */
export const grantTypeOf = (responseType: ResponseTypeName): string =>
  responseType === 'token' ? 'implicit' : 'authorization_code'

/** Errors before this is known are shown, never redirected (RFC 6749 §4.1.2.1). */
export async function checkedReturnAddress(
  engine: Engine,
  { hooks, rules }: AuthorizationChecks,
  request: HttpRequest,
  params: Params,
): Promise<ReturnAddress> {
  await hooks.beforeGetAuthorizationGrant?.({ request, params })
  return returnAddressOf(engine, rules, params, request)
}

/** The whole request, with the hooks that go with it. What it throws may be redirected. */
export async function checkedAuthorizationRequest(
  engine: Engine,
  { hooks, rules }: AuthorizationChecks,
  address: ReturnAddress,
  request: HttpRequest,
  { params, origin, once }: ResolvedRequest,
): Promise<AuthorizationRequest> {
  const { client, redirectUri } = address
  mustStandForItself(params)
  const missing = rules.originRules.map((rule) => rule(client, origin)).find((error) => error !== undefined)
  if (missing !== undefined) throw missing
  const grantType = grantTypeOf(responseTypeOf(engine, rules, client, params))
  const payload = { request, params, client, grantType, redirectUri }
  await hooks.afterGetAuthorizationGrant?.({ ...payload })
  await hooks.beforeValidateAuthorizationRequestPayload?.({ ...payload })
  const checked = await authorizationRequestOf(engine, rules, address, params)
  const authorization = once === undefined ? checked : { ...checked, once }
  await hooks.afterValidateAuthorizationRequestPayload?.({ client, grantType, authorization })
  return authorization
}
