import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ada, allowed, bob, consentHost, postTo, redeem, tokensFor } from '../../test-support/consent-host.ts'
import { AuthorizationCodeGrant, clientCredentials, PasswordGrant, RefreshTokenGrant, refreshToken } from '../index.ts'

const errorOf = async (answer: Response): Promise<string | undefined> =>
  ((await answer.json()) as { error?: string }).error

const refresh = (server: Parameters<typeof redeem>[0], token: string): Promise<Response> =>
  server.createTokenResponse(postTo('/token', { grant_type: 'refresh_token', client_id: 'app', refresh_token: token }))

test('A2-CODE-11: a code grant of the host is asked before a code is saved and redeemed, and told when it is spent', async () => {
  const told: string[] = []
  const { server } = await consentHost()
  server.registerGrant(refreshToken()).registerGrant(
    class extends AuthorizationCodeGrant {
      override saveAuthorizationCode({ userId }: { userId: string }) {
        told.push(`save ${userId}`)
      }

      override async queryAuthorizationCode(
        ...[code, client]: Parameters<AuthorizationCodeGrant['queryAuthorizationCode']>
      ) {
        told.push(`query ${client.client_id}`)
        return code
      }

      override authenticateUser() {
        told.push('user')
        return ada
      }

      override deleteAuthorizationCode() {
        told.push('delete')
      }
    },
  )
  await tokensFor(server)
  assert.deepEqual(told, ['save 1', 'query app', 'user', 'delete'])
})

test('A2-CODE-11: the host may refuse a code; whoever it names instead of the user gets nothing', async () => {
  for (const answers of [
    { query: null, user: ada },
    { query: undefined, user: null },
    { query: undefined, user: bob },
  ]) {
    const { server } = await consentHost()
    server.registerGrant(
      class extends AuthorizationCodeGrant {
        override queryAuthorizationCode(code: Parameters<AuthorizationCodeGrant['queryAuthorizationCode']>[0]) {
          return answers.query === null ? null : code
        }

        override authenticateUser() {
          return answers.user
        }
      },
    )
    const code = (await allowed(server)).searchParams.get('code') ?? ''
    assert.equal(await errorOf(await redeem(server, code)), 'invalid_grant')
  }
})

test('A2-CODE-10, A2-CODE-11: no answer of the host hides a replay: the family ends', async () => {
  let willing = true
  const { server } = await consentHost()
  server.registerGrant(refreshToken()).registerGrant(
    class extends AuthorizationCodeGrant {
      override queryAuthorizationCode(code: Parameters<AuthorizationCodeGrant['queryAuthorizationCode']>[0]) {
        return willing ? code : null
      }
    },
  )
  const code = (await allowed(server)).searchParams.get('code') ?? ''
  const { refresh_token } = (await (await redeem(server, code)).json()) as { refresh_token: string }
  willing = false
  assert.equal(await errorOf(await redeem(server, code)), 'invalid_grant')
  assert.equal(await errorOf(await refresh(server, refresh_token)), 'invalid_grant')
})

test('A2-CODE-11: what fails after a code is spent is told by an event, and the tokens arrive', async () => {
  const { server } = await consentHost()
  const failures: unknown[] = []
  server.on('internal_error', ({ error }) => failures.push(error))
  server.registerGrant(
    class extends AuthorizationCodeGrant {
      override deleteAuthorizationCode() {
        throw new Error('the log is away')
      }
    },
  )
  const code = (await allowed(server)).searchParams.get('code') ?? ''
  assert.equal((await redeem(server, code)).status, 200)
  assert.deepEqual(failures.map(String), ['Error: the log is away'])
})

test('A2-RT-09: a refresh grant of the host is asked for token and user, and told of the one that was replaced', async () => {
  const told: string[] = []
  let user: typeof ada | null = ada
  const { server } = await consentHost()
  server.registerGrant(AuthorizationCodeGrant).registerGrant(
    class extends RefreshTokenGrant {
      override authenticateRefreshToken(
        ...[token]: Parameters<RefreshTokenGrant['authenticateRefreshToken']>
      ): typeof token {
        told.push('token')
        return token
      }

      override authenticateUser() {
        told.push('user')
        return user
      }

      override revokeOldCredential() {
        told.push('old')
      }
    },
  )
  const first = await tokensFor(server)
  const second = (await (await refresh(server, first.refresh_token)).json()) as { refresh_token: string }
  assert.deepEqual(told, ['token', 'user', 'old'])
  user = null
  assert.equal(await errorOf(await refresh(server, second.refresh_token)), 'invalid_grant')
})

test('A2-RT-05, A2-RT-09: no answer of the host hides the reuse of a rotated token', async () => {
  let willing = true
  const { server, clock } = await consentHost()
  server.registerGrant(AuthorizationCodeGrant).registerGrant(
    class extends RefreshTokenGrant {
      override authenticateRefreshToken(
        token: Parameters<RefreshTokenGrant['authenticateRefreshToken']>[0],
      ): typeof token | null {
        return willing ? token : null
      }
    },
  )
  const first = await tokensFor(server)
  const second = (await (await refresh(server, first.refresh_token)).json()) as { refresh_token: string }
  clock.advance(60)
  willing = false
  assert.equal(await errorOf(await refresh(server, first.refresh_token)), 'invalid_grant')
  willing = true
  assert.equal(await errorOf(await refresh(server, second.refresh_token)), 'invalid_grant')
})

test('A2-AS-03: a password grant of the host checks its own passwords, within the limits of guessing', async () => {
  const shop = { client_id: 'shop', secret: 'its secret', grant_types: ['password'] }
  const { server } = await consentHost({ limits: { accountFromNetwork: { attempts: 2, window: 60 } } }, [shop])
  server.registerGrant(clientCredentials()).registerGrant(
    class extends PasswordGrant {
      override async authenticateUser(username: string, password: string) {
        return username === 'ada' && password === 'correct horse' ? ada : undefined
      }
    },
  )
  const ask = (password: string) => {
    const request = postTo('/token', { grant_type: 'password', username: 'ada', password })
    request.headers.set('authorization', `Basic ${btoa('shop:its secret')}`)
    return server.createTokenResponse(request)
  }
  const token = (await (await ask('correct horse')).json()) as { access_token: string }
  const asked = new Request('https://auth.example/me', { headers: { authorization: `Bearer ${token.access_token}` } })
  assert.equal((await server.validateRequest(asked, 'read')).userId, '1')
  assert.equal(await errorOf(await ask('a guess')), 'invalid_grant')
  assert.equal(await errorOf(await ask('another guess')), 'invalid_grant')
  assert.equal((await ask('correct horse')).status, 429)
})
