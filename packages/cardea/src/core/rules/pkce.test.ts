import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { s256 } from '../crypto/digest.ts'
import type { Client, PkceMode } from '../model/client.ts'
import { ProtocolError } from '../spec/errors.ts'
import { challengeMustBeSound } from './pkce.ts'

const clientWith = (method: 'none' | 'client_secret_basic', pkce?: readonly PkceMode[]): Client => ({
  client_id: 'app',
  client_name: 'App',
  redirect_uris: ['https://client.example/cb'],
  application_type: 'web',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: method,
  client_id_issued_at: 0,
  ...(pkce !== undefined && { pkce }),
})

const outcomeOf = (client: Client, challenge: string | undefined, method: string | undefined): string => {
  try {
    return challengeMustBeSound(client, challenge, method)?.codeChallengeMethod ?? 'without'
  } catch (error) {
    assert.ok(error instanceof ProtocolError)
    assert.equal(error.code, 'invalid_request')
    return error.reason
  }
}

const anyone = clientWith('none')
const weak = clientWith('none', ['plain', 'none'])
const confidential = clientWith('client_secret_basic')
const weakConfidential = clientWith('client_secret_basic', ['plain', 'none'])

const sound = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const plain = `${'a'.repeat(39)}-._~`

const cases: readonly (readonly [Client, string | undefined, string | undefined, string])[] = [
  [anyone, sound, 'S256', 'S256'],
  [confidential, sound, 'S256', 'S256'],
  [anyone, undefined, undefined, 'missing_code_challenge'],
  [confidential, undefined, undefined, 'missing_code_challenge'],
  // A public client cannot be let off, whatever its record says.
  [weak, undefined, undefined, 'missing_code_challenge'],
  [weakConfidential, undefined, undefined, 'without'],
  [weakConfidential, undefined, 'S256', 'missing_code_challenge'],
  // RFC 7636 §4.3: an absent method means plain.
  [anyone, sound, undefined, 'plain_challenge'],
  [anyone, plain, 'plain', 'plain_challenge'],
  [weak, plain, 'plain', 'plain'],
  [weak, plain, undefined, 'plain'],
  [weakConfidential, plain, 'plain', 'plain'],
  [anyone, sound, 's256', 'unsupported_challenge_method'],
  [anyone, sound, 'S512', 'unsupported_challenge_method'],
  [anyone, sound, 'S256 plain', 'unsupported_challenge_method'],
  [anyone, sound, 'toString', 'unsupported_challenge_method'],
  [anyone, sound.slice(1), 'S256', 'malformed_code_challenge'],
  [anyone, `${sound}a`, 'S256', 'malformed_code_challenge'],
  [anyone, `${sound}=`, 'S256', 'malformed_code_challenge'],
  [anyone, `${sound}\n`, 'S256', 'malformed_code_challenge'],
  [anyone, sound.replace('-', '+'), 'S256', 'malformed_code_challenge'],
  [anyone, sound.replace('E', 'É'), 'S256', 'malformed_code_challenge'],
  [weak, 'a'.repeat(42), 'plain', 'malformed_code_challenge'],
  [weak, 'a'.repeat(128), 'plain', 'plain'],
  [weak, 'a'.repeat(129), 'plain', 'malformed_code_challenge'],
  [weak, `${plain}\n`, 'plain', 'malformed_code_challenge'],
  [weak, `${plain} `, 'plain', 'malformed_code_challenge'],
]

test('RFC 7636 §4.4.1, RFC 9700 §2.1.1: which challenge of which client is taken', () => {
  for (const [client, challenge, method, outcome] of cases) {
    assert.equal(
      outcomeOf(client, challenge, method),
      outcome,
      JSON.stringify([client.token_endpoint_auth_method, client.pkce, challenge, method]),
    )
  }
})

const arbitrary = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 130 }),
  fc.stringMatching(/^[A-Za-z0-9._~-]{40,130}$/),
  fc.string().map(s256),
)
const method = fc.option(fc.oneof(fc.constantFrom('S256', 'plain', 'none'), fc.string()), { nil: undefined })

test('RFC 7636 §4.2: property: only unreserved characters get through, and S256 only for whom nothing else is allowed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(anyone, weak, confidential, weakConfidential),
      fc.option(arbitrary, { nil: undefined }),
      method,
      (client, challenge, asked) => {
        const outcome = outcomeOf(client, challenge, asked)
        if (outcome === 'without') assert.equal(client, weakConfidential)
        if (outcome === 'plain') assert.ok(client.pkce?.includes('plain'))
        if (outcome === 'S256') assert.equal(asked, 'S256')
        if (['plain', 'S256'].includes(outcome)) assert.match(challenge ?? '', /^[A-Za-z0-9._~-]{43,128}$/)
      },
    ),
    { numRuns: 500 },
  )
})
