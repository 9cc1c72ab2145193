import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { formsOf, UserAgent } from 'cardea/testing'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }
const redirectUri = 'https://client.example/cb'
const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const asked = {
  client_id: 'app',
  response_type: 'code',
  redirect_uri: redirectUri,
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}
const authorization = `Basic ${Buffer.from('app:a chosen secret').toString('base64')}`

async function start(t: TestContext, more: object) {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', {
    clients: [{ client_id: 'app', client_secret: 'a chosen secret', redirect_uris: [redirectUri], first_party: true }],
    users: [{ username: 'ada', password: 'correct horse battery' }],
    scopes: [{ name: 'read', is_default: true }],
    ...more,
  })
  const server = await cli.serve('serve --port 0', { env })
  t.after(async () => {
    server.signal('SIGINT')
    await server.done
  })
  const agent = () => new UserAgent((request) => fetch(request, { redirect: 'manual' }), server.url)
  const post = async (path: string, form: Record<string, string>) =>
    (
      await fetch(server.url + path, { method: 'POST', body: new URLSearchParams(form), headers: { authorization } })
    ).json()
  return { cli, server, agent, post }
}

/** Signs in where that is asked, and returns what the client is told. */
async function visit(browser: UserAgent, query: Record<string, string>): Promise<URLSearchParams> {
  let answer = await browser.follow(await browser.get(`/authorize?${new URLSearchParams({ ...asked, ...query })}`))
  if (!answer.headers.has('location')) {
    const form = formsOf(await answer.text())[0]
    const given = [
      ['username', 'ada'] as const,
      ['password', 'correct horse battery'] as const,
      ['action', 'sign_in'] as const,
    ]
    const kept = (form?.fields ?? []).filter(([name]) => !['username', 'password', 'action'].includes(name))
    answer = await browser.follow(await browser.post(form?.action ?? '', [...kept, ...given]))
  }
  return new URL(answer.headers.get('location') ?? '', redirectUri).searchParams
}

test('RFC 9470 §4, §5, §6: the server reaches the classes of its configuration, and says so in token and metadata', async (t) => {
  const { agent, cli, post, server } = await start(t, { acrValues: ['urn:example:pwd', 'urn:example:any'] })
  const metadata = (await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()) as Record<
    string,
    unknown
  >
  assert.deepEqual(metadata.acr_values_supported, ['urn:example:pwd', 'urn:example:any'])
  const browser = agent()
  const told = async (query: Record<string, string>) => {
    const code = (await visit(browser, query)).get('code') ?? ''
    const { access_token } = await post('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    })
    const { acr, amr, auth_time } = await post('/introspect', { token: access_token })
    return [acr, amr, auth_time]
  }
  const [, , since] = await told({ acr_values: 'urn:example:pwd' })
  cli.advance(100)
  assert.deepEqual(await told({ acr_values: 'urn:example:any' }), ['urn:example:any', ['pwd'], since + 100])
  cli.advance(100)
  assert.deepEqual(await told({ max_age: '600' }), ['urn:example:any', ['pwd'], since + 100])
  assert.deepEqual(await told({ max_age: '60' }), ['urn:example:pwd', ['pwd'], since + 200])
  const unmet = await visit(agent(), { acr_values: 'urn:example:otp', state: 's' })
  assert.deepEqual(
    [unmet.get('error'), unmet.get('state'), unmet.get('iss')],
    ['unmet_authentication_requirements', 's', 'http://localhost:8000'],
  )
})

test('RFC 9470 §7: without classes in its configuration the server names none, and tells of none', async (t) => {
  const { agent, server } = await start(t, {})
  const metadata = (await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()) as object
  assert.equal('acr_values_supported' in metadata, false)
  assert.notEqual((await visit(agent(), { acr_values: 'gold' })).get('code'), null)
})
