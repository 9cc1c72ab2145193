import assert from 'node:assert/strict'
import { authorizeAndRedeem } from './browser-flow.ts'

const ada = {
  clientId: 'notes-app',
  redirectUri: 'http://127.0.0.1:5000/callback',
  username: 'ada',
  password: 'correct horse',
}

const notes = (origin: string, token?: string, text?: string): Promise<Response> =>
  fetch(`${origin}/notes`, {
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && { 'content-type': 'application/json' }),
    },
    ...(text !== undefined && { method: 'POST', body: JSON.stringify({ text }) }),
  })

/** What the notes of every example do: a person allows an app, and the API opens as far as the scope goes. */
export async function takeNotes(issuer: string): Promise<void> {
  const { origin } = new URL(issuer)
  const refused = await notes(origin)
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('www-authenticate'), `Bearer realm="${issuer}"`)
  const reader = await authorizeAndRedeem({ origin: issuer, ...ada, scope: 'notes:read' })
  assert.deepEqual(await (await notes(origin, reader.access_token)).json(), [])
  assert.equal((await notes(origin, reader.access_token, 'milk')).status, 403)
  const writer = await authorizeAndRedeem({ origin: issuer, ...ada, scope: 'notes:read notes:write' })
  assert.equal((await notes(origin, writer.access_token, 'milk')).status, 201)
  assert.deepEqual(await (await notes(origin, reader.access_token)).json(), ['milk'])
  assert.equal((await fetch(`${origin}/elsewhere`)).status, 404)
}
