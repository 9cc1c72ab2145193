import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import type { RegistrationSettings } from './registration-settings.ts'

const one = { limit: 1 }

/** Nothing that was issued to it is left: what has expired is swept before. */
async function isUnused({ store }: Engine, { client_id: clientId }: Client): Promise<boolean> {
  const [authorization] = await store.authorizations.list({ clientId }, one)
  if (authorization !== undefined) return false
  const [token] = await store.tokens.listAccess({ clientId }, one)
  return token === undefined
}

/** Deletes it where it is unused; otherwise it is looked at again when as much time has passed. */
async function removed(
  engine: Engine,
  { policyOf }: Pick<RegistrationSettings, 'policyOf'>,
  client: Client,
  at: number,
): Promise<boolean> {
  const { client_id: clientId, registration_policy = '' } = client
  if (await isUnused(engine, client)) {
    const was = await engine.store.clients.delete(clientId)
    if (was) await engine.emit({ type: 'client_deleted', clientId, reason: 'unused' })
    return was
  }
  const { clientLifetime = 0 } = policyOf(registration_policy)
  const { unused_until: _over, ...others } = client
  await engine.store.clients.replace(
    client,
    clientLifetime === 0 ? others : { ...others, unused_until: at + clientLifetime },
  )
  return false
}

/** Goes through the clients, some with each step, and deletes those that registered themselves and are not used. */
export function unusedClients(
  engine: Engine,
  settings: Pick<RegistrationSettings, 'policyOf'>,
  isOurs: (client: Client) => boolean,
) {
  let after: string | undefined
  return async (at: number, limit: number): Promise<number> => {
    const page = await engine.store.clients.list({ limit, ...(after !== undefined && { after }) })
    after = page.length < limit ? undefined : page.at(-1)?.client_id
    let gone = 0
    for (const client of page) {
      const { unused_until: end } = client
      if (end !== undefined && end <= at && isOurs(client) && (await removed(engine, settings, client, at))) gone += 1
    }
    return gone
  }
}
