import assert from 'node:assert/strict'
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { type ClientCertificate, tlsFetch } from '../tls-fetch.ts'
import { redirectUri, type Scene } from './everything.ts'

/** oauth4webapi, as one client. */
export interface Web {
  readonly as: oauth.AuthorizationServer
  readonly app: oauth.Client
  readonly auth: oauth.ClientAuth
  /** Of every request. */
  readonly options: { readonly [oauth.customFetch]: never }
}

const fetchOf = (shown?: ClientCertificate): never => tlsFetch(shown) as never

/** oauth4webapi finds the server and is that client. */
export async function webClient(
  { issuer }: Scene,
  app: oauth.Client,
  auth: oauth.ClientAuth,
  shown?: ClientCertificate,
): Promise<Web> {
  const options = { [oauth.customFetch]: fetchOf(shown) }
  const found = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...options })
  return { as: await oauth.processDiscoveryResponse(new URL(issuer), found), app, auth, options }
}

/** openid-client 6 finds the server and is that client. */
export async function openidClient(
  { issuer }: Scene,
  id: string,
  auth: client.ClientAuth,
  about: Partial<client.ClientMetadata> = {},
  shown?: ClientCertificate,
): Promise<client.Configuration> {
  const options = { algorithm: 'oauth2', [client.customFetch]: fetchOf(shown) } as const
  return client.discovery(new URL(issuer), id, about, auth, options)
}

/** What a client keeps from its request until the answer. */
export interface Begun {
  readonly verifier: string
  readonly state: string
  readonly params: URLSearchParams
}

/** Parameters of an authorization request of oauth4webapi, which has no builder of them. */
export async function begin(id: string, more: Record<string, string> = {}): Promise<Begun> {
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
  const params = new URLSearchParams({
    client_id: id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'read',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })
  return { verifier, state, params }
}

export const authorizeUrl = ({ as }: Web, params: URLSearchParams): string => `${as.authorization_endpoint}?${params}`

/** Redeems the code that oauth4webapi has found in an answer. */
export async function redeem(
  { app, as, auth, options }: Web,
  answered: URLSearchParams,
  { verifier }: Begun,
  more: oauth.TokenEndpointRequestOptions = {},
): Promise<oauth.TokenEndpointResponse> {
  const all = { ...options, ...more }
  const answer = await oauth.authorizationCodeGrantRequest(as, app, auth, answered, redirectUri, verifier, all)
  return oauth.processAuthorizationCodeResponse(as, app, answer)
}

/** The whole code flow of oauth4webapi. */
export async function codeFlow(
  scene: Scene,
  web: Web,
  more: Record<string, string> = {},
): Promise<oauth.TokenEndpointResponse> {
  const begun = await begin(web.app.client_id, more)
  const sentBack = await scene.person.sentTo(authorizeUrl(web, begun.params))
  return redeem(web, oauth.validateAuthResponse(web.as, web.app, sentBack, begun.state), begun)
}

/** What openid-client sends, and what it checks the answer by. */
export async function openidRequest(more: Record<string, string> = {}) {
  const [pkceCodeVerifier, expectedState] = [client.randomPKCECodeVerifier(), client.randomState()]
  const asked = {
    redirect_uri: redirectUri,
    scope: 'read',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  }
  return { asked, checks: { pkceCodeVerifier, expectedState } }
}

/** The whole code flow of openid-client. */
export async function openidFlow({ person }: Scene, config: client.Configuration, more: Record<string, string> = {}) {
  const { asked, checks } = await openidRequest(more)
  const sentBack = await person.sentTo(client.buildAuthorizationUrl(config, asked))
  return client.authorizationCodeGrant(config, sentBack, checks)
}

/** A grant that oauth4webapi has no function of its own for. */
export async function grantOf(
  { app, as, auth, options }: Web,
  type: string,
  params: Record<string, string>,
  more: oauth.TokenEndpointRequestOptions = {},
): Promise<oauth.TokenEndpointResponse> {
  const answer = await oauth.genericTokenEndpointRequest(as, app, auth, type, params, { ...options, ...more })
  return oauth.processGenericTokenEndpointResponse(as, app, answer)
}

/** Introspection by oauth4webapi. */
export async function toldOf(
  { app, as, auth, options }: Web,
  token: string,
  more: oauth.IntrospectionRequestOptions = {},
): Promise<oauth.IntrospectionResponse> {
  const answer = await oauth.introspectionRequest(as, app, auth, token, { ...options, ...more })
  return oauth.processIntrospectionResponse(as, app, answer)
}

/** That either library is refused with that error. */
export const refused = (asked: Promise<unknown>, error: string): Promise<void> =>
  assert.rejects(asked, (thrown: { readonly error?: string; readonly cause?: unknown }) => {
    const challenged = Array.isArray(thrown.cause) ? thrown.cause[0]?.parameters?.error : undefined
    assert.equal(thrown.error ?? challenged, error, String(thrown))
    return true
  })

/** A key pair, and its public half as clients register it. */
export async function keyPair(kid: string, alg = 'ES256', use: 'sig' | 'enc' = 'sig') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const { kty = '', ...jwk } = await exportJWK(publicKey)
  return { privateKey, publicKey, jwk: { kty, ...jwk, kid, alg, use } }
}

/** Opens what was encrypted to a key, as oauth4webapi wants it done. */
export const openedBy = (privateKey: CryptoKey): { readonly [oauth.jweDecrypt]: oauth.JweDecryptFunction } => ({
  [oauth.jweDecrypt]: async (jwe) => new TextDecoder().decode((await compactDecrypt(jwe, privateKey)).plaintext),
})
