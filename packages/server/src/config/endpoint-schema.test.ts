import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { readConfig } from './read-config.ts'

const env = { CARDEA_ISSUER: 'http://localhost:8000', CARDEA_SECRETS: 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa' }

test('Configuration: paths, error pages, response modes and rotation come from a file or from variables alike', async () => {
  const expected = {
    paths: { token: ['/oauth/token'], authorize: ['/a', '/b'] },
    errorUris: { invalid_grant: 'https://help.example/grant' },
    responseModes: ['query'],
    rotateRefreshTokens: 'public',
  }
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', { ...expected, paths: { token: '/oauth/token', authorize: ['/a', '/b'] } })
  const variables = {
    CARDEA_PATHS_TOKEN: '/oauth/token',
    CARDEA_PATHS_AUTHORIZE: '/a,/b',
    CARDEA_ERROR_URIS: JSON.stringify(expected.errorUris),
    CARDEA_RESPONSE_MODES: 'query',
    CARDEA_ROTATE_REFRESH_TOKENS: 'public',
  }
  const bare = new InProcessWorld()
  for (const request of [
    { cwd: cli.cwd, env: {} },
    { cwd: bare.cwd, env: variables },
  ]) {
    const { paths, errorUris, responseModes, rotateRefreshTokens } = (await readConfig(request)).config
    assert.deepEqual({ paths, errorUris, responseModes, rotateRefreshTokens }, expected)
  }
})

const refused: [object, RegExp][] = [
  [{ paths: { tokens: '/token' } }, /paths\.tokens: is not a key; did you mean paths\.token\?/],
  [{ paths: { token: 'token' } }, /paths\.token\[0\]: got "token"; must be a list of paths such as \/token/],
  [{ paths: { token: [] } }, /paths\.token: got an empty list; must be a list of paths/],
  [{ paths: { token: '/token/' } }, /paths\.token\[0\]: got "\/token\/"; .*no slash at the end/],
  [{ paths: { token: '/a/../b' } }, /paths\.token\[0\]: got/],
  [{ paths: { token: '/health/live' } }, /paths\.token\[0\]: got .* not below \/health or \/\.well-known/],
  [{ paths: { token: '/.well-known/token' } }, /paths\.token\[0\]: got/],
  [{ paths: { token: '/revoke' } }, /paths\.revoke: got "\/revoke", which paths\.token has; give it another/],
  [
    { profile: 'django-oauth2-server', paths: { signOut: '/web/authorize' } },
    /paths\.signOut: got "\/web\/authorize", which paths\.authorize has/,
  ],
  [{ errorUris: { invalid_grant: 'help' } }, /errorUris\.invalid_grant: got "help"; must be an http or https URL/],
  [
    { errorUris: { invalid_grants: 'https://a.example' } },
    /errorUris\.invalid_grants: .*must stand under an error code: /,
  ],
  [{ errorUris: 'https://a.example' }, /errorUris: got "https:\/\/a\.example"; must be a map of error codes/],
  [{ responseModes: ['smoke'] }, /responseModes\[0\]: got "smoke"; must be a list of query, fragment, form_post/],
  [{ rotateRefreshTokens: 'none' }, /rotateRefreshTokens: got "none"; must be all or public/],
]

for (const [content, pattern] of refused) {
  test(`Configuration: \`${JSON.stringify(content)}\` is refused before anything starts`, async () => {
    const cli = new InProcessWorld()
    cli.write('cardea.config.json', content)
    const { code, err } = await cli.run('serve --port 0', { env })
    assert.equal(code, 2)
    assert.match(err, pattern)
    assert.throws(() => cli.read('cardea.sqlite'), /ENOENT/)
  })
}

const config = {
  grants: ['authorization_code', 'password', 'refresh_token'],
  paths: { token: ['/oauth/token', '/old/token'] },
  errorUris: { invalid_grant: 'https://help.example/grant' },
  responseModes: ['query', 'form_post'],
  rotateRefreshTokens: 'public',
  clients: [{ client_id: 'shop', client_secret: 'a chosen secret', grant_types: ['password', 'refresh_token'] }],
  users: [{ username: 'jane', password: 'correct horse' }],
}

test('RFC 8414 §2, RFC 6749 §5.2, §6: serve has the endpoints, error pages, modes and rotation of its configuration', async () => {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', config)
  const server = await cli.serve('serve --port 0', { env })
  try {
    const metadata = (await (await fetch(`${server.url}/.well-known/oauth-authorization-server`)).json()) as object
    assert.ok('token_endpoint' in metadata && 'response_modes_supported' in metadata)
    assert.equal(metadata.token_endpoint, 'http://localhost:8000/oauth/token')
    assert.deepEqual(metadata.response_modes_supported, ['query', 'form_post'])
    const ask = (path: string, body: Record<string, string>) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('shop:a chosen secret')}` },
        body: new URLSearchParams(body),
      })
    const person = { grant_type: 'password', username: 'jane' }
    assert.equal((await ask('/token', { ...person, password: 'correct horse' })).status, 404)
    const refusal = (await (await ask('/old/token', { ...person, password: 'wrong' })).json()) as { error_uri?: string }
    assert.equal(refusal.error_uri, 'https://help.example/grant')
    const first = (await (await ask('/oauth/token', { ...person, password: 'correct horse' })).json()) as Answer
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
    const second = (await (await ask('/old/token', refresh)).json()) as Answer
    assert.ok(second.access_token)
    assert.equal(second.refresh_token ?? first.refresh_token, first.refresh_token)
  } finally {
    server.signal('SIGTERM')
    await server.done
  }
})

interface Answer {
  readonly access_token: string
  readonly refresh_token: string
}
