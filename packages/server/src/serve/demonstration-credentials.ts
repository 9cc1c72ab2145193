import { canonicalUsername, type OAuth1Secrets, type SecretHasher, type Store } from 'cardea'
import type { Config } from '../config/schema.ts'
import { isStoredSecret } from '../load/plan-client.ts'

/** What everybody can read in the documentation, and so must never open a real server. */
export const demonstration = {
  clientId: 'testclient',
  clientSecret: 'testpassword',
  username: 'john@doe.com',
  password: 'testpassword',
  oauth1ClientId: 'testoauth1',
  oauth1Secret: 'testsecret',
} as const

const { clientId, clientSecret, username, password, oauth1ClientId, oauth1Secret } = demonstration

/** Demonstration credentials that the configuration declares. */
export function declaredDemonstration({ clients, users }: Pick<Config, 'clients' | 'users'>): string[] {
  const problems: string[] = []
  clients.forEach((client, index) => {
    if (client.client_id === clientId && client.client_secret === clientSecret)
      problems.push(
        `clients[${index}]: the demonstration's client ${clientId} is known to everybody; give it another client_secret`,
      )
    if (client.client_id === oauth1ClientId && client.oauth1?.secret === oauth1Secret)
      problems.push(
        `clients[${index}]: the demonstration's client ${oauth1ClientId} is known to everybody; give it another oauth1.secret`,
      )
  })
  users.forEach((user, index) => {
    if (canonicalUsername(user.username) === username && user.password === password)
      problems.push(
        `users[${index}]: the demonstration's user ${username} is known to everybody; give it another password`,
      )
  })
  return problems
}

/** The same, where only their hashes are declared. */
export async function declaredDemonstrationHashes(
  { clients, users }: Pick<Config, 'clients' | 'users'>,
  hasher: SecretHasher,
): Promise<string[]> {
  const problems: string[] = []
  for (const [index, { client_id, client_secret_hash: hash }] of clients.entries()) {
    if (client_id === clientId && (await isStoredSecret(hasher, hash, clientSecret)))
      problems.push(`clients[${index}]: client_secret_hash is that of the demonstration's secret; give it another`)
  }
  for (const [index, user] of users.entries()) {
    const { password_hash: hash } = user
    const isTheirs = canonicalUsername(user.username) === username
    if (isTheirs && hash !== undefined && (await hasher.verify(hash, password)))
      problems.push(`users[${index}]: password_hash is that of the demonstration's password; give them another`)
  }
  return problems
}

/** Demonstration credentials that the database accepts: a demonstration's file may have been taken over. */
export async function storedDemonstration(
  store: Store,
  hasher: SecretHasher,
  secrets: OAuth1Secrets | undefined,
): Promise<string[]> {
  const problems: string[] = []
  const signing = await store.clients.find(oauth1ClientId)
  const sealed = signing?.oauth1?.sealed_secret
  if (
    signing?.disabled !== true &&
    sealed !== undefined &&
    secrets?.openClientSecret(oauth1ClientId, sealed) === oauth1Secret
  )
    problems.push(
      `database: holds the demonstration's client ${oauth1ClientId} with its published secret; run \`cardea client update ${oauth1ClientId} --rotate-oauth1-secret\` or \`cardea client delete ${oauth1ClientId}\``,
    )
  const client = await store.clients.find(clientId)
  if (client?.disabled !== true && (await isStoredSecret(hasher, client?.client_secret_hash, clientSecret)))
    problems.push(
      `database: holds the demonstration's client ${clientId} with its published secret; run \`cardea client update ${clientId} --rotate-secret\` or \`cardea client delete ${clientId}\``,
    )
  const user = await store.users.findByUsername(username)
  if (
    user?.disabled !== true &&
    user?.password_hash !== undefined &&
    (await hasher.verify(user.password_hash, password))
  )
    problems.push(
      `database: holds the demonstration's user ${username} with its published password; run \`cardea user update ${username} --set-password\` or \`cardea user delete ${username}\``,
    )
  return problems
}
