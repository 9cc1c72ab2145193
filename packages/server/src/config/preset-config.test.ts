import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createProvider, type ProviderOptions } from 'cardea'
import { memoryStore } from 'cardea/stores/memory'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { withPreset } from './preset-schema.ts'
import { InvalidInput } from './problems.ts'
import { readConfig } from './read-config.ts'
import { requestOptionsFrom } from './request-schema.ts'
import { tokenOptionsFrom } from './token-schema.ts'

async function optionsOf(file: object, env: Readonly<Record<string, string>> = {}): Promise<ProviderOptions> {
  const { cwd } = new InProcessWorld()
  writeFileSync(join(cwd, 'cardea.config.json'), JSON.stringify(file))
  const { config } = await readConfig({ cwd, env })
  const own = { issuer: 'https://auth.example', store: memoryStore(), secrets: ['x'.repeat(32)] }
  return withPreset({ ...own, ...tokenOptionsFrom(config), ...requestOptionsFrom(config) }, config)
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
  await assert.rejects(metadataOf({ preset: 'mcp' }), /mcp: resources must list/)
  await assert.rejects(optionsOf({ preset: 'fapi1' }), InvalidInput)
})

test('configuration of documents of clients: `true`, a section, and a variable turn them on', async () => {
  assert.deepEqual((await optionsOf({ clientDocuments: true })).clientDocuments, {})
  const hosts = ['*.app.example']
  assert.deepEqual((await optionsOf({ clientDocuments: { hosts } })).clientDocuments, { hosts })
  const { clientDocuments } = await optionsOf({}, { CARDEA_CLIENT_DOCUMENTS_UNUSED_FOR: '7200' })
  assert.deepEqual(clientDocuments, { unusedFor: 7200 })
})
