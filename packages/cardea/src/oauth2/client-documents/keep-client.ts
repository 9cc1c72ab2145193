import type { Client } from '../../core/model/client.ts'
import type { Engine } from '../../core/ports/engine.ts'
import { invalidClient } from '../../core/spec/errors.ts'
import type { Outgoing } from '../../http/outgoing/outgoing.ts'
import { goesElsewhere, isAnother } from '../registration/manage.ts'
import type { ClientDocument } from './client-document.ts'
import type { ClientDocumentsSettings } from './client-documents-options.ts'
import { documentClient } from './document-client.ts'

interface Parts {
  readonly engine: Engine
  readonly outgoing: Outgoing
  readonly settings: ClientDocumentsSettings
}

/** Stands where others have the name of a registration policy. */
const policyName = 'client_document'

/** Seconds: the record is not written with every request only to say that it was read again. */
const written = 3600

async function isApproved(
  { settings: { approve } }: Parts,
  client: Client,
  { said: document }: ClientDocument,
  before: Client | undefined,
): Promise<boolean> {
  const answer = await approve?.({ client, document, ...(before !== undefined && { before }) })
  if (answer === undefined) return false
  // Not by truth: what is neither of the two was no answer.
  if (answer === false || (answer !== true && typeof answer?.approved !== 'boolean'))
    throw invalidClient('client_document_not_trusted', 'This client is not trusted here', { status: 400 })
  return answer !== true && answer.approved
}

async function described(
  parts: Parts,
  clientId: string,
  document: ClientDocument,
  before: Client | undefined,
): Promise<Client> {
  const { engine, settings } = parts
  const now = engine.clock.now()
  const identity = { client_id: clientId, client_id_issued_at: before?.client_id_issued_at ?? now }
  const after = await documentClient(parts, settings.policy, document, identity)
  const approved = await isApproved(parts, after, document, before)
  const isNew = before === undefined
  const since = !isNew && goesElsewhere(before, after) ? now : before?.consents_since
  return {
    ...after,
    registration_policy: policyName,
    ...(since !== undefined && { consents_since: since }),
    ...(!approved && (isNew || before.unapproved || isAnother(before, after)) && { unapproved: true }),
    client_document_read: now,
    unused_until: now + settings.unusedFor,
  }
}

/** Apart from when it was read. */
function isSame(before: Client, after: Client): boolean {
  const { client_document_read: _before, unused_until: _end, ...old } = before
  const { client_document_read: _after, unused_until: _until, ...other } = after
  const members = (client: object) => JSON.stringify(Object.entries(client).sort(([a], [b]) => (a < b ? -1 : 1)))
  return members(old) === members(other)
}

/**
 * The client, as its document has it now, in the store: what is issued to it, and what ends it, hang on a record like that
 * of any other. It is made when it is first named, and goes when nothing is left.
 */
export async function keepClient(
  parts: Parts,
  clientId: string,
  document: ClientDocument,
  before: Client | undefined,
): Promise<Client | undefined> {
  const { engine } = parts
  const { clients } = engine.store
  const after = await described(parts, clientId, document, before)
  if (before === undefined) {
    await clients.save(after)
    await engine.emit({ type: 'client_registered', clientId, policy: policyName })
    return after
  }
  const isUnchanged = isSame(before, after)
  if (isUnchanged && engine.clock.now() < (before.client_document_read ?? 0) + written) return before
  // Whoever changed it meanwhile, an operator who disabled it above all, has the last word.
  if (!(await clients.replace(before, after))) return clients.find(clientId)
  if (!isUnchanged) await engine.emit({ type: 'client_updated', clientId, policy: policyName })
  return after
}
