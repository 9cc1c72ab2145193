import type { Command } from 'commander'
import { type ClientRow, clientRow } from '../load/rows.ts'
import { checkedRow } from './checked-row.ts'
import { several } from './define-command.ts'
import { addSecretOptions, clientSecretSource } from './secret-input.ts'

/** Options that are a text or a list of texts, and the field each sets. */
const fields = {
  name: 'client_name',
  redirectUri: 'redirect_uris',
  grant: 'grant_types',
  responseType: 'response_types',
  authMethod: 'token_endpoint_auth_method',
  scope: 'scope',
  pkce: 'pkce',
  responseMode: 'response_modes',
  clientUri: 'client_uri',
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  contact: 'contacts',
} as const satisfies Record<string, keyof ClientRow>

const flags = { firstParty: 'first_party', introspectAny: 'introspect_any' } as const satisfies Record<
  string,
  keyof ClientRow
>

export const addClientOptions = (command: Command): Command =>
  addSecretOptions(
    command
      .option('--name <text>', 'name shown to people')
      .option('--redirect-uri <uri>', 'redirect URI; may be repeated', several)
      .option('--grant <type>', 'grant type; may be repeated', several)
      .option('--response-type <type>', 'response type; may be repeated (default: what the grants need)', several)
      .option('--auth-method <method>', 'client_secret_basic, client_secret_post or none')
      .option('--public', 'cannot keep a secret: the same as --auth-method none')
      .option('--native', 'an app on a device: loopback and private-use redirect URIs are possible')
      .option('--web', 'a web application: https redirect URIs only')
      .option('--scope <names>', 'at most this scope, space separated (default: every scope)')
      .option('--pkce <mode>', 'PKCE allowed besides S256: plain or none; may be repeated', several)
      .option('--response-mode <mode>', 'response mode it is limited to; may be repeated', several)
      .option('--client-uri <uri>', 'its home page')
      .option('--logo-uri <uri>', 'its logo')
      .option('--policy-uri <uri>', 'its privacy policy')
      .option('--tos-uri <uri>', 'its terms of service')
      .option('--contact <address>', 'who answers for it; may be repeated', several)
      .option('--first-party', 'one of your own: consent is not asked for')
      .option('--no-first-party', 'consent is asked for')
      .option('--introspect-any', 'a resource server: may introspect tokens of every client')
      .option('--no-introspect-any', 'may introspect its own tokens only'),
    clientSecretSource,
  )

/** The row that the options make of a client, on top of what there is. */
export function rowFromOptions(start: ClientRow, options: Readonly<Record<string, unknown>>): ClientRow {
  const row: Record<string, unknown> = { ...start }
  for (const [option, field] of Object.entries({ ...fields, ...flags })) {
    if (options[option] !== undefined) row[field] = options[option]
  }
  // Response types follow the grants, unless they are said.
  if (options.grant !== undefined && options.responseType === undefined) delete row.response_types
  if (options.public === true) row.token_endpoint_auth_method = 'none'
  if (options.native === true) row.application_type = 'native'
  if (options.web === true) row.application_type = 'web'
  if (options.disable === true) row.disabled = true
  if (options.enable === true) row.disabled = false
  return checkedRow(clientRow, row)
}
