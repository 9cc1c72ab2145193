import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenIssue } from '../core/ports/hooks.ts'
import { accessDenied } from '../core/spec/errors.ts'
import {
  approvedFor,
  consumerKey,
  exchange,
  membersOf,
  outcomeOf,
  resource,
  startOAuth1Server,
} from '../testing/oauth1-flow.ts'

test('RFC 5849 §2.3: beforeIssueToken is told of token credentials too, may narrow, shorten and add', async () => {
  const told: TokenIssue[] = []
  const server = await startOAuth1Server({
    hooks: {
      beforeIssueToken: [
        (issue) => void told.push(issue),
        {
          grantType: 'oauth1',
          hook: () => ({ scope: ['read'], lifetime: 60, members: { screen_name: 'al é', n: 1 } }),
        },
        { grantType: 'authorization_code', hook: () => assert.fail('this is none') },
      ],
    },
  })
  const approved = await approvedFor(server, { parameters: { scope: 'read write' } })
  const { oauth_token = '', oauth_token_secret = '', ...members } = await membersOf(await exchange(server, approved))
  assert.deepEqual(members, { screen_name: 'al é', n: '1' })
  assert.deepEqual(
    told.map(({ client, ...rest }) => ({ ...rest, client: client.client_id })),
    [
      {
        grantType: 'oauth1',
        client: consumerKey,
        userId: 'u-alice',
        scope: ['read', 'write'],
        lifetime: 0,
        refresh: false,
        format: 'opaque',
      },
    ],
  )
  const credentials = { token: oauth_token, secret: oauth_token_secret }
  assert.equal(await outcomeOf(await resource(server, { credentials }, 'read')), '200')
  assert.equal(await outcomeOf(await resource(server, { credentials }, 'write')), '403 insufficient_scope')
  server.clock.advance(60)
  assert.equal(await outcomeOf(await resource(server, { credentials })), '401 invalid_token')
})

test('RFC 5849 §2.3: a hook that refuses, or wants what cannot be, costs the client no credential', async () => {
  let hook = (): { members?: Record<string, string>; scope?: string[] } => {
    throw accessDenied('unpaid', 'Not paid')
  }
  const server = await startOAuth1Server({ hooks: { beforeIssueToken: () => hook() } })
  const approved = await approvedFor(server)
  assert.equal(await outcomeOf(await exchange(server, approved)), '403 access_denied')
  hook = () => ({ members: { oauth_token: 'of the host' } })
  assert.equal(await outcomeOf(await exchange(server, approved)), '500 server_error')
  hook = () => ({ scope: ['admin'] })
  assert.equal(await outcomeOf(await exchange(server, approved)), '500 server_error')
  hook = () => ({})
  assert.equal(await outcomeOf(await exchange(server, approved)), '200')
  assert.equal(await outcomeOf(await exchange(server, approved)), '401 invalid_token')
})
