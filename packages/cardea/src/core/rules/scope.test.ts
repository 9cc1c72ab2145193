import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Client } from '../model/client.ts'
import type { Scope } from '../model/scope.ts'
import { ProtocolError } from '../spec/errors.ts'
import {
  covers,
  grantableScope,
  isScopeName,
  mayHaveScope,
  narrowedScope,
  parseScope,
  type ScopePolicy,
} from './scope.ts'

const clientWith = (scope?: string): Client => ({
  client_id: 'app',
  client_name: 'App',
  redirect_uris: ['https://client.example/cb'],
  application_type: 'web',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  client_id_issued_at: 0,
  ...(scope !== undefined && { scope }),
})

const known: readonly Scope[] = [
  { name: 'read', description: '', is_default: true },
  { name: 'write', description: '', is_default: false },
  { name: 'admin', description: '', is_default: false },
]
const strict: ScopePolicy = { ignoreRequested: false, dropUnknown: false }

/** The scope, or the reason of the refusal with an exclamation mark. */
const outcomeOf = (action: () => readonly string[]): string => {
  try {
    return action().join(' ')
  } catch (error) {
    assert.ok(error instanceof ProtocolError)
    assert.equal(error.code, 'invalid_scope')
    return `!${error.reason}`
  }
}

const requests: readonly (readonly [
  ceiling: string | undefined,
  requested: string | undefined,
  policy: Partial<ScopePolicy>,
  outcome: string,
])[] = [
  [undefined, undefined, {}, 'read'],
  [undefined, 'write', {}, 'write'],
  [undefined, 'write read', {}, 'write read'],
  [undefined, ' read  read write ', {}, 'read write'],
  [undefined, 'READ', {}, '!unknown_scope'],
  [undefined, 'read nonsense', {}, '!unknown_scope'],
  [undefined, 'read nonsense', { dropUnknown: true }, 'read'],
  [undefined, 'nonsense', { dropUnknown: true }, 'read'],
  [undefined, 'write', { ignoreRequested: true }, 'read'],
  [undefined, 're"ad', {}, '!malformed_scope'],
  [undefined, 'read\nwrite', {}, '!malformed_scope'],
  [undefined, 'read\twrite', { dropUnknown: true }, '!malformed_scope'],
  [undefined, 'réad', {}, '!malformed_scope'],
  ['read write', 'read admin', {}, 'read'],
  ['read write', 'admin', {}, '!scope_not_allowed'],
  ['read write', 'read admin', { refuseNotAllowed: true }, '!scope_not_allowed'],
  ['read write', 'read write', { refuseNotAllowed: true }, 'read write'],
  ['write', undefined, {}, '!no_default_scope'],
  ['write', 'write', { ignoreRequested: true }, '!no_default_scope'],
  ['', 'read', {}, '!scope_not_allowed'],
]

test('RFC 6749 §3.3: what a request for a scope is granted', () => {
  for (const [ceiling, requested, policy, outcome] of requests) {
    const granted = outcomeOf(() => grantableScope(clientWith(ceiling), known, requested, { ...strict, ...policy }))
    assert.equal(granted, outcome, JSON.stringify([ceiling, requested, policy]))
  }
})

test('RFC 6749 §3.3: a server without any scopes grants the empty scope, and refuses names', () => {
  assert.deepEqual(grantableScope(clientWith(), [], undefined, strict), [])
  assert.equal(
    outcomeOf(() => grantableScope(clientWith(), [], 'read', strict)),
    '!unknown_scope',
  )
})

test('RFC 6749 §6: a refresh may narrow a scope and never widen it', () => {
  assert.deepEqual(narrowedScope(['read', 'write'], undefined), ['read', 'write'])
  assert.deepEqual(narrowedScope(['read', 'write'], 'write'), ['write'])
  assert.deepEqual(narrowedScope(['read', 'write'], ' '), ['read', 'write'])
  assert.equal(
    outcomeOf(() => narrowedScope(['read'], 'read write')),
    '!scope_widened',
  )
})

test('T-AUZ-17: what a client may have follows its registration and the vocabulary as they are now', () => {
  assert.equal(mayHaveScope(clientWith('read'), known, ['read']), true)
  assert.equal(mayHaveScope(clientWith('read'), known, ['read', 'write']), false)
  assert.equal(mayHaveScope(clientWith('gone'), known, ['gone']), false)
  assert.equal(mayHaveScope(clientWith(), known, ['read', 'gone']), false)
  assert.equal(mayHaveScope(clientWith(), [], []), true)
})

const names = fc.array(fc.constantFrom('read', 'write', 'admin', 'other'), { maxLength: 5 })
const text = fc.oneof(
  names.map((list) => list.join(' ')),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const policies = fc.record({ ignoreRequested: fc.boolean(), dropUnknown: fc.boolean() })

test('RFC 6749 §3.3: property: a scope is a set of sound names, whatever was sent', () => {
  fc.assert(
    fc.property(text, (sent) => {
      const outcome = outcomeOf(() => parseScope(sent))
      if (outcome.startsWith('!') && outcome !== sent) return
      const parsed = parseScope(sent)
      assert.equal(new Set(parsed).size, parsed.length)
      assert.ok(parsed.every((name) => isScopeName(name) && /^[!#-[\]-~]+$/.test(name)))
      assert.deepEqual(parseScope(parsed.join(' ')), parsed)
    }),
    { numRuns: 500 },
  )
})

test('RFC 6749 §3.3: property: no client is granted what it may not have or did not ask for', () => {
  fc.assert(
    fc.property(
      fc.option(names, { nil: undefined }),
      fc.option(text, { nil: undefined }),
      policies,
      (ceiling, requested, policy) => {
        const client = clientWith(ceiling?.join(' '))
        const outcome = outcomeOf(() => grantableScope(client, known, requested, policy))
        if (outcome.startsWith('!')) return
        const granted = grantableScope(client, known, requested, policy)
        assert.ok(mayHaveScope(client, known, granted))
        const defaults = known.filter(({ is_default }) => is_default).map(({ name }) => name)
        const asked = requested === undefined || policy.ignoreRequested ? [] : parseScope(requested)
        assert.ok(covers([...asked, ...defaults], granted))
      },
    ),
    { numRuns: 500 },
  )
})
