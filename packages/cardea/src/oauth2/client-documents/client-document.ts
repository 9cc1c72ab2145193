import { isJsonObject, type JsonObject, strictJson } from '../../core/crypto/jose/strict-json.ts'
import { type ClientMetadata, clientMetadataFrom, invalidMetadata } from '../registration/client-metadata.ts'

/** What stands at the address that is the id of a client. */
export interface ClientDocument {
  /** All of it. */
  readonly said: JsonObject
  readonly metadata: ClientMetadata
}

const secrets = ['client_secret', 'client_secret_expires_at']

/**
 * client-id-metadata-document §4.1: what a document has to say, and may not.
 * @throws ProtocolError `invalid_client_metadata` or `invalid_redirect_uri` that names the member
 */
export function clientDocumentFrom(text: string, clientId: string): ClientDocument {
  const read = strictJson(text)
  if ('problem' in read || !isJsonObject(read.value)) throw invalidMetadata('document', 'must be an object of JSON')
  const said = read.value
  // What one host has written about another's client is not said by that client.
  if (said.client_id !== clientId) throw invalidMetadata('client_id', 'must be the address of the document, as it is')
  const secret = secrets.find((name) => Object.hasOwn(said, name))
  if (secret !== undefined) throw invalidMetadata(secret, 'may not stand where everybody can read it')
  const metadata = clientMetadataFrom(said)
  if (metadata.client_name === undefined) throw invalidMetadata('client_name', 'is required')
  if ((metadata.redirect_uris ?? []).length === 0) throw invalidMetadata('redirect_uris', 'at least one is required')
  return { said, metadata }
}
