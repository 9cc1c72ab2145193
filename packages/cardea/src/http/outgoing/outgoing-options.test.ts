import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failsWith } from '../../../test-support/outgoing-host.ts'
import { outgoing } from './outgoing.ts'

test('T-SSRF-1: a host is allowed by name in every spelling of the same, and nothing else is', () => {
  const cases: readonly (readonly [entry: string, allowed: readonly string[], refused: readonly string[]])[] = [
    ['10.0.0.1', ['https://10.0.0.1/', 'https://10.1/k', 'https://10.0.0.1:8443/'], ['https://10.0.0.2/']],
    ['10.0.0.1:443', ['https://10.0.0.1/', 'https://10.0.0.1:443/'], ['https://10.0.0.1:8443/']],
    ['10.0.0.1:8443', ['https://10.0.0.1:8443/'], ['https://10.0.0.1/', 'https://10.0.0.1:843/']],
    ['::1', ['https://[::1]/', 'https://[0::1]:8443/'], ['https://127.0.0.1/', 'https://[::ffff:7f00:1]/']],
    ['[::1]:8443', ['https://[::1]:8443/'], ['https://[::1]/']],
    ['LocalHost', ['https://localhost/', 'https://localhost:1/'], ['https://localhost./', 'https://a.localhost/']],
  ]
  for (const [entry, allowed, refused] of cases) {
    const { check } = outgoing({ allowHosts: [entry] })
    for (const url of allowed) assert.doesNotThrow(() => check(url), `${entry} ${url}`)
    for (const url of refused) assert.throws(() => check(url), failsWith('forbidden_address'), `${entry} ${url}`)
  }
})

test('Options: an entry that could never match is refused when the door is made, by name', () => {
  const wrong = [
    'https://keys.internal',
    'keys.internal/jwks',
    '*.internal',
    'user@keys.internal',
    'keys internal',
    'keys.internal:http',
    'keys.internal:99999',
    '10.0.0.0/8',
    '999.1.1.1',
    '',
    7,
  ]
  for (const entry of wrong)
    assert.throws(() => outgoing({ allowHosts: [entry as string] }), /^TypeError: outgoing\.allowHosts: must be names/)
  assert.throws(
    () => outgoing({ allowHosts: 'a' as unknown as [] }),
    /^TypeError: outgoing\.allowHosts: must be a list/,
  )
})

test('Options: bounds that bound nothing, and authorities that are none, are refused when the door is made', () => {
  for (const name of ['timeout', 'maxBytes', 'maxPerHost', 'maxAtOnce'])
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5'])
      assert.throws(
        () => outgoing({ [name]: value }),
        new RegExp(`^TypeError: outgoing\\.${name}: must be a whole number`),
      )
  for (const ca of ['', 'garbage', ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']])
    assert.throws(() => outgoing({ ca }), /^TypeError: outgoing\.ca: must be certificates in PEM/)
  assert.throws(() => outgoing({ allowedHosts: [] } as object), /there is no "allowedHosts"; valid are allowHosts/)
})

test('RFC 6761 §6.3: localhost and all below it are this machine, whatever resolves them', async () => {
  const door = outgoing({ resolve: async () => [{ address: '8.8.8.8', family: 4 }] })
  for (const host of ['localhost', 'localhost.', 'a.localhost', 'LOCALHOST:8443']) {
    assert.throws(() => door.check(`https://${host}/`), failsWith('forbidden_address'), host)
    await assert.rejects(door.send({ url: `https://${host}/`, accept: [] }), failsWith('forbidden_address'))
  }
})
