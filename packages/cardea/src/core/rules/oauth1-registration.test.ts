import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rsaPair } from '../../testing/rsa-pair.ts'
import type { Client } from '../model/client.ts'
import { clientProblem } from './client.ts'
import { oauth1RegistrationProblem } from './oauth1-registration.ts'

const pair = rsaPair()

test('A1-OAUTH1-04: callbacks are oob or addresses that people can be sent to safely', () => {
  const rows: [string, Client['application_type'], RegExp | undefined][] = [
    ['oob', 'web', undefined],
    ['https://client.example/cb?a=b', 'web', undefined],
    ['http://127.0.0.1/cb', 'native', undefined],
    ['com.example.app:/cb', 'native', undefined],
    ['http://127.0.0.1/cb', 'web', /must use https/],
    ['http://client.example/cb', 'native', /must use https/],
    ['javascript:alert(1)', 'native', /"javascript:alert\(1\)"/],
    ['https://client.example/#f', 'web', /fragment/],
    ['https://user@client.example/', 'web', /user name/],
    ['https://client.example/cb?oauth_verifier=mine', 'web', /parameter of the answer/],
    ['https://client.example/cb?oauth_token=mine', 'web', /parameter of the answer/],
    ['OOB', 'web', /oauth1\.callbacks/],
  ]
  for (const [callback, type, problem] of rows) {
    const found = oauth1RegistrationProblem({ callbacks: [callback] }, type)
    if (problem === undefined) assert.equal(found, undefined, callback)
    else assert.match(found ?? '', problem, callback)
  }
})

test('A1-OAUTH1-54: a key is an RSA public key, never the private one', () => {
  const problemOf = (public_key: string) => oauth1RegistrationProblem({ callbacks: [], public_key }, 'web')
  assert.equal(problemOf(pair.publicKey), undefined)
  for (const wrong of [pair.privateKey, 'no key', '']) assert.match(problemOf(wrong) ?? '', /^oauth1\.public_key/)
})

test('A1-OAUTH1-20: an empty list of methods would let nothing in', () => {
  assert.match(oauth1RegistrationProblem({ callbacks: [], signature_methods: [] }, 'web') ?? '', /signature_methods/)
})

test('RFC 7591 §5: what is wrong with the OAuth 1 part is wrong with the client', () => {
  const client: Client = {
    client_id: 'c',
    client_name: 'C',
    redirect_uris: [],
    grant_types: [],
    response_types: [],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
    client_id_issued_at: 0,
  }
  assert.equal(clientProblem({ ...client, oauth1: { callbacks: ['oob'] } }), undefined)
  assert.match(clientProblem({ ...client, oauth1: { callbacks: ['ftp://a/'] } }) ?? '', /^oauth1\.callbacks/)
})
