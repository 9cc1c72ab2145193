import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client'

/** What an application keeps for the client of the MCP SDK. */
export class KeptByClient implements OAuthClientProvider {
  readonly clientMetadata: OAuthClientMetadata
  readonly redirectUrl: string
  readonly clientMetadataUrl?: string
  information: StoredOAuthClientInformation | undefined
  granted: StoredOAuthTokens | undefined
  /** Where the application has sent its user last. */
  sentTo: URL | undefined
  #verifier = ''

  /** @param clientMetadataUrl of a document about it; absent: it registers */
  constructor(redirectUrl: string, clientMetadataUrl?: string) {
    this.redirectUrl = redirectUrl
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl
    this.clientMetadata = {
      client_name: 'Notes in the terminal',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    }
  }
  clientInformation() {
    return this.information
  }
  saveClientInformation(information: StoredOAuthClientInformation) {
    this.information = information
  }
  tokens() {
    return this.granted
  }
  saveTokens(tokens: StoredOAuthTokens) {
    this.granted = tokens
  }
  redirectToAuthorization(url: URL) {
    this.sentTo = url
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier
  }
  codeVerifier() {
    return this.#verifier
  }
}
