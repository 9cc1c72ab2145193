import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formTargetsFor } from './form-targets.ts'

test('CSP form-action: an https redirect URI lets the client redirect onwards to any https address', () => {
  assert.deepEqual(formTargetsFor('https://client.example/cb'), { formTargets: 'https:' })
  assert.deepEqual(formTargetsFor('HTTPS://client.example/cb'), { formTargets: 'https:' })
})

test('CSP form-action: a loopback redirect URI is named by its scheme, since a source cannot name an IPv6 address', () => {
  assert.deepEqual(formTargetsFor('http://[::1]:4711/cb'), { formTargets: 'https: http:' })
  assert.deepEqual(formTargetsFor('http://127.0.0.1:4711/cb'), { formTargets: 'https: http:' })
})

test('CSP form-action: an app’s own scheme is named, and no other one', () => {
  assert.deepEqual(formTargetsFor('com.example.app:/cb'), { formTargets: 'https: com.example.app:' })
})
