import type { FindClient } from './core/ports/client-finder.ts'
import type { Engine } from './core/ports/engine.ts'
import type { MakeExtension } from './extension.ts'
import type { Outgoing } from './http/outgoing/outgoing.ts'
import { clientDocumentsSettings } from './oauth2/client-documents/client-documents-options.ts'
import { documentClientFinder } from './oauth2/client-documents/find-client.ts'
import { unusedClients } from './oauth2/registration/unused-clients.ts'
import type { ProviderOptions } from './options.ts'

function settingsOf({ clientAssertions = true, clientDocuments = false }: ProviderOptions) {
  if (clientDocuments === false) return undefined
  return clientDocumentsSettings(clientDocuments, clientAssertions === false ? [] : ['private_key_jwt'])
}

/** Finds the client that a request names, wherever it is described. */
export function clientFinder(options: ProviderOptions, outgoing: Outgoing, engine: () => Engine): FindClient {
  const settings = settingsOf(options)
  if (settings !== undefined) return documentClientFinder({ engine, outgoing, settings })
  const { clients } = options.store
  return (clientId) => clients.find(clientId)
}

/** OAuth Client ID Metadata Document, draft 00. */
export const clientDocumentsFeature: MakeExtension = ({ engine, options }) => {
  const settings = settingsOf(options)
  if (settings === undefined) return undefined
  return {
    metadata: () => ({ client_id_metadata_document_supported: true }),
    sweep: unusedClients(
      engine,
      { policyOf: () => ({ clientLifetime: settings.unusedFor }) },
      (client) => client.client_document_read !== undefined,
    ),
  }
}
