import { clientSecrets, oauth1Secrets, type Store } from 'cardea'
import type { Logger } from 'pino'
import type { World } from '../cli/world.ts'
import { InvalidInput } from '../config/problems.ts'
import type { Config } from '../config/schema.ts'
import { loadRows } from '../load/load-rows.ts'
import { unlocated } from '../load/located-rows.ts'
import { declaredDemonstrationHashes, storedDemonstration } from './demonstration-credentials.ts'

/**
 * Opens the database and brings the declared rows up to date.
 * @throws InvalidInput when it accepts the demonstration's credentials, or a declared row is wrong
 */
export async function openProduction(
  world: World,
  file: string,
  config: Config & { readonly secrets: readonly string[] },
  log: Logger,
): Promise<Store> {
  const store = await world.openStore(file)
  try {
    const seals = oauth1Secrets(config.secrets)
    const problems = [
      ...(await storedDemonstration(store, world.hasher, seals)),
      ...(await declaredDemonstrationHashes(config, world.hasher)),
    ]
    if (problems.length > 0) throw new InvalidInput(problems)
    const { clients, users, scopes } = config
    const context = {
      store,
      hasher: world.hasher,
      now: world.clock.now(),
      oauth1Secrets: seals,
      clientSecrets: clientSecrets(config.secrets),
    }
    const changes = await loadRows(context, unlocated({ clients, users, scopes }))
    for (const { kind, key, action, fields } of changes) {
      if (action !== 'unchanged') log.info({ kind, key, action, fields }, 'declared row brought up to date')
    }
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
