import type { Client, ClientExtensions } from '../core/model/client.ts'
import type { ClientPolicy } from '../core/model/client-policy.ts'
import { listFrom, urisFrom } from '../core/rules/text-list.ts'
import { digestOfReadableSecret } from '../oauth2/client-auth/client-secret.ts'
import type { Supported } from '../supported.ts'
import type { ClientModel, ClientRow, HostClient } from './client-model.ts'

export const isModel = (client: HostClient): client is ClientModel =>
  typeof (client as Partial<ClientModel>).getClientId === 'function'

type Record = Omit<ClientRow, 'client_id'>

/** Members of the same meaning in rows and in our records. */
const copied = [
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'client_id_issued_at',
  'client_secret_expires_at',
  'jwks_uri',
  'jwks',
  'sealed_secret',
  'token_endpoint_auth_signing_alg',
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'require_signed_request_object',
  'require_pushed_authorization_requests',
  'pkce',
  'response_modes',
  'resources',
] as const satisfies readonly (keyof Client | keyof ClientExtensions)[]

function copiedFrom(row: Record): object {
  const held = row as { readonly [name: string]: unknown }
  return Object.fromEntries(
    copied.filter((name) => held[name] !== undefined && held[name] !== null).map((name) => [name, held[name]]),
  )
}

const flags = ['disabled', 'first_party', 'introspect_any'] as const

const flagsFrom = (row: Record): object =>
  Object.fromEntries(flags.filter((name) => row[name]).map((name) => [name, true]))

function secretFrom({ client_secret, client_secret_hash }: Record): Pick<Client, 'client_secret_hash'> {
  if (client_secret_hash) return { client_secret_hash }
  return client_secret ? { client_secret_hash: digestOfReadableSecret(client_secret) } : {}
}

const redirectUrisFrom = (row: Record): readonly string[] => {
  const named = urisFrom(row.redirect_uris)
  const { default_redirect_uri: always } = row
  return always && !named.includes(always) ? [always, ...named] : named
}

const policyFrom = ({ default_redirect_uri }: Record): { readonly policy?: ClientPolicy } =>
  default_redirect_uri ? { policy: { defaultRedirectUri: default_redirect_uri } } : {}

/** A row as the engine knows clients. Throws TypeError for what cannot be one. */
export function clientFromRow(clientId: string, row: Record): Client {
  const secret = secretFrom(row)
  return {
    client_id: clientId,
    client_name: row.client_name || clientId,
    redirect_uris: redirectUrisFrom(row),
    grant_types: listFrom(row.grant_types) ?? listFrom(row.grant_type) ?? ['authorization_code'],
    response_types: listFrom(row.response_types) ?? listFrom(row.response_type) ?? ['code'],
    token_endpoint_auth_method:
      row.token_endpoint_auth_method || (secret.client_secret_hash === undefined ? 'none' : 'client_secret_basic'),
    application_type: row.application_type === 'native' ? 'native' : 'web',
    client_id_issued_at: 0,
    ...secret,
    ...(typeof row.scope === 'string' && { scope: row.scope }),
    ...copiedFrom(row),
    ...flagsFrom(row),
    ...policyFrom(row),
  }
}

/** Those that the record has, if it has any, and that the object's method lets pass. */
async function allowed(
  known: readonly string[],
  recorded: readonly string[] | undefined,
  check: ((name: string) => boolean | Promise<boolean>) | undefined,
): Promise<readonly string[] | undefined> {
  if (check === undefined) return recorded
  const answers = await Promise.all((recorded ?? known).map(async (name) => [name, await check(name)] as const))
  return answers.filter(([, isAllowed]) => isAllowed === true).map(([name]) => name)
}

/** A name that no request can present: nothing works for a client whose every method is refused. */
const refusedByHost = 'refused_by_host'

async function authMethodOf(
  model: ClientModel,
  methods: readonly string[],
): Promise<{ token_endpoint_auth_method?: string }> {
  const { checkClientSecret, checkEndpointAuthMethod, token_endpoint_auth_method: recorded } = model
  if (checkEndpointAuthMethod === undefined) {
    return !recorded && checkClientSecret !== undefined ? { token_endpoint_auth_method: 'client_secret_basic' } : {}
  }
  const check = (method: string) => checkEndpointAuthMethod.call(model, method, 'token')
  const [method] = (await allowed(methods, recorded ? [recorded] : undefined, check)) ?? []
  return { token_endpoint_auth_method: method ?? refusedByHost }
}

const defaultRedirectOf = async (model: ClientModel): Promise<string | undefined> =>
  ((await model.getDefaultRedirectUri?.()) ?? model.default_redirect_uri) || undefined

function policyOf(model: ClientModel, defaultRedirectUri: string | undefined): ClientPolicy {
  const { checkRedirectUri, checkClientSecret, getAllowedScope } = model
  return {
    ...(defaultRedirectUri !== undefined && { defaultRedirectUri }),
    ...(checkRedirectUri !== undefined && { checkRedirectUri: (uri: string) => checkRedirectUri.call(model, uri) }),
    ...(checkClientSecret !== undefined && { checkSecret: (secret: string) => checkClientSecret.call(model, secret) }),
    ...(getAllowedScope !== undefined && { allowedScope: (scope: string) => getAllowedScope.call(model, scope) }),
  }
}

/** None where the object names none and has the method: then the method alone knows which there are. */
function namedRedirectUris(model: ClientModel, always: string | undefined): readonly string[] {
  const named = urisFrom(model.redirect_uris)
  if (always === undefined || named.includes(always)) return named
  return named.length === 0 && model.checkRedirectUri !== undefined ? [] : [always, ...named]
}

async function typesOf(model: ClientModel, { grantTypes, responseTypes }: Supported) {
  const grants = listFrom(model.grant_types) ?? listFrom(model.grant_type)
  const responses = listFrom(model.response_types) ?? listFrom(model.response_type)
  const grant_types = await allowed(grantTypes, grants, model.checkGrantType?.bind(model))
  const response_types = await allowed(responseTypes, responses, model.checkResponseType?.bind(model))
  return { ...(grant_types !== undefined && { grant_types }), ...(response_types !== undefined && { response_types }) }
}

async function clientFromModel(clientId: string, model: ClientModel, supported: Supported): Promise<Client> {
  const always = await defaultRedirectOf(model)
  return {
    ...clientFromRow(clientId, model),
    redirect_uris: namedRedirectUris(model, always),
    ...(await typesOf(model, supported)),
    ...(await authMethodOf(model, supported.authMethods)),
    policy: policyOf(model, always),
  }
}

/** A host's row or object as the engine knows clients. */
export async function clientFrom(clientId: string, client: HostClient, supported: Supported): Promise<Client> {
  return isModel(client) ? clientFromModel(clientId, client, supported) : clientFromRow(clientId, client)
}
