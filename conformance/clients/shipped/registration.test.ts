import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { grants, redirectUri, startEverything } from '../../servers/shipped/everything.ts'
import { codeFlow, keyPair, openidClient, openidFlow, refused, webClient } from '../../servers/shipped/libraries.ts'
import { tlsFetch } from '../../servers/tls-fetch.ts'

const directory = 'https://directory.example'
const directoryKey = await keyPair('directory')
const ownKey = await keyPair('own')
const usual = { redirect_uris: [redirectUri], grant_types: [grants.code, grants.refresh] }

const scene = await startEverything(({ documents }) => ({
  registration: {
    mode: 'open',
    policies: { default: { scope: 'read' }, partner: { grantTypes: [grants.machine], scope: 'read write' } },
    softwareStatements: [{ issuer: directory, jwksUri: documents.put('directory', { keys: [directoryKey.jwk] }) }],
  },
}))
const options = { [oauth.customFetch]: tlsFetch() as never }
const as = (await webClient(scene, { client_id: 'nobody' }, oauth.None())).as

async function register(
  metadata: Partial<oauth.OmitSymbolProperties<oauth.Client>>,
  more: oauth.DynamicClientRegistrationRequestOptions = {},
) {
  const answer = await oauth.dynamicClientRegistrationRequest(as, metadata, { ...options, ...more })
  return oauth.processDynamicClientRegistrationResponse(answer)
}

const statement = ({ privateKey }: typeof ownKey) =>
  new SignJWT({ client_name: 'As the directory says', software_id: 'app-17' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(directory)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey)

test('RFC 7591 §3: oauth4webapi registers at cardea serve, keeps to the policy and gets tokens; bad metadata are refused', async () => {
  const registered = await register({ ...usual, token_endpoint_auth_method: 'none', client_name: 'An app' })
  assert.equal(registered.scope, 'read')
  const web = await webClient(scene, registered as oauth.Client, oauth.None())
  assert.equal((await codeFlow(scene, web)).scope, 'read')
  await refused(register({ ...usual, redirect_uris: ['javascript:alert(1)'] }), 'invalid_redirect_uri')
})

test('RFC 7591 §3: openid-client registers with a key of its own at cardea serve, and gets tokens', async () => {
  const jwks = { keys: [ownKey.jwk] }
  const metadata = { ...usual, token_endpoint_auth_method: 'private_key_jwt', jwks }
  const auth = client.PrivateKeyJwt(ownKey.privateKey)
  const about = { algorithm: 'oauth2', [client.customFetch]: tlsFetch() as never } as const
  const config = await client.dynamicClientRegistration(new URL(scene.issuer), metadata, auth, about)
  const tokens = await openidFlow(scene, config)
  assert.equal((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).scope, 'read')
  const outside = { ...usual, grant_types: [grants.machine] }
  await refused(
    client.dynamicClientRegistration(new URL(scene.issuer), outside, auth, about),
    'invalid_client_metadata',
  )
})

test('RFC 7591 §3.1: a token of cardea registration-token create opens its policy to both libraries, as often as it says', async () => {
  const line = ['registration-token', 'create', '--label', 'Partner', '--uses', '2', '--policy', 'partner']
  const made = await scene.server.run<{ token: string }>(...line)
  const initialAccessToken = made.token
  const metadata = { grant_types: [grants.machine], response_types: [], redirect_uris: [] }
  const first = await register(metadata, { initialAccessToken })
  assert.equal(first.scope, 'read write')
  // What openid-client does with a secret, unless it is told otherwise.
  const posting = { ...metadata, token_endpoint_auth_method: 'client_secret_post' }
  const found = await client.dynamicClientRegistration(new URL(scene.issuer), posting, undefined, {
    algorithm: 'oauth2',
    [client.customFetch]: tlsFetch() as never,
    initialAccessToken,
  })
  assert.equal((await client.clientCredentialsGrant(found, { scope: 'write' })).scope, 'write')
  await refused(register(metadata, { initialAccessToken }), 'invalid_token')
})

test('RFC 7591 §2.3: what a software statement says counts at cardea serve for oauth4webapi, and a forged one does not', async () => {
  const registered = await register({
    ...usual,
    client_name: 'As I say',
    software_statement: await statement(directoryKey),
  })
  assert.equal(registered.client_name, 'As the directory says')
  const forged = { ...usual, software_statement: await statement(ownKey) }
  await refused(register(forged), 'invalid_software_statement')
})

test('RFC 7592 §2: what either library was answered with reads, changes and deletes the client at cardea serve', async () => {
  const about = { algorithm: 'oauth2', [client.customFetch]: tlsFetch() as never } as const
  const found = await client.dynamicClientRegistration(new URL(scene.issuer), usual, undefined, about)
  for (const registered of [await register(usual), found.clientMetadata()] as oauth.Client[]) {
    const manage = (method: string, body?: object, token = registered.registration_access_token) =>
      tlsFetch()(String(registered.registration_client_uri), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    const { client_id } = (await (await manage('GET')).json()) as { client_id: string }
    assert.equal(client_id, registered.client_id)
    assert.equal((await manage('GET', undefined, 'another')).status, 401)
    const changed = await manage('PUT', { ...usual, client_id, client_name: 'Another name' })
    assert.equal(((await changed.json()) as { client_name: string }).client_name, 'Another name')
    assert.equal((await manage('DELETE')).status, 204)
    const secret = String(registered.client_secret)
    const gone = await openidClient(scene, client_id, client.ClientSecretBasic(secret))
    await assert.rejects(client.refreshTokenGrant(gone, 'anything'), { status: 401 })
  }
})
