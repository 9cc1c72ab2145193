import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InProcessWorld } from '../../test-support/in-process-world.ts'
import { oauth1Visit } from '../../test-support/oauth1-visit.ts'

const issuer = 'http://localhost:27099'
const older = 'kR8v0Jq2mX5tZ7wB1nC4pF6sH9yL3dGa'
const newer = 'Zq4M1vX9cR7tB2nK6pW8sL3dG5hJ0yFa'
const env = { CARDEA_ISSUER: issuer, CARDEA_SECRETS: older }

interface Report {
  ok: boolean
  findings: { check: string; result: string; text: string; advice?: string }[]
}

async function findingsOf(cli: InProcessWorld, check: string, variables: Readonly<Record<string, string>>) {
  const { json } = await cli.run('doctor --json', { env: { ...env, ...variables } })
  const report = json<Report>()
  return { ok: report.ok, found: report.findings.filter((finding) => finding.check === check) }
}

test('doctor: weaker signature methods are notes, and fail nothing', async () => {
  const cli = new InProcessWorld()
  await cli.run('migrate')
  const CARDEA_OAUTH1_SIGNATURE_METHODS = 'PLAINTEXT,HMAC-SHA1,HMAC-SHA256,RSA-SHA1'
  const { ok, found } = await findingsOf(cli, 'oauth1', { CARDEA_OAUTH1_SIGNATURE_METHODS })
  assert.equal(ok, true)
  assert.deepEqual(
    found.map(({ result, text }) => `${result} ${text.split(' ')[0]}`),
    ['note PLAINTEXT', 'note HMAC-SHA1', 'note RSA-SHA1'],
  )
  const strong = await findingsOf(cli, 'oauth1', { CARDEA_OAUTH1_SIGNATURE_METHODS: 'HMAC-SHA256' })
  assert.deepEqual(
    strong.found.map(({ result }) => result),
    ['ok'],
  )
  assert.deepEqual((await findingsOf(cli, 'oauth1', {})).found, [], 'it is off')
})

test('doctor: secrets that no longer open what is sealed fail, with the client named; rotation does not', async () => {
  const cli = new InProcessWorld()
  const consumer = { key: 'old-shop', secret: 'a shared secret' }
  cli.write('cardea.config.json', {
    oauth1: true,
    scopes: [{ name: 'read', is_default: true }],
    clients: [{ client_id: consumer.key, oauth1: { secret: consumer.secret, callbacks: ['oob'] } }],
    users: [{ username: 'jane', password: 'correct horse' }],
  })
  const server = await cli.serve('serve --port 0', { env })
  await oauth1Visit(server.url, issuer, consumer).tokenFor('jane', 'correct horse')
  server.signal('SIGTERM')
  await server.done

  const rotated = await findingsOf(cli, 'oauth1 secrets', { CARDEA_SECRETS: `${newer},${older}` })
  assert.deepEqual([rotated.ok, rotated.found.map(({ result }) => result)], [true, ['note']])
  assert.match(rotated.found[0]?.text ?? '', /^2 are sealed under an older secret/)
  const lost = await findingsOf(cli, 'oauth1 secrets', { CARDEA_SECRETS: newer })
  assert.equal(lost.ok, false)
  const [client, credentials] = lost.found
  assert.match(client?.text ?? '', /none of the secrets opens that of client old-shop/)
  assert.match(client?.advice ?? '', /client update old-shop --rotate-oauth1-secret/)
  assert.match(credentials?.text ?? '', /opens 1 token credential/)
})

test('serve: a client whose seal cannot be opened is refused like any wrong signature', async () => {
  const cli = new InProcessWorld()
  const line = 'client create old-shop --oauth1 --callback oob --oauth1-secret-stdin'
  await cli.run(line, { env, stdin: 'a shared secret\n' })
  const server = await cli.serve('serve --port 0', {
    env: { ...env, CARDEA_SECRETS: newer, CARDEA_OAUTH1_ENABLED: 'true' },
  })
  const answer = await oauth1Visit(server.url, issuer, { key: 'old-shop', secret: 'a shared secret' }).initiate()
  assert.equal(answer.status, 401)
  assert.match(await answer.text(), /^oauth_problem=|error=invalid_signature/)
  server.signal('SIGTERM')
  await server.done
})

test('oauth1 reseal: after a rotation all of it opens without the older secret, and tells how much that was', async () => {
  const cli = new InProcessWorld()
  const consumer = { key: 'old-shop', secret: 'a shared secret' }
  cli.write('cardea.config.json', {
    oauth1: true,
    scopes: [{ name: 'read', is_default: true }],
    clients: [{ client_id: consumer.key, oauth1: { secret: consumer.secret, callbacks: ['oob'] } }],
    users: [{ username: 'jane', password: 'correct horse' }],
  })
  const server = await cli.serve('serve --port 0', { env })
  await oauth1Visit(server.url, issuer, consumer).tokenFor('jane', 'correct horse')
  server.signal('SIGTERM')
  await server.done
  const without = await cli.run('oauth1 reseal', { env: {} })
  assert.equal(without.code, 2)
  assert.match(without.err, /secrets: are needed/)
  const both = { ...env, CARDEA_SECRETS: `${newer},${older}` }
  const done = await cli.run('oauth1 reseal', { env: both })
  assert.match(done.out, /1 clients, 1 token credentials/)
  const again = await cli.run('oauth1 reseal --json', { env: both })
  assert.deepEqual(again.json(), { clients: 0, credentials: 0 })
  const alone = await findingsOf(cli, 'oauth1 secrets', { CARDEA_SECRETS: newer })
  assert.deepEqual([alone.ok, alone.found.map(({ result }) => result)], [true, ['ok']])
})
