import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createProvider, type ProviderOptions, scryptHasher } from 'cardea'
import { fetchHandler } from 'cardea/fetch'
import { memoryStore } from 'cardea/stores/memory'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { optionsFrom } from '../serve/provider-from-config.ts'
import { InvalidInput } from './problems.ts'
import { readConfig } from './read-config.ts'

async function optionsOf(file: object, env: Readonly<Record<string, string>> = {}): Promise<ProviderOptions> {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  const { config } = await readConfig({ cwd, env })
  return optionsFrom({
    config: { ...config, issuer: 'https://auth.example', secrets: ['x'.repeat(32)] },
    store: memoryStore(),
    hasher: scryptHasher,
    clock: { now: () => 1_800_000_000 },
    onEvent: () => undefined,
  })
}

const metadataOf = async (file: object, env?: Readonly<Record<string, string>>) => {
  const provider = createProvider(await optionsOf(file, env))
  return provider.supports
}

test('configuration of presets: without one, nothing is decided', async () => {
  const { preset, clientDocuments } = await optionsOf({})
  assert.deepEqual([preset, clientDocuments], [undefined, undefined])
})

test('configuration of presets: each is taken as it stands, by the file or by a variable', async () => {
  assert.deepEqual((await metadataOf({ preset: 'fapi2' })).authMethods, ['private_key_jwt'])
  assert.deepEqual((await metadataOf({}, { CARDEA_PRESET: 'fapi2-message-signing' })).authMethods, ['private_key_jwt'])
  assert.ok((await metadataOf({ preset: 'oauth21' })).authMethods.includes('none'))
  const resources = [{ identifier: 'https://api.example/mcp', name: 'Notes' }]
  assert.equal((await optionsOf({ preset: 'mcp', resources })).preset?.name, 'mcp')
})

test('configuration of presets: what contradicts one, or is no preset, is refused by name', async () => {
  await assert.rejects(metadataOf({ preset: 'fapi2', pushedRequests: { required: false } }), /pushedRequests\.required/)
  await assert.rejects(metadataOf({ preset: 'mcp' }), /resources: the preset mcp needs its MCP servers listed here/)
  await assert.rejects(optionsOf({ preset: 'fapi1' }), InvalidInput)
})

test('RFC 9728 §3.1: resources beside the server are described where the configuration names them, and only those', async () => {
  const notes = 'https://auth.example/notes'
  const resources = [{ identifier: notes, name: 'Notes' }]
  const described = async (file: object) => {
    const server = fetchHandler(createProvider(await optionsOf({ resources, ...file })))
    return server(new Request('https://auth.example/.well-known/oauth-protected-resource/notes'))
  }
  assert.equal((await described({ preset: 'fapi2' })).status, 404)
  const { dpop_bound_access_tokens_required: bound, resource_name: name } = await (
    await described({ preset: 'fapi2', describedResources: [notes] })
  ).json()
  assert.deepEqual([name, bound], ['Notes', true])
  await assert.rejects(described({ describedResources: ['https://api.example/x'] }), /api\.example\/x is not at https:/)
  await assert.rejects(
    described({ describedResources: ['urn:notes'] }),
    /^TypeError: describedResources: urn:notes is not at/,
  )
  await assert.rejects(described({ describedResources: ['notes'] }), InvalidInput)
})

test('configuration of documents of clients: `true`, a section, and a variable turn them on', async () => {
  assert.deepEqual((await optionsOf({ clientDocuments: true })).clientDocuments, {})
  const hosts = ['*.app.example']
  assert.deepEqual((await optionsOf({ clientDocuments: { hosts } })).clientDocuments, { hosts })
  const { clientDocuments } = await optionsOf({}, { CARDEA_CLIENT_DOCUMENTS_UNUSED_FOR: '7200' })
  assert.deepEqual(clientDocuments, { unusedFor: 7200 })
})

