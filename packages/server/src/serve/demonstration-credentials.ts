import { canonicalUsername, type SecretHasher, type Store } from 'cardea'
import type { Config } from '../config/schema.ts'
import { isStoredSecret } from '../load/plan.ts'

/** What everybody can read in the documentation, and so must never open a real server. */
export const demonstration = {
  clientId: 'testclient',
  clientSecret: 'testpassword',
  username: 'john@doe.com',
  password: 'testpassword',
} as const

const { clientId, clientSecret, username, password } = demonstration

/** Demonstration credentials that the configuration declares. */
export function declaredDemonstration({ clients, users }: Pick<Config, 'clients' | 'users'>): string[] {
  const problems: string[] = []
  clients.forEach((client, index) => {
    if (client.client_id === clientId && client.client_secret === clientSecret)
      problems.push(
        `clients[${index}]: the demonstration's client ${clientId} is known to everybody; give it another client_secret`,
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

/** Demonstration credentials that the database accepts: a demonstration's file may have been taken over. */
export async function storedDemonstration(store: Store, hasher: SecretHasher): Promise<string[]> {
  const problems: string[] = []
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
