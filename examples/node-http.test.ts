import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { authorizeAndRedeem, redeem } from './browser-flow.ts'
import { type StartedExample, startExample } from './started-example.ts'

const folder = mkdtempSync(join(tmpdir(), 'cardea-example-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const program = 'node-http/server.ts'
const settings = { DATABASE: join(folder, 'notes.sqlite'), SECRET: 'only-for-this-test-0123456789abcdef' }

async function withExample(use: (example: StartedExample) => Promise<void>): Promise<void> {
  const example = await startExample(program, settings)
  try {
    await use(example)
  } finally {
    assert.equal(await example.stop(), 0)
  }
}

const ada = {
  clientId: 'notes-app',
  redirectUri: 'http://127.0.0.1:5000/callback',
  username: 'ada',
  password: 'correct horse',
}

const notes = (origin: string, token?: string, text?: string): Promise<Response> =>
  fetch(`${origin}/notes`, {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(text !== undefined && { method: 'POST', body: text }),
  })

test('example node-http: a person allows an app, and the API opens as far as the scope goes', async () => {
  await withExample(async ({ origin }) => {
    const refused = await notes(origin)
    assert.equal(refused.status, 401)
    assert.equal(refused.headers.get('www-authenticate'), `Bearer realm="${origin}"`)

    const reader = await authorizeAndRedeem({ origin, ...ada, scope: 'notes:read' })
    assert.equal(reader.scope, 'notes:read')
    assert.deepEqual(await (await notes(origin, reader.access_token)).json(), [])
    assert.equal((await notes(origin, reader.access_token, 'milk')).status, 403)

    const writer = await authorizeAndRedeem({ origin, ...ada, scope: 'notes:read notes:write' })
    assert.equal((await notes(origin, writer.access_token, 'milk')).status, 201)
    assert.deepEqual(await (await notes(origin, reader.access_token)).json(), ['milk'])
  })
})

test('example node-http: tokens outlive the process', async () => {
  let tokens = { access_token: '', refresh_token: '' }
  await withExample(async ({ origin }) => {
    tokens = await authorizeAndRedeem({ origin, ...ada, scope: 'notes:read' })
  })
  await withExample(async ({ origin }) => {
    assert.equal((await notes(origin, tokens.access_token)).status, 200)
    const renewed = await redeem(origin, {
      grant_type: 'refresh_token',
      client_id: ada.clientId,
      refresh_token: tokens.refresh_token,
    })
    assert.equal((await notes(origin, renewed.access_token)).status, 200)
  })
})
