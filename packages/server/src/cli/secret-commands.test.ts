import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'

const issuer = 'http://localhost:27098'
const older = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const newer = 'Zq4M1vX9cR7tB2nK6pW8sL3dG5hJ0yFa'
const shared = 'a secret of a client of more than 32 bytes'
const env = (...secrets: string[]) => ({ CARDEA_ISSUER: issuer, CARDEA_SECRETS: secrets.join(',') })

interface Report {
  readonly ok: boolean
  readonly findings: readonly { readonly check: string; readonly result: string; readonly text: string }[]
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function assertion(): string {
  const claims = { iss: 'signer', sub: 'signer', aud: issuer, exp: 1_800_000_060, jti: randomUUID() }
  const input = `${base64url({ alg: 'HS256', typ: 'JWT' })}.${base64url(claims)}`
  return `${input}.${createHmac('sha256', shared).update(input).digest('base64url')}`
}

/** A server with keys of both uses and a client that signs with its secret; all of it made under the older secret. */
async function sealed(): Promise<InProcessWorld> {
  const cli = new InProcessWorld()
  cli.write('cardea.config.json', {
    requestObjects: { encryption: true },
    accessTokenFormat: 'jwt',
    scopes: [{ name: 'read', is_default: true }],
    clients: [
      {
        client_id: 'signer',
        client_secret: shared,
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'client_secret_jwt',
      },
    ],
  })
  assert.deepEqual(await served(cli, older), [200, 2])
  return cli
}

/** Status of a token request, and how many keys there are to encrypt to. */
async function served(cli: InProcessWorld, ...secrets: string[]): Promise<readonly [number, number]> {
  const server = await cli.serve('serve --port 0', { env: env(...secrets) })
  const answer = await fetch(`${server.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(),
    }),
  })
  const { keys } = (await (await fetch(`${server.url}/jwks`)).json()) as { keys: { use: string }[] }
  server.signal('SIGTERM')
  await server.done
  return [answer.status, keys.filter(({ use }) => use === 'enc').length]
}

async function findings(cli: InProcessWorld, ...secrets: string[]): Promise<string[]> {
  const { findings: all } = (await cli.run('doctor --json', { env: env(...secrets) })).json<Report>()
  const ours = all.filter(({ check }) => check === 'keys' || check === 'sealed client secrets')
  return ours.map(({ check, result }) => `${check} ${result}`)
}

test('T-KEY-1: secret reseal lets the older secret go: keys and client secrets open under the first alone', async () => {
  const cli = await sealed()
  assert.deepEqual(await findings(cli, newer, older), ['keys note', 'sealed client secrets note'])
  const kidsBefore = (await cli.run('key list --json')).json<{ kid: string }[]>().map(({ kid }) => kid)
  const done = await cli.run('secret reseal', { env: env(newer, older) })
  assert.match(done.out, /: 4 keys, 1 client secrets, 0 OAuth 1 clients, 0 token credentials/)
  const again = await cli.run('secret reseal --json', { env: env(newer, older) })
  assert.deepEqual(again.json(), { oauth1: { clients: 0, credentials: 0 }, clientSecrets: 0, keys: 0 })
  assert.deepEqual(await findings(cli, newer), ['keys ok', 'sealed client secrets ok'])
  assert.deepEqual(await served(cli, newer), [200, 2])
  const kidsAfter = (await cli.run('key list --json')).json<{ kid: string }[]>().map(({ kid }) => kid)
  assert.deepEqual(kidsAfter, kidsBefore)
})

test('T-KEY-1: doctor names what none of the secrets opens', async () => {
  const cli = await sealed()
  const found = await findings(cli, newer)
  assert.deepEqual(found, [...Array(4).fill('keys warn'), 'sealed client secrets fail'])
  assert.equal((await cli.run('secret reseal --json', { env: env(newer) })).json<{ keys: number }>().keys, 0)
  assert.equal((await cli.run('secret reseal', { env: { CARDEA_ISSUER: issuer } })).code, 2)
})
