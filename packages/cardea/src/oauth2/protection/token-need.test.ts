import assert from 'node:assert/strict'
import { test } from 'node:test'
import { api, ask, startIssuer } from '../../../test-support/remote-issuer.ts'
import { resourceProtector } from '../../resource-protector.ts'
import type { TokenValidator } from './token-validator.ts'

/** Takes every token for the id of a user. */
const byUserId: TokenValidator = {
  scheme: 'Bearer',
  validate: (userId) => ({ scheme: 'Bearer', clientId: 'app', userId, scope: [] }),
}

test('A2-JWTAT-07, RFC 9068 §2.2.3.1: groups, roles and entitlements are needed like scope', async (t) => {
  const { issuer, token, remote } = await startIssuer(t)
  const source = resourceProtector({ jwt: { issuer, audience: api, ...remote } })
  const claims = {
    groups: ['staff', 'ops'],
    roles: [{ value: 'admin', display: 'Administrator' }],
    entitlements: ['beta'],
  }
  const cases: readonly (readonly [need: object, status: number])[] = [
    [{ groups: 'staff' }, 200],
    [{ groups: 'staff ops' }, 200],
    [{ groups: 'staff board' }, 403],
    [{ groups: ['board', 'ops'] }, 200],
    [{ groups: ['board', 'staff nobody'] }, 403],
    [{ groups: 'sta' }, 403],
    [{ roles: 'admin' }, 200],
    [{ roles: 'Administrator' }, 403],
    [{ entitlements: 'beta' }, 200],
    [{ scope: 'read', groups: 'staff', roles: 'admin', entitlements: 'beta' }, 200],
    [{ scope: 'delete', groups: 'staff' }, 403],
    [{ scope: 'read', groups: 'staff', roles: 'owner' }, 403],
  ]
  for (const [need, status] of cases) {
    const answer = await ask(source, `Bearer ${token(claims)}`, need)
    assert.equal(answer.status, status, JSON.stringify(need))
    if (status === 403) assert.equal((await answer.json()).error, 'insufficient_scope')
  }
  for (const groups of [undefined, 'staff', { value: 'staff' }, [1, null, { value: 1 }]]) {
    assert.equal((await ask(source, `Bearer ${token({ groups })}`, { groups: 'staff' })).status, 403)
  }
})

test('A2-JWTAT-07: of a token that does not say, the groups are those of its user', async () => {
  const groups: Record<string, unknown> = { ada: ['staff'], bob: 'staff' }
  const source = resourceProtector({ validators: [byUserId], users: (id) => ({ id, groups: groups[id] }) })
  assert.equal((await ask(source, 'Bearer ada', { groups: 'staff' })).status, 200)
  assert.equal((await ask(source, 'Bearer bob', { groups: 'staff' })).status, 403)
  assert.equal((await ask(source, 'Bearer eve', { groups: 'staff' })).status, 403)
})

test('A2-RP-05: a need that names nothing by mistake lets nobody in: the program does not start', () => {
  const source = resourceProtector({ validators: [byUserId] })
  for (const need of [
    '',
    ' ',
    [],
    [''],
    {},
    { groups: '' },
    { groups: [] },
    { scope: '' },
    { group: 'staff' },
    { scope: 'read', role: 'x' },
    null,
  ]) {
    assert.throws(() => source.protect(need as string), TypeError, JSON.stringify(need))
  }
  source.protect()
})

test('A2-RP-05: names are found in lists alone: what a validator says as text is no list of names', async () => {
  const said = { scope: 'readers', groups: 'staffing' } as unknown as { scope: readonly string[] }
  const loose = { scheme: 'Bearer', validate: () => ({ scheme: 'Bearer', clientId: 'app', ...said }) }
  const source = resourceProtector({ validators: [loose] })
  for (const need of ['read', 'readers', { groups: 'staff' }]) {
    assert.equal((await ask(source, 'Bearer x', need)).status, 403, JSON.stringify(need))
  }
})
