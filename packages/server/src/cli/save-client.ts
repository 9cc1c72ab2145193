import { type Client, hashClientSecret, mintClientSecret, type Store } from 'cardea'
import type { Config } from '../config/schema.ts'
import { clientFrom, withoutOldEnd, withSecretHash } from '../load/from-row.ts'
import { withOAuth1Secret } from '../load/oauth1-registration.ts'
import { clientRowProblem } from '../load/row-problems.ts'
import type { ClientRow } from '../load/rows.ts'
import { secretKindOf, withSealedSecret } from '../load/secret-kind.ts'
import { clientText, clientView } from './client-view.ts'
import type { Invocation, Outcome } from './define-command.ts'
import { usage } from './exit-codes.ts'
import { clientSecretSource, givenSecret, oauth1SecretSource } from './secret-input.ts'
import { textRecord } from './text-table.ts'
import { clientSecretsOf, oauth1SecretsOf } from './with-store.ts'

export interface SaveClient {
  readonly invocation: Invocation
  readonly store: Store
  readonly config: Config
  readonly row: ClientRow
  readonly stored: Client | undefined
  /** A client secret is made when none is given and the client needs one. */
  readonly mint: boolean
  /** The same of the shared secret of OAuth 1. */
  readonly mintShared: boolean
}

/** A secret of the client, and whether it was made here and has to be shown. */
interface Secret {
  readonly value: string | undefined
  readonly made: boolean
}

/** Why a secret is refused. */
export const withoutSecret = ({
  token_endpoint_auth_method: method,
}: Pick<Client, 'token_endpoint_auth_method'>): string =>
  method === 'none' ? 'A public client has no secret' : `A client that proves itself by ${method} has no secret`

const secretFrom = (given: string | undefined, mint: boolean): Secret =>
  given === undefined && mint ? { value: mintClientSecret(), made: true } : { value: given, made: false }

async function secretsOf({ invocation, row, stored, mint, mintShared }: SaveClient) {
  const { world, options } = invocation
  if (options.secretStdin === true && options.oauth1SecretStdin === true)
    throw usage('Standard input holds one secret: use --secret-stdin or --oauth1-secret-stdin, not both')
  const given = await givenSecret(world, options, clientSecretSource)
  const named = given === undefined ? row : { ...row, client_secret: given }
  const client = clientFrom(named, stored, 0)
  const needsNone = secretKindOf(client) === 'none'
  if (needsNone && given !== undefined) throw usage(withoutSecret(client))
  const shared =
    row.oauth1 === undefined
      ? { value: undefined, made: false }
      : secretFrom(await givenSecret(world, options, oauth1SecretSource), mintShared)
  return { client: secretFrom(given, mint && !needsNone), shared }
}

const withSecrets = (row: ClientRow, client: Secret, shared: Secret): ClientRow => ({
  ...row,
  ...(client.value !== undefined && { client_secret: client.value }),
  ...(row.oauth1 !== undefined && shared.value !== undefined && { oauth1: { ...row.oauth1, secret: shared.value } }),
})

const once = '\n\nThis is the only time the secret is shown.'

function outcomeOf(saved: Client, client: Secret, shared: Secret): Outcome {
  const view = clientView(saved)
  const json = {
    ...view,
    ...(client.made && { client_secret: client.value }),
    ...(view.oauth1 !== undefined && shared.made && { oauth1: { ...view.oauth1, secret: shared.value } }),
  }
  return { text: `${textRecord(clientText(json))}${client.made || shared.made ? once : ''}`, json }
}

async function withSecret(
  { invocation, config }: SaveClient,
  row: ClientRow,
  client: Client,
  secret: string | undefined,
): Promise<Client> {
  if (secret === undefined) return client
  if (secretKindOf(client) === 'sealed')
    return withSealedSecret(clientSecretsOf(config), withoutOldEnd(client, row), secret)
  return withSecretHash(client, row, await hashClientSecret(invocation.world.hasher, secret))
}

/** Checks and stores the client; secrets that were made are in the outcome, this one time. */
export async function saveClient(request: SaveClient): Promise<Outcome> {
  const { invocation, store, config, stored } = request
  const { world } = invocation
  const { client: secret, shared } = await secretsOf(request)
  const row = withSecrets(request.row, secret, shared)
  const known = (await store.scopes.all()).map(({ name }) => name)
  const problem = await clientRowProblem(store, row, known)
  if (problem !== undefined) throw usage(`client ${row.client_id}: ${problem}`)
  const client = clientFrom(row, stored, world.clock.now())
  const signing = shared.value === undefined ? client : withOAuth1Secret(oauth1SecretsOf(config), client, shared.value)
  const saved = await withSecret(request, row, signing, secret.value)
  await store.clients.save(saved)
  return outcomeOf(saved, secret, shared)
}
