import type { Client, Store } from 'cardea'
import { everyPage } from '../cli/every-page.ts'
import type { Config } from '../config/schema.ts'
import { type Finding, ok, warn } from './finding.ts'
import { objectionsTo } from './profile-rules.ts'

/** What the server would say of itself (RFC 8414 §2). */
export type ServerMetadata = Readonly<Record<string, unknown>>

const check = 'features'

type Has = (metadata: ServerMetadata, value: string) => boolean
const isIn =
  (member: string): Has =>
  (metadata, value) =>
    ((metadata[member] ?? []) as readonly string[]).includes(value)
const isThere =
  (member: string): Has =>
  (metadata) =>
    metadata[member] !== undefined && metadata[member] !== false

const urn = 'urn:ietf:params:oauth:grant-type'

/** Which key turns on what a client is registered for; others are turned on by `grants`. */
const keyOf: Readonly<Record<string, string>> = {
  [`${urn}:device_code`]: 'deviceGrant',
  [`${urn}:jwt-bearer`]: 'jwtBearer',
  [`${urn}:token-exchange`]: 'tokenExchange',
  token: 'responseTypes',
  client_secret_jwt: 'clientAssertions',
  private_key_jwt: 'clientAssertions',
  tls_client_auth: 'mutualTls, with authoritiesFile',
  self_signed_tls_client_auth: 'mutualTls',
}

const needs: readonly (readonly [of: (client: Client) => readonly string[], has: Has, key: string])[] = [
  [({ grant_types }) => grant_types.filter((type) => type !== 'implicit'), isIn('grant_types_supported'), 'grants'],
  [({ response_types }) => response_types, isIn('response_types_supported'), 'responseTypes'],
  [
    ({ token_endpoint_auth_method: method, grant_types }) => (grant_types.length === 0 ? [] : [method]),
    isIn('token_endpoint_auth_methods_supported'),
    'preset',
  ],
  [({ response_modes = [] }) => response_modes, isIn('response_modes_supported'), 'signedResponses or responseModes'],
  [
    (client) => (client.require_pushed_authorization_requests ? ['pushed requests'] : []),
    isThere('pushed_authorization_request_endpoint'),
    'pushedRequests',
  ],
  [
    (client) => (client.require_signed_request_object ? ['signed requests'] : []),
    isThere('request_object_signing_alg_values_supported'),
    'requestObjects',
  ],
  [
    (client) => (client.dpop_bound_access_tokens ? ['tokens bound by DPoP'] : []),
    isThere('dpop_signing_alg_values_supported'),
    'dpop',
  ],
]

/** What the preset refuses of a client is told as such, and no key turns it on. */
const refusedBy = ({ preset, senderConstraint = 'dpop' }: Config, client: Client): readonly string[] =>
  preset === undefined
    ? []
    : objectionsTo(client, preset, { senderConstraint, resources: [] }).flatMap(({ refused }) =>
        refused.split(/[\s,:]+/),
      )

function ofClient(client: Client, metadata: ServerMetadata, config: Config): Finding[] {
  const refused = refusedBy(config, client)
  return needs.flatMap(([of, has, key]) =>
    of(client)
      .filter((value) => !has(metadata, value) && !refused.includes(value))
      .map((value) =>
        warn(
          check,
          `client ${client.client_id} is registered for ${value}, which is off`,
          `turn it on by ${keyOf[value] ?? key}, or register the client without it`,
        ),
      ),
  )
}

/** Names in the configuration that nothing goes by. */
async function dangling(store: Store, config: Config) {
  const { defaultResource, resources, tokenExchange, trustedIssuers } = config
  const found: Finding[] = []
  const nothing = (key: string, what: string) =>
    found.push(warn(check, `${key}: there is no ${what}`, 'correct the name, or create what it names'))
  // What the configuration declares is there from the first start on.
  const scopes = new Set([...(await store.scopes.all()), ...config.scopes].map(({ name }) => name))
  const declared = new Set(config.clients.map(({ client_id }) => client_id))
  const known = [...resources, ...(await store.resources.all())]
  if (defaultResource !== undefined && !known.some(({ identifier }) => identifier === defaultResource))
    nothing('defaultResource', `resource ${defaultResource}`)
  for (const { identifier, scopes: named = [] } of known)
    for (const name of named) if (!scopes.has(name)) nothing(`resource ${identifier}`, `scope ${name}`)
  const clients = [
    ...(tokenExchange.allow ?? []).flatMap(({ client, from = [] }, index) =>
      [client, ...from].map((id) => [`tokenExchange.allow[${index}]`, id] as const),
    ),
    ...trustedIssuers.flatMap(({ clients: ids = [] }, index) =>
      ids.map((id) => [`trustedIssuers[${index}].clients`, id] as const),
    ),
  ]
  for (const [key, id] of clients)
    if (!declared.has(id) && (await store.clients.find(id)) === undefined) nothing(key, `client ${id}`)
  return found
}

/** What clients are registered for and the server does not do, and what the configuration names and nobody knows. */
export async function checkFeatures(store: Store, metadata: ServerMetadata, config: Config): Promise<Finding[]> {
  const findings: Finding[] = []
  const pages = everyPage(
    (page) => store.clients.list(page),
    ({ client_id }) => client_id,
  )
  for await (const client of pages) if (!client.disabled) findings.push(...ofClient(client, metadata, config))
  findings.push(...(await dangling(store, config)))
  return findings.length > 0 ? findings : [ok(check, 'everything that clients are registered for is on')]
}