for (const [file, refusal] of [
  [{ preset: 'fapi2', pushedRequests: false }, /^pushedRequests: must be on with the preset fapi2, got false/],
  [{ preset: 'fapi2', pushedRequests: { enabled: false } }, /^pushedRequests: must be on/],
  [{ preset: 'fapi2', dpop: false }, /^dpop: must be on/],
  [{ preset: 'fapi2', clientAssertions: false }, /^clientAssertions: must be on/],
  [{ preset: 'fapi2', requireS256: false }, /^requireS256: must be true/],
  [{ preset: 'fapi2', oauth1: true }, /^oauth1: must be false/],
  [{ preset: 'fapi2', signatureAlgorithms: ['RS256', 'ES256'] }, /^signatureAlgorithms: must be out of PS256/],
  [{ preset: 'fapi2', senderConstraint: 'certificate', dpop: true }, /^dpop: must be false/],
  [
    { preset: 'fapi2', senderConstraint: 'certificate', certificateBoundTokens: false },
    /^certificateBoundTokens: must/,
  ],
  [{ preset: 'fapi2-message-signing', signedResponses: false }, /^signedResponses: must be on/],
  [{ preset: 'fapi2-message-signing', requestObjects: false }, /^requestObjects: must be on/],
  [{ preset: 'oauth21', requireS256: false }, /^requireS256: must be true/],
  [{ preset: 'oauth21', senderConstraint: 'dpop' }, /^senderConstraint: belongs to the presets fapi2/],
  [{ senderConstraint: 'dpop' }, /^senderConstraint: belongs to the presets fapi2 .* none is set/],
] as const) {
  test(`configuration of presets: ${JSON.stringify(file)} is refused, not passed over`, async () => {
    await assert.rejects(metadataOf(file), { name: 'TypeError', message: refusal })
  })
}

test('configuration of presets: what a preset leaves open can be written to be off', async () => {
  const resources = [{ identifier: 'https://api.example/mcp', name: 'Notes' }]
  const provider = createProvider(
    await optionsOf({ preset: 'mcp', resources, clientDocuments: false, discoveryAliases: false }),
  )
  const get = (path: string) => fetchHandler(provider)(new Request(`https://auth.example${path}`))
  assert.equal((await get('/.well-known/openid-configuration')).status, 404)
  const said = (await (await get('/.well-known/oauth-authorization-server')).json()) as Record<string, unknown>
  assert.notEqual(said.client_id_metadata_document_supported, true)
})

test('configuration of presets: FAPI 2.0 binds tokens to what the configuration chooses', async () => {
  for (const [senderConstraint, dpop, certificate] of [
    [undefined, true, undefined],
    ['dpop', true, undefined],
    ['certificate', false, true],
    ['either', true, true],
  ] as const) {
    const file = { preset: 'fapi2', ...(senderConstraint !== undefined && { senderConstraint }) }
    const provider = createProvider(await optionsOf(file))
    const address = 'https://auth.example/.well-known/oauth-authorization-server'
    const said = (await (await fetchHandler(provider)(new Request(address))).json()) as Record<string, unknown>
    assert.deepEqual(
      ['dpop_signing_alg_values_supported' in said, said.tls_client_certificate_bound_access_tokens],
      [dpop, certificate],
    )
  }
})

test('configuration of presets: clients of MCP that register need nothing set by hand', async () => {
  const resources = [{ identifier: 'https://api.example/mcp', name: 'Notes' }]
  const options = await optionsOf({ preset: 'mcp', resources, registration: { mode: 'open' } })
  const provider = createProvider(options)
  const body = JSON.stringify({ redirect_uris: ['http://localhost:4000/cb'], token_endpoint_auth_method: 'none' })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetchHandler(provider)(
    new Request('https://auth.example/register', { method: 'POST', headers, body }),
  )
  assert.equal(answer.status, 201)
  const { client_id } = (await answer.json()) as { client_id: string }
  const { application_type, localhost_any_port } = (await options.store.clients.find(client_id)) ?? {}
  assert.deepEqual([application_type, localhost_any_port], ['native', true])
})

test('configuration of lifetimes: those of one grant type, and a type there is not is refused', async () => {
  const perGrant = { client_credentials: { accessToken: 600 } }
  assert.deepEqual((await optionsOf({ lifetimes: { perGrant } })).lifetimes, { perGrant })
  const fromVariable = await optionsOf({}, { CARDEA_LIFETIMES_PER_GRANT: JSON.stringify(perGrant) })
  assert.deepEqual(fromVariable.lifetimes, { perGrant })
  await assert.rejects(
    metadataOf({ lifetimes: { perGrant: { magic: { accessToken: 1 } } } }),
    /lifetimes\.perGrant: there/,
  )
  await assert.rejects(optionsOf({ lifetimes: { perGrant: { password: { idToken: 1 } } } }), InvalidInput)
})

test('configuration of certificates: required is taken as such, by the file or by a variable', async () => {
  for (const options of [
    await optionsOf({ certificateBoundTokens: 'required' }),
    await optionsOf({}, { CARDEA_CERTIFICATE_BOUND_TOKENS: 'required' }),
  ])
    assert.equal(options.certificateBoundTokens, 'required')
  assert.equal((await optionsOf({}, { CARDEA_CERTIFICATE_BOUND_TOKENS: 'true' })).certificateBoundTokens, true)
  await assert.rejects(
    optionsOf({ certificateBoundTokens: 'maybe' }),
    /certificateBoundTokens: .*true, false or required/,
  )
})
