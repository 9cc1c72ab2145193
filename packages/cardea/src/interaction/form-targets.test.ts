import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formTargetsFor } from './form-targets.ts'

test('CSP form-action: an https redirect URI lets the client redirect onwards to any https address', () => {
  assert.equal(formTargetsFor('https://client.example/cb'), 'https:')
  assert.equal(formTargetsFor('HTTPS://client.example/cb'), 'https:')
})

test('CSP form-action: a loopback redirect URI is named by its scheme, since a source cannot name an IPv6 address', () => {
  assert.equal(formTargetsFor('http://[::1]:4711/cb'), 'https: http:')
  assert.equal(formTargetsFor('http://127.0.0.1:4711/cb'), 'https: http:')
})

test('CSP form-action: an app’s own scheme is named, and no other one', () => {
  assert.equal(formTargetsFor('com.example.app:/cb'), 'https: com.example.app:')
})
